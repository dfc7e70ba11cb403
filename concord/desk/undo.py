"""Undo of the last submit: the judgement counts no more, and its page comes back as it was left."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol
from uuid import UUID

from concord.desk.queue import lease_end
from concord.records.kinds import Outcome
from concord.records.project import Project


class UndoStore(Protocol):
    """What undo needs of the store."""

    def undo(self, annotation_id: UUID, annotator: str, lease_until: datetime, now: datetime) -> Outcome: ...


def undo_submit(store: UndoStore, project: Project, annotator: str, annotation_id: UUID, *, now: datetime) -> Outcome:
    """Take back what this annotator submitted last.

    Returns:
        `stored`, or `repeated` when it was taken back already.

    Raises:
        NotFound: they submitted no such thing.
        Conflict: it is not their last.
    """
    return store.undo(annotation_id, annotator, lease_end(project, now), now)
