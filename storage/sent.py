"""The log of what left the machine: that a prompt went where, never what it said."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from concord.records.run import SentRequest, SentSummary
from storage.engine import Engine

_COLUMNS = (
    "project_id",
    "sent_at",
    "endpoint",
    "model",
    "purpose",
    "prompt_hash",
    "messages",
    "characters",
    "masked",
)


class SentLog:
    """What was sent to whom."""

    engine: Engine

    def add_sent(self, requests: Sequence[SentRequest]) -> None:
        """Note requests that left."""
        if requests:
            columns = {name: [getattr(request, name) for request in requests] for name in _COLUMNS}
            self.engine.write(lambda query: query.insert("sent", columns))

    def sent(self, project_id: UUID) -> list[SentSummary]:
        """What each endpoint got, the latest first."""
        found = self.engine.read(
            """
            select endpoint, model, purpose, count(*), count(distinct prompt_hash), sum(characters)::bigint,
                   sum(masked)::bigint, min(sent_at), max(sent_at)
            from sent where project_id = $1 group by endpoint, model, purpose order by max(sent_at) desc, purpose
            """,
            project_id,
        )
        return [SentSummary(*row) for row in found]
