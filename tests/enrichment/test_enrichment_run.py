"""From prompts to candidates that wait for people: what is asked, repaired, refused, stored, and asked again."""

from datetime import UTC, datetime

import pytest

from concord.desk.queue import open_item
from concord.enrichment.run import BATCH, Failure
from concord.errors import EndpointError, InputError
from concord.ids import new_id
from concord.records.annotation import Adjudication
from concord.records.item import Item, Message

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
OTHER = ["Say in your own words why grass is green.", "Which pigment colours a meadow?", "Green grass: how come?"]


def approve(campaign, item: Item, text: str) -> None:
    decision = Adjudication(new_id(), item.project_id, item.id, "rae", "edit", None, text, "good", NOW)
    campaign.store.add_adjudication(decision)


def waiting(campaign) -> list[Item]:
    return campaign.store.undecided_items(campaign.project.id)


def test_candidates_wait_at_the_desk_as_drafts_of_the_request_that_was_sent(campaign, enrich, scripted) -> None:
    source = campaign.item("q1")
    model = scripted(OTHER)
    enriched = enrich(model, items=1)
    assert (enriched.asked, enriched.items, enriched.candidates, enriched.refused) == (1, 1, 3, ())
    [item] = waiting(campaign)
    assert (item.kind, item.messages, item.name) == ("prompt", model.asked[0], "prompt/paraphrase/0/q1")
    drafts = campaign.store.drafts(item.id)
    assert [draft.text for draft in drafts] == OTHER
    assert {(draft.source, draft.model, draft.prompt_hash) for draft in drafts} == {("model", "scripted", "hash")}
    [made] = campaign.store.enrichments(campaign.project.id)
    assert (made.id, made.sources, made.method, made.candidates) == (item.id, (source.id,), "paraphrase", 3)
    assert (made.requests, made.tokens_in, made.tokens_out) == (1, 10, 5)
    given = open_item(campaign.store, campaign.project, "ana", now=NOW)
    assert given
    assert (given.item.id, given.step, len(given.drafts)) == (item.id, "ranking", 3)


def test_nothing_counts_as_an_item_or_an_answer_before_it_is_approved(campaign, enrich, scripted) -> None:
    campaign.item("q1")
    before = campaign.store.counts(campaign.project.id)
    enrich(scripted(OTHER), items=1)
    assert campaign.store.counts(campaign.project.id) == before
    wanted, _ = campaign.store.wanted_drafts(campaign.project.id, candidates=9, limit=10)
    assert {one.item.name for one in wanted} == {"q1"}


def test_what_was_asked_is_not_asked_again_and_another_seed_is(campaign, enrich, scripted) -> None:
    campaign.items(2)
    assert enrich(scripted(OTHER[:1], OTHER[1:2]), candidates=1).asked == 2
    assert enrich(scripted(), candidates=1).asked == 0
    assert enrich(scripted(["Name a bird."], ["Draw me a map of the moon."]), candidates=1, seed=1).asked == 2


def test_a_batch_holds_few_requests_and_the_next_goes_on(campaign, enrich, scripted) -> None:
    campaign.items(BATCH + 2)
    words = ["ash", "elm", "oak", "fir", "yew", "bay", "box", "fig", "gum", "nut"]
    first = scripted(*[[word] for word in words[:BATCH]])
    assert enrich(first, items=100, candidates=1).asked == BATCH
    assert enrich(scripted(["gum"], ["nut"]), items=100, candidates=1).asked == 2


def test_a_repetition_is_refused_with_what_it_repeats_and_another_is_asked_for_once(campaign, enrich, scripted) -> None:
    campaign.item("q1")
    model = scripted(["What about q1?", "What about q1, then?"], [*OTHER, "Never looked at?"])
    enriched = enrich(model, items=1)
    assert [(one.text, one.repeats, one.similarity) for one in enriched.refused] == [
        ("What about q1?", "What about q1?", 1.0),
        ("What about q1, then?", "What about q1?", pytest.approx(6 / 7)),
    ]
    assert enriched.candidates == 3
    repeated, told = model.asked[1][-2:]
    assert repeated.role == "assistant"
    assert told.content.startswith("These repeat prompts that are there already:\n- What about q1?\n- What about")
    stored = campaign.store.refused_prompts(campaign.project.id)
    assert {one.text for one in stored} == {"What about q1?", "What about q1, then?"}
    assert campaign.store.enrichments(campaign.project.id)[0].requests == 2


def test_candidates_do_not_repeat_each_other_nor_those_that_wait(campaign, enrich, scripted) -> None:
    campaign.items(2)
    twice = [OTHER[0], OTHER[0].upper(), OTHER[1]]
    enriched = enrich(scripted(twice, [OTHER[1], "Name a bird.", "Draw a map of the moon."]))
    assert [one.text for one in enriched.refused] == [OTHER[0].upper(), OTHER[1]]
    names = {item.id: item.name for item in waiting(campaign)}
    assert [names[one.repeated_item] for one in enriched.refused] == ["prompt/paraphrase/0/q1"] * 2


def test_of_which_all_is_refused_nothing_waits_and_it_is_not_paid_for_again(campaign, enrich, scripted) -> None:
    campaign.item("q1")
    enriched = enrich(scripted(["What about q1?"], ["what about Q1"]), items=1)
    assert (enriched.asked, enriched.items, len(enriched.refused)) == (1, 0, 2)
    assert waiting(campaign) == []
    assert enrich(scripted(), items=1).asked == 0


