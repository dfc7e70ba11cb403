"""What annotators say of an item beside judging it: skips, flags, comments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple
from uuid import UUID

from concord.records.kinds import FlagReason, SkipReason


@dataclass(frozen=True)
class Skip:
    """That an annotator left an item unjudged, and why; it is no vote, and they are never given the item again.

    Attributes:
        presentation_id: what was on the screen; None when it was skipped elsewhere.
    """

    id: UUID
    project_id: UUID
    item_id: UUID
    annotator: str
    presentation_id: UUID | None
    reason: SkipReason
    note: str
    seconds: float | None
    created_at: datetime


@dataclass(frozen=True)
class ItemFlag:
    """That something is wrong with an item, judged or not; a reviewer's later approval lifts it."""

    id: UUID
    project_id: UUID
    item_id: UUID
    annotator: str
    presentation_id: UUID
    reason: FlagReason
    note: str
    created_at: datetime


@dataclass(frozen=True)
class Comment:
    """One contribution to the discussion of an item."""

    id: UUID
    project_id: UUID
    item_id: UUID
    author: str
    text: str
    created_at: datetime


class Remark(NamedTuple):
    """A skip, or a flag that nobody has lifted, with the name of its item."""

    kind: Literal["skip", "flag"]
    item: str
    annotator: str
    reason: str
    note: str
    created_at: datetime


class RemarkCount(NamedTuple):
    """How many items were skipped, or are flagged, for a reason, and by how many annotators."""

    kind: Literal["skip", "flag"]
    reason: str
    items: int
    annotators: int
