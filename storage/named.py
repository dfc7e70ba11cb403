"""Items that only named annotators get. How many of them an item wants stays as it was."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from concord.records.desk import Assigned
from storage.engine import Engine, Query

FOR_ALL_OR_MINE = "(not {0}.named or {0}.item_id in (select item_id from named where annotator = {1}))"
"""What is true of a place `{0}` of the queue that the annotator `{1}` may take."""


class Named:
    """Who is to judge what."""

    engine: Engine

    def assign(self, project_id: UUID, item_ids: Sequence[UUID], annotators: Sequence[str], now: datetime) -> Assigned:
        """Let only these annotators have the items, beside those who were named before or have them already."""
        ids = list(map(str, item_ids))

        def job(query: Query) -> Assigned:
            query.insert(
                "named",
                {
                    "item_id": [item_id for item_id in ids for _ in annotators],
                    "annotator": list(annotators) * len(ids),
                    "project_id": [project_id] * len(ids) * len(annotators),
                    "named_at": [now] * len(ids) * len(annotators),
                },
                unless="item_id, annotator",
            )
            query("update queue set named = true where item_id in (select unnest($1::uuid[]))", ids)
            [(short,)] = query(
                """
                select count(*) from queue q where q.item_id in (select unnest($1::uuid[])) and q.wanted - q.taken > (
                  select count(*) from named n where n.item_id = q.item_id and not exists (
                    select 1 from assignments a where a.item_id = n.item_id and a.annotator = n.annotator))
                """,
                ids,
            )
            return Assigned(len(ids), short)

        return self.engine.write(job)

    def unassign(self, project_id: UUID, item_ids: Sequence[UUID] | None = None) -> int:
        """Open these items to everybody again, or all of the project; returns how many were assigned."""
        ids = None if item_ids is None else list(map(str, item_ids))
        chosen = "project_id = $1 and ($2::uuid[] is null or item_id in (select unnest($2::uuid[])))"

        def job(query: Query) -> int:
            query(f"delete from named where {chosen}", project_id, ids)
            opened = query(
                f"update queue set named = false where {chosen} and named returning item_id", project_id, ids
            )
            return len(opened)

        return self.engine.write(job)

    def assignable(self, project_id: UUID, limit: int) -> list[UUID]:
        """The first items of the queue that want annotators and are assigned to nobody."""
        found = self.engine.read(
            "select item_id from queue where project_id = $1 and not named and taken < wanted "
            "order by position limit $2",
            project_id,
            limit,
        )
        return [item_id for (item_id,) in found]
