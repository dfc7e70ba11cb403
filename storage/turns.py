"""Which item comes next: the order of the queue, drawn by chance or ranked by doubt.

Both are columns of the queue, so that a pick stays one query, whatever the order. They are filled when they are wanted,
and empty for what is new or was judged since.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from concord.records.kinds import Order
from storage.engine import Engine, Query

IN_ORDER: Mapping[Order, str] = {
    "oldest": "position",
    "random": "turn, position",
    "disagreement": "doubt desc nulls last, position",
}
"""How the queue is sorted."""


class Turns:
    """The order of the queue."""

    engine: Engine

    def draw_turns(self, project_id: UUID, seed: int) -> None:
        """Give each item that has none a turn by chance: a function of the seed and of its id."""
        if self.engine.read("select 1 from queue where project_id = $1 and turn is null limit 1", project_id):
            self.engine.write(
                lambda query: query(
                    "update queue set turn = ('0x' || substr(md5($2 || item_id::text), 1, 12))::bigint "
                    "where project_id = $1 and turn is null",
                    project_id,
                    f"{seed}/",
                )
            )

    def undoubted(self, project_id: UUID) -> list[UUID]:
        """The items that want further annotators and whose doubt is not known: judged by two, or by a model."""
        found = self.engine.read(
            "select item_id from queue where project_id = $1 and doubt is null and taken < wanted "
            "and (taken > 1 or item_id in (select item_id from opinions where project_id = $1)) order by position",
            project_id,
        )
        return [item_id for (item_id,) in found]

    def set_doubts(self, project_id: UUID, item_ids: Sequence[UUID], disagreement: Mapping[str, float]) -> None:
        """Note how far an item is in doubt: the greater of its annotators' disagreement and the judge's contradictions.

        Args:
            project_id: whose items.
            item_ids: the items.
            disagreement: of annotators, by the item's name, from 0 to 1; 0 where it is not given.
        """
        names = list(disagreement)
        self.engine.write(
            lambda query: query(
                """
                update queue set doubt = found.doubt from (
                  select i.id, greatest(coalesce(d.value, 0), coalesce(o.doubt, 0)) as doubt
                  from items i
                  left join (select unnest($3::text[]) as name, unnest($4::double precision[]) as value) d
                    on d.name = i.name
                  left join (select item_id, avg(case when flipped then 1.0 else 0.0 end) as doubt
                             from opinions where project_id = $1 group by item_id) o on o.item_id = i.id
                  where i.id in (select unnest($2::uuid[]))) found
                where queue.item_id = found.id
                """,
                project_id,
                list(map(str, item_ids)),
                names,
                [disagreement[name] for name in names],
            )
        )


def forget_doubts(query: Query, item_ids: Iterable[UUID]) -> None:
    """Something was said about these items, or taken back."""
    query(
        "update queue set doubt = null where doubt is not null and item_id in (select unnest($1::uuid[]))",
        list({str(item_id) for item_id in item_ids}),
    )


def forget_turns(query: Query, project_id: UUID) -> None:
    """The seed is another one."""
    query("update queue set turn = null where project_id = $1 and turn is not null", project_id)
