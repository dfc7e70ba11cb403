from __future__ import annotations

import numpy as np

from concord.agreement.tallies import tally
from concord.agreement.votes import votes_of

ANSWERS = [("ann", "1", "a"), ("ben", "1", "b"), ("cat", "1", "a"), ("ann", "2", "b"), ("ben", "2", "b")]


def test_a_tally_counts_agreements_and_the_values_of_both_annotators() -> None:
    counts = tally(votes_of(ANSWERS), seed=0)
    assert counts.pairs.tolist() == [[0, 1], [0, 2], [1, 2]]
    # agreements, then how often the first gave a and b, then the second
    assert counts.counts.sum(axis=0).tolist() == [[1, 1, 1, 0, 2], [1, 1, 0, 1, 0], [0, 0, 1, 1, 0]]


def test_few_items_are_a_unit_each() -> None:
    counts = tally(votes_of(ANSWERS), seed=0).counts
    assert counts.shape == (2, 3, 5)
    assert sorted(counts[:, 0, 1:].sum(axis=1).tolist()) == [2, 2]


def test_many_items_are_dealt_evenly() -> None:
    rng = np.random.default_rng(0)
    answers = [(who, str(i), str(rng.integers(3))) for i in range(5000) for who in ("ann", "ben")]
    items = tally(votes_of(answers), seed=0).counts[:, 0, 1:4].sum(axis=1)
    assert (len(items), items.min(), items.max()) == (2000, 2, 3)
