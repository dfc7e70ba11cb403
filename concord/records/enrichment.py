"""New prompts from those that are there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from concord.records.draft import Draft
from concord.records.item import Item
from concord.records.kinds import ItemMethod


@dataclass(frozen=True)
class ApprovedAnswer:
    """An answer that people let count, with the item that it answers."""

    item: Item
    text: str


@dataclass(frozen=True)
class Enrichment:
    """One request for new prompts, as it was answered; asking for it again makes the same id.

    Attributes:
        id: also that of the item of `kind = prompt`, if a candidate was left to judge.
        sources: the items that it was made from.
        seed: the person's, from which the request's own follows.
        candidates: how many were left to judge.
        requests: completions that were paid for: two when the first was repaired or topped up.
        tokens_in: tokens of all of them; None when the endpoint does not count.
    """

    id: UUID
    project_id: UUID
    method: ItemMethod
    sources: tuple[UUID, ...]
    seed: int
    model: str
    candidates: int
    requests: int
    tokens_in: int | None
    tokens_out: int | None
    created_at: datetime


@dataclass(frozen=True)
class RefusedPrompt:
    """A candidate that says what a prompt says that is there already.

    Attributes:
        repeats: the text that it repeats.
        repeated_item: the item of that prompt; where another candidate is repeated, the one that it was made for.
        similarity: of the two texts, ROUGE-L from 0 to 1; 1.0 when they are equal.
    """

    id: UUID
    project_id: UUID
    enrichment_id: UUID
    text: str
    repeats: str
    repeated_item: UUID
    similarity: float
    created_at: datetime


@dataclass(frozen=True)
class Harvest:
    """What one request for new prompts brought; `item` is what people will judge, None when no candidate is left."""

    enrichment: Enrichment
    item: Item | None
    drafts: tuple[Draft, ...]
    refused: tuple[RefusedPrompt, ...]
