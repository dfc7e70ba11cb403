"""The mean of a number over answers, for each of several groups, with intervals by the items that were answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from concord.agreement.intervals import Interval, intervals
from concord.agreement.quotient import divided
from concord.agreement.statistic import Extent, Statistic, statistic
from concord.agreement.units import drawn_units
from concord.records.kinds import Floats, Ints


@dataclass(frozen=True)
class Scores:
    """A number for each of n answers.

    Attributes:
        value: the number, shape (n,).
        group: what it is averaged by, from 0, shape (n,).
        unit: of the answer's item, as `units_of` gives it, shape (n,).
        item: the answer's item, shape (n,).
        annotator: who gave the answer, shape (n,).
    """

    value: Floats
    group: Ints
    unit: Ints
    item: Ints
    annotator: Ints


class Means(NamedTuple):
    """The mean over all answers, and of each group."""

    all: Statistic
    groups: list[Statistic]


def means_by_group(scores: Scores, groups: int, *, seed: int, note: str | None = None) -> Means:
    """The mean over all answers and of each group, from the same resamples of items; the note is for the former.

    >>> zeros = np.zeros(4, dtype=np.int64)
    >>> scores = Scores(np.array([1.0, 0.0, 1.0, 1.0]), np.array([0, 0, 1, 1]), zeros, zeros, zeros)
    >>> found = means_by_group(scores, 3, seed=0)
    >>> found.all.value, [one.value for one in found.groups]
    (0.75, [0.5, 1.0, nan])
    """
    sums, counts = (_by_unit(scores, terms, groups) for terms in (scores.value, np.ones(len(scores.value))))
    total, number = sums.sum(axis=0), counts.sum(axis=0)
    values = divided(total, number, where=number > 0)
    drawn = drawn_units(np.arange(len(sums)), seed=seed).drawn
    resampled = drawn @ counts
    found = (
        intervals(divided(drawn @ sums, resampled, where=resampled > 0))
        if len(sums) > 1
        else [Interval()] * len(values)
    )
    items = _distinct(scores.group, scores.item, groups)
    people = _distinct(scores.group, scores.annotator, groups)
    several = [
        statistic(
            float(values[g]),
            found[g] if number[g] else Interval(),
            Extent(items[g], int(number[g]), people[g]),
            notes=[(note if g == groups else None) or (None if number[g] else "not defined: there is no such answer")],
        )
        for g in range(groups + 1)
    ]
    return Means(several[-1], several[:-1])


def _by_unit(scores: Scores, terms: Floats, groups: int) -> Floats:
    """Sums of the terms, shape (units, groups + 1); the last column is over all groups."""
    units = int(scores.unit.max(initial=-1)) + 1
    sums = np.bincount(scores.unit * groups + scores.group, terms, minlength=units * groups)
    by_group = np.asarray(sums, dtype=float).reshape(units, groups)
    return np.append(by_group, by_group.sum(axis=1, keepdims=True), axis=1)


def _distinct(group: Ints, thing: Ints, groups: int) -> list[int]:
    """How many different things each group has, and then all of them."""
    things = int(thing.max(initial=0)) + 1
    of_group, of_all = np.divmod(np.unique(group * things + thing), things)
    return [*np.bincount(of_group, minlength=groups).tolist(), int((np.bincount(of_all, minlength=1) > 0).sum())]
