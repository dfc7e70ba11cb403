from __future__ import annotations

from dataclasses import replace
from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from concord.agreement.tallies import Distance, by_chance, tally
from concord.agreement.votes import votes_of

DISTANCES = get_args(Distance)
ANSWERS = [("ann", "1", "a"), ("ben", "1", "b"), ("cat", "1", "a"), ("ann", "2", "b"), ("ben", "2", "b")]


def test_a_tally_counts_disagreements_and_the_values_of_both_annotators() -> None:
    counts = tally(votes_of(ANSWERS), seed=0)
    assert counts.pairs.tolist() == [[0, 1], [0, 2], [1, 2]]
    # disagreements, then how often the first gave a and b, then the second
    assert counts.counts.sum(axis=0).tolist() == [[1, 1, 1, 0, 2], [0, 1, 0, 1, 0], [1, 0, 1, 1, 0]]


def test_few_items_are_a_unit_each() -> None:
    counts = tally(votes_of(ANSWERS), seed=0).counts
    assert counts.shape == (2, 3, 5)
    assert sorted(counts[:, 0, 1:].sum(axis=1).tolist()) == [2, 2]


def test_many_items_are_dealt_evenly() -> None:
    rng = np.random.default_rng(0)
    answers = [(who, str(i), str(rng.integers(3))) for i in range(5000) for who in ("ann", "ben")]
    items = tally(votes_of(answers), seed=0).counts[:, 0, 1:4].sum(axis=1)
    assert (len(items), items.min(), items.max()) == (2000, 2, 3)


@pytest.mark.parametrize(("distance", "apart"), [("nominal", 1), ("linear", 2), ("quadratic", 4)])
def test_values_are_as_far_apart_as_the_distance_says(distance: Distance, apart: float) -> None:
    votes = votes_of([("ann", "1", "1"), ("ben", "1", "3"), ("ann", "2", "2"), ("ben", "2", "2")], kind="rating")
    assert tally(votes, seed=0, distance=distance).counts[:, 0, 0].sum() == apart


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=5), st.sampled_from(DISTANCES))
def test_what_chance_gives_is_the_sum_over_all_pairs_of_values(
    pairs: list[tuple[int, int]], distance: Distance
) -> None:
    r, c = (np.array(column, dtype=float) for column in zip(*pairs, strict=True))
    apart = {"nominal": lambda j, k: j != k, "linear": lambda j, k: abs(j - k), "quadratic": lambda j, k: (j - k) ** 2}
    by_definition = sum(r[j] * c[k] * apart[distance](j, k) for j in range(len(r)) for k in range(len(c)))
    assert by_chance(r, c, distance) == by_definition


def test_items_of_a_cluster_stay_in_one_unit() -> None:
    votes = replace(votes_of(ANSWERS), clusters=np.array([7, 7]))
    assert (tally(votes, seed=0).counts.shape[0], tally(votes, seed=0).clusters) == (1, 1)
