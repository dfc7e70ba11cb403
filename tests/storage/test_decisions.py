"""Decisions of reviewers, and the items that came of them."""

from datetime import UTC, datetime, timedelta

from concord.ids import new_id
from concord.records import Adjudication, Item, ItemOrigin

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


def decision(campaign, item: Item, minute: int = 0, text: str | None = "Yes.") -> Adjudication:
    now = NOW + timedelta(minutes=minute)
    return Adjudication(new_id(), campaign.project.id, item.id, "rae", "edit", None, text, "clearer", now)


def test_decisions_are_kept_newest_first(campaign) -> None:
    item = campaign.item("q1", "Yes.")
    made = [decision(campaign, item), decision(campaign, item, 1, None)]
    for each in (*made, made[0]):
        campaign.store.add_adjudication(each)
    assert campaign.store.adjudications(campaign.project.id) == made[::-1]


def test_the_origin_of_an_item_is_noted_once(campaign) -> None:
    source, item = campaign.item("q1"), campaign.item("q2")
    made = ItemOrigin(item.id, campaign.project.id, "paraphrase", (source.id,), None, new_id(), NOW)
    for each in (made, ItemOrigin(item.id, campaign.project.id, "reverse", (), None, new_id(), NOW)):
        campaign.store.add_origin(each)
    assert campaign.store.origins(campaign.project.id) == [made]
