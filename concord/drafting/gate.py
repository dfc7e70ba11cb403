"""The gate of one endpoint: requests pass when its limits allow, first come, first served."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from concord.drafting.limits import Limits, Pace, Window


class Gate:
    """Lets requests through; it is used in one event loop only.

    Attributes:
        window: how many may be under way; whoever asks tells it how it went.
        in_flight: how many are under way.
    """

    def __init__(self, limits: Limits) -> None:
        self.window = Window(limits.concurrency)
        self.in_flight = 0
        self._requests, self._tokens = Pace(limits.requests_per_minute), Pace(limits.tokens_per_minute)
        self._held_until = float("-inf")
        self._turn = asyncio.Lock()
        self._someone_left = asyncio.Event()

    @asynccontextmanager
    async def passage(self, tokens: float) -> AsyncGenerator[None]:
        """Wait for a place, and keep it while the block runs; `tokens` is what the request will take, about."""
        async with self._turn:
            while self.in_flight >= self.window.size:
                self._someone_left.clear()
                await self._someone_left.wait()
            while (wait := self._wait()) > 0:
                await asyncio.sleep(wait)
            now = time.monotonic()
            self._requests.take(1, now=now)
            self._tokens.take(tokens, now=now)
            self.in_flight += 1
        try:
            yield
        finally:
            self.in_flight -= 1
            self._someone_left.set()

    def hold(self, seconds: float) -> None:
        """Let nothing through for so long."""
        self._held_until = max(self._held_until, time.monotonic() + seconds)

    def settle(self, difference: float) -> None:
        """A request took so many tokens more than was thought."""
        self._tokens.settle(difference)

    def _wait(self) -> float:
        now = time.monotonic()
        return max(self._held_until - now, self._requests.wait(now=now), self._tokens.wait(now=now))
