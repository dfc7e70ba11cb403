"""What a model thinks of drafts; it is never counted with people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from concord.records.kinds import Verdict


@dataclass(frozen=True)
class Opinion:
    """What a model thinks of two drafts; no annotation, and never counted as one.

    Attributes:
        verdict: `tie` also where the answer depended on the order.
        flipped: whether the model preferred the same place, not the same draft, in both orders.
    """

    id: UUID
    project_id: UUID
    item_id: UUID
    first_id: UUID
    second_id: UUID
    model: str
    verdict: Verdict
    flipped: bool
    created_at: datetime


@dataclass(frozen=True)
class JudgeSummary:
    """What a model thought of a project's drafts.

    Attributes:
        ties: pairs without a preference, flips left out.
        compared: pairs with a preference where people have one too.
        alike: those in which it is the same.
    """

    model: str
    items: int
    pairs: int
    flips: int
    ties: int
    compared: int
    alike: int
