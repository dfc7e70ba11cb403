"""The agreement report of a project: what suits each question, by question and arm, and what lies behind it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol
from uuid import UUID

from concord.agreement.adjudicated import beside_decisions, texts_beside_decisions
from concord.agreement.apart import Compute, here
from concord.agreement.arms import ArmStore, evidence_of_arms
from concord.agreement.detail import Detail, detail, detail_of_likenesses
from concord.agreement.evidence import Evidence, evidence, kept_of_drafts, style_against_substance
from concord.agreement.gold import Against, by_annotator
from concord.agreement.judges import Judge, judges
from concord.agreement.league import League, league
from concord.agreement.questions import Group, of_edits, of_rankings, of_votes
from concord.agreement.votes import canonical
from concord.records.gold import Given
from concord.records.item import NamedItem
from concord.records.kinds import Arm
from concord.records.project import Project
from concord.records.remark import RemarkCount
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
from concord.records.watch import BesideDecision, EditDecided

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
    def edits_decided(self, project_id: UUID) -> list[EditDecided]: ...
    def given(self, project_id: UUID) -> list[Given]: ...
    def remark_counts(self, project_id: UUID) -> list[RemarkCount]: ...


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
        adjudicated: people beside the reviewers' decisions, as far as there are any.
        known: each annotator beside known answers, by name; training is no part of it.
        remarks: skips, which are no answers, and open flags, by reason.
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
    adjudicated: tuple[Evidence, ...]
    known: Mapping[str, Against]
    remarks: tuple[RemarkCount, ...]


def report(
    store: AgreementStore,
    project: Project,
    *,
    seed: int = 0,
    on_share: OnShare | None = None,
    compute: Compute = here,
) -> Report:
    """Every statistic that suits each question of a project, with its interval and counts.

    Args:
        store: where the judgements are.
        project: whose.
        seed: of the resamples.
        on_share: called now and then with the share that is done, 0 to 1.
        compute: where the work on answers, rankings and edits is done.

    Raises:
        InputError: an answer to a rating is no number.
    """
    votes, edits = [*store.votes(project.id), *store.factual_votes(project.id)], store.edits(project.id)
    circumstances, facts = store.circumstances(project.id), store.item_facts(project.id)
    found: list[Found] = []
    for number, one in enumerate(votes):
        if on_share:
            on_share((number + 1) / (len(votes) + 2))
        found += compute(answered, one, circumstances, facts, seed)
    for placements in store.placements(project.id):
        found.append(compute(ranked, placements, circumstances, facts, seed))
    for arm in _arms_of(edits):
        found.append(compute(edited, [edit for edit in edits if edit.arm == arm], arm, circumstances, facts, seed))
    in_order = sorted(_told_apart(found), key=lambda one: (one[0].question, ARMS.index(one[0].arm)))
    groups, details = [group for group, _ in in_order], [detail for _, detail in in_order if detail]
    main = [edit for edit in edits if edit.arm == "drafted"]
    beside = (
        style_against_substance(store.substance(project.id), seed=seed),
        kept_of_drafts(store.edit_changes(project.id), seed=seed),
    )
    keys = sorted({disputed.key for one in details for disputed in one.disputed})
    return Report(
        project.name,
        seed,
        tuple(groups),
        tuple(details),
        store.named_items(project.id, keys),
        league(store.duels(project.id), seed=seed),
        tuple(one for one in store.contradictions(project.id) if one.again or one.triples),
        (
            *evidence(store.pulls(project.id), store.paces(project.id), main, seed=seed),
            *(one for one in beside if one),
            *(evidence_of_arms(store, project.id, edits, seed=seed) if groups else ()),
        ),
        tuple(judges(store.verdicts(project.id), seed=seed)),
        tuple(one for one in _adjudicated(store, project.id, seed) if one),
        by_annotator(store.given(project.id)),
        tuple(store.remark_counts(project.id)),
    )


def _arms_of(edits: Sequence[EditedText]) -> Iterator[Arm]:
    present = {edit.arm for edit in edits}
    return (arm for arm in ARMS if arm in present)


Found = tuple[Group, Detail | None]
"""A group, and what lies behind it."""


def answered(votes: Votes, circumstances: Circumstances, facts: ItemFacts, seed: int) -> list[Found]:
    """The groups of votes, with what lies behind each in the main arm.

    Nothing is behind a mean of labels, and nothing behind factual checks, whose items are drafts.

    Raises:
        InputError: an answer to a rating is no number.
    """
    votes = canonical(votes)
    main = votes.arm == "drafted" and votes.kind != "factual"
    return [
        (group, detail(asked, group, circumstances, facts, seed=seed) if asked and main else None)
        for asked, group in of_votes(votes, seed)
    ]


def ranked(placements: Placements, circumstances: Circumstances, facts: ItemFacts, seed: int) -> Found:
    """The group of rankings, with what lies behind it in the main arm."""
    group = of_rankings(placements, seed)
    return group, _behind(group, circumstances, facts, seed)


def edited(edits: Sequence[EditedText], arm: Arm, circumstances: Circumstances, facts: ItemFacts, seed: int) -> Found:
    """The group of edits, with what lies behind it in the main arm."""
    group = of_edits(edits, arm, seed)
    return group, _behind(group, circumstances, facts, seed)


def _behind(group: Group, circumstances: Circumstances, facts: ItemFacts, seed: int) -> Detail | None:
    """What lies behind rankings or edits in the main arm, where two judged one item."""
    if group.arm != "drafted" or not group.likenesses or not len(group.likenesses.item):
        return None
    return detail_of_likenesses(group.likenesses, group, circumstances, facts, seed=seed)


def _adjudicated(store: AgreementStore, project_id: UUID, seed: int) -> Iterator[Evidence | None]:
    yield beside_decisions(store.beside_decisions(project_id), seed=seed)
    yield texts_beside_decisions(store.edits_decided(project_id), seed=seed)


def _told_apart(found: Sequence[Found]) -> list[Found]:
    """The same, with the kind added to a question's name where two kinds share it."""
    taken = Counter((group.question, group.arm) for group, _ in found)
    told: list[Found] = []
    for group, behind in found:
        shared = taken[group.question, group.arm] > 1
        question = f"{group.question} ({group.kind})" if shared else group.question
        told.append((replace(group, question=question), replace(behind, question=question) if behind else None))
    return told
