"""What an annotator is given: the page that they hold, else a known answer, a second look or the next item."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from concord.records.desk import Opening, Page, PageHistory
from concord.records.kinds import DRAFTS_SHOWN
from concord.records.project import Project
from storage.arms import OTHERS_BETWEEN, due_repeat, insert_repeat
from storage.corrections import close_correction, keep_open
from storage.engine import Query
from storage.gold import insert_gold_page, next_gold, wanted_gold
from storage.named import FOR_ALL_OR_MINE
from storage.presentations import NewItem, insert_held, insert_presentation, presented, shown
from storage.remarks import NOT_SKIPPED
from storage.standing import Moment, history, moment
from storage.turns import IN_ORDER


def held_or_next(query: Query, opening: Opening) -> Page | None:
    """What this annotator works on now; None when nothing is left for them."""
    now = moment(query, opening)
    if held := _resume(query, opening, now):
        return held
    if now.overdue:
        _expire(query, opening.project.id, opening.now)
    return (
        _gold(query, opening, now)
        or _repeat(query, opening, now, others=OTHERS_BETWEEN)
        or _lease(query, opening, now)
        or _repeat(query, opening, now)
    )


def drafts_needed(project: Project, *, running: bool) -> int:
    """How many different drafts make an item ready; while drafts are still coming, all of its candidates."""
    least, _ = DRAFTS_SHOWN[project.settings.task]
    return max(least, project.settings.candidates) if running else least


def _expire(query: Query, project_id: UUID, now: datetime) -> None:
    gone = query(
        "delete from assignments where project_id = $1 and done_at is null and lease_until < $2 returning item_id",
        project_id,
        now,
    )
    for (item_id,) in gone:
        query("update queue set taken = taken - 1 where item_id = $1", item_id)


def _resume(query: Query, opening: Opening, now: Moment) -> Page | None:
    """The page that this annotator opened last: a correction, else what was taken back, else what is new."""
    for lapsed in now.lapsed:
        close_correction(query, lapsed, opening.now)
    if now.correction:
        keep_open(query, now.correction, opening.lease_until)
        return _page(query, now.correction)
    if now.page is None:
        return None
    if now.leased:
        query("update assignments set lease_until = $2 where presentation_id = $1", now.page, opening.lease_until)
    return _page(query, now.page)


def _page(query: Query, presentation_id: UUID) -> Page:
    return Page(shown(query, presentation_id), history(query, presentation_id))


def _lease(query: Query, opening: Opening, now: Moment) -> Page | None:
    found = _next_item(query, opening, now)
    if found is None:
        return None
    presentation = presented(query, opening, found, now.guidelines)
    insert_held(query, presentation, opening.lease_until)
    return Page(presentation, PageHistory())


def _gold(query: Query, opening: Opening, now: Moment) -> Page | None:
    """An item with a known answer, for training or mixed in; it takes no place."""
    settings = opening.project.settings
    purpose = wanted_gold(query, opening) if settings.training or settings.gold else None
    item_id = next_gold(query, opening, drafts_needed(opening.project, running=now.running)) if purpose else None
    if purpose is None or item_id is None:
        return None
    [item] = query("select id, arm, kind from items where id = $1", item_id)
    insert_gold_page(query, opening, item_id, purpose)
    presentation = presented(query, opening, NewItem(*item), now.guidelines)
    insert_presentation(query, presentation)
    return Page(presentation, PageHistory(training=purpose == "training"))


def _repeat(query: Query, opening: Opening, now: Moment, *, others: int = 1) -> Page | None:
    """An item that this annotator gets again, as it was, but for the order; its guidelines are today's."""
    due = due_repeat(query, opening, others=others) if opening.project.settings.repeat else None
    if due is None:
        return None
    item_id, first_id = due
    first = shown(query, first_id)
    again = replace(
        first,
        id=opening.presentation_id,
        draft_ids=first.draft_ids[::-1],
        guidelines_version=now.guidelines,
        created_at=opening.now,
    )
    insert_presentation(query, again)
    insert_repeat(query, opening, item_id, first_id)
    return Page(again, PageHistory())


def _next_item(query: Query, opening: Opening, now: Moment) -> NewItem | None:
    """The first item in the queue that is free, has its drafts or wants none, and is new to this annotator.

    What is assigned to them comes first; what is assigned to others alone never comes.
    """
    needed = drafts_needed(opening.project, running=now.running)
    free = "project_id = $1 and taken < wanted and arm <> 'gold' and (drafts >= $3 or arm = 'undrafted')"
    never_had = (
        f"not exists (select 1 from assignments a where a.item_id = i.item_id and a.annotator = $2) and {NOT_SKIPPED}"
    )
    may = FOR_ALL_OR_MINE.format("i", "$2")
    found = query(
        f"select i.item_id, i.arm, items.kind from (select item_id, arm from queue i where {free} and {may} "
        f"and {never_had} order by named desc, {IN_ORDER[opening.project.settings.order]} limit 1) i "
        "join items on items.id = i.item_id",
        opening.project.id,
        opening.annotator,
        needed,
    )
    return NewItem(*found[0]) if found else None
