"""What each pair of annotators agrees on, item by item or in units of several items.

Letters as in `concord.agreement.cohen`: r_j and c_j are how often the first and the second annotator of a pair gave
value j to the items that both judged.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from concord.agreement.groups import pairs_within, sizes_of, starts_of
from concord.records import Ints, Votes

_MOST_UNITS = 2000
_LEAST_UNITS = 100
_MOST_CELLS = 10_000_000


@dataclass(frozen=True)
class Tally:
    """The counts of every pair of annotators that judged an item together, in units that can be drawn anew.

    Each item is a unit while they are few. Otherwise items are dealt at random into units of equal size: drawing
    units then spreads the counts as drawing items would.

    Attributes:
        pairs: the two annotators, as indices, shape (g, 2).
        counts: agreements, then r_j, then c_j, shape (units, g, 1 + 2q); whole numbers, exact below 2^24.
    """

    pairs: Ints
    counts: npt.NDArray[np.float32]


def tally(votes: Votes, *, seed: int) -> Tally:
    """The tally of canonical votes, each on an item that two or more judged.

    There is one unit where more would not fit, and none where not even that one would.

    >>> from concord.agreement.votes import votes_of
    >>> votes = votes_of([("ann", "1", "no"), ("ben", "1", "no"), ("ann", "2", "yes"), ("ben", "2", "no")])
    >>> tally(votes, seed=0).counts.sum(axis=0).tolist()
    [[1.0, 1.0, 1.0, 2.0, 0.0]]
    """
    a, q = len(votes.annotators), len(votes.values)
    codes = _pairs_of(votes)
    pairs = np.stack(np.divmod(codes, a), axis=1)
    place = np.zeros(a * a, dtype=np.int64)
    place[codes] = np.arange(len(codes))
    shape = (_units(len(starts_of(votes.item)), len(codes) * (1 + 2 * q)), len(codes), 1 + 2 * q)
    counts = np.zeros(shape, dtype=np.float32)
    if not counts.size:
        return Tally(pairs, counts)
    unit, flat = _dealt(votes, shape[0], seed), counts.reshape(-1)
    for left, right in pairs_within(votes.item):
        pair = place[votes.annotator[left] * a + votes.annotator[right]]
        cell = (unit[left] * shape[1] + pair) * shape[2]
        j, k = votes.value[left], votes.value[right]
        for cells in (cell[j == k], cell + 1 + j, cell + 1 + q + k):
            np.add.at(flat, cells, np.float32(1))
    return Tally(pairs, counts)


def _pairs_of(votes: Votes) -> Ints:
    """The pairs of annotators that judged an item together, as first x annotators + second, ascending."""
    a = len(votes.annotators)
    together = np.zeros(a * a, dtype=np.bool_)
    for left, right in pairs_within(votes.item):
        together[votes.annotator[left] * a + votes.annotator[right]] = True
    return np.flatnonzero(together)


def _units(items: int, columns: int) -> int:
    """How many units to deal the items into."""
    units = min(items, _MOST_UNITS, _MOST_CELLS // max(1, columns))
    return units if units >= min(items, _LEAST_UNITS) else min(units, 1)


def _dealt(votes: Votes, units: int, seed: int) -> Ints:
    """The unit of each vote, by lot.

    Lots are drawn for the items in the order of a hash of their answers, not of their numbers, which may change.
    """
    rng, q = np.random.default_rng([seed, units]), len(votes.values)
    keys = rng.integers(2**64, size=len(votes.annotators) * q, dtype=np.uint64)
    answers = np.add.reduceat(keys[votes.annotator * q + votes.value], starts_of(votes.item))
    unit = np.empty(len(answers), dtype=np.int64)
    unit[np.argsort(answers, kind="stable")] = rng.permutation(len(answers)) % units
    return np.repeat(unit, sizes_of(votes.item))
