"""Coefficients of one question's votes, with intervals, counts and the reason where a number is missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import isnan
from typing import NamedTuple

import numpy as np

from concord.agreement.coefficients import percent_pooled
from concord.agreement.intervals import intervals, resamples
from concord.agreement.patterns import Patterns, count_patterns, observed, per_category
from concord.agreement.reservations import hindrance, left_out, reservation
from concord.agreement.statistic import NOBODY_TWICE, Extent, Interval, Level, Statistic, statistic
from concord.agreement.votes import extent_of, paired
from concord.records import Floats, Votes


@dataclass(frozen=True)
class Coefficient:
    """A statistic of votes: its formula and what it uses.

    Attributes:
        formula: one value for each row of weights, as in `concord.agreement.coefficients`.
        level: how it compares values, where that is a choice.
        singles: whether items with one answer count in it.
        note: what a reader must know to compare it with other figures.
    """

    formula: Callable[[Patterns, Floats], Floats]
    level: Level | None = None
    singles: bool = False
    note: str | None = None


class _Extents(NamedTuple):
    """What statistics of a question rest on: without, and with, the items that have one answer."""

    paired: Extent
    all: Extent


def estimate(votes: Votes, coefficients: Mapping[str, Coefficient], *, seed: int) -> dict[str, Statistic]:
    """Each coefficient of canonical votes, all from the same resamples.

    >>> from concord.agreement.coefficients import percent
    >>> from concord.agreement.votes import votes_of
    >>> votes = votes_of([("ann", "1", "a"), ("ben", "1", "b"), ("ann", "2", "b"), ("ben", "2", "b")])
    >>> estimate(votes, {"percent_agreement": Coefficient(percent)}, seed=0)["percent_agreement"].note
    'no interval: values other than b occur only once; indicative: fewer than 50 items'
    """
    patterns = count_patterns(votes)
    extents = _Extents(extent_of(paired(votes)), extent_of(votes))
    drawn = _drawn(patterns, votes.values, coefficients, seed)
    return {
        name: _estimated(coefficient, patterns, votes.values, extents, drawn[name])
        for name, coefficient in coefficients.items()
    }


def _drawn(
    patterns: Patterns, values: Sequence[str], coefficients: Mapping[str, Coefficient], seed: int
) -> dict[str, Interval]:
    """The interval of each coefficient."""
    note = _hindrance(patterns, values)
    if note:
        return dict.fromkeys(coefficients, Interval(note=note))
    rows = [
        np.stack([coefficient.formula(patterns, weights) for coefficient in coefficients.values()], axis=1)
        for weights in resamples(patterns.items, seed=seed, cells=len(patterns.pattern))
    ]
    return dict(zip(coefficients, intervals(np.concatenate(rows)), strict=True))


def _hindrance(patterns: Patterns, values: Sequence[str]) -> str | None:
    weights = observed(patterns)
    pairs = int((weights @ (patterns.m * (patterns.m - 1)))[0]) // 2
    if not pairs:
        return NOBODY_TWICE
    agreeing = round(pairs * float(percent_pooled(patterns, weights)[0]))
    return hindrance(pairs, agreeing, _answers(patterns, singles=False), values)


def _estimated(
    coefficient: Coefficient, patterns: Patterns, values: Sequence[str], extents: _Extents, interval: Interval
) -> Statistic:
    value = float(coefficient.formula(patterns, observed(patterns))[0])
    n_c = _answers(patterns, singles=coefficient.singles)
    single = 0 if coefficient.singles else int(patterns.items[patterns.m == 1].sum())
    return statistic(
        value,
        Interval() if isnan(value) else interval,
        extents.all if coefficient.singles else extents.paired,
        notes=[reservation(value, extents.paired.items, n_c, values), coefficient.note, left_out(single)],
        level=coefficient.level,
    )


def _answers(patterns: Patterns, *, singles: bool) -> Floats:
    """The answers in each category, shape (q,), with or without those of items that have one."""
    counting = patterns.items * (patterns.m > (0 if singles else 1))
    return per_category(patterns, counting[None].astype(float))[0]
