"""Saving in groups: what comes within a few hundredths of a second is stored together.

A draft alone costs the store as much as twenty: what counts is the transaction. A draft is done once it is stored.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Protocol

from concord.records.draft import Draft
from concord.records.run import DraftFailure

GATHER = 0.08
"""Seconds in which answers gather before they are stored."""

Result = Draft | DraftFailure


class ResultStore(Protocol):
    """What the saver needs of the store."""

    def add_results(self, drafts: Sequence[Draft], failures: Sequence[DraftFailure]) -> None:
        """Store drafts, and failures of drafts, in one transaction."""
        ...


class Saver:
    """Stores results as they come; `most` of them may wait, then whoever brings more waits too.

    Args:
        store: where they go.
        saved: is told of each group once it is stored.
        most: results that wait, at most.
    """

    def __init__(self, store: ResultStore, saved: Callable[[Sequence[Result]], None], *, most: int) -> None:
        self._store, self._saved = store, saved
        self._waiting: asyncio.Queue[Result | None] = asyncio.Queue(most)

    async def add(self, result: Result) -> None:
        """Hand over a result."""
        await self._waiting.put(result)

    async def end(self) -> None:
        """No more will come."""
        await self._waiting.put(None)

    async def work(self) -> None:
        """Store what comes, until the end.

        Raises:
            StorageError: it could not be stored.
        """
        more = True
        while more:
            group = [await self._waiting.get()]
            await asyncio.sleep(GATHER)
            while not self._waiting.empty():
                group.append(self._waiting.get_nowait())
            more = None not in group
            await self._save([result for result in group if result is not None])

    async def _save(self, results: Sequence[Result]) -> None:
        if results:
            drafts = [result for result in results if isinstance(result, Draft)]
            failures = [result for result in results if isinstance(result, DraftFailure)]
            await asyncio.to_thread(self._store.add_results, drafts, failures)
            self._saved(results)
