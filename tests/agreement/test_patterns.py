from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from concord.agreement.patterns import Patterns, count_patterns, observed, per_category, per_pattern
from concord.agreement.votes import votes_of

answers = st.dictionaries(
    st.tuples(st.sampled_from("abcdefgh"), st.integers(0, 9).map(str)), st.sampled_from(["u", "v", "w", "x"])
).map(lambda given: [(annotator, item, value) for (annotator, item), value in given.items()])


def dense(patterns: Patterns) -> np.ndarray:
    counts = np.zeros((len(patterns.items), patterns.q))
    counts[patterns.pattern, patterns.category] = patterns.count
    return counts


@given(answers)
def test_patterns_are_the_items_counted_by_their_answers(answers: list[tuple[str, str, str]]) -> None:
    votes = votes_of(answers)
    patterns = count_patterns(votes)
    found = dict(zip(map(tuple, dense(patterns)), patterns.items.tolist(), strict=True))
    values = [[value for _, one, value in answers if one == item] for item in {item for _, item, _ in answers}]
    assert found == Counter(tuple(float(given.count(value)) for value in votes.values) for given in values)


@given(answers)
def test_the_number_of_answers_is_the_sum_of_the_counts(answers: list[tuple[str, str, str]]) -> None:
    patterns = count_patterns(votes_of(answers))
    assert patterns.m.tolist() == dense(patterns).sum(axis=1).tolist()


@given(answers)
def test_sums_are_the_products_with_the_matrix_of_counts(answers: list[tuple[str, str, str]]) -> None:
    patterns = count_patterns(votes_of(answers))
    rows = np.arange(2.0)[:, None] + 1
    weights, numbers = rows * observed(patterns), rows * np.arange(float(patterns.q))
    assert per_category(patterns, weights, np.ones(len(patterns.m))).tolist() == (weights @ dense(patterns)).tolist()
    assert per_pattern(patterns, numbers).tolist() == (numbers @ dense(patterns).T).tolist()


def test_items_with_very_many_answers_are_told_apart() -> None:
    # 60 annotators and 4 values: 4^60 possible rows, more than fit in one number
    row = ["a", "b", "c", "d"] * 15
    other = [*row[:-1], "a"]
    answers = [(f"{i:02}", item, x) for item, xs in {"1": row, "2": other, "3": row}.items() for i, x in enumerate(xs)]
    patterns = count_patterns(votes_of(answers))
    assert sorted(patterns.items.tolist()) == [1, 2]
    assert sorted(dense(patterns).tolist()) == [[15, 15, 15, 15], [16, 15, 15, 14]]


@pytest.mark.parametrize("most", [1, 2, 15, 16])
def test_counts_are_told_apart_whatever_the_most_answers_of_an_item(most: int) -> None:
    # five values, whose counts fit into a table up to 15 answers of an item and are sorted from 16 on
    rows = [(f"{i:02}", f"{value}", value) for value in "abcde" for i in range(most)] + [("00", "z", "a")]
    patterns = count_patterns(votes_of(rows))
    every = [tuple(float(most * (value == one)) for value in "abcde") for one in "abcde"]
    expected = Counter([*every, (1.0, 0.0, 0.0, 0.0, 0.0)])
    assert dict(zip(map(tuple, dense(patterns)), patterns.items.tolist(), strict=True)) == expected
