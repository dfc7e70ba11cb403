"""Doing the same with many items, several at a time, until all are done or none can be."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from concord.drafting.provenance import fault_of
from concord.drafting.run import HOPELESS
from concord.errors import ConcordError, RunStopped, StorageError

T = TypeVar("T")
TOGETHER = 8
"""Items that are worked on at a time."""


@dataclass
class Outcome:
    """What came of it.

    Attributes:
        items: that were done.
        failures: of items, by kind.
        message: what the last one said.
        hopeless: why no other item can be done either.
    """

    items: int = 0
    failures: Counter[str] = field(default_factory=Counter[str])
    message: str | None = None
    hopeless: ConcordError | None = None


async def each(items: Iterator[T], work: Callable[[T], Awaitable[None]]) -> Outcome:
    """Do the work for each item, and say what came of it.

    Raises:
        EndpointError: the endpoint cannot be used at all.
        StorageError: the workspace cannot be written.
    """
    outcome = Outcome()
    async with asyncio.TaskGroup() as workers:
        for _ in range(TOGETHER):
            workers.create_task(_worker(items, work, outcome))
    if outcome.hopeless and not isinstance(outcome.hopeless, RunStopped):
        raise outcome.hopeless
    return outcome


async def _worker(items: Iterator[T], work: Callable[[T], Awaitable[None]], outcome: Outcome) -> None:
    while not outcome.hopeless and (item := next(items, None)) is not None:
        try:
            await work(item)
        except ConcordError as error:
            outcome.message = str(error)
            if isinstance(error, (StorageError, RunStopped)) or fault_of(error) in HOPELESS:
                outcome.hopeless = error
            if not isinstance(error, RunStopped):
                outcome.failures[fault_of(error)] += 1
        else:
            outcome.items += 1
