"""Leases, presentations and submitted judgements: each a single transaction of the one writer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from concord.errors import Conflict, NotFound
from concord.ids import BLANK_KEY
from concord.records.annotation import Annotation
from concord.records.desk import Opening, Presentation, QueueCounts
from concord.records.kinds import DRAFTS_SHOWN, HIDDEN, Arm, ItemKind, Outcome, Task
from concord.records.project import Project, criteria_of, questions_of
from storage.annotations import annotation_record, insert_annotations
from storage.arms import OTHERS_BETWEEN, due_repeat, finish_repeat, insert_repeat, is_open_repeat, open_repeat
from storage.engine import Engine, Query, Values
from storage.remarks import NOT_SKIPPED, is_skipped
from storage.undo import is_undone


class Desk:
    """The queue."""

    engine: Engine

    def open_presentation(self, opening: Opening) -> Presentation | None:
        """What this annotator works on: the item they hold, else the next one, else None.

        A lease that ran out lasts until somebody else asks for work: who comes back late finds their item again.
        """

        def job(query: Query) -> Presentation | None:
            if held := _resume(query, opening):
                return held
            _expire(query, opening.project.id, opening.now)
            return _repeat(query, opening, others=OTHERS_BETWEEN) or _lease(query, opening) or _repeat(query, opening)

        return self.engine.write(job)

    def presentation(self, presentation_id: UUID) -> Presentation:
        """What was shown."""
        found = self.engine.read(f"{_SELECT} where p.id = $1", presentation_id)
        if not found:
            raise NotFound(f"There is no presentation {presentation_id}. Reload the desk.")
        return _presentation(found[0])

    def submitted(self, presentation_id: UUID) -> list[Annotation]:
        """The judgements of one presentation that were not taken back, oldest first."""
        found = self.engine.read(
            "select id from annotations where presentation_id = $1 "
            "and id not in (select annotation_id from undone) order by created_at, id",
            presentation_id,
        )
        return [self.annotation(annotation_id) for (annotation_id,) in found]

    def annotation(self, annotation_id: UUID) -> Annotation:
        """The annotation of that id."""
        record = annotation_record(self.engine.read, annotation_id)
        if record is None:
            raise NotFound(f"There is no annotation {annotation_id}. Check the id.")
        return record

    def submit(self, annotation: Annotation, *, finishes: bool, checks: Annotation | None = None) -> Outcome:
        """Store a judgement once.

        Args:
            annotation: its id is the same for every repetition of the submit.
            finishes: whether the annotator is done with the item.
            checks: the factual checks that go with it, under the id `checks_id` of it; both are stored, or neither.

        Returns:
            `stored`; `repeated` when it was there already; `lapsed` when the lease had run out and the item has all the
            annotators it wants, or when the annotator was given the item anew since.

        Raises:
            Conflict: this id is there with other content, or was taken back; or its annotator skipped the item.
        """

        def job(query: Query) -> Outcome:
            present = annotation_record(query, annotation.id)
            if present:
                if present.judgement != annotation.judgement or not _are_there(query, checks):
                    raise Conflict(
                        "You answered this before, perhaps in another tab; that answer stays. Go on with what you see."
                    )
                if is_undone(query, annotation.id):
                    raise Conflict("You took this back since. Reload the desk and submit it there.")
                return "repeated"
            if is_skipped(query, annotation.item_id, annotation.annotator):
                raise Conflict("You skipped this item, and that stays. Reload the desk.")
            again = is_open_repeat(query, annotation)
            if not again and not _holds(query, annotation) and not _retake(query, annotation):
                return "lapsed"
            insert_annotations(query, [annotation, checks] if checks else [annotation])
            if not again:
                _keep_place(query, annotation, finishes=finishes)
            elif finishes:
                finish_repeat(query, annotation)
            if finishes:
                query("delete from unsaved where presentation_id = $1", annotation.presentation_id)
            return "stored"

        return self.engine.write(job)

    def extend_lease(self, presentation_id: UUID, annotator: str, until: datetime) -> None:
        """Keep the item with its annotator, who is at work."""
        self.engine.write(
            lambda query: query(
                "update assignments set lease_until = $3 where presentation_id = $1 and annotator = $2 "
                "and done_at is null and lease_until is not null",
                presentation_id,
                annotator,
                until,
            )
        )

    def save_unsaved(self, presentation_id: UUID, text: str, now: datetime) -> bool:
        """Keep the text as far as it is; False when the presentation is finished and the text came too late."""

        def job(query: Query) -> bool:
            finished = query(
                "select 1 from assignments where presentation_id = $1 and done_at is not null union all "
                "select 1 from repeats where presentation_id = $1 and done_at is not null union all "
                "select 1 from skips where presentation_id = $1",
                presentation_id,
            )
            if not finished:
                query(
                    "insert into unsaved values ($1, $2, $3) on conflict (presentation_id) do update set "
                    "text = excluded.text, saved_at = excluded.saved_at",
                    presentation_id,
                    text,
                    now,
                )
            return not finished

        return self.engine.write(job)

    def unsaved(self, presentation_id: UUID) -> str | None:
        """The text that was autosaved and not submitted."""
        found = self.engine.read("select text from unsaved where presentation_id = $1", presentation_id)
        return found[0][0] if found else None

    def queue_counts(self, project: Project, annotator: str) -> QueueCounts:
        """How much work there is for this annotator."""
        [(done,)] = self.engine.read(
            "select count(*) from assignments where project_id = $1 and annotator = $2 and done_at is not null",
            project.id,
            annotator,
        )
        [(open_now, waiting)] = self.engine.read(
            f"""
            select count(*) filter (where own.item_id is null and (i.drafts >= $3 or i.arm = 'undrafted')),
                   count(*) filter (where own.done_at is not null or (i.drafts < $3 and i.arm <> 'undrafted'))
            from queue i left join assignments own on own.item_id = i.item_id and own.annotator = $2
            where i.project_id = $1 and i.taken < i.wanted and {NOT_SKIPPED}
            """,
            project.id,
            annotator,
            _drafts_needed(self.engine.read, project),
        )
        return QueueCounts(done, open_now, waiting)


_SELECT = (
    "select p.id, p.project_id, p.item_id, p.annotator, p.task, p.draft_ids, p.guidelines_version, p.created_at, "
    "a.rubric, a.questions from presentations p left join asked a on a.presentation_id = p.id"
)


def _presentation(row: tuple[Any, ...]) -> Presentation:
    values = list(row)
    values[5] = tuple(map(UUID, orjson.loads(values[5])))
    values[8] = criteria_of(orjson.loads(values[8] or "[]"))
    values[9] = questions_of(orjson.loads(values[9] or "[]"))
    return Presentation(*values)


def _least(project: Project) -> int:
    """How many different drafts there must be to judge."""
    return DRAFTS_SHOWN[project.settings.task][0]


def _drafts_needed(select: Callable[..., Values], project: Project) -> int:
    """How many different drafts make an item ready; while drafts are still coming, all of its candidates."""
    least = _least(project)
    [(running,)] = select("select count(*) from runs where project_id = $1 and state = 'running'", project.id)
    return max(least, project.settings.candidates) if running else least


def _expire(query: Query, project_id: UUID, now: datetime) -> None:
    gone = query(
        "delete from assignments where project_id = $1 and done_at is null and lease_until < $2 returning item_id",
        project_id,
        now,
    )
    for (item_id,) in gone:
        query("update queue set taken = taken - 1 where item_id = $1", item_id)


def _resume(query: Query, opening: Opening) -> Presentation | None:
    found = query(
        "select presentation_id, lease_until from assignments where project_id = $1 and annotator = $2 "
        "and done_at is null order by presentation_id limit 1",
        opening.project.id,
        opening.annotator,
    )
    repeat = open_repeat(query, opening) if opening.project.settings.repeat else None
    if not found or (repeat and repeat < found[0][0]):  # both are open when something was taken back
        return _presentation(query(f"{_SELECT} where p.id = $1", repeat)[0]) if repeat else None
    presentation_id, lease_until = found[0]
    if lease_until is not None:
        query(
            "update assignments set lease_until = $2 where presentation_id = $1",
            presentation_id,
            opening.lease_until,
        )
    return _presentation(query(f"{_SELECT} where p.id = $1", presentation_id)[0])


def _lease(query: Query, opening: Opening) -> Presentation | None:
    found = _next_item(query, opening)
    if found is None:
        return None
    item_id, arm = found
    project = opening.project
    [(version,)] = query("select coalesce(max(version), 0) from guidelines where project_id = $1", project.id)
    [(kind,)] = query("select kind from items where id = $1", item_id)
    task = _task(project, kind, arm)
    drafts = _drafts_to_show(query, item_id, least=_least(project))
    presentation = Presentation(
        opening.presentation_id,
        project.id,
        item_id,
        opening.annotator,
        task,
        opening.order(opening.presentation_id, _as_others_saw(query, item_id, task, drafts)),
        version,
        opening.now,
        project.settings.rubric if task == "rate" else (),
        project.settings.questions if task == "label" else (),
    )
    _insert_presentation(query, presentation)
    query(
        "insert into assignments(item_id, annotator, project_id, presentation_id, lease_until) "
        "values ($1, $2, $3, $4, $5)",
        item_id,
        opening.annotator,
        project.id,
        presentation.id,
        opening.lease_until,
    )
    query("update queue set taken = taken + 1 where item_id = $1", item_id)
    return presentation


def _task(project: Project, kind: ItemKind, arm: Arm) -> Task:
    """What is asked; a template is always ranked and edited, whatever the project asks of answers."""
    if kind != "response":
        return "rank+edit"
    task = project.settings.task
    return "edit" if arm == "undrafted" and DRAFTS_SHOWN[task][0] else task


def _repeat(query: Query, opening: Opening, *, others: int = 1) -> Presentation | None:
    """An item that this annotator gets again, as it was, but for the order; its guidelines are today's."""
    due = due_repeat(query, opening, others=others) if opening.project.settings.repeat else None
    if due is None:
        return None
    item_id, first_id = due
    [(version,)] = query("select coalesce(max(version), 0) from guidelines where project_id = $1", opening.project.id)
    first = _presentation(query(f"{_SELECT} where p.id = $1", first_id)[0])
    again = replace(
        first,
        id=opening.presentation_id,
        draft_ids=first.draft_ids[::-1],
        guidelines_version=version,
        created_at=opening.now,
    )
    _insert_presentation(query, again)
    insert_repeat(query, opening, item_id, first_id)
    return again


