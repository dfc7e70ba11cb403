"""The judge: both orders, flips counted, stored apart, and never part of what people said."""

import asyncio
import re
from math import isnan

import pytest

from concord.agreement.report import report
from concord.agreement.report_json import as_json
from concord.drafting.endpoint import endpoint_for
from concord.drafting.judge import Bench, TextJudge, judge_items, question, verdict_in
from concord.drafting.request import unlogged, unscreened
from concord.errors import EndpointError
from concord.records.annotation import Comparison
from concord.records.gold import Known
from concord.records.project import Settings


def bench_at(url: str, withheld=(), guidelines: str = "") -> Bench:
    endpoint = endpoint_for(Settings(model="judge-1"), {}, base_url=url)
    return Bench(endpoint, guidelines, unscreened, unlogged, dict(withheld))


@pytest.fixture
def judge(campaign, serve, scripted):
    """Let an endpoint that replies so judge the campaign; gives what came of it and the endpoint."""

    def run(reply, *, limit=None, withheld=(), guidelines: str = ""):
        script = scripted(reply)
        bench = bench_at(serve(script), withheld, guidelines)
        return asyncio.run(judge_items(campaign.store, campaign.project, bench, limit=limit)), script

    return run


def answers(body) -> tuple[str, str]:
    found = re.search(r"Answer A:\n(.*)\n\nAnswer B:\n(.*)", body["messages"][-1]["content"], re.DOTALL)
    assert found
    return found[1], found[2]


def longer(body) -> str:
    a, b = answers(body)
    return "TIE" if len(a) == len(b) else "A" if len(a) > len(b) else "B"


def opinions(campaign) -> dict[tuple[str, str], tuple[str, bool]]:
    found = campaign.store.engine.read(
        "select x.name, y.name, verdict, flipped from opinions o join drafts x on x.id = first_id "
        "join drafts y on y.id = second_id"
    )
    return {(first, second): (verdict, flipped) for first, second, verdict, flipped in found}


def test_each_pair_is_asked_about_in_both_orders(campaign, judge) -> None:
    campaign.item("q1", "long answer", "short", "other")
    judged, script = judge(longer, guidelines="Be long.")
    assert (judged.items, dict(judged.failures)) == (1, {})
    pairs = [("long answer", "short"), ("long answer", "other"), ("short", "other")]
    assert [answers(body) for body in script.asked] == [order for a, b in pairs for order in ((a, b), (b, a))]
    assert "Be long." in script.texts
    assert opinions(campaign) == {
        ("d1", "d2"): ("first", False), ("d1", "d3"): ("first", False), ("d2", "d3"): ("tie", False),
    }  # fmt: skip


@pytest.mark.parametrize(("forward", "backward", "expected"), [
    ("A", "B", ("first", False)), ("B", "A", ("second", False)), ("TIE", "TIE", ("tie", False)),
    ("A", "A", ("tie", True)), ("B", "B", ("tie", True)), ("A", "TIE", ("tie", False)),
])  # fmt: skip
def test_a_verdict_holds_in_both_orders_or_is_a_tie(campaign, judge, forward, backward, expected) -> None:
    campaign.item("q1", "one", "two")
    judge(lambda body: forward if answers(body) == ("one", "two") else backward)
    assert opinions(campaign) == {("d1", "d2"): expected}
    [summary] = campaign.store.judge_summaries(campaign.project.id)
    assert (summary.pairs, summary.flips) == (1, int(expected[1]))


def test_what_was_judged_is_not_judged_again(campaign, judge) -> None:
    campaign.items(3, "one", "three")
    first, _ = judge(longer, limit=2)
    second, script = judge(longer)
    assert (first.items, second.items, len(script.asked)) == (2, 1, 2)


def test_equal_texts_hidden_drafts_and_other_arms_are_not_judged(campaign, judge) -> None:
    item = campaign.item("q1", "same", " same")
    campaign.draft(item, "d3", "I cannot comply.", flags=("refusal",))
    campaign.item("q2", "one", "two", arm="canary")
    campaign.item("q3", "one", "two", arm="repeat")
    judged, script = judge(longer)
    assert (judged.items, script.asked) == (1, [])


def test_items_that_are_withheld_are_counted_and_not_sent(campaign, judge) -> None:
    campaign.item("q1", "one", "two", template_version="v1")
    judged, script = judge(longer, withheld={"v1": "It reads 'email'."})
    assert (judged.items, judged.failures, judged.message) == (0, {"withheld": 1}, "It reads 'email'.")
    assert script.asked == []


def test_a_reply_that_is_no_verdict_fails_that_item_alone(campaign, judge) -> None:
    campaign.items(2, "one", "two")
    judged, _ = judge(lambda body: "I like both" if "q1" in body["messages"][-1]["content"] else "TIE")
    assert (judged.items, judged.failures) == (1, {"nonsense": 1})


