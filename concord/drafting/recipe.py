"""Recipes: how one draft is made of one or more completions."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from concord.drafting.endpoint import Endpoint
from concord.drafting.request import Ask, Request
from concord.records.draft import Wanted
from concord.records.kinds import Flag, Json


@dataclass(frozen=True)
class Parts:
    """What a recipe makes; what it asked for, and what that cost, is noted by whoever gave it `ask`.

    Attributes:
        text: the draft.
        few_shot: the approved answers that were shown as examples.
        params: what else should be kept with the draft.
        flags: what is wrong with the draft.
    """

    text: str
    few_shot: tuple[UUID, ...] = ()
    params: Mapping[str, Json] = field(default_factory=dict[str, Json])
    flags: tuple[Flag, ...] = ()


Recipe = Callable[[Ask, Wanted], Awaitable[Parts]]
"""Make one draft. Errors: `EndpointError` and other `ConcordError`s fail this draft alone."""


def seed_of(wanted: Wanted) -> int:
    """The seed of a draft: those of one item follow each other, so that they differ; each item begins elsewhere."""
    start = wanted.item.id.int & 0x3FFF_FFFF
    return start + int(wanted.name.removeprefix("d"))


def one_completion(endpoint: Endpoint) -> Recipe:
    """The plain recipe: the item's messages are sent, and the answer is the draft."""

    async def recipe(ask: Ask, wanted: Wanted) -> Parts:
        completion = await ask(Request(endpoint, wanted.item.messages, seed_of(wanted)))
        return Parts(completion.text)

    return recipe
