"""Decisions of reviewers, and the items that came of them."""

from datetime import UTC, datetime, timedelta

from concord.ids import new_id
from concord.records.annotation import Adjudication
from concord.records.item import Item, ItemOrigin

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


def test_a_decision_is_the_example_of_its_item_and_what_was_rejected_or_sent_back_is_none(new_campaign) -> None:
    campaign = new_campaign(overlap=1)
    edited, picked, rejected, returned, open_one = campaign.items(5, "one", "two")
    for item in (edited, picked, rejected, returned, open_one):
        campaign.edit(item, "ann", "by ann")
    campaign.decide(edited, "edit", "d1", "by rae")
    campaign.decide(picked, "pick", "d2")
    campaign.decide(rejected, "reject")
    campaign.decide(returned, "send_back")
    assert [(item.name, text) for item, text in campaign.store.example_answers(campaign.project.id)] == [
        ("q1", "by rae"),
        ("q2", "two"),
        ("q5", "by ann"),
    ]


def test_what_was_decided_in_another_arm_is_no_example(campaign) -> None:
    for arm in ("undrafted", "canary", "repeat"):
        campaign.decide(campaign.item(arm, "one", "two", arm=arm), "pick", "d1")
    assert campaign.store.example_answers(campaign.project.id) == []
