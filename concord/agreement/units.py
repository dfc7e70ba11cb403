"""What the bootstrap draws: items; or clusters of items that are not independent; or, of very many, blocks of them.

Items of one cluster (one row, one prompt) stay together. Where there are more than `MOST_UNITS`, they are dealt at
random into that many blocks of equal size, and blocks are drawn: their sums spread as those of what was dealt would,
and a thousand resamples of a million items take a fraction of a second.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from concord.agreement.groups import numbered, places_of_groups, starts_of
from concord.agreement.intervals import RESAMPLES
from concord.agreement.patterns import Blocks
from concord.records.kinds import Floats, Ints
from concord.records.report import Votes

MOST_UNITS = 2000

Lots = npt.NDArray[np.uint64]
"""A number for each item that follows from what was answered, so that no other order of the items changes a draw."""


def lots_of(votes: Votes, seed: int) -> Lots:
    """A number for each item of canonical votes, from a hash of who answered what."""
    rng, q = np.random.default_rng(seed), len(votes.values)
    keys = rng.integers(2**64, size=max(1, len(votes.annotators) * q), dtype=np.uint64)
    return np.add.reduceat(keys[votes.annotator * q + votes.value], starts_of(votes.item))


def lots_of_numbers(value: Floats, item: Ints, annotator: Ints) -> Lots:
    """The same where each judgement is a number; the items are numbered from 0."""
    keys = np.random.default_rng(0).integers(2**64, size=int(annotator.max(initial=0)) + 1, dtype=np.uint64)
    lots = np.zeros(int(item.max(initial=-1)) + 1, dtype=np.uint64)
    np.add.at(lots, item, keys[annotator] * (np.round(value * 1e6).astype(np.int64).view(np.uint64) + np.uint64(1)))
    return lots


def clusters_of(votes: Votes) -> Ints | None:
    """The cluster of each item of canonical votes; None where every item is its own."""
    if not len(votes.clusters):
        return None
    cluster = votes.clusters[votes.item[starts_of(votes.item)]]
    return cluster if len(np.unique(cluster)) < len(cluster) else None


def units_of(lots: Lots, cluster: Ints | None, *, seed: int, most: int = MOST_UNITS) -> Ints:
    """The unit of each item, numbered from 0.

    Args:
        lots: one for each item, shape (items,).
        cluster: the cluster of each item, or None.
        seed: of the deal.
        most: units at most.

    >>> units_of(np.array([7, 3, 5], dtype=np.uint64), np.array([20, 10, 20]), seed=0).tolist()
    [1, 0, 1]
    """
    if cluster is None:
        return _dealt(lots, most, seed)
    _, number = numbered(cluster)
    sums = np.zeros(int(number.max(initial=-1)) + 1, dtype=np.uint64)
    np.add.at(sums, number, lots)
    return _dealt(sums, most, seed)[number]


def in_content_order(votes: Votes) -> Votes:
    """The canonical votes with items in an order that the answers decide, so that sums over items do not differ."""
    lots = lots_of(votes, 0)
    rank = np.empty(len(lots), dtype=np.int64)
    rank[np.argsort(lots, kind="stable")] = np.arange(len(lots))
    item = spread(rank, votes)
    order = np.argsort(item, kind="stable")
    return replace(votes, item=item[order], annotator=votes.annotator[order], value=votes.value[order])


def drawn_units(unit: Ints, *, seed: int) -> Blocks:
    """How often each unit is drawn in each of `RESAMPLES` resamples of as many units as there are.

    >>> drawn_units(np.array([0, 1, 1]), seed=0).drawn.sum(axis=1).tolist() == [2.0] * RESAMPLES
    True
    """
    units = int(unit.max(initial=-1)) + 1
    draws = np.random.default_rng(seed).integers(units, size=(RESAMPLES, units))
    place = draws + units * np.arange(RESAMPLES)[:, None]
    drawn: Floats = np.bincount(place.ravel(), minlength=RESAMPLES * units).astype(float)
    return Blocks(unit, drawn.reshape(RESAMPLES, units))


def undrawn(unit: Ints) -> Blocks:
    """Every unit once: the data as they are, summed in an order that does not depend on the order of the items."""
    return Blocks(unit, np.ones((1, int(unit.max(initial=-1)) + 1)))


def spread(unit: Ints, votes: Votes) -> Ints:
    """The unit of each vote, from that of each item."""
    return unit[places_of_groups(votes.item)]


def _dealt(lots: Lots, most: int, seed: int) -> Ints:
    """Each its own unit while they are few; else dealt into `most`, in an order that the lots decide."""
    if len(lots) <= most:
        return np.argsort(np.argsort(lots, kind="stable"), kind="stable")
    unit = np.empty(len(lots), dtype=np.int64)
    unit[np.argsort(lots, kind="stable")] = np.random.default_rng([seed, most]).permutation(len(lots)) % most
    return unit
