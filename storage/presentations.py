"""What was shown to whom: inserted once, never changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import orjson

from concord.records.desk import Presentation
from concord.records.kinds import Task
from concord.records.project import criteria_of, questions_of
from storage.engine import Query, Values

_SELECT = (
    "select id, project_id, item_id, annotator, task, draft_ids, guidelines_version, created_at from presentations"
)
_ASKS: tuple[Task, ...] = ("rate", "rate+edit", "label")
"""The tasks whose pages ask questions of their own."""


def presentation_record(select: Callable[..., Values], presentation_id: UUID) -> Presentation | None:
    """The presentation of that id, if there is one."""
    found = select(f"{_SELECT} where id = $1", presentation_id)
    if not found:
        return None
    row = list(found[0])
    row[5] = tuple(map(UUID, orjson.loads(row[5])))
    presentation = Presentation(*row)
    return _asked(select, presentation) if presentation.task in _ASKS else presentation


def _asked(select: Callable[..., Values], presentation: Presentation) -> Presentation:
    """With the rubric or the questions that were asked."""
    found = select("select rubric, questions from asked where presentation_id = $1", presentation.id)
    if not found:
        return presentation
    rubric, questions = map(orjson.loads, found[0])
    return replace(presentation, rubric=criteria_of(rubric), questions=questions_of(questions))


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