def _insert_presentation(query: Query, presentation: Presentation) -> None:
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


def _next_item(query: Query, opening: Opening) -> tuple[UUID, Arm] | None:
    """The first item in the queue that is free, has its drafts or wants none, and is new to this annotator."""
    needed = _drafts_needed(query, opening.project)
    free = "project_id = $1 and taken < wanted and (drafts >= $3 or arm = 'undrafted')"
    never_had = (
        f"not exists (select 1 from assignments a where a.item_id = i.item_id and a.annotator = $2) and {NOT_SKIPPED}"
    )
    found = query(
        f"select item_id, arm from queue i where {free} and {never_had} order by position limit 1",
        opening.project.id,
        opening.annotator,
        needed,
    )
    return found[0] if found else None


def _drafts_to_show(query: Query, item_id: UUID, *, least: int) -> list[UUID]:
    """The drafts worth showing: of equal texts the first, blank ones not at all.

    Those with a flag of `HIDDEN` are shown only where without them there would be too few to judge.
    """
    found = query(
        "select id, text_key, flags from drafts where item_id = $1 and text_key <> $2 order by name",
        item_id,
        BLANK_KEY,
    )
    first = {text_key: draft_id for draft_id, text_key, _ in reversed(found)}
    distinct = {draft_id: flags for draft_id, text_key, flags in found if first[text_key] == draft_id}
    sound = [draft_id for draft_id, flags in distinct.items() if HIDDEN.isdisjoint(orjson.loads(flags))]
    return sound if len(sound) >= max(1, least) else list(distinct)


