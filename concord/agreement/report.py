"""The agreement report of a project: every statistic that suits each question, by question and arm."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isnan
from typing import Protocol
from uuid import UUID

from concord.agreement.questions import Group, of_edits, of_rankings, of_votes
from concord.agreement.statistic import Statistic
from concord.agreement.votes import canonical
from concord.records import Arm, EditedText, Json, Placements, Project, Votes

_ARMS: tuple[Arm, ...] = ("drafted", "undrafted", "canary", "repeat")


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
    edits = store.edits(project.id)
    groups = [
        *(group for votes in store.votes(project.id) for group in of_votes(canonical(votes), seed)),
        *(of_rankings(placements, seed) for placements in store.placements(project.id)),
        *(of_edits([edit for edit in edits if edit.arm == arm], arm, seed) for arm in _arms_of(edits)),
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
            "annotators": {name: _statistic_as_json(one) for name, one in group.people.items()},
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
    if one.percent is not None:
        shown["percent_agreement"] = one.percent
    if one.note:
        shown["note"] = one.note
    if one.pairs:
        shown["pairs"] = [_statistic_as_json(pair) for pair in one.pairs]
    return shown


def _arms_of(edits: Sequence[EditedText]) -> list[Arm]:
    present = {edit.arm for edit in edits}
    return [arm for arm in _ARMS if arm in present]


def _told_apart(groups: Sequence[Group]) -> list[Group]:
    """The groups, with the kind added to a question's name where two kinds share it."""
    taken = Counter((group.question, group.arm) for group in groups)
    return [
        replace(group, question=f"{group.question} ({group.kind})") if taken[group.question, group.arm] > 1 else group
        for group in groups
    ]
