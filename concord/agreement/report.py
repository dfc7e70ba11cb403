"""The agreement report of a project: every statistic that suits each question, by question and arm."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import isnan
from typing import Protocol
from uuid import UUID

from concord.agreement.coefficients import (
    alpha_interval,
    alpha_nominal,
    alpha_ordinal,
    fleiss,
    gwet_ac1,
    gwet_ac2,
    percent,
    percent_pooled,
)
from concord.agreement.cohen import cohen_kappa
from concord.agreement.estimate import Coefficient, estimate
from concord.agreement.rankings import kendall_tau_b, kendall_w
from concord.agreement.statistic import Statistic
from concord.agreement.texts import draft_similarity, edit_similarity, share_unchanged
from concord.agreement.votes import canonical, numbers_of, prevalence, recoded
from concord.records import Arm, EditedText, Json, Kind, Placements, Project, Votes

Statistics = dict[str, Statistic]

_ARMS: tuple[Arm, ...] = ("drafted", "undrafted", "canary", "repeat")

_S1 = Coefficient(percent_pooled, note="S1: ties and 'both bad' are one value; pairs of votes are pooled")
_S2 = Coefficient(percent_pooled, note="S2: ties and 'both bad' are dropped; pairs of votes are pooled")


class AgreementStore(Protocol):
    """What the report needs of the store: the current answers of a project."""

    def votes(self, project_id: UUID) -> list[Votes]:
        """The answers to each question, in each arm."""
        ...

    def placements(self, project_id: UUID) -> list[Placements]:
        """The rankings of each arm."""
        ...

    def edits(self, project_id: UUID) -> list[EditedText]:
        """The edits of all arms."""
        ...


@dataclass(frozen=True)
class Group:
    """The agreement on one question in one arm.

    Attributes:
        question: the rubric's question or the label's name; `preference`, `ranking` or `edit` for those judgements.
        statistics: by name, the headline first.
        prevalence: the share of the answers that each value has; empty for rankings and edits.
    """

    question: str
    arm: Arm
    kind: Kind
    statistics: Mapping[str, Statistic]
    prevalence: Mapping[str, float]


@dataclass(frozen=True)
class Report:
    """The agreement of a project's annotators.

    Attributes:
        project: its name.
        seed: of all resamples; the same seed gives the same report.
        groups: by question and arm, the main arm first; arms are never mixed.
    """

    project: str
    seed: int
    groups: tuple[Group, ...]


def report(store: AgreementStore, project: Project, *, seed: int = 0) -> Report:
    """Every statistic that suits each question of a project, with its interval and counts.

    Raises:
        InputError: an answer to a rating is no number.
    """
    groups = [
        *(_of_votes(canonical(votes), seed) for votes in store.votes(project.id)),
        *(_of_rankings(placements, seed) for placements in store.placements(project.id)),
        *_of_edits(store.edits(project.id), seed),
    ]
    in_order = sorted(_told_apart(groups), key=lambda group: (group.question, _ARMS.index(group.arm)))
    return Report(project.name, seed, tuple(in_order))


def as_json(report: Report) -> dict[str, Json]:
    """The report as `concord agreement --json` prints it: by question, then by arm, where `main` is the main arm.

    A value that is not defined is null, and its note says why.
    """
    questions: dict[str, dict[str, Json]] = {}
    for group in report.groups:
        arm = "main" if group.arm == "drafted" else group.arm
        questions.setdefault(group.question, {})[arm] = {
            "kind": group.kind,
            "statistics": {name: _statistic_as_json(one) for name, one in group.statistics.items()},
            "prevalence": dict(group.prevalence),
        }
    return {"project": report.project, "seed": report.seed, "agreement": dict(questions)}


def _statistic_as_json(one: Statistic) -> dict[str, Json]:
    numbers = {"value": one.value, "low": one.low, "high": one.high}
    shown: dict[str, Json] = {name: None if isnan(number) else number for name, number in numbers.items()}
    shown |= {"items": one.items, "annotations": one.annotations, "annotators": one.annotators}
    if one.level:
        shown["level"] = one.level
    if one.between:
        shown["between"] = list(one.between)
    if one.note:
        shown["note"] = one.note
    if one.pairs:
        shown["pairs"] = [_statistic_as_json(pair) for pair in one.pairs]
    return shown


def _told_apart(groups: Sequence[Group]) -> list[Group]:
    """The groups, with the kind added to a question's name where two kinds share it."""
    taken = Counter((group.question, group.arm) for group in groups)
    return [
        replace(group, question=f"{group.question} ({group.kind})") if taken[group.question, group.arm] > 1 else group
        for group in groups
    ]


