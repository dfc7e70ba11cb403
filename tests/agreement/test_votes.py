from __future__ import annotations

import pytest

from concord.agreement.votes import canonical, extent_of, numbers_of, paired, prevalence, recoded, votes_of
from concord.errors import InputError

THREE_ITEMS = [("ben", "1", "b"), ("ann", "1", "a"), ("ann", "2", "b"), ("ben", "3", "b"), ("cat", "3", "a")]


def test_ratings_are_sorted_by_number_and_labels_by_name() -> None:
    answers = [("ann", "1", "10"), ("ben", "1", "9"), ("ann", "2", "-1")]
    assert votes_of(answers, kind="rating").values == ("-1", "9", "10")
    assert votes_of(answers, kind="label").values == ("-1", "10", "9")


def test_canonical_votes_stay_as_they_are() -> None:
    votes = votes_of(THREE_ITEMS)
    again = canonical(votes)
    assert (again.value.tolist(), again.annotator.tolist()) == (votes.value.tolist(), votes.annotator.tolist())


def test_paired_votes_leave_out_items_with_one_answer() -> None:
    assert paired(votes_of(THREE_ITEMS)).item.tolist() == [0, 0, 2, 2]


def test_extent_counts_items_judged_twice_all_answers_and_who_gave_them() -> None:
    assert extent_of(votes_of(THREE_ITEMS)) == (2, 5, 3)


def test_a_rating_in_words_is_refused_with_the_annotator_named() -> None:
    with pytest.raises(InputError) as refused:
        votes_of([("ann", "1", "4"), ("ben", "1", "good")], question="quality", kind="rating")
    assert str(refused.value) == (
        "ordinal agreement needs numbers, but 'ben' answered 'good' to 'quality'. "
        "Correct the answer, or ask the question as a label."
    )


@pytest.mark.parametrize("value", ["nan", "inf", "-inf", ""])
def test_a_rating_that_is_not_finite_is_refused(value: str) -> None:
    with pytest.raises(InputError, match="needs numbers"):
        votes_of([("ann", "1", value)], kind="rating")


def test_numbers_are_those_of_the_values() -> None:
    votes = votes_of([("ann", "1", "2"), ("ben", "1", "0.5")], kind="rating")
    assert numbers_of(votes).tolist() == [0.5, 2.0]


def test_dropped_values_take_their_votes_with_them() -> None:
    left = recoded(votes_of(THREE_ITEMS), {"b": None})
    assert (left.values, left.item.tolist()) == (("a",), [0, 2])


def test_prevalence_of_no_votes_is_empty() -> None:
    assert prevalence(votes_of([])) == {}
