"""Intervals by the bootstrap: items are drawn anew with replacement, and every coefficient is computed again.

A resample of n items is a draw from Multinomial(n, n_p / n) over the patterns, exactly, whatever n. Expected
disagreement is found anew in every resample (unlike Hayes' KALPHA, which keeps it fixed and gives narrower intervals).
The interval says how far other items might move the value; it says nothing about other annotators.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan

import numpy as np

from concord.agreement.statistic import Interval, counted
from concord.records.kinds import Floats, Ints

RESAMPLES = 1000
ENDS = (0.025, 0.975)

MOST_UNDEFINED = 0.05
"""With a larger share of resamples without a value no interval is printed."""

MOST_NUMBERS = 4_000_000
"""Numbers that are held at a time; it bounds memory and changes no result."""

MOST_PATTERNS = 5_000
"""With more kinds of items than this, blocks of items are drawn (`concord.agreement.units`)."""

FEW_CLUSTERS = 10


def resamples(items: Ints, *, seed: int, cells: int) -> Iterator[Floats]:
    """How often each pattern is drawn in each of `RESAMPLES` resamples of all items.

    Args:
        items: items of each pattern, shape (p,); at least one item.
        seed: the same seed gives the same resamples.
        cells: numbers that the caller makes of one resample; it bounds the rows of a chunk.

    Yields:
        Chunks of resamples, shape (rows, p).

    >>> chunk = next(resamples(np.array([30, 10]), seed=0, cells=2))
    >>> chunk.shape, set(chunk.sum(axis=1).tolist())
    ((1000, 2), {40.0})
    """
    rng, n = np.random.default_rng(seed), int(items.sum())
    most = max(1, MOST_NUMBERS // max(1, cells))
    for start in range(0, RESAMPLES, most):
        rows = min(most, RESAMPLES - start)
        yield rng.multinomial(n, items / n, size=rows).astype(float)


def percentiles(resampled: Floats) -> tuple[Floats, Floats]:
    """The lower and upper end of the middle 95 % of each column, NaN left out.

    Args:
        resampled: a value for each resample, shape (resamples, k).

    Returns:
        Two arrays of shape (k,), interpolated linearly; NaN for a column without a value.

    >>> low, high = percentiles(np.array([[0.0, np.nan], [40.0, np.nan], [np.nan, np.nan]]))
    >>> low.tolist(), high.tolist()
    ([1.0, nan], [39.0, nan])
    """
    ordered = np.sort(resampled, axis=0)  # NaN come last
    last = (~np.isnan(ordered)).sum(axis=0) - 1
    return _quantile(ordered, last, ENDS[0]), _quantile(ordered, last, ENDS[1])


def intervals(resampled: Floats) -> list[Interval]:
    """For each column its interval, or why none is printed; resamples without a value are dropped and counted.

    >>> intervals(np.array([[0.5], [np.nan]]))
    [Interval(low=nan, high=nan, note='no interval: 1 of 2 resamples not defined')]
    """
    low, high = percentiles(resampled)
    undefined = np.isnan(resampled).sum(axis=0)
    return [
        _interval(*column, len(resampled))
        for column in zip(low.tolist(), high.tolist(), undefined.tolist(), strict=True)
    ]


def of_clusters(interval: Interval, clusters: int) -> Interval:
    """An interval from resamples of clusters says so; from too few of them there is none.

    >>> of_clusters(Interval(0.2, 0.4), 170)
    Interval(low=0.2, high=0.4, note='clusters of items resampled: 170')
    >>> of_clusters(Interval(0.2, 0.4), 3).note
    'no interval: the items are of 3 clusters only'
    """
    if isnan(interval.low):
        return interval
    if clusters < FEW_CLUSTERS:
        return Interval(note=f"no interval: the items are of {counted(clusters, 'cluster')} only")
    return Interval(interval.low, interval.high, f"clusters of items resampled: {clusters:,}")


def _quantile(ordered: Floats, last: Ints, share: float) -> Floats:
    """The quantile of each sorted column up to its row `last`."""
    place = np.maximum(last, 0) * share
    below = np.floor(place).astype(np.int64)
    above = np.minimum(below + 1, np.maximum(last, 0))
    columns = np.arange(ordered.shape[1])
    low, high = ordered[below, columns], ordered[above, columns]
    return low + (high - low) * (place - below)


def _interval(low: float, high: float, undefined: int, total: int) -> Interval:
    found = f"{undefined} of {total} resamples not defined" if undefined else None
    if undefined > MOST_UNDEFINED * total:
        return Interval(note=f"no interval: {found}")
    if low == high:
        return Interval(note="no interval: the resamples do not differ")
    return Interval(low, high, found)
