"""Arms: how many items are in each, what became of canaries, and the repeats at the desk.

A repeat is an item that its annotator gets a second time, with the drafts in the opposite order. It takes no place
among the item's annotators, so it needs no lease. Its judgements stand beside the first ones.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

import orjson

from concord.records.annotation import Annotation
from concord.records.desk import ArmCount, Opening
from concord.records.watch import CanaryEdit, CanaryRanking, EditedTwice, RankedTwice
from storage.engine import Engine, Query

OTHERS_BETWEEN = 10
"""An item comes again when its annotator has finished so many others since, or when nothing else is left."""

_PLANTED = "d.params::text like '%\"planted\":{%'"
NO_REPEAT = "(presentation_id is null or presentation_id not in (select presentation_id from repeats))"
"""What is true of a judgement that was made at first sight."""


class Arms:
    """What the arms hold."""

    engine: Engine

    def arm_counts(self, project_id: UUID) -> list[ArmCount]:
        """How many items each arm has, and how many of them are finished, by arm."""
        found = self.engine.read(
            """
            with done as (select item_id, count(*) as number from assignments
                          where project_id = $1 and done_at is not null group by item_id)
            select q.arm, count(*), count(*) filter (where done.number >= q.wanted)
            from queue q left join done on done.item_id = q.item_id where q.project_id = $1
            group by q.arm order by q.arm
            """,
            project_id,
        )
        return [ArmCount(*row) for row in found]

    def canary_rankings(self, project_id: UUID) -> list[CanaryRanking]:
        """Each ranking of a canary, oldest first."""
        found = self.engine.read(
            f"""
            select faulty.item_id, faulty.annotator, faulty.tier > sound.tier
            from drafts d join placements faulty on faulty.draft_id = d.id
            join current_annotations a on a.id = faulty.annotation_id
            join drafts o on o.item_id = d.item_id and o.name = 'd1'
            join placements sound on sound.annotation_id = faulty.annotation_id and sound.draft_id = o.id
            where d.project_id = $1 and d.name <> 'd1' and {_PLANTED} order by a.created_at, a.id
            """,
            project_id,
        )
        return [CanaryRanking(*row) for row in found]

    def canary_edits(self, project_id: UUID) -> list[CanaryEdit]:
        """Each edit of a canary in which nothing is ranked, oldest first."""
        found = self.engine.read(
            f"""
            select e.item_id, e.annotator, d.params, e.text from drafts d join edits e on e.draft_id = d.id
            join current_annotations a on a.id = e.annotation_id
            where d.project_id = $1 and d.name = 'd1' and {_PLANTED} order by a.created_at, a.id
            """,
            project_id,
        )
        return [CanaryEdit(item, who, orjson.loads(params)["planted"], text) for item, who, params, text in found]

    def ranked_twice(self, project_id: UUID) -> list[RankedTwice]:
        """Each pair of drafts that one person ranked at first and at second sight, by item and name."""
        found = self.engine.read(
            """
            select r.item_id, r.annotator, sign(y.tier - x.tier)::integer, sign(v.tier - u.tier)::integer
            from repeats r
            join annotations first on first.presentation_id = r.first_id and first.kind = 'ranking'
              and first.id not in (select annotation_id from undone)
            join annotations again on again.presentation_id = r.presentation_id and again.kind = 'ranking'
              and again.id not in (select annotation_id from undone)
            join placements x on x.annotation_id = first.id
            join placements y on y.annotation_id = first.id and x.draft_id < y.draft_id
            join placements u on u.annotation_id = again.id and u.draft_id = x.draft_id
            join placements v on v.annotation_id = again.id and v.draft_id = y.draft_id
            where r.project_id = $1 order by r.item_id, r.annotator, x.draft_id, y.draft_id
            """,
            project_id,
        )
        return [RankedTwice(*row) for row in found]

    def edited_twice(self, project_id: UUID) -> list[EditedTwice]:
        """What one person wrote for an item at first and at second sight, by item and name."""
        found = self.engine.read(
            """
            select r.item_id, r.annotator, x.text, y.text
            from repeats r
            join annotations first on first.presentation_id = r.first_id and first.kind = 'edit'
              and first.id not in (select annotation_id from undone)
            join annotations again on again.presentation_id = r.presentation_id and again.kind = 'edit'
              and again.id not in (select annotation_id from undone)
            join edits x on x.annotation_id = first.id
            join edits y on y.annotation_id = again.id
            where r.project_id = $1 order by r.item_id, r.annotator
            """,
            project_id,
        )
        return [EditedTwice(*row) for row in found]


def open_repeat(query: Query, opening: Opening) -> UUID | None:
    """The presentation of the repeat that this annotator has not finished."""
    found = query(
        "select presentation_id from repeats where project_id = $1 and annotator = $2 and done_at is null "
        "order by presentation_id limit 1",
        opening.project.id,
        opening.annotator,
    )
    return found[0][0] if found else None


def due_repeat(query: Query, opening: Opening, *, others: int) -> tuple[UUID, UUID] | None:
    """(item, first presentation) of what this annotator should see again, after so many other items."""
    found = query(
        """
        with own as (
          select item_id, presentation_id, row_number() over (order by done_at desc, presentation_id desc) - 1 as since
          from assignments where project_id = $1 and annotator = $2 and done_at is not null)
        select own.item_id, own.presentation_id from own join queue q on q.item_id = own.item_id
        where q.arm = 'repeat' and own.since >= $3 and own.presentation_id is not null
          and not exists (select 1 from repeats r where r.first_id = own.presentation_id)
        order by own.since desc limit 1
        """,
        opening.project.id,
        opening.annotator,
        others,
    )
    return found[0] if found else None


def insert_repeat(query: Query, opening: Opening, item_id: UUID, first_id: UUID) -> None:
    """Note that a presentation repeats an earlier one."""
    query(
        "insert into repeats(presentation_id, first_id, project_id, item_id, annotator) values ($1, $2, $3, $4, $5)",
        opening.presentation_id,
        first_id,
        opening.project.id,
        item_id,
        opening.annotator,
    )


def repeats_among(query: Query, annotations: Iterable[Annotation]) -> set[UUID]:
    """The presentations of these judgements that are repeats."""
    shown = [str(a.presentation_id) for a in annotations if a.presentation_id]
    found = query("select presentation_id from repeats where presentation_id in (select unnest($1::uuid[]))", shown)
    return {presentation_id for (presentation_id,) in found}