def _of_votes(votes: Votes, seed: int) -> Group:
    match votes.kind:
        case "rating":
            statistics = _of_ratings(votes, seed)
        case "comparison":
            statistics = _of_comparisons(votes, seed)
        case _:
            statistics = _of_labels(votes, seed)
    return Group(votes.question, votes.arm, votes.kind, statistics, prevalence(votes))


def _of_labels(votes: Votes, seed: int) -> Statistics:
    """The statistics of names. The values that occur are taken as the question's schema, so as the q of AC1."""
    coefficients = {
        "krippendorff_alpha": Coefficient(alpha_nominal, level="nominal"),
        "percent_agreement": Coefficient(percent),
        "gwet_ac1": Coefficient(gwet_ac1, level="nominal", singles=True),
        "fleiss_kappa": Coefficient(fleiss, level="nominal", singles=True),
    }
    statistics = estimate(votes, coefficients, seed=seed)
    return _with_paradox(statistics) | {"cohen_kappa": cohen_kappa(votes, seed=seed)}


def _of_ratings(votes: Votes, seed: int) -> Statistics:
    """The statistics of numbers. The values that occur are taken as the question's schema, so as the q of AC2."""
    numbers = numbers_of(votes)
    coefficients = {
        "krippendorff_alpha": Coefficient(alpha_ordinal, level="ordinal"),
        "krippendorff_alpha_interval": Coefficient(partial(alpha_interval, numbers=numbers), level="interval"),
        "gwet_ac2": Coefficient(
            partial(gwet_ac2, numbers=numbers), level="ordinal", singles=True, note="quadratic weights"
        ),
        "percent_agreement": Coefficient(percent),
    }
    return _with_paradox(estimate(votes, coefficients, seed=seed))


def _of_comparisons(votes: Votes, seed: int) -> Statistics:
    """The statistics of first, second, tie and both_bad, which are four values for alpha and kappa."""
    tied = recoded(votes, {"both_bad": "tie"})
    untied = recoded(votes, {"both_bad": None, "tie": None})
    alpha = {"krippendorff_alpha": Coefficient(alpha_nominal, level="nominal")}
    return _with_paradox(
        estimate(tied, {"percent_agreement": _S1}, seed=seed)
        | estimate(untied, {"percent_agreement_without_ties": _S2}, seed=seed)
        | estimate(votes, alpha, seed=seed)
    ) | {"cohen_kappa": cohen_kappa(votes, seed=seed)}


def _of_rankings(placements: Placements, seed: int) -> Group:
    statistics = {
        "kendall_tau_b": kendall_tau_b(placements, seed=seed),
        "kendall_w": kendall_w(placements, seed=seed),
    }
    return Group("ranking", placements.arm, "ranking", statistics, {})


def _of_edits(edits: Sequence[EditedText], seed: int) -> list[Group]:
    groups: list[Group] = []
    for arm in _ARMS:
        of_arm = [edit for edit in edits if edit.arm == arm]
        if not of_arm:
            continue
        statistics = {
            "edit_similarity": edit_similarity(of_arm, seed=seed),
            "draft_similarity": draft_similarity(of_arm, seed=seed),
            "share_unchanged": share_unchanged(of_arm, seed=seed),
        }
        groups.append(Group("edit", arm, "edit", statistics, {}))
    return groups


def _with_paradox(statistics: Statistics) -> Statistics:
    """The statistics, with a word where high agreement goes with a low alpha (Feinstein & Cicchetti 1990)."""
    alpha, agreed = statistics["krippendorff_alpha"], statistics["percent_agreement"].value
    if not (agreed > 0.8 and alpha.value < 0.4):
        return statistics
    word = "low although most answers agree, as happens when one value prevails: see the prevalence"
    note = f"{word}; {alpha.note}" if alpha.note else word
    return statistics | {"krippendorff_alpha": replace(alpha, note=note)}
