"""What lies behind a question's numbers: its people, its items, its course over time, what a consensus would be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from concord.agreement.coefficients import alpha_nominal, alpha_ordinal, percent
from concord.agreement.consensus import Consensus, consensus
from concord.agreement.credit import Credited, Period, halves, mean_of_items, medians, periods
from concord.agreement.disputed import Disputed, least_alike, most_disputed
from concord.agreement.estimate import Coefficient, estimate
from concord.agreement.groups import summed
from concord.agreement.leave_one_out import credits
from concord.agreement.likenesses import Likenesses, credited_judgements
from concord.agreement.planning import Plan, plan
from concord.agreement.questions import MOST_STEPS, Group
from concord.agreement.statistic import Statistic, Statistics
from concord.agreement.strata import Surrounded, item_of, part, strata, surrounded
from concord.agreement.units import clusters_of, lots_of, spread, units_of
from concord.agreement.votes import paired
from concord.records.kinds import Floats
from concord.records.report import Circumstances, ItemFacts, Votes

Confusions = tuple[tuple[str, str, int], ...]


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
    confusions: Confusions


@dataclass(frozen=True)
class Layer:
    """The agreement on one kind of items, or under one version of the guidelines."""

    by: str
    name: str
    statistics: Statistics


@dataclass(frozen=True)
class Detail:
    """What lies behind the numbers of one question in the main arm.

    Attributes:
        measure: the name of the statistic that says how far one judgement goes with the others of its item.
    """

    question: str
    measure: str
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
    unit = spread(units_of(lots_of(used, seed), clusters_of(used), seed=seed), used)
    credited = Credited(used, around.at[np.bincount(votes.item, minlength=1)[votes.item] > 1], credit, unit)
    return Detail(
        group.question,
        "leave_one_out",
        people_of(votes, around.seconds, group.people, credited, _confusions(used), seed=seed),
        tuple(most_disputed(votes)),
        tuple(_layers(votes, around, facts, seed)),
        tuple(periods(credited, seed=seed)),
        consensus(votes) if votes.kind != "rating" else None,
        plan(headline, votes),
    )


def detail_of_likenesses(
    likenesses: Likenesses, group: Group, circumstances: Circumstances, facts: ItemFacts, *, seed: int
) -> Detail:
    """The detail of rankings or edits: their people, items and course, by how alike two judgements are.

    Args:
        likenesses: those of the group.
        group: the question's statistics; its headline is the mean of these likenesses.
        circumstances: of the project's judgements.
        facts: of the project's items.
        seed: of the resamples.
    """
    name, headline = next(iter(group.statistics.items()))
    judgements, credit, unit = credited_judgements(likenesses, group.kind, group.arm, seed=seed)
    around = surrounded(judgements, circumstances)
    credited = Credited(judgements, around.at, credit, unit)
    nothing: list[Confusions] = [()] * len(judgements.annotators)
    return Detail(
        group.question,
        name,
        people_of(judgements, around.seconds, group.people, credited, nothing, seed=seed),
        tuple(least_alike(likenesses, name)),
        tuple(
            Layer(one.by, one.name, {name: mean_of_items(credited.only(one.kept), seed=seed)})
            for one in strata(judgements, around, facts)
        ),
        tuple(periods(credited, seed=seed)),
        None,
        plan(headline),
    )


def people_of(  # noqa: PLR0913 - what each person did, when, and how it went with the others
    votes: Votes,
    seconds: Floats,
    agreement: Statistics,
    credited: Credited,
    confusions: Sequence[Confusions],
    *,
    seed: int,
) -> tuple[Person, ...]:
    """Each annotator who has an agreement with the others, by name."""
    answers = np.bincount(votes.annotator, minlength=len(votes.annotators)).tolist()
    drift, pace = halves(credited, seed=seed), medians(votes.annotator, seconds, len(votes.annotators))
    return tuple(
        Person(name, agreement[name], answers[i], pace[i], drift[2 * i], drift[2 * i + 1], confusions[i])
        for i, name in enumerate(votes.annotators)
        if name in agreement
    )


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
        Layer(one.by, one.name, estimate(part(votes, one.kept), coefficients, seed=seed))
        for one in strata(votes, around, facts)
    ]


def _confusions(votes: Votes) -> list[Confusions]:
    """For each annotator the three most frequent differences from the value that most of the item's answers have."""
    q = len(votes.values)
    if q > MOST_STEPS or not len(votes.item):
        return [()] * len(votes.annotators)
    item = item_of(votes)
    counts = summed(item * q + votes.value, np.ones(len(item)), (int(item.max()) + 1) * q).reshape(-1, q)
    alone = (counts == counts.max(axis=1, keepdims=True)).sum(axis=1) == 1
    most = counts.argmax(axis=1)[item]
    differs = alone[item] & (most != votes.value)
    cells = np.bincount(
        (votes.annotator[differs] * q + most[differs]) * q + votes.value[differs],
        minlength=len(votes.annotators) * q * q,
    ).reshape(-1, q * q)
    found: list[Confusions] = []
    for row in cells:
        top = [int(cell) for cell in np.argsort(-row, kind="stable")[:3] if row[cell]]
        found.append(tuple((votes.values[cell // q], votes.values[cell % q], int(row[cell])) for cell in top))
    return found
