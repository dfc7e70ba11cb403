"""The drafts that are missing, read from the store a page of items at a time."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Protocol
from uuid import UUID

from concord.records.draft import Wanted
from concord.records.run import DraftingRun

PAGE = 1_000
"""Items that are read at once."""


class MissingStore(Protocol):
    """What is needed of the store to find out what is missing."""

    def wanted_drafts(
        self, project_id: UUID, *, candidates: int, limit: int, after: int = 0
    ) -> tuple[list[Wanted], int]:
        """The drafts that the next `limit` items are missing, and the place in the queue after which to go on."""
        ...


class MissingDrafts:
    """The drafts that a run is to make, one after the other; an item that has been handed out does not come again.

    The next page is read while this one is worked on.
    """

    def __init__(self, store: MissingStore, run: DraftingRun) -> None:
        self._store, self._run = store, run
        self._page = deque[Wanted]()
        self._after, self._left = 0, run.item_limit
        self._turn = asyncio.Lock()
        self._ahead: asyncio.Task[list[Wanted]] | None = None

    async def next(self) -> Wanted | None:
        """The next draft to make; None when there is none left."""
        async with self._turn:
            if not self._page:
                self._page.extend(await (self._ahead or self._read()))
                self._ahead = asyncio.create_task(self._read())
            return self._page.popleft() if self._page else None

    async def close(self) -> None:
        """Wait for what is being read."""
        if self._ahead:
            await asyncio.gather(self._ahead, return_exceptions=True)

    async def _read(self) -> list[Wanted]:
        size = PAGE if self._left is None else min(PAGE, self._left)
        if not size:
            return []
        wanted, self._after = await asyncio.to_thread(
            self._store.wanted_drafts,
            self._run.project_id,
            candidates=self._run.candidates,
            limit=size,
            after=self._after,
        )
        items = len({one.item.id for one in wanted})
        last_page = items < size
        self._left = 0 if last_page else self._left and self._left - items
        return wanted
