"""Coefficients of one question's votes, with intervals, counts and the reason where a number is missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import isnan

import numpy as np

from concord.agreement.coefficients import percent_pooled
from concord.agreement.intervals import MOST_PATTERNS, intervals, of_clusters, resamples
from concord.agreement.patterns import Patterns, Weights, count_patterns, each_item, observed, per_category
from concord.agreement.quotient import divided
from concord.agreement.reservations import hindrance, left_out, reservation
from concord.agreement.statistic import NOBODY_TWICE, Interval, Level, Statistic, statistic
from concord.agreement.units import clusters_of, drawn_units, lots_of, undrawn, units_of
from concord.agreement.votes import Extents, extent_of, extents_of, paired
from concord.records.kinds import Floats
from concord.records.report import Votes

MOST_VALUES = 1000
"""With more values than this, and as many kinds of items, the resamples of what depends on each value are not made."""


@dataclass(frozen=True)
class Coefficient:
    """A statistic of votes: its formula and what it uses.

    Attributes:
        formula: one value for each row of weights, as in `concord.agreement.coefficients`.
        level: how it compares values, where that is a choice.
        singles: whether items with one answer count in it.
        note: what a reader must know to compare it with other figures.
        by_category: whether it needs the number of answers in each category, and so has no interval where there are
            thousands of them.
    """

    formula: Callable[[Patterns, Weights], Floats]
    level: Level | None = None
    singles: bool = False
    note: str | None = None
    by_category: bool = True


def estimate(votes: Votes, coefficients: Mapping[str, Coefficient], *, seed: int) -> dict[str, Statistic]:
    """Each coefficient of canonical votes, all from the same resamples.

    >>> from concord.agreement.coefficients import percent
    >>> from concord.agreement.votes import votes_of
    >>> votes = votes_of([("ann", "1", "a"), ("ben", "1", "b"), ("ann", "2", "b"), ("ben", "2", "b")])
    >>> estimate(votes, {"percent_agreement": Coefficient(percent)}, seed=0)["percent_agreement"].note
    'no interval: values other than b occur only once; indicative: fewer than 50 items'
    """
    patterns = count_patterns(votes)
    extents = extents_of(votes)
    note = _hindrance(patterns, votes.values)
    drawn = dict.fromkeys(coefficients, Interval(note=note)) if note else _drawn(votes, patterns, coefficients, seed)
    return {
        name: _estimated(coefficient, patterns, votes.values, extents, drawn[name])
        for name, coefficient in coefficients.items()
    }


def mean_of_questions(
    votes: Votes, questions: Sequence[Votes], coefficients: Mapping[str, Coefficient], *, seed: int
) -> dict[str, Statistic]:
    """The mean of each coefficient over several questions that were answered together, all from the same resamples.

    Questions for which it is not defined are left out and counted.

    Args:
        votes: the canonical votes that the questions were made of.
        questions: votes on the same items by the same annotators, in the same order.
        coefficients: by name.
        seed: of the resamples.
    """
    cluster, patterns = clusters_of(votes), [each_item(question) for question in questions]
    unit = units_of(lots_of(votes, seed), cluster, seed=seed)
    blocks = drawn_units(unit, seed=seed)
    values = np.stack([_values(coefficients, one, undrawn(unit))[0] for one in patterns])
    drawn = intervals(_mean_defined(np.stack([_values(coefficients, one, blocks) for one in patterns])))
    if cluster is not None:
        drawn = [of_clusters(one, len(np.unique(cluster))) for one in drawn]
    extent, means = extent_of(paired(votes)), _mean_defined(values)
    return {
        name: statistic(
            float(mean),
            Interval() if isnan(mean) else interval,
            extent,
            notes=[
                NOBODY_TWICE if not extent.items else "not defined for any label" if isnan(mean) else None,
                f"the mean over {int((~np.isnan(several)).sum())} of {len(questions)} labels",
            ],
            level=coefficient.level,
        )
        for (name, coefficient), mean, several, interval in zip(
            coefficients.items(), means.tolist(), values.T, drawn, strict=True
        )
    }


def _mean_defined(values: Floats) -> Floats:
    """The mean along the first axis of what is defined; NaN where nothing is."""
    defined = ~np.isnan(values)
    number: Floats = defined.sum(axis=0, dtype=float)
    return divided(np.where(defined, values, 0.0).sum(axis=0), number, where=number > 0)


def _drawn(votes: Votes, patterns: Patterns, coefficients: Mapping[str, Coefficient], seed: int) -> dict[str, Interval]:
    """The interval of each coefficient: over items, over clusters where items share one."""
    cluster = clusters_of(votes)
    if cluster is None and len(patterns.items) <= MOST_PATTERNS:
        chunks = resamples(patterns.items, seed=seed, cells=len(patterns.pattern))
        rows = np.concatenate([_values(coefficients, patterns, weights) for weights in chunks])
        return dict(zip(coefficients, intervals(rows), strict=True))
    if len(votes.values) > MOST_VALUES and any(coefficient.by_category for coefficient in coefficients.values()):
        return dict.fromkeys(coefficients, Interval(note=f"no interval: {len(votes.values):,} different values"))
    blocks = drawn_units(units_of(lots_of(votes, seed), cluster, seed=seed), seed=seed)
    found = intervals(_values(coefficients, each_item(votes), blocks))
    if cluster is not None:
        found = [of_clusters(one, len(np.unique(cluster))) for one in found]
    return dict(zip(coefficients, found, strict=True))


def _values(coefficients: Mapping[str, Coefficient], patterns: Patterns, weights: Weights) -> Floats:
    """The value of each coefficient in each row of weights."""
    return np.stack([coefficient.formula(patterns, weights) for coefficient in coefficients.values()], axis=1)


def _hindrance(patterns: Patterns, values: Sequence[str]) -> str | None:
    weights = observed(patterns)
    pairs = round(float((weights @ (patterns.m * (patterns.m - 1)))[0]) / 2)
    if not pairs:
        return NOBODY_TWICE
    agreeing = round(pairs * float(percent_pooled(patterns, weights)[0]))
    return hindrance(pairs, agreeing, _answers(patterns, singles=False), values)


def _estimated(
    coefficient: Coefficient, patterns: Patterns, values: Sequence[str], extents: Extents, interval: Interval
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
    counting = (patterns.m > (0 if singles else 1)).astype(float)
    return per_category(patterns, observed(patterns), counting)[0]
