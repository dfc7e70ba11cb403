"""What a drafting run is told."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from concord.drafting.recipe import Recipe
from concord.drafting.request import Screen, Sent, unlogged, unscreened
from concord.records.run import DraftingRun


def nothing() -> None:
    """What is done at the end of a run for which nobody waits."""


@dataclass(frozen=True)
class DraftOptions:
    """What a run does, and within which limits.

    Attributes:
        candidates: how many drafts an item should have.
        limit: how many items to look after at most.
        max_cost: US dollars that it may take at most.
        recipe: how a draft is made; None is one completion of the item's messages.
        screen: what may leave the machine.
        sent: is told of each request that leaves.
        ended: is called once when the run has ended; it may block.
        models: the names of the models that take part, where it is not the endpoint's alone.
    """

    candidates: int
    limit: int | None = None
    max_cost: float | None = None
    recipe: Recipe | None = None
    screen: Screen = unscreened
    sent: Sent = unlogged
    ended: Callable[[], None] = nothing
    models: str | None = None


def rest_of(run: DraftingRun) -> DraftOptions:
    """What is left to do of a run that did not reach its end, within what is left of its limits."""
    items = math.ceil((run.total - run.done) / run.candidates)
    money = None if run.max_cost is None else max(run.max_cost - (run.cost or 0.0), 0.0)
    return DraftOptions(run.candidates, None if run.item_limit is None else items, money)
