"""A reviewer lets a new prompt count, and only then it does."""

from datetime import UTC, datetime

import pytest

from concord.enrichment.approval import approve_prompt
from concord.errors import Conflict, InputError
from concord.ids import new_id
from concord.records.annotation import Adjudication
from concord.records.item import Item, Message

NOW = datetime(2026, 5, 6, tzinfo=UTC)
OTHER = ["Say in your own words why grass is green.", "Which pigment colours a meadow?"]


@pytest.fixture
def wish(campaign, enrich, scripted) -> Item:
    """An item of the kind `prompt`, made from a conversation."""
    turns = (
        Message("system", "Be brief."),
        Message("user", "Hm?"),
        Message("assistant", "Ah."),
        Message("user", "Why?"),
    )
    campaign.item("q1", messages=turns)
    enrich(scripted(OTHER), items=1)
    [item] = campaign.store.undecided_items(campaign.project.id)
    return item


def ruling(campaign, wish: Item, text: str | None = OTHER[0], decision: str = "pick") -> Adjudication:
    draft = campaign.store.drafts(wish.id)[0]
    return Adjudication(new_id(), wish.project_id, wish.id, "rae", decision, draft.id, text, "good", NOW)  # pyright: ignore


def approved(campaign, decision: Adjudication) -> Item:
    return approve_prompt(campaign.store, campaign.project, decision, now=NOW)


def test_an_approved_prompt_is_an_item_that_wants_an_answer_and_says_where_it_came_from(campaign, wish: Item) -> None:
    decision = ruling(campaign, wish)
    item = approved(campaign, decision)
    assert item.messages == (Message("user", "Hm?"), Message("assistant", "Ah."), Message("user", OTHER[0]))
    assert (item.kind, item.name, item.target) == ("response", "paraphrase/0/q1", None)
    [origin] = campaign.store.origins(campaign.project.id)
    source = campaign.store.named_item(campaign.project.id, "q1")
    assert (origin.item_id, origin.method, origin.sources) == (item.id, "paraphrase", (source.id,))
    assert (origin.draft_id, origin.adjudication_id) == (decision.draft_id, decision.id)
    assert campaign.store.adjudications(campaign.project.id) == [decision]
    assert campaign.store.undecided_items(campaign.project.id) == []
    assert campaign.store.counts(campaign.project.id).items == 2
    wanted, _ = campaign.store.wanted_drafts(campaign.project.id, candidates=1, limit=10)
    assert [one.item.name for one in wanted] == ["q1", "paraphrase/0/q1"]


def test_approving_twice_is_approving_once(campaign, wish: Item) -> None:
    decision = ruling(campaign, wish)
    assert approved(campaign, decision) == approved(campaign, decision)
    assert campaign.store.counts(campaign.project.id).items == 2


def test_another_text_later_is_refused(campaign, wish: Item) -> None:
    approved(campaign, ruling(campaign, wish))
    with pytest.raises(Conflict) as refused:
        approved(campaign, ruling(campaign, wish, OTHER[1]))
    assert str(refused.value) == (
        "Item 'prompt/paraphrase/0/q1': another text was approved before, as item 'paraphrase/0/q1', which stays."
    )
    assert len(campaign.store.adjudications(campaign.project.id)) == 1


def test_an_edit_that_repeats_a_prompt_is_refused_and_nothing_is_stored(campaign, wish: Item) -> None:
    campaign.item("q2", messages=(Message("user", "Which pigment gives a meadow its colour?"),))
    text = "Which pigment gives the meadow its colour?"
    with pytest.raises(InputError) as refused:
        approved(campaign, ruling(campaign, wish, text, "edit"))
    assert str(refused.value) == (
        "Item 'prompt/paraphrase/0/q1': this says what item 'q2' says (similarity 0.86; below 0.7 is new). "
        "Change it, or reject it."
    )
    assert campaign.store.adjudications(campaign.project.id) == campaign.store.origins(campaign.project.id) == []


def test_a_rejection_makes_no_item(campaign, wish: Item) -> None:
    with pytest.raises(InputError) as refused:
        approved(campaign, ruling(campaign, wish, None, "reject"))
    assert str(refused.value) == (
        "Item 'prompt/paraphrase/0/q1': there is no text of a new prompt. Pick or edit a candidate of it."
    )


def test_the_question_for_an_answer_has_that_answer_as_its_target(campaign, enrich, scripted) -> None:
    campaign.item("q1", target="Because of chlorophyll.")
    enrich(scripted(OTHER), "reverse", items=1)
    [wish] = campaign.store.undecided_items(campaign.project.id)
    item = approved(campaign, ruling(campaign, wish))
    assert (item.messages, item.target) == ((Message("user", OTHER[0]),), "Because of chlorophyll.")


def test_an_approved_prompt_is_no_source_of_further_ones(campaign, wish: Item, enrich, scripted) -> None:
    approved(campaign, ruling(campaign, wish))
    assert enrich(scripted(["Name a bird."]), candidates=1, seed=1).asked == 1
