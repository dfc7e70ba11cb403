"""What is entered and not submitted: one state for each step of a page, the newest."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from concord.records.annotation import Annotation, kind_of
from storage.beside import is_finished
from storage.engine import Engine, Query


class UnsavedStates:
    """What annotators are at."""

    engine: Engine

    def save_unsaved(self, presentation_id: UUID, step: str, state: Mapping[str, Any], now: datetime) -> bool:
        """Keep what is entered for a step; False when it came too late: the step was submitted, or its item skipped."""

        def job(query: Query) -> bool:
            if _is_over(query, presentation_id, step):
                return False
            query(
                "insert into unsaved values ($1, $2, $3, $4) on conflict (presentation_id, step) do update set "
                "state = excluded.state, saved_at = excluded.saved_at",
                presentation_id,
                step,
                orjson.dumps(state).decode(),
                now,
            )
            return True

        return self.engine.write(job)


def forget_unsaved(query: Query, annotation: Annotation) -> None:
    """The step is submitted."""
    query(
        "delete from unsaved where presentation_id = $1 and step = $2",
        annotation.presentation_id,
        kind_of(annotation.judgement),
    )


def _is_over(query: Query, presentation_id: UUID, step: str) -> bool:
    submitted = query(
        "select 1 from annotations where presentation_id = $1 and kind = $2 "
        "and id not in (select annotation_id from undone) union all select 1 from skips where presentation_id = $1",
        presentation_id,
        step,
    )
    return bool(submitted) or is_finished(query, presentation_id)
