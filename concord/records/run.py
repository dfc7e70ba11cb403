"""Drafting runs: how far they are, what they took, what went wrong, what was sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from concord.records.kinds import RunState


class Usage(NamedTuple):
    """What the drafts of a model took: how many were counted, their tokens, the characters of their prompts."""

    drafts: int
    tokens_in: int
    tokens_out: int
    characters: int


@dataclass(frozen=True)
class Costs:
    """What the drafts of a project cost.

    Attributes:
        cost: US dollars of all drafts whose cost is known.
        drafts: drafts that a model wrote.
        unknown: those of them whose cost is unknown.
        accepted: items with a model's draft that somebody ranked best (ties included) or began an edit from.
    """

    cost: float
    drafts: int
    unknown: int
    accepted: int


@dataclass(frozen=True)
class DraftingRun:
    """One run of the drafter over a project: what it was told, how far it is, what it took, how it ended.

    Attributes:
        total: drafts that were missing when it began.
        candidates: drafts an item should have.
        item_limit: items to look after at most.
        max_cost: US dollars that it may take at most.
        cost: US dollars so far, repeated requests included as far as they were counted; None when a price is unknown.
        uncounted: answers that came without a count of their tokens, and are in no sum.
        repeated: requests that had to be made again.
    """

    id: UUID
    project_id: UUID
    model: str
    total: int
    done: int
    failed: int
    state: RunState
    started_at: datetime
    finished_at: datetime | None = None
    message: str | None = None
    candidates: int = 1
    item_limit: int | None = None
    max_cost: float | None = None
    tokens_in: int = 0
    tokens_out: int = 0
    cost: float | None = None
    uncounted: int = 0
    repeated: int = 0


@dataclass(frozen=True)
class FailureKind:
    """Failures of one kind in a run: how many, and what the last one said."""

    fault: str
    count: int
    message: str


@dataclass(frozen=True)
class DraftFailure:
    """A completion that did not come, and why."""

    id: UUID
    run_id: UUID
    item_id: UUID
    name: str
    fault: str
    message: str
    created_at: datetime


@dataclass(frozen=True)
class SentRequest:
    """That a prompt left for an endpoint; not what it said.

    Attributes:
        endpoint: its address.
        purpose: what the answer was for: `draft`, `plan`, `judge`, ….
        messages: how many there were.
        characters: of all messages together.
        masked: how many findings of the privacy scan had been masked.
    """

    project_id: UUID
    sent_at: datetime
    endpoint: str
    model: str
    purpose: str
    prompt_hash: str
    messages: int
    characters: int
    masked: int


@dataclass(frozen=True)
class SentSummary:
    """What one endpoint got of a project for one purpose; `prompts` are the different ones."""

    endpoint: str
    model: str
    purpose: str
    requests: int
    prompts: int
    characters: int
    masked: int
    first_at: datetime
    last_at: datetime
