"""Drafts, and those that are missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple
from uuid import UUID

from concord.records.item import Item
from concord.records.kinds import Flag, Json


@dataclass(frozen=True)
class Draft:
    """One candidate for an item; immutable.

    Attributes:
        name: unique in the item: `d1`, `d2`, … for drafts made here, the response's id for drafts from a file.
        params: the request's settings (temperature, seed, …).
        prompt_hash: sha256 (hex) of the messages that were sent.
        cost: US dollars; None when the price is unknown.
        latency: seconds.
        flags: what a person should know before it is shown, see `concord.drafting.flags`.
    """

    id: UUID
    project_id: UUID
    item_id: UUID
    name: str
    text: str
    source: Literal["model", "file"]
    created_at: datetime
    model: str | None = None
    params: Mapping[str, Json] = field(default_factory=dict[str, Json])
    prompt_hash: str | None = None
    template_version: str | None = None
    few_shot: tuple[UUID, ...] = ()
    tokens_in: int | None = None
    tokens_out: int | None = None
    cost: float | None = None
    latency: float | None = None
    run_id: UUID | None = None
    flags: tuple[Flag, ...] = ()


@dataclass(frozen=True)
class Wanted:
    """A draft that is still missing: the item, and the name that the draft will have."""

    item: Item
    name: str


class Missing(NamedTuple):
    """What an item or a project lacks: items without all their drafts, those drafts, the characters of their prompts.

    A prompt counts once for each of its drafts, because it is sent for each.
    """

    items: int
    drafts: int
    characters: int
