"""How a page stands: all that the desk asks before it acts, in one statement for each moment.

A statement costs more to plan than to run, so what could be ten short ones is one. What it finds is a note: a word,
and the id and the text that go with it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import NamedTuple
from uuid import UUID

import orjson

from concord.records.annotation import Annotation
from concord.records.desk import Opening, PageHistory
from storage.annotations import annotation_record
from storage.arms import NO_REPEAT
from storage.beside import BESIDE, Beside
from storage.engine import Query, Values

_OPEN = "where presentation_id = $4 and annotator = $3 and done_at is null"
_AT_SUBMIT = f"""
select 'stored' as what from annotations where id = $1
union all select 'judged' from annotations where item_id = $2 and annotator = $3
union all select 'skipped' from skips where item_id = $2 and annotator = $3
union all select 'held' from assignments {_OPEN} and item_id = $2
{" ".join(f"union all select '{table}' from {table} {_OPEN}" for table in BESIDE)}
union all select 'doubted' from queue where item_id = $2 and doubt is not null
union all select 'unsaved' from unsaved where presentation_id = $4
"""
_MINE = "where project_id = $1 and annotator = $2 and done_at is null"
_AT_OPENING = f"""
select case when annotator = $2 then 'page' else 'overdue' end as what, presentation_id as id,
       case when lease_until is null then 0 else 1 end as number
  from assignments where project_id = $1 and done_at is null and (annotator = $2 or lease_until < $3)
union all select 'page', presentation_id, 0 from gold_pages {_MINE}
union all select 'page', presentation_id, 0 from repeats {_MINE} and $4
union all select case when open_until < $3 then 'lapsed' else 'correction' end, presentation_id, 0 from corrections
  where project_id = $1 and done_at is null and (open_until < $3 or annotator = $2 and open_until is not null)
union all select 'running', null, 0 from runs where project_id = $1 and state = 'running'
union all select 'guidelines', null, version from guidelines where project_id = $1
"""
_SO_FAR = """
select case when u.annotation_id is null then 'submitted' else 'undone' end as what, a.id, null as name, null as state,
       coalesce(u.undone_at, a.created_at) as since, a.created_at as made
from annotations a left join undone u on u.annotation_id = a.id where a.presentation_id = $1
union all select 'corrects', item_id, annotator, null, null, null from corrections where presentation_id = $1
union all select 'purpose', null, purpose, null, null, null from gold_pages where presentation_id = $1
union all select 'unsaved', null, step, state::text, null, null from unsaved where presentation_id = $1
"""


_Select = Callable[..., Values]


class Standing(NamedTuple):
    """What a judgement meets when it comes.

    Attributes:
        stored: its id is there already.
        judged: its annotator has judged the item before, whatever came of it.
        skipped: they skipped the item.
        held: they still have the item under this page, its lease run out or not.
        beside: the kind of the page, if it takes no place and is not finished.
        doubted: a doubt about the item is noted.
        unsaved: something of the page was autosaved.
    """

    stored: bool
    judged: bool
    skipped: bool
    held: bool
    beside: Beside | None
    doubted: bool
    unsaved: bool


class Moment(NamedTuple):
    """How things are when an annotator asks for work.

    Attributes:
        correction: the correction that they have open.
        lapsed: corrections of the project, whosever they are, that were left open for too long.
        page: of their other unfinished pages the one that was opened first; there are several when something was taken
            back.
        leased: whether its place is held by a lease, which can run out.
        overdue: whether a lease of somebody else in the project has run out.
        running: whether drafts are being made.
        guidelines: the version that is beside the work, 0 while there is none.
    """

    correction: UUID | None
    lapsed: tuple[UUID, ...]
    page: UUID | None
    leased: bool
    overdue: bool
    running: bool
    guidelines: int


def standing(query: Query, annotation: Annotation) -> Standing:
    """What this judgement meets."""
    found = query(_AT_SUBMIT, annotation.id, annotation.item_id, annotation.annotator, annotation.presentation_id)
    there = {what for (what,) in found}
    return Standing(
        "stored" in there,
        "judged" in there,
        "skipped" in there,
        "held" in there,
        next((table for table in BESIDE if table in there), None),
        "doubted" in there,
        "unsaved" in there,
    )


def moment(query: Query, opening: Opening) -> Moment:
    """How things are for this annotator."""
    project = opening.project
    found = query(_AT_OPENING, project.id, opening.annotator, opening.now, project.settings.repeat > 0)
    notes: defaultdict[str, list[tuple[UUID, int]]] = defaultdict(list)
    for what, *note in found:
        notes[what].append(tuple(note))
    page, leased = min(notes["page"], default=(None, 0))
    return Moment(
        next((correction for correction, _ in notes["correction"]), None),
        tuple(correction for correction, _ in notes["lapsed"]),
        page,
        leased > 0,
        bool(notes["overdue"]),
        bool(notes["running"]),
        max((version for _, version in notes["guidelines"]), default=0),
    )


def history(select: _Select, presentation_id: UUID) -> PageHistory:
    """What was done on a page so far."""
    found = select(_SO_FAR, presentation_id)
    correcting = next(((item, who) for what, item, who, *_ in found if what == "corrects"), None)
    return PageHistory(
        _records(select, found, "submitted"),
        _records(select, found, "undone"),
        _corrected(select, presentation_id, *correcting) if correcting else (),
        {name: orjson.loads(state) for what, _, name, state, *_ in found if what == "unsaved"},
        any(what == "purpose" and name == "training" for what, _, name, *_ in found),
    )


def _records(select: _Select, found: Values, what: str) -> tuple[Annotation, ...]:
    """The judgements of which so was said, in the order of that."""
    notes = sorted((since, made, one) for word, one, *_, since, made in found if word == what)
    return _known(select, [one for _, _, one in notes])


def _known(select: _Select, ids: Iterable[UUID]) -> tuple[Annotation, ...]:
    return tuple(record for one in ids if (record := annotation_record(select, one)))


def _corrected(select: _Select, presentation_id: UUID, item_id: UUID, annotator: str) -> tuple[Annotation, ...]:
    """What counts while a correction is at work, oldest first."""
    found = select(
        f"select id from current_annotations where item_id = $1 and annotator = $2 and {NO_REPEAT} "
        "and presentation_id <> $3 order by created_at, id",
        item_id,
        annotator,
        presentation_id,
    )
    return _known(select, [annotation_id for (annotation_id,) in found])
