"""Leases, presentations and submitted judgements: each a single transaction of the one writer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

import orjson

from concord.errors import Conflict, NotFound
from concord.ids import BLANK_KEY
from concord.records.annotation import Annotation
from concord.records.desk import Opening, Presentation, QueueCounts
from concord.records.kinds import DRAFTS_SHOWN, HIDDEN, Arm, ItemKind, Outcome, Task
from concord.records.project import Project
from storage.annotations import annotation_record, insert_annotations
from storage.arms import OTHERS_BETWEEN, due_repeat, insert_repeat, open_repeat
from storage.beside import finish_beside, is_finished, open_beside
from storage.corrections import require_correctable, resume_correction
from storage.engine import Engine, Query, Values
from storage.gold import insert_gold_page, next_gold, open_gold, wanted_gold
from storage.named import FOR_ALL_OR_MINE
from storage.presentations import drafts_seen, guidelines_version, insert_presentation, presentation_record
from storage.remarks import NOT_SKIPPED, is_skipped
from storage.turns import IN_ORDER
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
            return (
                _gold(query, opening)
                or _repeat(query, opening, others=OTHERS_BETWEEN)
                or _lease(query, opening)
                or _repeat(query, opening)
            )

        return self.engine.write(job)

    def presentation(self, presentation_id: UUID) -> Presentation:
        """What was shown."""
        return _shown(self.engine.read, presentation_id)

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
            Conflict: this id is there with other content, or was taken back; or its annotator skipped the item; or it
                corrects what has to stay.
        """

        def job(query: Query) -> Outcome:
            if _is_there(query, annotation, checks):
                return "repeated"
            if is_skipped(query, annotation.item_id, annotation.annotator):
                raise Conflict("You skipped this item, and that stays. Reload the desk.")
            beside = open_beside(query, annotation)
            if beside == "corrections":
                require_correctable(query, annotation.item_id, annotation.annotator)
            if not beside and not _holds(query, annotation) and not _retake(query, annotation):
                return "lapsed"
            insert_annotations(query, [annotation, checks] if checks else [annotation])
            if not beside:
                _keep_place(query, annotation, finishes=finishes)
            elif finishes:
                finish_beside(query, beside, annotation)
            if finishes:
                query("delete from unsaved where presentation_id = $1", annotation.presentation_id)
            return "stored"

        return self.engine.write(job)

    def extend_lease(self, presentation_id: UUID, annotator: str, until: datetime) -> None:
        """Keep the item with its annotator, who is at work."""

        def job(query: Query) -> None:
            query(
                "update assignments set lease_until = $3 where presentation_id = $1 and annotator = $2 "
                "and done_at is null and lease_until is not null",
                presentation_id,
                annotator,
                until,
            )
            query(
                "update corrections set open_until = $3 where presentation_id = $1 and annotator = $2 "
                "and open_until is not null",
                presentation_id,
                annotator,
                until,
            )

        self.engine.write(job)

    def save_unsaved(self, presentation_id: UUID, text: str, now: datetime) -> bool:
        """Keep the text as far as it is; False when the presentation is finished and the text came too late."""

        def job(query: Query) -> bool:
            skipped = query("select 1 from skips where presentation_id = $1", presentation_id)
            finished = bool(skipped) or is_finished(query, presentation_id)
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
            "select count(*) from (select done_at from assignments where project_id = $1 and annotator = $2 "
            "union all select done_at from gold_pages where project_id = $1 and annotator = $2) d "
            "where done_at is not null",
            project.id,
            annotator,
        )
        [(open_now, waiting)] = self.engine.read(
            f"""
            select count(*) filter (where own.item_id is null and ready and may),
                   count(*) filter (where own.done_at is not null or not ready or (own.item_id is null and not may))
            from (
              select *, drafts >= $3 or arm = 'undrafted' as ready, {FOR_ALL_OR_MINE.format("q", "$2")} as may
              from queue q where project_id = $1 and arm <> 'gold') i
            left join assignments own on own.item_id = i.item_id and own.annotator = $2
            where i.project_id = $1 and i.taken < i.wanted and {NOT_SKIPPED}
            """,
            project.id,
            annotator,
            _drafts_needed(self.engine.read, project),
        )
        return QueueCounts(done, open_now, waiting)


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
    """The page that this annotator opened last: a correction, else what was taken back, else what is new."""
    if corrected := resume_correction(query, opening):
        return _shown(query, corrected)
    found = query(
        "select presentation_id, lease_until from assignments where project_id = $1 and annotator = $2 "
        "and done_at is null order by presentation_id limit 1",
        opening.project.id,
        opening.annotator,
    )
    beside = [open_gold(query, opening), open_repeat(query, opening) if opening.project.settings.repeat else None]
    pages = [page for page in (*(page for page, _ in found), *beside) if page]
    if not pages:
        return None
    presentation_id = min(pages)  # there are several when something was taken back
    if found and found[0][0] == presentation_id and found[0][1] is not None:
        query(
            "update assignments set lease_until = $2 where presentation_id = $1",
            presentation_id,
            opening.lease_until,
        )
    return _shown(query, presentation_id)


