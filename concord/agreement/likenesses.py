"""How alike each two people's judgements of one item are: what rankings and edits have in the place of equal values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from concord.agreement.groups import numbered
from concord.agreement.shares import Scores, means_by_group
from concord.agreement.statistic import Statistic, Statistics
from concord.agreement.units import lots_of_numbers, units_of
from concord.records.kinds import Arm, Floats, Ints, Kind
from concord.records.report import Votes

MOST_PAIRS = 2_000
"""With more pairs of annotators than this none is listed."""


def _none() -> Ints:
    return np.empty(0, np.int64)


@dataclass(frozen=True)
class Likenesses:
    """One element for each item and each two annotators who both judged it, by item.

    Attributes:
        item: item number, shape (n,); ascending.
        left: the one annotator, as index into `annotators`, shape (n,).
        right: the other, shape (n,).
        value: how alike their judgements are, shape (n,).
        annotators: all names, sorted.
        keys: by which the store knows the item of each number; empty where no store gave them.
        clusters: the cluster of the item of each number; empty where no two items share one.
    """

    item: Ints
    left: Ints
    right: Ints
    value: Floats
    annotators: tuple[str, ...]
    keys: Ints = field(default_factory=_none)
    clusters: Ints = field(default_factory=_none)


class Judgements(NamedTuple):
    """The judgements that likenesses are about, as votes without a value; the credit of each, and its item's unit."""

    votes: Votes
    credit: Floats
    unit: Ints


def credited_judgements(likenesses: Likenesses, kind: Kind, arm: Arm, *, seed: int) -> Judgements:
    """Each judgement with its credit: how alike it is to the others of its item, in the mean over them."""
    a = max(1, len(likenesses.annotators))
    item = np.concatenate([likenesses.item, likenesses.item])
    judgement, place = numbered(item * a + np.concatenate([likenesses.left, likenesses.right]))
    others = np.bincount(place, minlength=len(judgement))
    sums = np.bincount(place, np.concatenate([likenesses.value, likenesses.value]), minlength=len(judgement))
    of_item, annotator = np.divmod(judgement, a)
    credit = sums / np.maximum(others, 1)
    votes = Votes(
        kind,
        kind,
        arm,
        of_item,
        annotator,
        np.zeros(len(judgement), np.int64),
        likenesses.annotators,
        ("",),
        likenesses.keys,
        likenesses.clusters,
    )
    return Judgements(votes, credit, _unit(credit, votes, seed))


def agreement_with_others(likenesses: Likenesses, *, seed: int) -> Statistics:
    """For each annotator by name, how alike the judgements are to those of the others on the same items.

    >>> alike = Likenesses(np.array([0, 0, 0]), np.array([0, 0, 1]), np.array([1, 2, 2]), np.array([1.0, 0.0, 0.5]),
    ...                    ("ann", "ben", "cid"))
    >>> {name: one.value for name, one in agreement_with_others(alike, seed=0).items()}
    {'ann': 0.5, 'ben': 0.75, 'cid': 0.25}
    """
    if not len(likenesses.item):
        return {}
    votes, credit, unit = credited_judgements(likenesses, "ranking", "drafted", seed=seed)
    names = likenesses.annotators
    means = means_by_group(Scores(credit, votes.annotator, unit, votes.item, votes.annotator), len(names), seed=seed)
    return {name: one for name, one in zip(names, means.groups, strict=True) if one.annotations}


def of_each_pair(likenesses: Likenesses, *, seed: int) -> tuple[Statistic, ...]:
    """For each two annotators who judged an item together, how alike their judgements are; items are resampled."""
    a = max(1, len(likenesses.annotators))
    pairs, pair = numbered(likenesses.left * a + likenesses.right)
    if not 0 < len(pairs) <= MOST_PAIRS:
        return ()
    items, item = numbered(likenesses.item)
    unit = units_of(lots_of_numbers(likenesses.value, item, pair), _clusters(likenesses, items), seed=seed)[item]
    means = means_by_group(Scores(likenesses.value, pair, unit, item, pair), len(pairs), seed=seed)
    between = [(likenesses.annotators[code // a], likenesses.annotators[code % a]) for code in map(int, pairs)]
    return tuple(_between(one, names) for one, names in zip(means.groups, between, strict=True))


def _between(one: Statistic, names: tuple[str, str]) -> Statistic:
    """The statistic of a pair, which rests on two judgements of each item."""
    return Statistic(one.value, one.low, one.high, one.items, 2 * one.items, 2, between=names, note=one.note)


def _unit(credit: Floats, votes: Votes, seed: int) -> Ints:
    items, item = numbered(votes.item)
    cluster = votes.clusters[items] if len(votes.clusters) else None
    return units_of(lots_of_numbers(credit, item, votes.annotator), cluster, seed=seed)[item]


def _clusters(likenesses: Likenesses, items: Ints) -> Ints | None:
    return likenesses.clusters[items] if len(likenesses.clusters) else None
