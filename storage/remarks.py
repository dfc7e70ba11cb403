"""What annotators say beside judging: skips, flags and comments; each is kept for ever."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from uuid import UUID

from concord.errors import Conflict
from concord.records.kinds import Outcome
from concord.records.remark import Comment, ItemFlag, Remark, RemarkCount, Skip
from storage.engine import Engine, Query

NOT_SKIPPED = (
    "not exists (select 1 from skips s where s.item_id = i.item_id and s.project_id = $1 and s.annotator = $2)"
)
"""What is true of an item `i` of the project `$1` that the annotator `$2` may be given."""


class Remarks:
    """Skips, flags and comments."""

    engine: Engine

    def skip(self, skip: Skip) -> Outcome:
        """Take the item off its annotator's desk for good, and give its place back.

        The place stays taken where a first judgement of theirs (a ranking before its edit) counts.

        Returns:
            `stored`, or `repeated` when it was there already.

        Raises:
            Conflict: they have judged the item.
        """

        def job(query: Query) -> Outcome:
            if query("select 1 from skips where id = $1", skip.id):
                return "repeated"
            if _is_finished(query, skip):
                raise Conflict("You have judged this item already. Reload the desk.")
            query(
                "insert into skips values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                skip.id,
                skip.project_id,
                skip.item_id,
                skip.annotator,
                skip.presentation_id,
                skip.reason,
                skip.note,
                skip.seconds,
                skip.created_at,
            )
            _leave(query, skip)
            query("delete from unsaved where presentation_id = $1", skip.presentation_id)
            return "stored"

        return self.engine.write(job)

    def add_skips(self, skips: Sequence[Skip]) -> int:
        """Store skips that happened elsewhere; what is open to their annotators here is taken off their desks.

        Returns:
            How many are new; the same one again changes nothing.
        """
        if not skips:
            return 0
        columns: dict[str, Sequence[object]] = {
            field.name: [getattr(skip, field.name) for skip in skips] for field in fields(Skip)
        }

        def job(query: Query) -> int:
            new = query.insert("skips", columns, unless="id")
            for skip in skips if new else ():
                _leave(query, skip)
            return new

        return self.engine.write(job)

    def skips(self, project_id: UUID) -> list[Skip]:
        """All skips of a project, oldest first."""
        found = self.engine.read(
            "select id, project_id, item_id, annotator, presentation_id, reason, note, seconds, created_at "
            "from skips where project_id = $1 order by created_at, id",
            project_id,
        )
        return [Skip(*row) for row in found]

    def add_flag(self, flag: ItemFlag) -> None:
        """Store a flag; the same one again changes nothing."""
        self.engine.write(
            lambda query: query(
                "insert into item_flags values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (id) do nothing",
                flag.id,
                flag.project_id,
                flag.item_id,
                flag.annotator,
                flag.presentation_id,
                flag.reason,
                flag.note,
                flag.created_at,
            )
        )

    def open_flags(self, project_id: UUID) -> list[ItemFlag]:
        """The flags that no reviewer has lifted by an approval, oldest first."""
        found = self.engine.read(
            "select id, project_id, item_id, annotator, presentation_id, reason, note, created_at from open_flags "
            "where project_id = $1 order by created_at, id",
            project_id,
        )
        return [ItemFlag(*row) for row in found]

    def remarks(self, project_id: UUID, *, limit: int | None = None, offset: int = 0) -> list[Remark]:
        """Open flags, then skips, each the newest first."""
        found = self.engine.read(
            """
            select r.kind, i.name, r.annotator, r.reason, r.note, r.created_at from (
              select 'flag' as kind, id, item_id, annotator, reason, note, created_at from open_flags
              where project_id = $1
              union all
              select 'skip', id, item_id, annotator, reason, note, created_at from skips where project_id = $1) r
            join items i on i.id = r.item_id
            order by r.kind, r.created_at desc, r.id limit $2::bigint offset $3
            """,
            project_id,
            limit,
            offset,
        )
        return [Remark(*row) for row in found]

    def remark_counts(self, project_id: UUID) -> list[RemarkCount]:
        """Open flags and skips by reason, flags first, the most frequent first."""
        found = self.engine.read(
            """
            select kind, reason, count(distinct item_id) as items, count(distinct annotator) from (
              select 'flag' as kind, reason, item_id, annotator from open_flags where project_id = $1
              union all select 'skip', reason, item_id, annotator from skips where project_id = $1) r
            group by kind, reason order by kind, items desc, reason
            """,
            project_id,
        )
        return [RemarkCount(*row) for row in found]

    def add_comment(self, comment: Comment) -> None:
        """Store a comment; the same one again changes nothing."""
        self.engine.write(
            lambda query: query(
                "insert into comments values ($1, $2, $3, $4, $5, $6) on conflict (id) do nothing",
                comment.id,
                comment.project_id,
                comment.item_id,
                comment.author,
                comment.text,
                comment.created_at,
            )
        )

    def comments(self, item_id: UUID) -> list[Comment]:
        """The discussion of an item, oldest first."""
        found = self.engine.read(
            "select id, project_id, item_id, author, text, created_at from comments where item_id = $1", item_id
        )
        return sorted((Comment(*row) for row in found), key=lambda comment: (comment.created_at, comment.id))


def is_skipped(query: Query, item_id: UUID, annotator: str) -> bool:
    """Whether the annotator skipped the item."""
    return bool(query("select 1 from skips where item_id = $1 and annotator = $2", item_id, annotator))


def _is_finished(query: Query, skip: Skip) -> bool:
    repeat = query("select done_at from repeats where presentation_id = $1", skip.presentation_id)
    found = repeat or query(
        "select done_at from assignments where item_id = $1 and annotator = $2 union all "
        "select done_at from gold_pages where item_id = $1 and annotator = $2",
        skip.item_id,
        skip.annotator,
    )
    return any(done_at for (done_at,) in found)


def _leave(query: Query, skip: Skip) -> None:
    """Nothing of the item is open to its annotator any more."""
    repeat = query(
        "update repeats set done_at = $2 where presentation_id = $1 returning item_id",
        skip.presentation_id,
        skip.created_at,
    ) or query(
        "update gold_pages set done_at = $2, seen_at = $2 where presentation_id = $1 returning item_id",
        skip.presentation_id,
        skip.created_at,
    )
    counts = query(
        "select 1 from current_annotations where item_id = $1 and annotator = $2", skip.item_id, skip.annotator
    )
    if repeat:
        return
    if counts:
        query(
            "update assignments set done_at = $3, lease_until = null where item_id = $1 and annotator = $2 "
            "and done_at is null",
            skip.item_id,
            skip.annotator,
            skip.created_at,
        )
        return
    freed = query(
        "delete from assignments where item_id = $1 and annotator = $2 and done_at is null returning item_id",
        skip.item_id,
        skip.annotator,
    )
    if freed:
        query("update queue set taken = taken - 1 where item_id = $1", skip.item_id)
