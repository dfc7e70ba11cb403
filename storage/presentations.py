"""What was shown to whom: inserted once, never changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import orjson

from concord.records.desk import Presentation
from concord.records.project import criteria_of, questions_of
from storage.engine import Query, Values

_SELECT = (
    "select p.id, p.project_id, p.item_id, p.annotator, p.task, p.draft_ids, p.guidelines_version, p.created_at, "
    "a.rubric, a.questions from presentations p left join asked a on a.presentation_id = p.id"
)


def presentation_record(select: Callable[..., Values], presentation_id: UUID) -> Presentation | None:
    """The presentation of that id, if there is one."""
    found = select(f"{_SELECT} where p.id = $1", presentation_id)
    return _presentation(found[0]) if found else None


def insert_presentation(query: Query, presentation: Presentation) -> None:
    """Store what is about to be shown."""
    query(
        "insert into presentations values ($1, $2, $3, $4, $5, $6, $7, $8)",
        presentation.id,
        presentation.project_id,
        presentation.item_id,
        presentation.annotator,
        presentation.task,
        orjson.dumps([str(draft) for draft in presentation.draft_ids]).decode(),
        presentation.guidelines_version,
        presentation.created_at,
    )
    if presentation.rubric or presentation.questions:
        query(
            "insert into asked values ($1, $2, $3)",
            presentation.id,
            orjson.dumps(presentation.rubric).decode(),
            orjson.dumps(presentation.questions).decode(),
        )


def drafts_seen(select: Callable[..., Values], item_id: UUID) -> list[tuple[UUID, ...]]:
    """The drafts that were shown of an item, at the desk or in Label Studio; the first time first."""
    found = select(
        "select draft_ids, created_at, id from presentations where item_id = $1 "
        "union all select shown, noted_at, item_id from labelstudio_tasks where item_id = $1 order by created_at, id",
        item_id,
    )
    return [tuple(map(UUID, orjson.loads(draft_ids))) for draft_ids, _, _ in found]


def guidelines_version(query: Query, project_id: UUID) -> int:
    """The version of the guidelines that are beside the work now."""
    [(version,)] = query("select coalesce(max(version), 0) from guidelines where project_id = $1", project_id)
    return version


def _presentation(row: tuple[Any, ...]) -> Presentation:
    values = list(row)
    values[5] = tuple(map(UUID, orjson.loads(values[5])))
    values[8] = criteria_of(orjson.loads(values[8] or "[]"))
    values[9] = questions_of(orjson.loads(values[9] or "[]"))
    return Presentation(*values)