def test_an_endpoint_that_cannot_be_used_ends_it(campaign, closed_port: str) -> None:
    campaign.items(20, "one", "two")
    bench = Bench(endpoint_for(Settings(model="m"), {}, base_url=closed_port), "", unscreened, unlogged, {})
    with pytest.raises(EndpointError, match="it cannot be reached"):
        asyncio.run(judge_items(campaign.store, campaign.project, bench, limit=None))


@pytest.mark.parametrize(("reply", "verdict"), [
    ("A", "first"), ("b.", "second"), ("**TIE**", "tie"), ("Answer B", "second"), (" 'a'\n", "first"),
])  # fmt: skip
def test_a_verdict_may_be_dressed_up(reply: str, verdict: str) -> None:
    assert verdict_in(reply, endpoint_for(Settings(), {})) == verdict


def test_a_reply_without_a_verdict_says_what_to_do() -> None:
    with pytest.raises(EndpointError) as caught:
        verdict_in("Both are fine", endpoint_for(Settings(), {}))
    assert str(caught.value) == (
        "the demo drafter: the judge replied 'Both are fine', not A, B or TIE. Name a model that follows instructions."
    )


def test_the_demo_judges_by_what_is_said_not_by_the_place(campaign) -> None:
    campaign.item("q1", "a long and rich answer", "short")
    bench = Bench(endpoint_for(Settings(), {}), "", unscreened, unlogged, {})
    asyncio.run(judge_items(campaign.store, campaign.project, bench, limit=None))
    assert opinions(campaign) == {("d1", "d2"): ("first", False)}


def test_opinions_are_compared_with_people_and_never_counted_among_them(campaign, judge) -> None:
    agreeing, differing, tied = campaign.items(3, "long answer", "short")
    campaign.rank(agreeing, "ann", "d1 > d2")
    campaign.rank(differing, "ann", "d2 > d1")
    campaign.rank(tied, "ann", "d1 = d2")
    before = as_json(report(campaign.store, campaign.project))
    judge(longer)
    after = as_json(report(campaign.store, campaign.project))
    assert [one["model"] for one in after["judges"]] == ["judge-1"]
    assert {**after, "judges": []} == before
    [summary] = campaign.store.judge_summaries(campaign.project.id)
    assert (summary.items, summary.compared, summary.alike) == (3, 2, 1)
    assert campaign.store.counts(campaign.project.id).annotations == 3


def test_the_judge_is_held_against_comparisons_too_but_not_where_the_answer_is_known(campaign, judge) -> None:
    agreeing, differing, tied, known = campaign.items(4, "long answer", "short")
    judge(longer)
    campaign.compare(agreeing, "ann", "d1")
    campaign.compare(differing, "ann", "d2")
    campaign.rank(differing, "ben", "d2 > d1")
    campaign.compare(tied, "ann", "both_bad")
    campaign.compare(known, "ann", "d2")
    campaign.store.add_gold([Known(campaign.project.id, known.id, Comparison("tie"))], campaign.project.created_at)
    [summary] = campaign.store.judge_summaries(campaign.project.id)
    assert (summary.pairs, summary.compared, summary.alike) == (4, 2, 1)


def test_items_in_which_the_judge_contradicts_itself_come_first(campaign, judge) -> None:
    campaign.items(4, "one", "two")
    judge(lambda body: "A" if re.search("q[23]", body["messages"][-1]["content"]) else longer(body))
    campaign.store.order_by_doubt(campaign.project.id)
    assert [item.name for item in campaign.store.items(campaign.project.id)] == ["q2", "q3", "q1", "q4"]


def test_the_question_names_no_model_and_no_draft(campaign) -> None:
    item = campaign.item("q1", "one", "two")
    a, b = campaign.store.drafts(item.id)
    text = question(item, a.text, b.text, "")[-1].content
    assert text == "Task:\nWhat about q1?\n\nAnswer A:\none\n\nAnswer B:\ntwo"


def test_texts_that_are_no_drafts_are_judged_in_both_orders_and_the_same_text_is_a_tie_unasked(
    campaign, serve, scripted
) -> None:
    script = scripted(lambda body: "A" if "fickle" in answers(body) else longer(body))
    asked = TextJudge(bench_at(serve(script)))
    items = [campaign.item(f"q{n}") for n in range(4)]
    pairs = [("longer", "short"), ("short", "longer"), ("the same", "the same "), ("fickle", "steady")]
    assert asked(items, pairs) == (1, 0, 0.5, 0.5)
    assert len(script.asked) == 6
    assert (asked.failures, asked.message) == ({}, None)


def test_texts_without_a_verdict_are_counted_over_all_that_was_asked(campaign, serve, scripted) -> None:
    asked = TextJudge(bench_at(serve(scripted(lambda _: "Both are fine")), withheld={"v1": "It reads 'email'."}))
    [one] = asked([campaign.item("q1", template_version="v1")], [("a", "b")])
    [other] = asked([campaign.item("q2")], [("a", "b")])
    assert (isnan(one), isnan(other), asked.failures) == (True, True, {"withheld": 1, "nonsense": 1})
    assert "the judge replied 'Both are fine', not A, B or TIE." in str(asked.message)
