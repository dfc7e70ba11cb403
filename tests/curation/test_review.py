"""Reviewers decide items: what they must say, what the desk does then, and what waits for them."""

from datetime import UTC, datetime

import pytest

from concord.curation.review import Ruling, case_of, cases, rule, store_decision
from concord.desk.queue import open_item
from concord.errors import InputError, NotFound
from concord.records.item import Item

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


def decide(campaign, item: Item, ruling: Ruling):
    made = rule(case_of(campaign.store, campaign.project, item.name), ruling, now=NOW)
    store_decision(campaign.store, campaign.project, made)
    return made


@pytest.fixture
def conversion(campaign) -> Item:
    campaign.item("q1", "Yes.", "No.")
    return campaign.item("tickets", "one", "two", kind="conversion")


def waiting(campaign) -> list[str]:
    return [case.item.name for case in cases(campaign.store, campaign.project)]


def test_items_that_count_only_by_a_decision_wait_for_one(campaign, conversion: Item) -> None:
    campaign.rank(conversion, "ana", "d2 > d1")
    [case] = cases(campaign.store, campaign.project)
    assert (case.item.id, case.standings[0].text, case.places) == (conversion.id, "two", (2, 1, 1))


@pytest.mark.parametrize(
    ("ruling", "text"),
    [
        (Ruling("pick", "rae", "best", draft="d2"), "two"),
        (Ruling("edit", "rae", "better", draft="d1", text="three"), "three"),
        (Ruling("reject", "rae", "all bad"), None),
    ],
    ids=["pick", "edit", "reject"],
)
def test_a_decided_item_is_given_out_no_more(campaign, conversion: Item, ruling: Ruling, text: str | None) -> None:
    made = decide(campaign, conversion, ruling)
    assert (made.text, made.reviewer, made.decision) == (text, "rae", ruling.decision)
    assert (made.draft_id is None) == (ruling.draft is None)
    assert waiting(campaign) == []
    given = open_item(campaign.store, campaign.project, "ana", now=NOW)
    assert given
    assert given.item.name == "q1"
    assert case_of(campaign.store, campaign.project, "tickets").adjudications == (made,)


def test_what_is_sent_back_goes_to_as_many_others_and_keeps_what_was_judged(campaign, conversion: Item) -> None:
    for annotator in ("ana", "ben"):
        campaign.rank(conversion, annotator, "d1 > d2")
    decide(campaign, conversion, Ruling("send_back", "rae", "look at the target"))
    [case] = cases(campaign.store, campaign.project)
    assert (case.places, len(case.annotations)) == ((4, 2, 2), 2)
    open_to = {who: campaign.store.queue_counts(campaign.project, who).open for who in ("ana", "cem")}
    assert open_to == {"ana": 1, "cem": 2}  # beside the other item, for who never had this one


def test_the_newest_decision_counts(campaign, conversion: Item) -> None:
    decide(campaign, conversion, Ruling("reject", "rae", "no"))
    decide(campaign, conversion, Ruling("send_back", "rae", "rather not"))
    assert waiting(campaign) == ["tickets"]


@pytest.mark.parametrize(
    ("ruling", "message"),
    [
        (Ruling("reject", " ", "no"), "A decision needs to know who makes it. Name the reviewer."),
        (Ruling("reject", "rae", " "), "A decision needs a reason. Say in a line why."),
        (Ruling("pick", "rae", "best"), "Nothing was picked. Name a draft."),
        (Ruling("edit", "rae", "best", text=" "), "The text is empty. Write what shall count, or pick a draft."),
    ],
)
def test_a_ruling_that_lacks_something_is_refused(campaign, conversion: Item, ruling: Ruling, message: str) -> None:
    with pytest.raises(InputError) as refused:
        decide(campaign, conversion, ruling)
    assert str(refused.value) == message


def test_a_draft_or_an_item_that_is_not_there_is_named(campaign, conversion: Item) -> None:
    with pytest.raises(NotFound) as refused:
        decide(campaign, conversion, Ruling("pick", "rae", "best", draft="d9"))
    assert str(refused.value) == "Item 'tickets' has no draft 'd9' (there are: d1, d2). Check it."
    with pytest.raises(NotFound) as refused:
        case_of(campaign.store, campaign.project, "gone")
    assert str(refused.value) == "The project has no item 'gone'. Check the name."
