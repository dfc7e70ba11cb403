"""What the check reads: items page by page, and counts of what people did."""

from datetime import timedelta

from concord.records.annotation import Edit, Labels
from storage import checked


def test_items_come_in_the_order_of_the_queue_over_all_pages(campaign, monkeypatch) -> None:
    monkeypatch.setattr(checked, "_PAGE", 3)
    items = campaign.items(8, "one", "two")
    found = list(campaign.store.checked_items(campaign.project.id))
    assert [one.name for one in found] == [item.name for item in items]
    assert {one.drafts for one in found} == {("one", "two")}
    assert found[0].messages == items[0].messages


def test_the_answers_are_the_current_edits_oldest_first(campaign) -> None:
    item = campaign.item("q1", "draft")
    now = campaign.project.created_at
    late = campaign.judge(item, "bob", Edit(None, "second"), created_at=now + timedelta(hours=1))
    campaign.judge(item, "ana", Edit(None, "first"), created_at=now)
    [found] = campaign.store.checked_items(campaign.project.id)
    assert found.answers == ("first", "second")
    assert late.judgement == Edit(None, "second")


def test_a_decision_to_send_back_leaves_the_edits(campaign) -> None:
    item = campaign.item("q1", "draft")
    campaign.edit(item, "ana", "mine")
    campaign.decide(item, "send_back")
    assert [one.answers for one in campaign.store.checked_items(campaign.project.id)] == [("mine",)]


def test_labels_are_counted_once_an_item(campaign) -> None:
    item = campaign.item("q1", template_id="t")
    for who in ("ana", "bob"):
        campaign.judge(item, who, Labels({"tone": "calm"}))
    assert campaign.store.label_counts(campaign.project.id) == [("t", "tone", "calm", 1)]


def test_drafts_that_were_left_as_they_were_are_counted_with_and_without_examples(campaign) -> None:
    for number, (shown, edit) in enumerate((((), "So."), ((), "Other."), (("x",), " So. "), (("x",), "So."))):
        item = campaign.item(f"q{number}")
        draft = campaign.draft(item, "d1", "So.", source="model", model="m", few_shot=shown)
        campaign.judge(item, "ana", Edit(draft.id, edit))
    assert campaign.store.draft_uses(campaign.project.id) == [(False, 2, 1), (True, 2, 2)]


def test_items_with_two_votes_are_told_from_those_with_one(campaign) -> None:
    first, second, _ = campaign.items(3)
    for who, item in (("ana", first), ("bob", first), ("ana", second)):
        campaign.edit(item, who, "So.")
    assert campaign.store.vote_counts(campaign.project.id) == (2, 1)
