"""What a project shares with one in Label Studio."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from concord.records.kinds import Json


@dataclass(frozen=True)
class LabelStudioLink:
    """The project of a Label Studio that a project is tied to.

    Attributes:
        url: where that Label Studio is, without a slash at the end.
        number: its project's id.
        reading: how the tasks are read, where others made them; None when they were pushed from here.
    """

    project_id: UUID
    url: str
    number: int
    reading: Mapping[str, Json] | None
    linked_at: datetime


@dataclass(frozen=True)
class LabelStudioTask:
    """The task that shows an item in Label Studio, with its drafts in the order shown."""

    item_id: UUID
    project_id: UUID
    number: int
    shown: tuple[UUID, ...]
    noted_at: datetime
