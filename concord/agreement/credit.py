"""The credit of each judgement: how far it goes with the others of its item; by person, in halves and over time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from math import nan

import numpy as np
import numpy.typing as npt

from concord.agreement.groups import numbered
from concord.agreement.means import mean_over_items
from concord.agreement.shares import Scores, means_by_group
from concord.agreement.statistic import Extent, Statistic
from concord.agreement.strata import part
from concord.records.kinds import Floats, Ints
from concord.records.report import Votes

PERIODS = 12
"""The time from the first judgement to the last is cut into so many periods at most, of whole days."""

_DAY = 86_400


@dataclass(frozen=True)
class Credited:
    """Judgements of items that two or more judged, by item.

    Attributes:
        votes: whose they are, and of which items.
        at: when each was given, seconds since 1970; -1 when unknown.
        credit: how far each goes with the others of its item.
        unit: of each one's item, as `units_of` gives it.
    """

    votes: Votes
    at: Ints
    credit: Floats
    unit: Ints

    def only(self, kept: npt.NDArray[np.bool_] | Ints) -> Credited:
        """Some of them."""
        return Credited(part(self.votes, kept), self.at[kept], self.credit[kept], self.unit[kept])


@dataclass(frozen=True)
class Period:
    """The agreement of the judgements of one stretch of days with the others; dates are in UTC."""

    first: str
    last: str
    agreement: Statistic


def means(credited: Credited, group: Ints, groups: int, *, seed: int) -> list[Statistic]:
    """The mean credit of each group of judgements, from the same resamples of items."""
    votes = credited.votes
    scores = Scores(credited.credit, group, credited.unit, votes.item, votes.annotator)
    return means_by_group(scores, groups, seed=seed).groups


def mean_of_items(credited: Credited, *, seed: int) -> Statistic:
    """The mean credit of each item's judgements, and then of the items."""
    votes = credited.votes
    items, item = numbered(votes.item)
    values = np.bincount(item, credited.credit, minlength=len(items)) / np.bincount(item, minlength=len(items))
    extent = Extent(len(items), len(votes.item), len(np.unique(votes.annotator)))
    clusters = votes.clusters[items] if len(votes.clusters) else None
    return mean_over_items(values, extent, seed=seed, clusters=clusters)


def halves(credited: Credited, *, seed: int) -> list[Statistic]:
    """For each annotator the agreement of the earlier half of the judgements, and of the later one.

    There are none where all of them bear one time, as those from a file do.
    """
    a = len(credited.votes.annotators)
    first, last = np.full(a, np.iinfo(np.int64).max), np.full(a, -1)
    np.minimum.at(first, credited.votes.annotator, credited.at)
    np.maximum.at(last, credited.votes.annotator, credited.at)
    credited = credited.only((first < last)[credited.votes.annotator] & (credited.at >= 0))
    votes, at = credited.votes, credited.at
    order = np.lexsort((at, votes.annotator))
    counts = np.bincount(votes.annotator, minlength=a)
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order)) - np.repeat(np.cumsum(counts) - counts, counts)
    later = place >= (counts // 2)[votes.annotator]
    return means(credited, 2 * votes.annotator + later, 2 * a, seed=seed)


def periods(credited: Credited, *, seed: int) -> list[Period]:
    """The agreement in each stretch of days that has judgements; nothing when all fall on one day."""
    known = credited.at >= 0
    if not known.any():
        return []
    day = credited.at // _DAY
    first, last = int(day[known].min()), int(day[known].max())
    if first == last:
        return []
    length = -(-(last - first + 1) // PERIODS)
    period = np.where(known, (day - first) // length, 0)
    several = means(credited.only(known), period[known], PERIODS, seed=seed)
    return [
        Period(_date(first + i * length), _date(min(last, first + (i + 1) * length - 1)), one)
        for i, one in enumerate(several)
        if one.annotations
    ]


def medians(group: Ints, values: Floats, groups: int) -> list[float]:
    """The median of each group's values, NaN left out; NaN where there is none.

    >>> medians(np.array([0, 0, 0, 1]), np.array([3.0, 1.0, 2.0, nan]), 2)
    [2.0, nan]
    """
    known = ~np.isnan(values)
    order = np.lexsort((values[known], group[known]))
    counts = np.bincount(group[known], minlength=groups)
    starts = np.cumsum(counts) - counts
    in_order = values[known][order]
    return [
        float(np.median(in_order[start : start + count])) if count else nan
        for start, count in zip(starts.tolist(), counts.tolist(), strict=True)
    ]


def _date(day: int) -> str:
    return datetime.fromtimestamp(day * _DAY, UTC).date().isoformat()
