"""Taking back the last judgement: it stays, counts no more, and its page is open again."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from concord.errors import Conflict, NotFound
from concord.ids import checks_id
from concord.records.annotation import Annotation
from concord.records.kinds import Outcome
from storage.annotations import annotation_record
from storage.beside import reopen_beside
from storage.corrections import close_corrections, keep_open
from storage.engine import Engine, Query
from storage.remarks import is_skipped
from storage.turns import forget_doubts


class Undo:
    """What was taken back."""

    engine: Engine

    def undo(self, annotation_id: UUID, annotator: str, lease_until: datetime, now: datetime) -> Outcome:
        """Take back the last judgement that an annotator made at the desk of a project, with its factual checks.

        Its page is open to them again; if nothing else of theirs counts there, it is a lease as at first.

        Returns:
            `stored`, or `repeated` when it was taken back already.

        Raises:
            NotFound: they made no such judgement.
            Conflict: it is not their last.
        """

        def job(query: Query) -> Outcome:
            made = annotation_record(query, annotation_id)
            if made is None or made.annotator != annotator or made.presentation_id is None:
                raise NotFound(f"{annotator!r} has submitted nothing that could be undone here. Reload the desk.")
            if is_undone(query, annotation_id):
                return "repeated"
            if query(
                "select 1 from gold_pages where presentation_id = $1 and purpose = 'training'", made.presentation_id
            ):
                raise Conflict("You have seen the known answer, so what you submitted stays. Go on with the next item.")
            if _is_followed(query, made) or is_skipped(query, made.item_id, annotator):
                raise Conflict("Only your last submit can be undone. Reload the desk.")
            query("insert into undone values ($1, $2)", annotation_id, now)
            forget_doubts(query, [made.item_id])
            checks = query("select id from annotations where id = $1", checks_id(annotation_id))
            for (together,) in checks:
                query("insert into undone values ($1, $2)", together, now)
            _reopen(query, made, lease_until, now)
            return "stored"

        return self.engine.write(job)


def is_undone(query: Query, annotation_id: UUID) -> bool:
    """Whether the judgement was taken back."""
    return bool(query("select 1 from undone where annotation_id = $1", annotation_id))


def _is_followed(query: Query, made: Annotation) -> bool:
    """Whether its annotator has submitted something since that was not taken back.

    The edit of a page follows its ranking, and a correction what it corrects, even in the same instant.
    """
    found = query(
        "select 1 from annotations where project_id = $1 and annotator = $2 and origin = 'desk' and id <> $3 "
        "and id not in (select annotation_id from undone) "
        "and (created_at > $4 or supersedes = $3 or presentation_id = $5 and kind = 'edit') limit 1",
        made.project_id,
        made.annotator,
        made.id,
        made.created_at,
        made.presentation_id,
    )
    return bool(found)


def _reopen(query: Query, made: Annotation, lease_until: datetime, now: datetime) -> None:
    counts = query("select 1 from current_annotations where presentation_id = $1", made.presentation_id)
    query(
        "update assignments set done_at = null, lease_until = $2 where presentation_id = $1",
        made.presentation_id,
        None if counts else lease_until,
    )
    reopen_beside(query, made.presentation_id)
    close_corrections(query, made.project_id, made.annotator, now, but=made.presentation_id)
    keep_open(query, made.presentation_id, lease_until)
