"""What a model thinks that responses claim and their prompts do not support."""

from __future__ import annotations

from uuid import UUID

import orjson

from concord.records.checked import InformationCheck
from storage.engine import Engine


class Information:
    """Opinions on single texts of items, kept apart from what people decide."""

    engine: Engine

    def add_information_check(self, check: InformationCheck) -> None:
        """Store an opinion; the same one again changes nothing."""
        self.engine.write(
            lambda query: query(
                "insert into information_checks values ($1, $2, $3, $4, $5, $6, $7) on conflict (id) do nothing",
                check.id,
                check.project_id,
                check.item_id,
                check.text_key,
                check.model,
                orjson.dumps(check.claims).decode(),
                check.created_at,
            )
        )

    def information_keys(self, project_id: UUID, *, model: str) -> set[tuple[UUID, UUID]]:
        """(item, key of the text) of what a model was asked about."""
        return set(
            self.engine.read(
                "select item_id, text_key from information_checks where project_id = $1 and model = $2",
                project_id,
                model,
            )
        )

    def unsupported_claims(self, project_id: UUID) -> dict[tuple[UUID, UUID], tuple[str, ...]]:
        """What models quoted, by item and key of the text; the newest opinion on a text counts."""
        found = self.engine.read(
            "select distinct on (item_id, text_key) item_id, text_key, claims from information_checks "
            "where project_id = $1 order by item_id, text_key, created_at desc, id desc",
            project_id,
        )
        return {(item, key): tuple(orjson.loads(claims)) for item, key, claims in found if claims != "[]"}
