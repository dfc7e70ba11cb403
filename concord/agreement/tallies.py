"""What each pair of annotators agrees on, in units that can be drawn anew.

Letters as in `concord.agreement.cohen`: r_j and c_j are how often the first and the second annotator of a pair gave
value j to the items that both judged; d_jk is how far apart values j and k are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from concord.agreement.groups import pairs_within, starts_of
from concord.agreement.units import MOST_UNITS, clusters_of, lots_of, spread, units_of
from concord.records.kinds import Floats, Ints
from concord.records.report import Votes

Distance = Literal["nominal", "linear", "quadratic"]
"""How far apart two values are: [j != k], |j - k| or (j - k)^2, by their places on the scale."""

_LEAST_UNITS = 100
_MOST_CELLS = 10_000_000


@dataclass(frozen=True)
class Tally:
    """The counts of every pair of annotators that judged an item together.

    Attributes:
        pairs: the two annotators, as indices, shape (g, 2).
        counts: the sum of d_jk, then r_j, then c_j, shape (units, g, 1 + 2q); whole numbers, exact below 2^24.
        clusters: how many clusters the items are of; None where each is its own.
    """

    pairs: Ints
    counts: npt.NDArray[np.float32]
    clusters: int | None = None


def tally(votes: Votes, *, seed: int, distance: Distance = "nominal") -> Tally:
    """The tally of canonical votes, each on an item that two or more judged.

    There is one unit where more would not fit, and none where not even that one would.

    >>> from concord.agreement.votes import votes_of
    >>> votes = votes_of([("ann", "1", "no"), ("ben", "1", "no"), ("ann", "2", "yes"), ("ben", "2", "no")])
    >>> tally(votes, seed=0).counts.sum(axis=0).tolist()
    [[1.0, 1.0, 1.0, 2.0, 0.0]]
    """
    a, q = len(votes.annotators), len(votes.values)
    codes, cluster = _pairs_of(votes), clusters_of(votes)
    clusters = None if cluster is None else len(np.unique(cluster))
    pairs = np.stack(np.divmod(codes, a), axis=1)
    place = np.zeros(a * a, dtype=np.int64)
    place[codes] = np.arange(len(codes))
    shape = (_units(clusters or len(starts_of(votes.item)), len(codes) * (1 + 2 * q)), len(codes), 1 + 2 * q)
    counts = np.zeros(shape, dtype=np.float32)
    if not counts.size:
        return Tally(pairs, counts, clusters)
    unit, flat = spread(units_of(lots_of(votes, seed), cluster, seed=seed, most=shape[0]), votes), counts.reshape(-1)
    for left, right in pairs_within(votes.item):
        pair = place[votes.annotator[left] * a + votes.annotator[right]]
        cell = (unit[left] * shape[1] + pair) * shape[2]
        j, k = votes.value[left], votes.value[right]
        np.add.at(flat, cell, _apart(j, k, distance))
        for cells in (cell + 1 + j, cell + 1 + q + k):
            np.add.at(flat, cells, np.float32(1))
    return Tally(pairs, counts, clusters)


def by_chance(r: Floats, c: Floats, distance: Distance) -> Floats:
    """The sum of r_j c_k d_jk; r and c lie along the last axis, and are whole numbers, as the sum then is.

    >>> by_chance(np.array([2.0, 1.0]), np.array([0.0, 3.0]), "nominal").item()
    6.0
    """
    all_r, all_c, scale = r.sum(axis=-1), c.sum(axis=-1), np.arange(r.shape[-1], dtype=float)
    match distance:
        case "nominal":
            return all_r * all_c - (r * c).sum(axis=-1)
        case "linear":
            below_r, below_c = r.cumsum(axis=-1), c.cumsum(axis=-1)
            return (below_r * (all_c[..., None] - below_c) + below_c * (all_r[..., None] - below_r)).sum(axis=-1)
        case "quadratic":
            squares = all_c * (r * scale**2).sum(axis=-1) + all_r * (c * scale**2).sum(axis=-1)
            return squares - 2 * (r * scale).sum(axis=-1) * (c * scale).sum(axis=-1)


def _apart(j: Ints, k: Ints, distance: Distance) -> npt.NDArray[np.float32]:
    """d_jk."""
    if distance == "nominal":
        return (j != k).astype(np.float32)
    return np.abs(j - k).astype(np.float32) ** (1 if distance == "linear" else 2)


def _pairs_of(votes: Votes) -> Ints:
    """The pairs of annotators that judged an item together, as first x annotators + second, ascending."""
    a = len(votes.annotators)
    together = np.zeros(a * a, dtype=np.bool_)
    for left, right in pairs_within(votes.item):
        together[votes.annotator[left] * a + votes.annotator[right]] = True
    return np.flatnonzero(together)


def _units(items: int, columns: int) -> int:
    """How many units to deal the items into."""
    units = min(items, MOST_UNITS, _MOST_CELLS // max(1, columns))
    return units if units >= min(items, _LEAST_UNITS) else min(units, 1)