def test_what_a_model_only_says_again_is_refused_once(campaign, enrich, scripted) -> None:
    campaign.item("q1")
    enriched = enrich(scripted(["What about q1?", OTHER[0]], ["What about q1?", OTHER[0], OTHER[1]]), items=1)
    assert (enriched.candidates, [one.text for one in enriched.refused]) == (2, ["What about q1?"])


def test_a_single_candidate_waits_for_its_reviewer_alone(campaign, enrich, scripted) -> None:
    campaign.item("q1")
    enrich(scripted(OTHER[:1]), items=1, candidates=1)
    [item] = waiting(campaign)
    assert campaign.store.places(item.id).wanted == 0


def test_an_answer_that_cannot_be_read_is_mended_once(campaign, enrich, scripted) -> None:
    campaign.item("q1")
    model = scripted("Gladly!", OTHER)
    assert enrich(model, items=1).candidates == 3
    assert model.asked[1][-2:] == (
        Message("assistant", "Gladly!"),
        Message("user", 'That is no JSON. Answer with JSON alone: {"prompts": ["…", "…"]}, each prompt a text.'),
    )


def test_what_cannot_be_read_after_that_is_a_failure_and_is_asked_again(campaign, enrich, scripted) -> None:
    campaign.item("q1")
    enriched = enrich(scripted("Gladly!", "Gladly!"), items=1)
    message = "prompt/paraphrase/0/q1: the model's answer cannot be read, nor the mended one. Try another model."
    assert enriched.failures == (Failure("nonsense", message),)
    assert campaign.store.enrichments(campaign.project.id) == []
    assert enrich(scripted(OTHER), items=1).items == 1


def test_one_request_that_fails_does_not_spoil_the_others(campaign, enrich, scripted) -> None:
    campaign.items(3)
    model = scripted(OTHER[:1], EndpointError("timeout", "no answer."), OTHER[1:2])
    enriched = enrich(model, candidates=1)
    assert (enriched.asked, enriched.items, enriched.failures) == (3, 2, (Failure("timeout", "no answer."),))


def test_candidates_are_kept_when_the_second_request_fails(campaign, enrich, scripted) -> None:
    campaign.item("q1")
    model = scripted(["What about q1?", OTHER[0]], EndpointError("timeout", "no answer."))
    enriched = enrich(model, items=1)
    assert (enriched.items, enriched.candidates, enriched.failures) == (1, 1, ())


# ---- what each method is made from


def test_a_question_is_written_for_an_approved_answer_before_one_from_a_row(campaign, enrich, scripted) -> None:
    campaign.item("row", target="From the row.")
    approve(campaign, campaign.item("reviewed"), "From the reviewer.")
    finished = campaign.item("finished")
    for who, text in (("ana", "Mine."), ("ben", "Ours."), ("cem", "Ours.")):
        campaign.edit(finished, who, text)
    campaign.edit(campaign.item("half"), "ana", "Not yet.")
    model = scripted(*[[text] for text in OTHER])
    assert enrich(model, "reverse", candidates=1).asked == 3
    assert [messages[-1].content for messages in model.asked] == ["From the reviewer.", "Ours.", "From the row."]
    assert [item.target for item in waiting(campaign)] == ["From the reviewer.", "Ours.", "From the row."]


@pytest.mark.parametrize("arm", ["undrafted", "canary", "repeat"])
def test_other_arms_give_no_prompts(campaign, enrich, scripted, arm: str) -> None:
    approve(campaign, campaign.item("q1", arm=arm, target="So."), "So.")
    for method in ("paraphrase", "reverse", "self_instruct"):
        with pytest.raises(InputError, match=r"^Project 'helpdesk' has no "):
            enrich(scripted(), method)
    assert campaign.store.approved_answers(campaign.project.id) == []


def test_a_rejected_item_gives_no_answer_and_no_example(campaign, enrich, scripted) -> None:
    item = campaign.item("q1", target="So.")
    decision = Adjudication(new_id(), item.project_id, item.id, "rae", "reject", None, None, "bad", NOW)
    campaign.store.add_adjudication(decision)
    with pytest.raises(InputError, match="has no answers to write questions for"):
        enrich(scripted(), "reverse")
    assert campaign.store.approved_answers(campaign.project.id) == []


def test_new_prompts_follow_approved_examples_alone(campaign, enrich, scripted) -> None:
    campaign.item("open")
    approved = [campaign.item(f"a{number}") for number in range(5)]
    for item in approved:
        approve(campaign, item, "So.")
    model = scripted(*[[word] for word in ["ash", "elm", "oak"]])
    assert enrich(model, "self_instruct", items=3, candidates=1).asked == 3
    made = campaign.store.enrichments(campaign.project.id)
    assert sorted(len(one.sources) for one in made) == [1, 4, 4] or sorted(len(one.sources) for one in made) == [
        1,
        1,
        4,
    ]
    assert {source for one in made for source in one.sources} == {item.id for item in approved}
    assert enrich(scripted(["yew"]), "self_instruct", items=1, candidates=1).asked == 1


@pytest.mark.parametrize(
    ("method", "message"),
    [
        (
            "paraphrase",
            "Project 'helpdesk' has no prompts to paraphrase. Apply a template to its rows, or import "
            "ready-made items.",
        ),
        (
            "reverse",
            "Project 'helpdesk' has no answers to write questions for: none is approved, and no template takes one "
            "from a row. Finish some items at the desk first.",
        ),
        (
            "self_instruct",
            "Project 'helpdesk' has no approved example to write new prompts after. Finish some items at the desk "
            "first.",
        ),
    ],
)
def test_without_anything_to_begin_from_it_says_what_to_do(enrich, scripted, method: str, message: str) -> None:
    with pytest.raises(InputError) as refused:
        enrich(scripted(), method)
    assert str(refused.value) == message
