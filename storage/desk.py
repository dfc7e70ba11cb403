"""Leases, presentations and submitted judgements: each a single transaction of the one writer."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from concord.errors import Conflict, NotFound
from concord.records.annotation import Annotation
from concord.records.desk import Opening, Page, PageHistory, Presentation, QueueCounts
from concord.records.kinds import Outcome
from concord.records.project import Project
from storage.annotations import annotation_record, insert_judged
from storage.beside import Beside, finish_beside
from storage.corrections import go_on_with, require_correctable
from storage.engine import Engine, Query
from storage.named import FOR_ALL_OR_MINE
from storage.opening import drafts_needed, held_or_next
from storage.presentations import shown
from storage.remarks import NOT_SKIPPED
from storage.remembered import Remembered
from storage.standing import history, standing
from storage.turns import forget_doubts
from storage.undo import is_undone
from storage.unsaved import forget_unsaved


class Desk:
    """The queue."""

    engine: Engine
    pages_shown: Remembered[UUID, Presentation]

    def open_page(self, opening: Opening) -> Page | None:
        """What this annotator works on: the item they hold, else the next one, else None.

        A lease that ran out lasts until somebody else asks for work: who comes back late finds their item again.
        """
        page = self.engine.write(lambda query: held_or_next(query, opening))
        if page:
            self.pages_shown.get(page.presentation.id, lambda _: page.presentation)
        return page

    def presentation(self, presentation_id: UUID) -> Presentation:
        """What was shown."""
        return self.pages_shown.get(presentation_id, lambda page: shown(self.engine.read, page))

    def history(self, presentation_id: UUID) -> PageHistory:
        """What was done on a page so far."""
        return history(self.engine.read, presentation_id)

    def submitted(self, presentation_id: UUID) -> list[Annotation]:
        """The judgements of one presentation that were not taken back, oldest first."""
        return list(self.history(presentation_id).submitted)

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
            stands = standing(query, annotation)
            if stands.stored:
                _require_same(query, annotation, checks)
                return "repeated"
            if stands.skipped:
                raise Conflict("You skipped this item, and that stays. Reload the desk.")
            if stands.beside == "corrections":
                require_correctable(query, annotation.item_id, annotation.annotator)
            if not stands.beside and not stands.held and not _retake(query, annotation):
                return "lapsed"
            insert_judged(query, [annotation, checks] if checks else [annotation], again=stands.judged)
            if stands.doubted:
                forget_doubts(query, [annotation.item_id])
            _go_on(query, annotation, stands.beside, finishes=finishes)
            if stands.unsaved:
                forget_unsaved(query, annotation)
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

    def queue_counts(self, project: Project, annotator: str) -> QueueCounts:
        """How much work there is for this annotator."""
        [(running,)] = self.engine.read(
            "select count(*) from runs where project_id = $1 and state = 'running'", project.id
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
            drafts_needed(project, running=running > 0),
        )
        return QueueCounts(self.done_count(project.id, annotator), open_now, waiting)

    def done_count(self, project_id: UUID, annotator: str) -> int:
        """How many items this annotator has finished."""
        [(done,)] = self.engine.read(
            "select count(*) from (select done_at from assignments where project_id = $1 and annotator = $2 "
            "union all select done_at from gold_pages where project_id = $1 and annotator = $2) d "
            "where done_at is not null",
            project_id,
            annotator,
        )
        return done


def _require_same(query: Query, annotation: Annotation, checks: Annotation | None) -> None:
    """A repetition of a submit is of the one that was stored, and stands."""
    present = annotation_record(query, annotation.id)
    if present is None or present.judgement != annotation.judgement or not _are_there(query, checks):
        raise Conflict("You answered this before, perhaps in another tab; that answer stays. Go on with what you see.")
    if is_undone(query, annotation.id):
        raise Conflict("You took this back since. Reload the desk and submit it there.")


def _are_there(query: Query, checks: Annotation | None) -> bool:
    """Whether these factual checks were stored with their judgement."""
    present = annotation_record(query, checks.id) if checks else None
    return checks is None or (present is not None and present.judgement == checks.judgement)


def _go_on(query: Query, annotation: Annotation, beside: Beside | None, *, finishes: bool) -> None:
    """The page is finished, or its next step is open."""
    if not beside:
        _keep_place(query, annotation, finishes=finishes)
    elif finishes:
        finish_beside(query, beside, annotation)
    elif beside == "corrections":
        go_on_with(query, annotation)


def _keep_place(query: Query, annotation: Annotation, *, finishes: bool) -> None:
    """A half-finished item keeps its place: its first judgement counts, so nobody else may have the slot."""
    query(
        "update assignments set lease_until = null, done_at = $3 where item_id = $1 and annotator = $2",
        annotation.item_id,
        annotation.annotator,
        annotation.created_at if finishes else None,
    )


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
