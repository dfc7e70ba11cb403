"""The check of a data set before it leaves: every item is looked at once, and then there is a report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Protocol
from uuid import UUID

from concord.curation.balance import Balance, Composition, composition_json
from concord.curation.contamination import Against, Contamination
from concord.curation.detected import Detected, Detectors
from concord.curation.findings import LEVELS, Check, Finding, look
from concord.curation.forms import Forms
from concord.curation.novelty import novelty
from concord.curation.readiness import Agreed, Evidence, Facts, evidence_json, readiness
from concord.curation.repeated import OpposedStore, Repeated
from concord.curation.unsupported import Unsupported
from concord.records.checked import CheckedItem, DraftUse, LabelCount, Votes
from concord.records.kinds import Json
from concord.records.project import Project

AT_ONCE = 500
"""Items between two looks at how far it is."""


class CheckStore(OpposedStore, Protocol):
    """What the check needs of the store."""

    def checked_items(self, project_id: UUID) -> Iterator[CheckedItem]: ...
    def label_counts(self, project_id: UUID) -> list[LabelCount]: ...
    def draft_uses(self, project_id: UUID) -> list[DraftUse]: ...
    def vote_counts(self, project_id: UUID) -> Votes: ...
    def unsupported_claims(self, project_id: UUID) -> Mapping[tuple[UUID, UUID], tuple[str, ...]]: ...


@dataclass(frozen=True)
class CheckReport:
    """What was found.

    Attributes:
        items: of the main arm, without those that a reviewer rejected.
        responses: texts that may leave.
        findings: errors first, then warnings and notes.
        novelty: for prompts and responses, see `concord.curation.novelty`.
        against: names of the files that items were held against.
    """

    project: str
    items: int
    responses: int
    findings: tuple[Finding, ...]
    composition: Composition
    novelty: Mapping[str, Sequence[float]]
    readiness: tuple[Evidence, ...]
    against: tuple[str, ...]


class DatasetCheck:
    """The check of one project.

    Args:
        store: where its items are.
        project: whose.
        detectors: what looks at single texts.
        files: what items must not hold.
    """

    def __init__(
        self, store: CheckStore, project: Project, detectors: Detectors, files: Iterable[Against] = ()
    ) -> None:
        self._store, self._project, self._files = store, project, tuple(files)
        self._forms, self._detected = Forms(), Detected(detectors)
        self._balance = Balance(store.label_counts(project.id))
        self._repeated = Repeated(store.opposed_preferences(project.id))
        self._contamination = Contamination(self._files)
        self._unsupported = Unsupported(store.unsupported_claims(project.id))
        self._items = self._responses = 0

    @property
    def _checks(self) -> tuple[Check, ...]:
        return (
            *(self._contamination, self._forms, self._detected, self._unsupported),
            *(self._repeated, self._balance),
        )

    def over(self) -> Iterator[int]:
        """Look at all items; how many are done comes out now and then."""
        for item in self._store.checked_items(self._project.id):
            seen = look(self._items, item)
            for check in self._checks:
                check.see(seen)
            self._items += 1
            self._responses += len(seen.responses)
            if self._items % AT_ONCE == 0:
                yield self._items
        yield self._items

    def report(self, agreed: Sequence[Agreed] = ()) -> CheckReport:
        """What all items together show.

        Args:
            agreed: how far annotators agree, which readiness speaks of.
        """
        found = [finding for check in self._checks for finding in check.findings(self._items)]
        composition = self._balance.composition(self._detected.languages)
        curves = {
            "prompts": novelty(self._repeated.prompts()),
            "responses": novelty(self._repeated.responses()),
        }
        facts = Facts(
            composition.answered,
            composition.labels,
            self._store.vote_counts(self._project.id),
            agreed,
            curves,
            self._project.settings.split[2],
            self._store.draft_uses(self._project.id),
        )
        return CheckReport(
            self._project.name,
            self._items,
            self._responses,
            tuple(sorted(found, key=lambda one: (LEVELS.index(one.level), -one.count))),
            composition,
            curves,
            tuple(readiness(facts)),
            tuple(file.name for file in self._files),
        )


def as_json(report: CheckReport) -> dict[str, Json]:
    """The report as plain data."""
    findings: list[Json] = [
        {**asdict(one), "shown": [shown._asdict() for shown in one.shown]} for one in report.findings
    ]
    return {
        "project": report.project,
        "items": report.items,
        "responses": report.responses,
        "levels": {level: sum(one.level == level for one in report.findings) for level in LEVELS},
        "findings": findings,
        "composition": composition_json(report.composition),
        "novelty": {what: list(curve) for what, curve in report.novelty.items()},
        "readiness": [*evidence_json(report.readiness)],
        "against": list(report.against),
    }