def _as_others_saw(query: Query, item_id: UUID, task: Task, drafts: list[UUID]) -> list[UUID]:
    """As many as the task shows: those that the item's first annotator saw, else the first; so all judge the same."""
    least, most = DRAFTS_SHOWN[task]
    if most is None:
        return drafts
    earlier = query("select draft_ids from presentations where item_id = $1 order by created_at, id", item_id)
    shown = (list(map(UUID, orjson.loads(draft_ids))) for (draft_ids,) in earlier)
    return next((those for those in shown if least <= len(those) <= most), drafts[:most])


def _are_there(query: Query, checks: Annotation | None) -> bool:
    """Whether these factual checks were stored with their judgement."""
    present = annotation_record(query, checks.id) if checks else None
    return checks is None or (present is not None and present.judgement == checks.judgement)


def _keep_place(query: Query, annotation: Annotation, *, finishes: bool) -> None:
    """A half-finished item keeps its place: its first judgement counts, so nobody else may have the slot."""
    query(
        "update assignments set lease_until = null, done_at = $3 where item_id = $1 and annotator = $2",
        annotation.item_id,
        annotation.annotator,
        annotation.created_at if finishes else None,
    )


def _holds(query: Query, annotation: Annotation) -> bool:
    """Whether the annotator still has the item under this presentation, run out or not."""
    found = query(
        "select 1 from assignments where item_id = $1 and annotator = $2 and presentation_id = $3 and done_at is null",
        annotation.item_id,
        annotation.annotator,
        annotation.presentation_id,
    )
    return bool(found)


def _retake(query: Query, annotation: Annotation) -> bool:
    """Take the item again if its lease ran out but nobody needs the place."""
    mine = query(
        "select 1 from assignments where item_id = $1 and annotator = $2",
        annotation.item_id,
        annotation.annotator,
    )
    free = query("select project_id from queue where item_id = $1 and taken < wanted", annotation.item_id)
    if mine or not free:
        return False
    query(
        "insert into assignments(item_id, annotator, project_id, presentation_id) values ($1, $2, $3, $4)",
        annotation.item_id,
        annotation.annotator,
        annotation.project_id,
        annotation.presentation_id,
    )
    query("update queue set taken = taken + 1 where item_id = $1", annotation.item_id)
    return True
