"""How many items more: the width of the interval against the number of items, and what further annotators would buy."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, isnan, sqrt
from statistics import NormalDist

from concord.agreement.coefficients import pair_agreement
from concord.agreement.patterns import count_patterns
from concord.agreement.statistic import Statistic
from concord.records.kinds import Floats
from concord.records.report import Votes

SIZES = (50, 100, 200, 500, 1000, 2000, 5000)
OVERLAPS = (2, 3, 4, 5)
HALF_WIDTH = 0.05

FEW = 30
"""Items of either kind that the variances are estimated from, at least."""


@dataclass(frozen=True)
class Plan:
    """What more items, or more annotators an item, would do.

    Attributes:
        half_widths: half of the headline's 95 % interval at each number of items judged twice or more.
        items_wanted: items for a half-width of `HALF_WIDTH`; None without an interval.
        overlap: for each number of annotators an item, how many items percent agreement wants for that half-width;
            empty unless some items have two answers and some have more.
    """

    half_widths: dict[int, float]
    items_wanted: int | None
    overlap: dict[int, int]


def plan(headline: Statistic, votes: Votes | None = None) -> Plan:
    """The plan for a question: widths shrink with the square root of the number of items.

    The variance of an item's share of equal pairs is taken as a + b / (number of pairs), where a is how much items
    differ and b what a further pair averages out; both from items with two answers and items with more. An
    approximation, as the pairs of one item share answers.

    Args:
        headline: the statistic whose interval should be narrower.
        votes: what it was made of; without votes nothing is said of overlap.
    """
    if isnan(headline.low) or not headline.items:
        return Plan({}, None, {})
    half = (headline.high - headline.low) / 2
    widths = {n: half * sqrt(headline.items / n) for n in SIZES}
    return Plan(widths, ceil(headline.items * (half / HALF_WIDTH) ** 2), _overlap(votes) if votes else {})


def _overlap(votes: Votes) -> dict[int, int]:
    patterns = count_patterns(votes)
    share, items = pair_agreement(patterns), patterns.items.astype(float)
    pairs = patterns.m * (patterns.m - 1) / 2
    two, more = pairs == 1, pairs > 1
    if items[two].sum() < FEW or items[more].sum() < FEW:
        return {}
    first, further = _variance(share[two], items[two]), _variance(share[more], items[more])
    k = float((pairs[more] * items[more]).sum() / items[more].sum())
    b = max(0.0, (first - further) / (1 - 1 / k))
    a = max(0.0, first - b)
    z = NormalDist().inv_cdf(0.975)
    return {m: ceil((a + 2 * b / (m * (m - 1))) * (z / HALF_WIDTH) ** 2) for m in OVERLAPS}


def _variance(values: Floats, weights: Floats) -> float:
    mean = float((values * weights).sum() / weights.sum())
    return float((weights * (values - mean) ** 2).sum() / weights.sum())


def items_for_alpha(smallest: float, categories: int, *, confidence: float = 0.95) -> int:
    """The items to judge by two, so that alpha is above the smallest acceptable one with this confidence.

    N = 2 z^2 [(1 + a)(3 - a) / (4 (1 - a) p (1 - p)) - a], with a the smallest acceptable alpha, p = 1 / categories and
    z one-sided (Bloch & Kraemer 1989, as given by Krippendorff 2004, and by the manual of ATLAS.ti).

    >>> [items_for_alpha(a, q) for a, q in ((0.667, 4), (0.800, 4), (0.667, 2), (0.800, 5))]
    [81, 139, 60, 164]
    """
    z, p = round(NormalDist().inv_cdf(confidence), 3), 1 / categories
    spread = (1 + smallest) * (3 - smallest) / (4 * (1 - smallest) * p * (1 - p))
    return ceil(2 * z**2 * (spread - smallest))
