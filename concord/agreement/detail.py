"""What lies behind a question's numbers: its people, its items, its course over time, what a consensus would be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from math import nan

import numpy as np
import numpy.typing as npt

from concord.agreement.coefficients import alpha_nominal, alpha_ordinal, percent
from concord.agreement.consensus import Consensus, consensus
from concord.agreement.disputed import Disputed, most_disputed
from concord.agreement.estimate import Coefficient, estimate
from concord.agreement.groups import summed
from concord.agreement.leave_one_out import credits
from concord.agreement.planning import Plan, plan
from concord.agreement.questions import MOST_STEPS, Group
from concord.agreement.shares import Scores, means_by_group
from concord.agreement.statistic import Statistic, Statistics
from concord.agreement.strata import Surrounded, part, strata, surrounded
from concord.agreement.units import clusters_of, lots_of, spread, units_of
from concord.agreement.votes import paired
from concord.records.kinds import Floats, Ints
from concord.records.report import Circumstances, ItemFacts, Votes

PERIODS = 12
"""The time from the first judgement to the last is cut into so many periods at most, of whole days."""

_DAY = 86_400


@dataclass(frozen=True)
class Person:
    """One annotator on one question.

    Attributes:
        agreement: with the others, leave one out.
        answers: how many the annotator gave.
        seconds: the median time at the desk for an item; NaN when unknown.
        earlier: the agreement in the first half of the annotator's answers.
        later: the agreement in the second half.
        confusions: what the others said most, what this annotator said instead, and how often; the most frequent first.
    """

    name: str
    agreement: Statistic
    answers: int
    seconds: float
    earlier: Statistic
    later: Statistic
    confusions: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True)
class Layer:
    """The agreement on one kind of items, or under one version of the guidelines."""

    by: str
    name: str
    statistics: Statistics


@dataclass(frozen=True)
class Period:
    """The agreement of the answers of one stretch of days with the others' answers; dates are in UTC."""

    first: str
    last: str
    agreement: Statistic


@dataclass(frozen=True)
class Detail:
    """What lies behind the numbers of one question in the main arm."""

    question: str
    people: tuple[Person, ...]
    disputed: tuple[Disputed, ...]
    layers: tuple[Layer, ...]
    periods: tuple[Period, ...]
    consensus: Consensus | None
    plan: Plan


def detail(votes: Votes, group: Group, circumstances: Circumstances, facts: ItemFacts, *, seed: int) -> Detail:
    """The detail of a question's canonical votes.

    Args:
        votes: those of the group.
        group: the question's statistics.
        circumstances: of the project's judgements.
        facts: of the project's items.
        seed: of the resamples.
    """
    around, headline = surrounded(votes, circumstances), next(iter(group.statistics.values()))
    used = paired(votes)
    credit, _ = credits(used)
    credited = _Credited(used, around.at[np.bincount(votes.item, minlength=1)[votes.item] > 1], credit)
    return Detail(
        group.question,
        tuple(_people(votes, around.seconds, group, credited, seed)),
        tuple(most_disputed(votes)),
        tuple(_layers(votes, around, facts, seed)),
        tuple(_periods(credited, seed)),
        consensus(votes) if votes.kind != "rating" else None,
        plan(headline, votes),
    )


@dataclass(frozen=True)
class _Credited:
    """Paired votes, when each was given (-1 unknown), and its credit against the others."""

    votes: Votes
    at: Ints
    credit: Floats

    def only(self, kept: npt.NDArray[np.bool_]) -> _Credited:
        """Some of them."""
        return _Credited(part(self.votes, kept), self.at[kept], self.credit[kept])


def _people(votes: Votes, seconds: Floats, group: Group, credited: _Credited, seed: int) -> list[Person]:
    a = len(votes.annotators)
    answers = np.bincount(votes.annotator, minlength=a).tolist()
    halves = _halves(credited, seed)
    confusions = _confusions(credited)
    pace = _medians(votes.annotator, seconds, a)
    return [
        Person(name, group.people[name], answers[i], pace[i], halves[2 * i], halves[2 * i + 1], confusions[i])
        for i, name in enumerate(votes.annotators)
        if name in group.people
    ]


