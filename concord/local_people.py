"""The verbs about those who judge, done on a store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Protocol
from uuid import UUID

from concord.desk.naming import NamingStore, assign, unassign
from concord.records.project import Project
from concord.records.remark import Remark
from concord.verbs_people import Result


class PeopleStore(NamingStore, Protocol):
    """What the verbs need of the store."""

    def project(self, name: str) -> Project: ...
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

    def remarks(self, project: str) -> list[Result]:
        """The open flags, then the skips: of which item, by whom and why; newest first."""
        found = self._peopled.remarks(self._peopled.project(project).id)
        return [{**one._asdict(), "created_at": one.created_at.isoformat()} for one in found]
