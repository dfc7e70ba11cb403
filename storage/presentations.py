"""What was shown to whom: inserted once, never changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import orjson

from concord.errors import NotFound
from concord.ids import BLANK_KEY
from concord.records.desk import Opening, Presentation
from concord.records.kinds import DRAFTS_SHOWN, HIDDEN, Arm, ItemKind, Task
from concord.records.project import Project, criteria_of, questions_of
from storage.engine import Query, Values

_SELECT = (
    "select id, project_id, item_id, annotator, task, draft_ids, guidelines_version, created_at from presentations"
)
_INSERT = "insert into presentations values ($1, $2, $3, $4, $5, $6, $7, $8)"
_INSERT_HELD = f"""
with shown as ({_INSERT} returning id),
     place as (insert into assignments(item_id, annotator, project_id, presentation_id, lease_until)
               values ($3, $4, $2, $1, $9) returning item_id)
update queue set taken = taken + 1 where item_id = $3
"""
_RATES: tuple[Task, ...] = ("rate", "rate+edit")
_ASKS: tuple[Task, ...] = (*_RATES, "label")
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


class NewItem(NamedTuple):
    """An item that is new to its annotator."""

    id: UUID
    arm: Arm
    kind: ItemKind


def shown(select: Callable[..., Values], presentation_id: UUID) -> Presentation:
    """What was shown.

    Raises:
        NotFound: there is no such presentation.
    """
    record = presentation_record(select, presentation_id)
    if record is None:
        raise NotFound(f"There is no presentation {presentation_id}. Reload the desk.")
    return record


def presented(query: Query, opening: Opening, item: NewItem, guidelines: int) -> Presentation:
    """What is about to be shown of an item that is new to its annotator."""
    project = opening.project
    task = _task(project, item.kind, item.arm)
    drafts = drafts_to_show(query, item.id, least=DRAFTS_SHOWN[project.settings.task][0])
    return Presentation(
        opening.presentation_id,
        project.id,
        item.id,
        opening.annotator,
        task,
        opening.order(opening.presentation_id, _as_others_saw(query, item.id, task, drafts)),
        guidelines,
        opening.now,
        project.settings.rubric if task in _RATES else (),
        project.settings.questions if task == "label" else (),
    )


def insert_presentation(query: Query, presentation: Presentation) -> None:
    """Store what is about to be shown; it takes no place."""
    query(_INSERT, *_columns(presentation))
    _insert_asked(query, presentation)


def insert_held(query: Query, presentation: Presentation, lease_until: datetime) -> None:
    """Store what is about to be shown, and take one of its item's places for the annotator, in one statement."""
    query(_INSERT_HELD, *_columns(presentation), lease_until)
    _insert_asked(query, presentation)


def _columns(presentation: Presentation) -> tuple[object, ...]:
    return (
        presentation.id,
        presentation.project_id,
        presentation.item_id,
        presentation.annotator,
        presentation.task,
        orjson.dumps([str(draft) for draft in presentation.draft_ids]).decode(),
        presentation.guidelines_version,
        presentation.created_at,
    )


def _insert_asked(query: Query, presentation: Presentation) -> None:
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


def _task(project: Project, kind: ItemKind, arm: Arm) -> Task:
    """What is asked; a template is always ranked and edited, whatever the project asks of answers."""
    if kind != "response":
        return "rank+edit"
    task = project.settings.task
    return "edit" if arm == "undrafted" and DRAFTS_SHOWN[task][0] else task


def drafts_to_show(query: Query, item_id: UUID, *, least: int) -> list[UUID]:
    """The drafts worth showing: of equal texts the first, blank ones not at all.

    Those with a flag of `HIDDEN` are shown only where without them there would be too few to judge.
    """
    found = query(
        "select id, text_key, flags, name from drafts where item_id = $1 and text_key <> $2", item_id, BLANK_KEY
    )
    found.sort(key=lambda row: row[-1])
    first = {text_key: draft_id for draft_id, text_key, *_ in reversed(found)}
    distinct = {draft_id: flags for draft_id, text_key, flags, _ in found if first[text_key] == draft_id}
    sound = [draft_id for draft_id, flags in distinct.items() if HIDDEN.isdisjoint(orjson.loads(flags))]
    return sound if len(sound) >= max(1, least) else list(distinct)


def _as_others_saw(query: Query, item_id: UUID, task: Task, drafts: list[UUID]) -> list[UUID]:
    """As many as the task shows: those that the item's first annotator saw, else the first; so all judge the same."""
    least, most = DRAFTS_SHOWN[task]
    if most is None:
        return drafts
    earlier = drafts_seen(query, item_id)
    return next((list(those) for those in earlier if least <= len(those) <= most), drafts[:most])
