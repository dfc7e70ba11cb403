"""What a model thinks of drafts, kept apart from what people decide."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from concord.records.item import Item
from concord.records.opinion import JudgeSummary, Opinion
from storage.engine import Engine, Query
from storage.items import SELECT_ITEM, item_record
from storage.preferences import PAIRS
from storage.reports import PEOPLE
from storage.turns import forget_doubts

_COLUMNS = ("id", "project_id", "item_id", "first_id", "second_id", "model", "verdict", "flipped", "created_at")


class Opinions:
    """The judge's."""

    engine: Engine

    def unjudged_items(self, project_id: UUID, *, model: str, limit: int | None = None) -> list[Item]:
        """Items of the main arm with two different drafts or more, of which this model has not judged any."""
        found = self.engine.read(
            f"""
            {SELECT_ITEM} join queue q on q.item_id = i.id
            where i.project_id = $1 and q.arm = 'drafted' and i.kind = 'response' and q.drafts > 1
              and i.id not in (select item_id from opinions where project_id = $1 and model = $2)
            order by q.position limit $3::bigint
            """,
            project_id,
            model,
            limit,
        )
        return [item_record(row) for row in found]

    def add_opinions(self, opinions: Sequence[Opinion]) -> int:
        """Store what a model thinks of the drafts of an item; returns how many are new."""
        if not opinions:
            return 0
        columns = {name: [getattr(opinion, name) for opinion in opinions] for name in _COLUMNS}

        def job(query: Query) -> int:
            forget_doubts(query, [opinion.item_id for opinion in opinions])
            return query.insert("opinions", columns, unless="id")

        return self.engine.write(job)

    def judge_summaries(self, project_id: UUID) -> list[JudgeSummary]:
        """What each model thought, by model, and how often most people who preferred one of the two think alike."""
        people = [name for (name,) in self.engine.read(PEOPLE, project_id)]
        found = self.engine.read(
            f"""
            {PAIRS},
            leanings as (
              select o.id, sum(case when o.first_id = p.one then p.won else -p.won end) as lean
              from opinions o join current_pairs p on p.item_id = o.item_id
                and ((p.one = o.first_id and p.other = o.second_id) or (p.one = o.second_id and p.other = o.first_id))
              where o.project_id = $1 and not exists (select 1 from apart a where a.item_id = o.item_id)
              group by o.id)
            select o.model, count(distinct o.item_id), count(*), count(*) filter (where o.flipped),
                   count(*) filter (where o.verdict = 'tie' and not o.flipped),
                   count(*) filter (where o.verdict <> 'tie' and p.lean <> 0),
                   count(*) filter (where (o.verdict = 'first' and p.lean > 0) or (o.verdict = 'second' and p.lean < 0))
            from opinions o left join leanings p on p.id = o.id
            where o.project_id = $1 group by o.model order by o.model
            """,
            project_id,
            people,
        )
        return [JudgeSummary(*row) for row in found]

    def order_by_doubt(self, project_id: UUID) -> None:
        """Put those items first in the queue in which the judge contradicted itself most; the rest stays in order."""
        self.engine.write(
            lambda query: query(
                """
                update queue set position = ranked.position from (
                  select q.item_id, row_number() over (order by coalesce(o.doubt, 0) desc, q.position) as position
                  from queue q left join (
                    select item_id, avg(case when flipped then 1.0 else 0.0 end) as doubt
                    from opinions where project_id = $1 group by item_id) o on o.item_id = q.item_id
                  where q.project_id = $1) ranked
                where queue.item_id = ranked.item_id
                """,
                project_id,
            )
        )
