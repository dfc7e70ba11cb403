"""What reviewers decided, and the items that came of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import orjson

from concord.errors import NotFound
from concord.records.annotation import Adjudication
from concord.records.desk import Places
from concord.records.item import Item, ItemOrigin
from concord.records.watch import BesideDecision, EditDecided
from storage.engine import Engine, Query
from storage.items import SELECT_ITEM, item_record

NEWEST_DECISIONS = (
    "select distinct on (item_id) * from adjudications where project_id = $1 order by item_id, created_at desc, id desc"
)
"""The decision that counts of each item of a project."""
_BESIDE = f"""
with decided as ({NEWEST_DECISIONS}),
picked as (select item_id, draft_id from decided where decision = 'pick' and draft_id is not null),
best as (
  select p.annotation_id, p.item_id, p.annotator, min(p.tier) as tier
  from placements p join picked k on k.item_id = p.item_id where p.project_id = $1
  group by p.annotation_id, p.item_id, p.annotator),
ranked as (
  select b.annotation_id, b.item_id, b.annotator, q.tier = b.tier as same
  from best b join picked k on k.item_id = b.item_id
  join placements q on q.annotation_id = b.annotation_id and q.draft_id = k.draft_id),
compared as (
  select a.annotation_id, a.item_id, a.annotator, a.value = k.draft_id::text as same
  from answers a join picked k on k.item_id = a.item_id
  left join comparisons n on n.annotation_id = a.annotation_id
  where a.project_id = $1 and a.kind = 'comparison' and a.value not in ('tie', 'both_bad')
    and (n.annotation_id is null or k.draft_id in (n.one_id, n.other_id)))
select j.item_id, j.annotator, j.same
from (select * from ranked union all select * from compared) j
join current_annotations c on c.id = j.annotation_id
join items i on i.id = j.item_id
where i.arm = 'drafted' and i.id not in (select item_id from gold where project_id = $1)
order by j.item_id, j.annotator, j.annotation_id
"""

_EDITS_DECIDED = f"""
with decided as ({NEWEST_DECISIONS})
select e.item_id, e.annotator, e.text, d.text
from edits e
join decided d on d.item_id = e.item_id and d.decision in ('pick', 'edit') and d.text is not null
join current_annotations c on c.id = e.annotation_id
join queue q on q.item_id = e.item_id
where e.project_id = $1 and q.arm = 'drafted' order by e.item_id, e.annotator, e.annotation_id
"""


class Decisions:
    """Adjudications, kept for ever; the newest of an item counts."""

    engine: Engine

    def add_adjudication(self, adjudication: Adjudication, *, further: int = 0) -> None:
        """Store a decision; the same one again changes nothing.

        Args:
            adjudication: the decision.
            further: how many annotators the item wants beside those who had it; by default it is given out no more, and
                who has it now may still submit.
        """
        self.engine.write(lambda query: insert_adjudication(query, adjudication, further))

    def undecided_items(self, project_id: UUID) -> list[Item]:
        """Items that count only by a decision, and whose newest is none or sent them back; in queue order."""
        found = self.engine.read(
            f"{SELECT_ITEM} join queue q on q.item_id = i.id left join ({NEWEST_DECISIONS}) d "
            "on d.item_id = i.id where i.project_id = $1 and i.kind <> 'response' "
            "and coalesce(d.decision, 'send_back') = 'send_back' order by q.position",
            project_id,
        )
        return [item_record(row) for row in found]

    def places(self, item_id: UUID) -> Places:
        """How many annotators an item wants, has, and has had."""
        found = self.engine.read(
            "select q.wanted, q.taken, (select count(*) from assignments a where a.item_id = q.item_id "
            "and a.done_at is not null) from queue q where q.item_id = $1",
            item_id,
        )
        if not found:
            raise NotFound(f"There is no item {item_id}. Check the id.")
        return Places(*found[0])

    def adjudications(self, project_id: UUID) -> list[Adjudication]:
        """All decisions in a project, newest first."""
        found = self.engine.read(
            "select id, project_id, item_id, reviewer, decision, draft_id, text, reason, created_at "
            "from adjudications where project_id = $1 order by created_at desc, id desc",
            project_id,
        )
        return [Adjudication(*row) for row in found]

    def beside_decisions(self, project_id: UUID) -> list[BesideDecision]:
        """Each ranking or decided comparison of an item whose newest decision picks a draft; main arm."""
        return [BesideDecision(*row) for row in self.engine.read(_BESIDE, project_id)]

    def edits_decided(self, project_id: UUID) -> list[EditDecided]:
        """Each edit of an item whose newest decision has a text, beside that text; main arm."""
        return [EditDecided(*row) for row in self.engine.read(_EDITS_DECIDED, project_id)]

    def add_origin(self, origin: ItemOrigin) -> None:
        """Note where an item came from; the same note again changes nothing."""
        self.engine.write(lambda query: insert_origin(query, origin))

    def origins(self, project_id: UUID) -> list[ItemOrigin]:
        """The items of a project that no row made, oldest first."""
        found = self.engine.read(
            "select item_id, project_id, method, sources, draft_id, adjudication_id, created_at from origins "
            "where project_id = $1 order by created_at, item_id",
            project_id,
        )
        return [_origin(row) for row in found]


def insert_adjudication(query: Query, adjudication: Adjudication, further: int = 0) -> None:
    """Store a decision, unless it is there, and let the item want only so many `further` annotators."""
    if query("select 1 from adjudications where id = $1", adjudication.id):
        return
    query(
        "insert into adjudications values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        adjudication.id,
        adjudication.project_id,
        adjudication.item_id,
        adjudication.reviewer,
        adjudication.decision,
        adjudication.draft_id,
        adjudication.text,
        adjudication.reason,
        adjudication.created_at,
    )
    query(
        "update queue set wanted = case when $2 > 0 then taken + $2 else 0 end where item_id = $1",
        adjudication.item_id,
        further,
    )


def insert_origin(query: Query, origin: ItemOrigin) -> None:
    """Store where an item came from, unless that is known."""
    query(
        "insert into origins values ($1, $2, $3, $4, $5, $6, $7) on conflict (item_id) do nothing",
        origin.item_id,
        origin.project_id,
        origin.method,
        orjson.dumps([str(source) for source in origin.sources]).decode(),
        origin.draft_id,
        origin.adjudication_id,
        origin.created_at,
    )


def _origin(row: tuple[Any, ...]) -> ItemOrigin:
    item_id, project_id, method, sources, *rest = row
    return ItemOrigin(item_id, project_id, method, tuple(map(UUID, orjson.loads(sources))), *rest)
