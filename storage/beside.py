"""Pages beside the places: second looks, corrections and known answers. They take no place among an item's annotators.

Each kind has a table of its own; all of them know the page, its annotator and when it was finished.
"""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from concord.records.annotation import Annotation
from storage.engine import Query

Beside = Literal["repeats", "corrections", "gold_pages"]
BESIDE: tuple[Beside, ...] = ("repeats", "corrections", "gold_pages")


def finish_beside(query: Query, beside: Beside, annotation: Annotation) -> None:
    """The annotator is done with the page."""
    query(
        f"update {beside} set done_at = $2 where presentation_id = $1",
        annotation.presentation_id,
        annotation.created_at,
    )


def reopen_beside(query: Query, presentation_id: UUID | None) -> None:
    """What was submitted for the page was taken back."""
    for table in BESIDE:
        query(f"update {table} set done_at = null where presentation_id = $1", presentation_id)


def is_finished(query: Query, presentation_id: UUID) -> bool:
    """Whether the page was finished, in its place or beside the places."""
    tables = ("assignments", *BESIDE)
    found = query(
        " union all ".join(f"select 1 from {one} where presentation_id = $1 and done_at is not null" for one in tables),
        presentation_id,
    )
    return bool(found)
