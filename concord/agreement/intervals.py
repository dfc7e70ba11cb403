"""Intervals by the bootstrap: items are drawn anew with replacement, and every coefficient is computed again.

A resample of n items is a draw from Multinomial(n, n_p / n) over the patterns, exactly, whatever n. Expected
disagreement is found anew in every resample (unlike Hayes' KALPHA, which keeps it fixed and gives narrower intervals).
The interval says how far other items might move the value; it says nothing about other annotators.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from concord.agreement.statistic import Extent, Interval, Statistic, statistic
from concord.records import Floats, Ints

RESAMPLES = 1000
ENDS = (0.025, 0.975)

MOST_UNDEFINED = 0.05
"""With a larger share of resamples without a value no interval is printed."""

MOST_NUMBERS = 4_000_000
"""Numbers that are held at a time; it bounds memory and changes no result."""
_MOST_PATTERNS = 5_000


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
        if len(items) <= _MOST_PATTERNS:
            yield rng.multinomial(n, items / n, size=rows).astype(float)
        else:  # the same draw; many binomials cost more than drawing each item
            pattern = np.repeat(np.arange(len(items)), items)
            drawn = [pattern[rng.integers(n, size=n)] for _ in range(rows)]
            yield np.array([np.bincount(one, minlength=len(items)) for one in drawn], dtype=float)


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


def mean_over_items(
    values: Floats, extent: Extent, *, seed: int, undefined: str, notes: Sequence[str] = ()
) -> Statistic:
    """The mean of one value per item, with its interval.

    Args:
        values: the items' values, in any order; none is NaN.
        extent: what they rest on.
        seed: of the resamples.
        undefined: what to say when there are no values.
        notes: what else limits the number.

    >>> mean_over_items(np.array([1.0, 1.0]), Extent(2, 4, 2), seed=0, undefined="").note
    'no interval: the resamples do not differ; indicative: fewer than 50 items'
    """
    distinct, items = np.unique(values, return_counts=True)
    if not len(distinct):
        return statistic(np.nan, Interval(), extent, notes=[undefined, *notes])
    value = float((distinct * items).sum() / items.sum())
    means = [weights @ distinct / items.sum() for weights in resamples(items, seed=seed, cells=len(distinct))]
    (interval,) = intervals(np.concatenate(means)[:, None])
    return statistic(value, interval, extent, notes=notes)


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