def _shown(select: Callable[..., Values], presentation_id: UUID) -> Presentation:
    record = presentation_record(select, presentation_id)
    if record is None:
        raise NotFound(f"There is no presentation {presentation_id}. Reload the desk.")
    return record


def _lease(query: Query, opening: Opening) -> Presentation | None:
    found = _next_item(query, opening)
    if found is None:
        return None
    presentation = _present(query, opening, *found)
    query(
        "insert into assignments(item_id, annotator, project_id, presentation_id, lease_until) "
        "values ($1, $2, $3, $4, $5)",
        presentation.item_id,
        opening.annotator,
        presentation.project_id,
        presentation.id,
        opening.lease_until,
    )
    query("update queue set taken = taken + 1 where item_id = $1", presentation.item_id)
    return presentation


def _gold(query: Query, opening: Opening) -> Presentation | None:
    """An item with a known answer, for training or mixed in; it takes no place."""
    settings = opening.project.settings
    purpose = wanted_gold(query, opening) if settings.training or settings.gold else None
    item_id = next_gold(query, opening, _drafts_needed(query, opening.project)) if purpose else None
    if purpose is None or item_id is None:
        return None
    [(arm,)] = query("select arm from items where id = $1", item_id)
    insert_gold_page(query, opening, item_id, purpose)
    return _present(query, opening, item_id, arm)


def _present(query: Query, opening: Opening, item_id: UUID, arm: Arm) -> Presentation:
    """Store what is about to be shown of an item that is new to its annotator."""
    project = opening.project
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
        guidelines_version(query, project.id),
        opening.now,
        project.settings.rubric if task == "rate" else (),
        project.settings.questions if task == "label" else (),
    )
    insert_presentation(query, presentation)
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
    first = _shown(query, first_id)
    again = replace(
        first,
        id=opening.presentation_id,
        draft_ids=first.draft_ids[::-1],
        guidelines_version=guidelines_version(query, opening.project.id),
        created_at=opening.now,
    )
    insert_presentation(query, again)
    insert_repeat(query, opening, item_id, first_id)
    return again


def _next_item(query: Query, opening: Opening) -> tuple[UUID, Arm] | None:
    """The first item in the queue that is free, has its drafts or wants none, and is new to this annotator.

    What is assigned to them comes first; what is assigned to others alone never comes.
    """
    needed = _drafts_needed(query, opening.project)
    free = "project_id = $1 and taken < wanted and arm <> 'gold' and (drafts >= $3 or arm = 'undrafted')"
    never_had = (
        f"not exists (select 1 from assignments a where a.item_id = i.item_id and a.annotator = $2) and {NOT_SKIPPED}"
    )
    may = FOR_ALL_OR_MINE.format("i", "$2")
    found = query(
        f"select item_id, arm from queue i where {free} and {may} and {never_had} "
        f"order by named desc, {IN_ORDER[opening.project.settings.order]} limit 1",
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
    earlier = drafts_seen(query, item_id)
    return next((list(those) for those in earlier if least <= len(those) <= most), drafts[:most])


def _is_there(query: Query, annotation: Annotation, checks: Annotation | None) -> bool:
    """Whether this is a repetition of a submit that was stored, and stands."""
    present = annotation_record(query, annotation.id)
    if present and (present.judgement != annotation.judgement or not _are_there(query, checks)):
        raise Conflict("You answered this before, perhaps in another tab; that answer stays. Go on with what you see.")
    if present and is_undone(query, annotation.id):
        raise Conflict("You took this back since. Reload the desk and submit it there.")
    return present is not None


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
    free = query(
        f"select 1 from queue q where item_id = $1 and taken < wanted and {FOR_ALL_OR_MINE.format('q', '$2')}",
        annotation.item_id,
        annotation.annotator,
    )
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