def _halves(credited: _Credited, seed: int) -> list[Statistic]:
    """For each annotator the agreement of the earlier half of the answers, and of the later one.

    There are none where all of the answers bear one time, as those from a file do.
    """
    a = len(credited.votes.annotators)
    first, last = np.full(a, np.iinfo(np.int64).max), np.full(a, -1)
    np.minimum.at(first, credited.votes.annotator, credited.at)
    np.maximum.at(last, credited.votes.annotator, credited.at)
    credited = credited.only((first < last)[credited.votes.annotator] & (credited.at >= 0))
    votes, at = credited.votes, credited.at
    order = np.lexsort((at, votes.annotator))
    counts = np.bincount(votes.annotator, minlength=len(votes.annotators))
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order)) - np.repeat(np.cumsum(counts) - counts, counts)
    later = place >= (counts // 2)[votes.annotator]
    return _means(credited, 2 * votes.annotator + later, 2 * len(votes.annotators), seed)


def _periods(credited: _Credited, seed: int) -> list[Period]:
    """The agreement in each stretch of days that has answers; nothing when all fall on one day."""
    known = credited.at >= 0
    if not known.any():
        return []
    day = credited.at // _DAY
    first, last = int(day[known].min()), int(day[known].max())
    if first == last:
        return []
    length = -(-(last - first + 1) // PERIODS)
    period = np.where(known, (day - first) // length, 0)
    means = _means(credited.only(known), period[known], PERIODS, seed)
    return [
        Period(_date(first + i * length), _date(min(last, first + (i + 1) * length - 1)), one)
        for i, one in enumerate(means)
        if one.annotations
    ]


def _means(credited: _Credited, group: Ints, groups: int, seed: int) -> list[Statistic]:
    votes = credited.votes
    unit = spread(units_of(lots_of(votes, seed), clusters_of(votes), seed=seed), votes)
    scores = Scores(credited.credit, group, unit, votes.item, votes.annotator)
    return means_by_group(scores, groups, seed=seed).groups


def _layers(votes: Votes, around: Surrounded, facts: ItemFacts, seed: int) -> list[Layer]:
    alpha = (
        Coefficient(alpha_ordinal, level="ordinal")
        if votes.kind == "rating"
        else Coefficient(alpha_nominal, level="nominal")
    )
    coefficients = {"krippendorff_alpha": alpha, "percent_agreement": Coefficient(percent)}
    if votes.kind == "rating" and len(votes.values) > MOST_STEPS:
        del coefficients["krippendorff_alpha"]
    return [
        Layer(one.by, one.name, estimate(one.votes, coefficients, seed=seed)) for one in strata(votes, around, facts)
    ]


def _confusions(credited: _Credited) -> list[tuple[tuple[str, str, int], ...]]:
    """For each annotator the three most frequent differences from the value that most of the item's answers have."""
    votes, q = credited.votes, len(credited.votes.values)
    if q > MOST_STEPS or not len(votes.item):
        return [()] * len(votes.annotators)
    _, item = np.unique(votes.item, return_inverse=True)
    counts = summed(item * q + votes.value, np.ones(len(item)), (int(item.max()) + 1) * q).reshape(-1, q)
    alone = (counts == counts.max(axis=1, keepdims=True)).sum(axis=1) == 1
    most = counts.argmax(axis=1)[item]
    differs = alone[item] & (most != votes.value)
    cells = np.bincount(
        (votes.annotator[differs] * q + most[differs]) * q + votes.value[differs],
        minlength=len(votes.annotators) * q * q,
    ).reshape(-1, q * q)
    found: list[tuple[tuple[str, str, int], ...]] = []
    for row in cells:
        top = [int(cell) for cell in np.argsort(-row, kind="stable")[:3] if row[cell]]
        found.append(tuple((votes.values[cell // q], votes.values[cell % q], int(row[cell])) for cell in top))
    return found


def _medians(group: Ints, values: Floats, groups: int) -> list[float]:
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
