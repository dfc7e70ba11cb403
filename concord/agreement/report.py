"""The agreement report of a project: what suits each question, by question and arm, and what lies behind it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol
from uuid import UUID

from concord.agreement.adjudicated import beside_decisions
from concord.agreement.arms import ArmStore, evidence_of_arms
from concord.agreement.detail import Detail, detail
from concord.agreement.evidence import Evidence, evidence, kept_of_drafts, style_against_substance
from concord.agreement.judges import Judge, judges
from concord.agreement.league import League, league
from concord.agreement.questions import Group, of_edits, of_rankings, of_votes
from concord.agreement.votes import canonical
from concord.records.item import NamedItem
from concord.records.kinds import Arm
from concord.records.project import Project
from concord.records.report import (
    Circumstances,
    Contradiction,
    Duels,
    EditChanges,
    EditedText,
    ItemFacts,
    Paces,
    Placements,
    Pulls,
    Substance,
    Verdicts,
    Votes,
)
from concord.records.watch import BesideDecision

ARMS: tuple[Arm, ...] = ("drafted", "undrafted", "canary", "repeat")

OnShare = Callable[[float], None]


class AgreementStore(ArmStore, Protocol):
    """What the report needs of the store: the current answers of a project."""

    def votes(self, project_id: UUID) -> list[Votes]: ...
    def factual_votes(self, project_id: UUID) -> list[Votes]: ...
    def placements(self, project_id: UUID) -> list[Placements]: ...
    def edits(self, project_id: UUID) -> list[EditedText]: ...
    def circumstances(self, project_id: UUID) -> Circumstances: ...
    def item_facts(self, project_id: UUID) -> ItemFacts: ...
    def named_items(self, project_id: UUID, keys: Sequence[int]) -> dict[int, NamedItem]: ...
    def duels(self, project_id: UUID) -> Duels: ...
    def contradictions(self, project_id: UUID) -> list[Contradiction]: ...
    def pulls(self, project_id: UUID) -> Pulls: ...
    def paces(self, project_id: UUID) -> Paces: ...
    def edit_changes(self, project_id: UUID) -> EditChanges: ...
    def substance(self, project_id: UUID) -> Substance: ...
    def verdicts(self, project_id: UUID) -> Verdicts: ...
    def beside_decisions(self, project_id: UUID) -> list[BesideDecision]: ...


@dataclass(frozen=True)
class Report:
    """The agreement of a project's annotators.

    Attributes:
        project: its name.
        seed: of all resamples; the same seed gives the same report.
        groups: by question and arm, the main arm first; arms are never mixed.
        details: of the questions that are answered by a choice or a number, in the main arm.
        items: the disputed items of the details, by key.
        league: the models; None where no two of them were set side by side.
        contradictions: of each person whose preferences could contradict each other.
        judges: models that judged, against people; in no other number.
        adjudicated: people beside the reviewers' decisions; None where none picked a draft.
        evidence: of pulls that have nothing to do with substance, as far as there are data.
    """

    project: str
    seed: int
    groups: tuple[Group, ...]
    details: tuple[Detail, ...]
    items: dict[int, NamedItem]
    league: League | None
    contradictions: tuple[Contradiction, ...]
    evidence: tuple[Evidence, ...]
    judges: tuple[Judge, ...]
    adjudicated: Evidence | None


def report(store: AgreementStore, project: Project, *, seed: int = 0, on_share: OnShare | None = None) -> Report:
    """Every statistic that suits each question of a project, with its interval and counts.

    Args:
        store: where the judgements are.
        project: whose.
        seed: of the resamples.
        on_share: called now and then with the share that is done, 0 to 1.

    Raises:
        InputError: an answer to a rating is no number.
    """
    votes, edits = [canonical(one) for one in store.votes(project.id)], store.edits(project.id)
    circumstances, facts = store.circumstances(project.id), store.item_facts(project.id)
    groups: list[Group] = []
    details: list[Detail] = []
    for number, one in enumerate(votes):
        if on_share:
            on_share((number + 1) / (len(votes) + 2))
        groups += (found := of_votes(one, seed))
        if one.arm == "drafted" and len(found) == 1:
            details.append(detail(one, found[0], circumstances, facts, seed=seed))
    groups += [group for one in store.factual_votes(project.id) for group in of_votes(canonical(one), seed)]
    groups += [of_rankings(placements, seed) for placements in store.placements(project.id)]
    groups += [of_edits([edit for edit in edits if edit.arm == arm], arm, seed) for arm in _arms_of(edits)]
    in_order = sorted(_told_apart(groups), key=lambda group: (group.question, ARMS.index(group.arm)))
    main = [edit for edit in edits if edit.arm == "drafted"]
    beside = (
        style_against_substance(store.substance(project.id), seed=seed),
        kept_of_drafts(store.edit_changes(project.id), seed=seed),
    )
    keys = sorted({disputed.key for one in details for disputed in one.disputed})
    return Report(
        project.name,
        seed,
        tuple(in_order),
        tuple(sorted(details, key=lambda one: one.question)),
        store.named_items(project.id, keys),
        league(store.duels(project.id), seed=seed),
        tuple(one for one in store.contradictions(project.id) if one.again or one.triples),
        (
            *evidence(store.pulls(project.id), store.paces(project.id), main, seed=seed),
            *(one for one in beside if one),
            *(evidence_of_arms(store, project.id, edits, seed=seed) if groups else ()),
        ),
        tuple(judges(store.verdicts(project.id), seed=seed)),
        beside_decisions(store.beside_decisions(project.id), seed=seed),
    )


def _arms_of(edits: Sequence[EditedText]) -> Iterator[Arm]:
    present = {edit.arm for edit in edits}
    return (arm for arm in ARMS if arm in present)


def _told_apart(groups: Sequence[Group]) -> list[Group]:
    """The groups, with the kind added to a question's name where two kinds share it."""
    taken = Counter((group.question, group.arm) for group in groups)
    return [
        replace(group, question=f"{group.question} ({group.kind})") if taken[group.question, group.arm] > 1 else group
        for group in groups
    ]
