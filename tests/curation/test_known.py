"""A reviewer's decision as a known answer."""

import pytest

from concord.curation.known import known_answers
from concord.errors import InputError
from concord.records.annotation import Comparison, Edit, Ranking


def test_a_pick_says_which_draft_is_best_and_which_text_counts(campaign) -> None:
    item = campaign.item("q1", "one", "two", "three")
    d1, d2, d3 = (draft.id for draft in campaign.store.drafts(item.id))
    drafts = campaign.store.drafts(item.id)
    made = campaign.decide(item, "pick", "d2")
    assert known_answers(made, drafts) == [Edit(d2, "two"), Ranking(((d2,), tuple(sorted((d1, d3)))))]


def test_of_two_drafts_the_pick_is_also_the_better(campaign) -> None:
    item = campaign.item("q1", "one", "two")
    drafts = campaign.store.drafts(item.id)
    assert known_answers(campaign.decide(item, "pick", "d1"), drafts)[-1] == Comparison(drafts[0].id)


def test_an_edit_says_only_which_text_counts(campaign) -> None:
    item = campaign.item("q1", "one", "two")
    drafts = campaign.store.drafts(item.id)
    made = campaign.decide(item, "edit", "d1", "one, and a half")
    assert known_answers(made, drafts) == [Edit(drafts[0].id, "one, and a half")]


@pytest.mark.parametrize("decision", ["reject", "send_back", None])
def test_where_nothing_was_approved_nothing_is_known(campaign, decision) -> None:
    item = campaign.item("q1", "one", "two")
    made = campaign.decide(item, decision) if decision else None
    with pytest.raises(InputError) as caught:
        known_answers(made, campaign.store.drafts(item.id))
    assert str(caught.value) == "No draft and no text was approved for this item. Approve one, then use it as gold."
