"""What an annotator has judged, and its corrections: the item as it was, with what was entered."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol
from uuid import UUID

from concord.desk.queue import opening_for
from concord.records.desk import Opening, Presentation
from concord.records.project import Project


class CorrectionStore(Protocol):
    """What opening a correction needs of the store."""

    def open_correction(self, opening: Opening, presentation_id: UUID) -> Presentation: ...


def open_correction(
    store: CorrectionStore, project: Project, annotator: str, presentation_id: UUID, *, now: datetime
) -> Presentation:
    """Put an item that the annotator has judged on their desk again, before all else.

    What is submitted there supersedes what they submitted before; until then that counts.

    Args:
        store: where both are kept.
        project: the item's.
        annotator: who judged it.
        presentation_id: what was shown to them.
        now: from when on it is open, for as long as a lease.

    Returns:
        The same item with the same drafts in the same order, and the guidelines of today.

    Raises:
        NotFound: it was not shown to them.
        Conflict: what they judged has to stay: a reviewer has decided the item, it is out of work, they skipped it, or
            they have not finished it.
    """
    return store.open_correction(opening_for(project, annotator, now), presentation_id)
