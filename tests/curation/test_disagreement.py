"""How far annotators are apart on an item, and which items a reviewer sees first."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kendalltau

from concord.curation.disagreement import BY, disagreement
from concord.curation.review import disputes
from concord.records.annotation import Labels, Ranking, Ratings
from concord.records.dispute import Choices, EditPairs, Judged, Orders


def numbers(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int64)


NO_ORDERS = Orders(*(numbers() for _ in range(4)))
NO_CHOICES = Choices(*(numbers() for _ in range(3)))
NO_EDITS = EditPairs(numbers(), [], [])


def of_one(orders=NO_ORDERS, choices=NO_CHOICES, edits=NO_EDITS) -> float:
    return disagreement(Judged(("q1",), orders, choices, edits)).value[0]


def found(campaign) -> list[tuple[str, float, str]]:
    return [(one.name, round(one.disagreement, 4), one.by) for one in disputes(campaign.store, campaign.project)]


@pytest.mark.parametrize(
    ("votes", "value"),
    [
        ((2, 0, 0), 0.0),
        ((1, 1, 0), 1.0),
        ((1, 0, 1), 0.5),  # a tie against an order is half of the opposite
        ((2, 1, 0), 2 / 3),  # two of three pairs of annotators
        ((0, 0, 3), 0.0),
    ],
)
def test_two_drafts_are_disputed_by_the_annotators_who_order_them_the_other_way_round(votes, value) -> None:
    assert of_one(orders=Orders(numbers(0), *map(numbers, votes))) == pytest.approx(value)


@given(st.permutations(range(5)), st.permutations(range(5)))
def test_without_ties_the_distance_of_two_rankings_is_that_of_kendall_s_tau(one, other) -> None:
    pairs = [(a, b) for a in range(5) for b in range(a)]
    firsts = [(one[a] < one[b]) + (other[a] < other[b]) for a, b in pairs]
    orders = Orders(numbers(*[0] * 10), numbers(*firsts), numbers(*(2 - wins for wins in firsts)), numbers(*[0] * 10))
    assert of_one(orders=orders) == pytest.approx((1 - kendalltau(one, other).statistic) / 2)


def test_choices_are_disputed_by_who_is_not_with_the_most() -> None:
    assert of_one(choices=Choices(numbers(0, 0), numbers(4, 2), numbers(3, 1))) == 0.5  # the more disputed question
    assert of_one(choices=Choices(numbers(0), numbers(3), numbers(3))) == 0.0


def test_edits_are_disputed_by_what_they_do_not_share() -> None:
    assert of_one(edits=EditPairs(numbers(0, 0), ["ab", ""], ["ac", ""])) == 0.25
    assert of_one(edits=EditPairs(numbers(0), ["ab"], ["xy"])) == 1.0


def test_where_nobody_can_disagree_it_is_undefined() -> None:
    assert np.isnan(of_one())


def test_the_greatest_distance_counts_and_is_named() -> None:
    orders = Orders(numbers(0, 1), numbers(1, 2), numbers(1, 0), numbers(0, 0))
    edits = EditPairs(numbers(0, 1), ["ab", "ab"], ["ac", "ac"])
    value, by = disagreement(Judged(("q1", "q2"), orders, NO_CHOICES, edits))
    assert (value.tolist(), [BY[one] for one in by]) == ([1.0, 0.5], ["rankings", "edits"])


# ---- of a project


def test_items_are_listed_by_disagreement_then_as_in_the_queue(campaign) -> None:
    agreed, half, full, alone, half_too = campaign.items(5, "one", "two", "three")
    for item, order in (
        (agreed, "d1 > d2 > d3"),
        (half, "d1 = d2 = d3"),
        (full, "d3 > d2 > d1"),
        (half_too, "d1 = d2 = d3"),
    ):
        campaign.rank(item, "ann", "d1 > d2 > d3")
        campaign.rank(item, "bob", order)
    campaign.rank(alone, "ann", "d1 > d2 > d3")
    assert found(campaign) == [("q3", 1.0, "rankings"), ("q2", 0.5, "rankings"), ("q5", 0.5, "rankings")]


def test_comparisons_labels_and_edits_are_disputed_and_ratings_are_not(campaign) -> None:
    compared, labelled, edited, rated = campaign.items(4, "one", "two")
    for annotator, better in (("ann", "d1"), ("bob", "d1"), ("cid", "both_bad")):
        campaign.compare(compared, annotator, better)
        campaign.judge(labelled, annotator, Labels({"tone": annotator, "topic": "bill"}))
        campaign.edit(edited, annotator, f"by {annotator}")
        campaign.judge(rated, annotator, Ratings({"helpful": float(len(better))}))
    assert found(campaign) == [("q2", 0.6667, "choices"), ("q3", 0.5, "edits"), ("q1", 0.3333, "choices")]


def test_all_bad_is_disputed_with_who_ranked_the_drafts_and_not_with_who_called_them_bad_too(campaign) -> None:
    one_of_two, one_of_three, all_of_two, none = campaign.items(4, "one", "two")
    for item, bad, ranked in ((one_of_two, 1, 1), (one_of_three, 1, 2), (all_of_two, 2, 0), (none, 0, 2)):
        drafts = tuple(sorted(draft.id for draft in campaign.store.drafts(item.id)))
        for number in range(bad):
            campaign.judge(item, f"bad {number}", Ranking((), drafts))
        for number in range(ranked):
            campaign.rank(item, f"ranked {number}", "d1 > d2")
    assert found(campaign) == [("q1", 0.5, "choices"), ("q2", 0.3333, "choices")]


def test_what_differs_in_blanks_alone_is_no_dispute(campaign) -> None:
    item = campaign.item("q1")
    campaign.edit(item, "ann", "It  rains.")
    campaign.edit(item, "bob", "It rains.\n")
    assert found(campaign) == []


def test_a_correction_takes_the_place_of_the_first_word(campaign) -> None:
    item = campaign.item("q1", "one", "two")
    campaign.rank(item, "ann", "d1 > d2")
    for order in ("d2 > d1", "d1 > d2"):
        campaign.rank(item, "bob", order)
    assert found(campaign) == []


def test_decided_items_are_out_and_those_that_were_sent_back_are_not(campaign) -> None:
    decisions = (None, ("pick", "d1"), ("edit", None, "own"), ("reject",), ("send_back",))
    for item, decision in zip(campaign.items(5, "one", "two"), decisions, strict=True):
        campaign.rank(item, "ann", "d1 > d2")
        campaign.rank(item, "bob", "d2 > d1")
        if decision:
            campaign.decide(item, *decision)
    assert [name for name, _, _ in found(campaign)] == ["q1", "q5"]


def test_other_arms_kinds_and_projects_are_no_dispute(campaign, new_campaign) -> None:
    other = new_campaign()
    items = [(campaign, campaign.item(arm, "one", "two", arm=arm)) for arm in ("undrafted", "canary", "repeat")]
    items += [(campaign, campaign.item("tickets", "one", "two", kind="conversion")), (other, other.item("q", "1", "2"))]
    for owner, item in items:
        owner.rank(item, "ann", "d1 > d2")
        owner.rank(item, "bob", "d2 > d1")
    assert found(campaign) == []
