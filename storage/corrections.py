"""Corrections: an annotator's finished item, opened to them again as it was; what they submit supersedes.

A correction takes no place and gives none back. One is open at most, for as long as a lease; what opens another page
closes it. One that is left goes away, and the next wish to correct the item finds the same page again. It is done whole
or not at all: what was submitted of one that is left half way is taken back, so that no ranking of today stands beside
the edit that followed another.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson

from concord.errors import Conflict, NotFound
from concord.records.annotation import Annotation
from concord.records.desk import Opening, Presentation, Search, Work, WorkPage
from storage.arms import NO_REPEAT
from storage.decisions import NEWEST_DECISIONS
from storage.engine import Engine, Query
from storage.presentations import guidelines_version, insert_presentation, presentation_record
from storage.remarks import is_skipped
from storage.turns import forget_doubts

_AT_IT = timedelta(minutes=5)
"""How long a page is open after a submit; the desk of whoever is still at it extends that within a minute."""
_WORK = f"""
with own as (
  select distinct on (item_id) item_id, presentation_id, created_at from current_annotations
  where project_id = $1 and annotator = $2 and origin = 'desk' and {NO_REPEAT}
  order by item_id, created_at desc, id desc)
select own.presentation_id, i.name, i.messages, own.created_at,
       exists (select 1 from corrections c where c.presentation_id = own.presentation_id),
       coalesce(d.decision, 'send_back') <> 'send_back', count(*) over ()
from own join items i on i.id = own.item_id
join (
  select item_id from assignments where project_id = $1 and annotator = $2 and done_at is not null
  union select item_id from gold_pages
  where project_id = $1 and annotator = $2 and done_at is not null and purpose = 'gold') a on a.item_id = own.item_id
left join ({NEWEST_DECISIONS}) d on d.item_id = own.item_id
where i.id not in (select item_id from skips where project_id = $1 and annotator = $2)
  and position(lower($3) in lower(i.name || ' ' || i.messages::text)) > 0
order by own.created_at desc, own.presentation_id desc limit $4 offset $5
"""


class Corrections:
    """What an annotator has judged, and may judge anew."""

    engine: Engine

    def work(self, project_id: UUID, annotator: str, search: Search) -> WorkPage:
        """A page of the items that an annotator finished at the desk, newest first; second looks are no part of it."""
        found = self.engine.read(
            _WORK, project_id, annotator, search.text.strip(), search.limit, search.limit * search.page
        )
        return WorkPage(tuple(_work(row) for row in found), found[0][-1] if found else 0)

    def open_correction(self, opening: Opening, presentation_id: UUID) -> Presentation:
        """Open what was shown to its annotator again: the same item, the same drafts in the same order.

        Raises:
            NotFound: it was not shown to them.
            Conflict: what they judged has to stay.
        """

        def job(query: Query) -> Presentation:
            shown = presentation_record(query, presentation_id)
            if shown is None or (shown.project_id, shown.annotator) != (opening.project.id, opening.annotator):
                raise NotFound(f"This item was not shown to {opening.annotator!r}. Reload the page.")
            require_correctable(query, shown.item_id, shown.annotator)
            page = _begun(query, shown) or _begin(query, opening, shown)
            close_corrections(query, shown.project_id, shown.annotator, opening.now, but=page.id)
            keep_open(query, page.id, opening.lease_until)
            return page

        return self.engine.write(job)

    def leave_correction(self, project_id: UUID, annotator: str, now: datetime) -> None:
        """Let the open correction go; what it was to correct counts as before."""
        self.engine.write(lambda query: close_corrections(query, project_id, annotator, now))


def require_correctable(query: Query, item_id: UUID, annotator: str) -> None:
    """Refuse what has to stay as it was judged.

    Raises:
        Conflict: the reason.
    """
    if is_skipped(query, item_id, annotator):
        raise Conflict("You skipped this item, and that stays. Reload the page.")
    if not query(
        "select 1 from assignments where item_id = $1 and annotator = $2 and done_at is not null union all "
        "select 1 from gold_pages where item_id = $1 and annotator = $2 and done_at is not null and purpose = 'gold'",
        item_id,
        annotator,
    ):
        raise Conflict("You have not finished this item. Finish it at the desk; it can be corrected then.")
    decided = query(
        "select decision from adjudications where item_id = $1 order by created_at desc, id desc limit 1", item_id
    )
    if decided and decided[0][0] != "send_back":
        raise Conflict(
            "A reviewer has decided this item, so what it was decided on stays. Say what is wrong in a comment."
        )
    if not query("select 1 from queue where item_id = $1", item_id):
        raise Conflict("A newer version of its template has taken this item out of work. Judge the new item instead.")


def close_corrections(
    query: Query, project_id: UUID, annotator: str, now: datetime, *, but: UUID | None = None
) -> None:
    """Whatever correction the annotator has open is open no more, `but` one."""
    found = query(
        "select presentation_id from corrections where project_id = $1 and annotator = $2 and open_until is not null",
        project_id,
        annotator,
    )
    for (presentation_id,) in found:
        if presentation_id != but:
            close_correction(query, presentation_id, now)


def go_on_with(query: Query, half: Annotation) -> None:
    """The first step of a correction was submitted: its page is the one that is open, even from a tab left behind."""
    close_corrections(query, half.project_id, half.annotator, half.created_at, but=half.presentation_id)
    keep_open(query, half.presentation_id, half.created_at + _AT_IT)


def keep_open(query: Query, presentation_id: UUID | None, until: datetime) -> None:
    """What is opened, or opened again, is what the annotator works on."""
    query("update corrections set open_until = $2 where presentation_id = $1", presentation_id, until)


def close_correction(query: Query, presentation_id: UUID, now: datetime) -> None:
    """The page is not on the desk any more, and unless it is done, nothing that was submitted for it counts."""
    query("update corrections set open_until = null where presentation_id = $1", presentation_id)
    taken_back = query(
        "select a.id, a.item_id from annotations a join corrections c on c.presentation_id = a.presentation_id "
        "where c.presentation_id = $1 and c.done_at is null and a.id not in (select annotation_id from undone)",
        presentation_id,
    )
    for annotation_id, item_id in taken_back:
        query("insert into undone values ($1, $2)", annotation_id, now)
        forget_doubts(query, [item_id])


def _begun(query: Query, shown: Presentation) -> Presentation | None:
    found = query(
        "select presentation_id from corrections where item_id = $1 and annotator = $2 and done_at is null",
        shown.item_id,
        shown.annotator,
    )
    return presentation_record(query, found[0][0]) if found else None


def _begin(query: Query, opening: Opening, shown: Presentation) -> Presentation:
    again = replace(
        shown,
        id=opening.presentation_id,
        guidelines_version=guidelines_version(query, shown.project_id),
        created_at=opening.now,
    )
    insert_presentation(query, again)
    query(
        "insert into corrections(presentation_id, corrects_id, project_id, item_id, annotator) "
        "values ($1, $2, $3, $4, $5)",
        again.id,
        shown.id,
        shown.project_id,
        shown.item_id,
        shown.annotator,
    )
    return again


def _work(row: tuple[Any, ...]) -> Work:
    presentation_id, name, messages, judged_at, corrected, decided, _ = row
    return Work(presentation_id, name, orjson.loads(messages)[-1]["content"], judged_at, corrected, decided)
