"""The verbs about those who judge, done on a store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol
from uuid import UUID

from concord.agreement.gold import annotator_results
from concord.desk.naming import NamingStore, assign, unassign
from concord.gold import GoldStore, gold_from_decision, gold_from_file
from concord.records.gold import Given, Workload
from concord.records.project import Project
from concord.records.remark import Remark
from concord.verbs_people import Result


class PeopleStore(NamingStore, GoldStore, Protocol):
    """What the verbs need of the store."""

    def project(self, name: str) -> Project: ...
    def workloads(self, project_id: UUID) -> list[Workload]: ...
    def given(self, project_id: UUID) -> list[Given]: ...
    def remarks(self, project_id: UUID) -> list[Remark]: ...


class LocalPeopleVerbs:
    """See `concord.verbs_people.PeopleVerbs`."""

    def __init__(self, store: PeopleStore) -> None:
        self._peopled = store

    def assign(self, project: str, annotators: Sequence[str], chosen: Sequence[str] | int) -> Result:
        """Let only these annotators have some items."""
        found = self._peopled.project(project)
        return assign(self._peopled, found, annotators, chosen, now=datetime.now(UTC))._asdict()

    def unassign(self, project: str, items: Sequence[str] | None = None) -> Result:
        """Open these items, or all, to everybody again."""
        return {"items": unassign(self._peopled, self._peopled.project(project), items)}

    def gold_from_file(self, project: str, path: Path) -> Result:
        """Take the annotations of a file in the interchange format as known answers."""
        report = gold_from_file(self._peopled, self._peopled.project(project), path)
        problems = [asdict(problem) for problem in report.problems]
        return {"answers": report.annotations, "items": report.stored, "drafts": report.drafts, "problems": problems}

    def gold_from_decision(self, project: str, item: str) -> Result:
        """Take what a reviewer approved for an item as its known answer."""
        found = self._peopled.project(project)
        return {"item": item, "answers": gold_from_decision(self._peopled, found, item, now=datetime.now(UTC))}

    def annotators(self, project: str) -> list[Result]:
        """What each annotator did, and how near they came to known answers; by name."""
        found = self._peopled.project(project)
        return annotator_results(self._peopled.workloads(found.id), self._peopled.given(found.id))

    def remarks(self, project: str) -> list[Result]:
        """The open flags, then the skips: of which item, by whom and why; newest first."""
        found = self._peopled.remarks(self._peopled.project(project).id)
        return [{**one._asdict(), "created_at": one.created_at.isoformat()} for one in found]
