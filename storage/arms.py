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
from concord.records.watch import AnsweredTwice, CanaryEdit, CanaryRanking, EditedTwice, RankedTwice
from storage.engine import Engine, Query, Values

OTHERS_BETWEEN = 10
"""An item comes again when its annotator has finished so many others since, or when nothing else is left."""

_PLANTED = "d.params::text like '%\"planted\":{%'"
NO_REPEAT = "(presentation_id is null or presentation_id not in (select presentation_id from repeats))"
"""What is true of a judgement that was made at first sight."""
_BOTH_SIGHTS = """
from repeats r
join annotations first on first.presentation_id = r.first_id and first.id not in (select annotation_id from undone)
join annotations again on again.presentation_id = r.presentation_id and again.kind = first.kind
  and again.id not in (select annotation_id from undone)
"""
"""The judgements of a kind that one person made of an item at first (`first`) and at second sight (`again`)."""


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
        """Each ranking of a canary, and each comparison of its two, oldest first."""
        found = self.engine.read(
            f"""
            with pairs as (
              select d.id as faulty, o.id as sound from drafts d
              join drafts o on o.item_id = d.item_id and o.name = 'd1'
              where d.project_id = $1 and d.name <> 'd1' and {_PLANTED}),
            judged as (
              select x.annotation_id, x.item_id, x.annotator, x.tier > y.tier as seen
              from pairs p join placements x on x.draft_id = p.faulty
              join placements y on y.annotation_id = x.annotation_id and y.draft_id = p.sound
              union all
              select c.annotation_id, c.item_id, c.annotator, w.value = p.sound::text
              from pairs p
              join comparisons c on p.faulty in (c.one_id, c.other_id) and p.sound in (c.one_id, c.other_id)
              join answers w on w.annotation_id = c.annotation_id where c.project_id = $1)
            select j.item_id, j.annotator, j.seen from judged j join current_annotations a on a.id = j.annotation_id
            order by a.created_at, a.id
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
        """Each pair of drafts that one person ranked or compared at first and at second sight, by item and name."""
        found = self._seen_twice(
            f"""
            with pairs as (
              select x.annotation_id, x.draft_id as one, y.draft_id as other, sign(y.tier - x.tier)::integer as won
              from placements x join placements y on y.annotation_id = x.annotation_id and x.draft_id < y.draft_id
              where x.project_id = $1
              union all
              select c.annotation_id, c.one_id, c.other_id,
                     case w.value when c.one_id::text then 1 when c.other_id::text then -1 else 0 end
              from comparisons c join answers w on w.annotation_id = c.annotation_id where c.project_id = $1)
            select r.item_id, r.annotator, x.won, y.won
            {_BOTH_SIGHTS}
            join pairs x on x.annotation_id = first.id
            join pairs y on y.annotation_id = again.id and y.one = x.one and y.other = x.other
            where r.project_id = $1 order by r.item_id, r.annotator, x.one, x.other
            """,
            project_id,
        )
        return [RankedTwice(*row) for row in found]

    def edited_twice(self, project_id: UUID) -> list[EditedTwice]:
        """What one person wrote for an item at first and at second sight, by item and name."""
        found = self._seen_twice(
            f"""
            select r.item_id, r.annotator, x.text, y.text
            {_BOTH_SIGHTS}
            join edits x on x.annotation_id = first.id
            join edits y on y.annotation_id = again.id
            where r.project_id = $1 order by r.item_id, r.annotator
            """,
            project_id,
        )
        return [EditedTwice(*row) for row in found]

    def answered_twice(self, project_id: UUID) -> list[AnsweredTwice]:
        """Each question that one person answered by a choice or a number at both sights, by item, name and question."""
        found = self._seen_twice(
            f"""
            select r.item_id, r.annotator, x.value = y.value
            {_BOTH_SIGHTS}
            join answers x on x.annotation_id = first.id
            join answers y on y.annotation_id = again.id and y.kind = x.kind and y.question = x.question
            where r.project_id = $1 order by r.item_id, r.annotator, x.kind, x.question
            """,
            project_id,
        )
        return [AnsweredTwice(*row) for row in found]

    def _seen_twice(self, sql: str, project_id: UUID) -> Values:
        """What a query finds of repeats, where there are any; if not, no million judgements are joined in vain."""
        any_repeat = self.engine.read("select 1 from repeats where project_id = $1 limit 1", project_id)
        return self.engine.read(sql, project_id) if any_repeat else []


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
