"""What reviewers decided, and the items that came of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import orjson

from concord.records import Adjudication, ItemOrigin
from storage.engine import Engine


class Decisions:
    """Adjudications, kept for ever; the newest of an item counts."""

    engine: Engine

    def add_adjudication(self, adjudication: Adjudication) -> None:
        """Store a decision; the same one again changes nothing."""
        self.engine.write(
            lambda query: query(
                "insert into adjudications values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (id) do nothing",
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
        )

    def adjudications(self, project_id: UUID) -> list[Adjudication]:
        """All decisions in a project, newest first."""
        found = self.engine.read(
            "select id, project_id, item_id, reviewer, decision, draft_id, text, reason, created_at "
            "from adjudications where project_id = $1 order by created_at desc, id desc",
            project_id,
        )
        return [Adjudication(*row) for row in found]

    def add_origin(self, origin: ItemOrigin) -> None:
        """Note where an item came from; the same note again changes nothing."""
        self.engine.write(
            lambda query: query(
                "insert into origins values ($1, $2, $3, $4, $5, $6, $7) on conflict (item_id) do nothing",
                origin.item_id,
                origin.project_id,
                origin.method,
                orjson.dumps([str(source) for source in origin.sources]).decode(),
                origin.draft_id,
                origin.adjudication_id,
                origin.created_at,
            )
        )

    def origins(self, project_id: UUID) -> list[ItemOrigin]:
        """The items of a project that no row made, oldest first."""
        found = self.engine.read(
            "select item_id, project_id, method, sources, draft_id, adjudication_id, created_at from origins "
            "where project_id = $1 order by created_at, item_id",
            project_id,
        )
        return [_origin(row) for row in found]


def _origin(row: tuple[Any, ...]) -> ItemOrigin:
    item_id, project_id, method, sources, *rest = row
    return ItemOrigin(item_id, project_id, method, tuple(map(UUID, orjson.loads(sources))), *rest)
