"""The mean of one value per item, with its interval: for rankings and texts, whose items each have one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from concord.agreement.intervals import MOST_PATTERNS, intervals, of_clusters, resamples
from concord.agreement.quotient import divided
from concord.agreement.statistic import Extent, Interval, Statistic, statistic
from concord.agreement.units import drawn_units, units_of
from concord.records.kinds import Floats, Ints


def mean_over_items(
    values: Floats,
    extent: Extent,
    *,
    seed: int,
    notes: Sequence[str | None] = (),
    clusters: Ints | None = None,
) -> Statistic:
    """The mean of one value per item, with its interval.

    Args:
        values: the items' values, in any order; none is NaN.
        extent: what they rest on.
        seed: of the resamples.
        notes: why there are no values, or what limits the number.
        clusters: the cluster of each item; None where every item is its own.

    >>> mean_over_items(np.array([1.0, 1.0]), Extent(2, 4, 2), seed=0).note
    'no interval: the resamples do not differ; indicative: fewer than 50 items'
    """
    if not len(values):
        return statistic(np.nan, Interval(), extent, notes=notes)
    distinct, items = np.unique(values, return_counts=True)
    value = float((distinct * items).sum() / items.sum())
    if clusters is not None and len(np.unique(clusters)) < len(clusters):
        interval = of_clusters(_of_units(values, clusters, seed), len(np.unique(clusters)))
    elif len(distinct) > MOST_PATTERNS:
        interval = _of_units(values, None, seed)
    else:
        means = [weights @ distinct / items.sum() for weights in resamples(items, seed=seed, cells=len(distinct))]
        (interval,) = intervals(np.concatenate(means)[:, None])
    return statistic(value, interval, extent, notes=notes)


def difference_of_means(one: Floats, other: Floats, extent: Extent, *, seed: int) -> Statistic:
    """The mean of one set of items less that of another, which has no item in common with it, with its interval.

    Args:
        one: the values of its items, in any order; at least one, none NaN.
        other: those of the other.
        extent: what both together rest on.
        seed: of the resamples; those of the two are drawn apart.

    >>> found = difference_of_means(np.ones(60), np.linspace(0, 1, 60), Extent(120, 240, 2), seed=0)
    >>> round(found.value, 9), 0.4 < found.low < 0.5 < found.high < 0.6
    (0.5, True)
    """
    if min(len(one), len(other)) < 2:
        interval = Interval(note="no interval: one of the two has one item only")
    else:
        (interval,) = intervals((_resampled(one, None, seed) - _resampled(other, None, seed + 1))[:, None])
    return statistic(float(one.mean() - other.mean()), interval, extent)


def _of_units(values: Floats, clusters: Ints | None, seed: int) -> Interval:
    """The interval from resamples of clusters, or of blocks of items."""
    (interval,) = intervals(_resampled(values, clusters, seed)[:, None])
    return interval


def _resampled(values: Floats, clusters: Ints | None, seed: int) -> Floats:
    """The mean in each resample of clusters, or of blocks of items."""
    blocks = drawn_units(units_of(values.view(np.uint64), clusters, seed=seed), seed=seed)
    units = blocks.drawn.shape[1]
    sums, items = (np.bincount(blocks.block, terms, minlength=units) for terms in (values, np.ones(len(values))))
    number = blocks.drawn @ items
    return divided(blocks.drawn @ sums, number, where=number > 0)
