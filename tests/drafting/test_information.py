"""Missing information: what a model is asked, what becomes of its answers, and what it may cost."""

import asyncio
import json
from dataclasses import replace

import pytest

from concord.drafting.cost import Price
from concord.drafting.demo_steps import step_answer
from concord.drafting.endpoint import endpoint_for
from concord.drafting.information import check_information, claims_in, question
from concord.drafting.judge import Bench
from concord.drafting.request import unlogged, unscreened
from concord.errors import EndpointError, InputError
from concord.ids import folded_key
from concord.records.item import Message
from concord.records.project import Settings


@pytest.fixture
def ask(campaign, serve, scripted):
    """Let an endpoint that replies so look at the campaign; gives what came of it and the endpoint."""

    def run(reply, *, limit=None, max_cost=None, price=None, withheld=()):
        script = scripted(reply)
        endpoint = replace(endpoint_for(Settings(model="m-1"), {}, base_url=serve(script)), price=price)
        bench = Bench(endpoint, "", unscreened, unlogged, dict(withheld))
        return asyncio.run(
            check_information(campaign.store, campaign.project, bench, limit=limit, max_cost=max_cost)
        ), script

    return run


def claims(*texts: str) -> str:
    return json.dumps({"claims": list(texts)})


def test_an_approved_answer_is_shown_with_its_prompt_and_in_a_form(campaign, ask) -> None:
    item = campaign.item("q1", "draft")
    campaign.edit(item, "ana", "It rained in May.")
    informed, script = ask(lambda _: claims("in May"))
    assert informed.outcome.items == 1
    [body] = script.asked
    assert body["messages"][-1]["content"] == "Task:\nWhat about q1?\n\nAnswer:\nIt rained in May."
    assert body["response_format"]["json_schema"]["strict"]
    found = campaign.store.unsupported_claims(campaign.project.id)
    assert found == {(item.id, folded_key("It rained in May.")): ("in May",)}


def test_without_an_answer_the_drafts_are_shown_and_nothing_is_asked_twice(campaign, ask) -> None:
    campaign.item("q1", "one", "two", "one", " ")
    informed, script = ask(lambda _: claims())
    assert (informed.outcome.items, len(script.asked)) == (2, 2)
    again, script = ask(lambda _: claims())
    assert (again.outcome.items, script.asked) == (0, [])
    assert campaign.store.unsupported_claims(campaign.project.id) == {}


def test_a_limit_is_kept_and_the_next_time_goes_on(campaign, ask) -> None:
    campaign.items(5, "So.")
    assert [ask(lambda _: claims(), limit=3)[0].outcome.items for _ in range(2)] == [3, 2]


def test_what_it_cost_is_said(campaign, ask) -> None:
    campaign.items(3, "So.")
    # Each answer is one token; a million cost a thousand dollars.
    informed, _ = ask(lambda _: claims(), max_cost=9.0, price=Price(0.0, 1_000.0))
    assert informed.spent.cost == pytest.approx(0.003)


def test_a_ceiling_below_the_first_request_asks_for_nothing_and_says_so(campaign, ask) -> None:
    campaign.items(3, "So.")
    informed, script = ask(lambda _: claims(), max_cost=0.0001, price=Price(0.0, 1_000.0))
    assert (informed.outcome.items, script.asked) == (0, [])
    assert informed.outcome.message == ("The next request would pass the cost ceiling of $0.0001. Raise it to go on.")


def test_a_ceiling_needs_a_price(campaign, ask) -> None:
    with pytest.raises(InputError) as refused:
        ask(lambda _: claims(), max_cost=1.0)
    assert str(refused.value) == (
        "max-cost: the price of 'm-1' is unknown, so that no ceiling can be kept. Set it in the project's prices."
    )


def test_a_reply_that_is_no_list_of_claims_fails_that_response_alone(campaign, ask) -> None:
    campaign.items(3, "So.")
    informed, _ = ask(lambda body: "Sure!" if "q2" in body["messages"][-1]["content"] else claims())
    assert (informed.outcome.items, dict(informed.outcome.failures)) == (2, {"nonsense": 1})
    assert informed.outcome.message.endswith("Name a model that follows instructions.")


def test_items_of_a_withheld_template_are_not_sent(campaign, ask) -> None:
    campaign.item("q1", "So.", template_version="v1")
    informed, script = ask(lambda _: claims(), withheld={"v1": "It reads 'name'."}.items())
    assert (dict(informed.outcome.failures), informed.outcome.message, script.asked) == (
        {"withheld": 1},
        "It reads 'name'.",
        [],
    )


@pytest.mark.parametrize("reply", ['{"claims": ["a", " "]}', ' ```json\n{"claims": ["a"]}\n``` '])
def test_a_reply_may_be_dressed_up(reply: str) -> None:
    assert claims_in(reply, endpoint_for(Settings(), {})) == ("a",)


@pytest.mark.parametrize("reply", ["", "[]", '{"claims": "a"}', '{"claims": [1]}', "{}"])
def test_other_replies_are_refused(reply: str) -> None:
    with pytest.raises(EndpointError) as refused:
        claims_in(reply, endpoint_for(Settings(), {}))
    assert str(refused.value) == (
        f"the demo drafter: the model replied {reply!r}, not a JSON object with a list 'claims'. "
        "Name a model that follows instructions."
    )


def test_the_demo_quotes_sentences_whose_long_words_are_mostly_not_in_the_prompt() -> None:
    prompt = [Message("user", "Summarise: The hinge of the laptop broke on Monday.")]
    answer = "The hinge broke on Monday. Refunds arrive within fourteen days. So it is."
    assert step_answer(question(prompt, answer)) == '{"claims":["Refunds arrive within fourteen days."]}'
