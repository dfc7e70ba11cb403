"""Asking: the one way by which a prompt leaves the machine, with limits, repetitions and a count of what it costs."""

from __future__ import annotations

import asyncio
import random
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from itertools import count
from types import TracebackType

import openai

from concord.drafting.completion import Completion, complete
from concord.drafting.cost import Meter, about_tokens, cost_of
from concord.drafting.endpoint import Endpoint, open_client
from concord.drafting.gate import Gate
from concord.drafting.repeating import ATTEMPTS, LONGEST_WAIT, OTHER_ATTEMPTS, pause_before
from concord.drafting.request import Request, Screen, Sent, unlogged, unscreened
from concord.errors import EndpointError, RunStopped

_FULL = frozenset(("rate_limited", "timeout"))
"""Faults that mean: fewer at once. A server that fails does too, when it says that it is overloaded."""


@dataclass
class _Route:
    """The way to one endpoint.

    Attributes:
        streams: answers come in pieces, since one took longer than the timeout.
    """

    client: openai.AsyncOpenAI
    gate: Gate
    streams: bool = False


class Asker:
    """An `Ask`; it belongs to one event loop, and closes its clients when its block ends.

    Attributes:
        meter: what has been spent, and the ceiling.
    """

    def __init__(self, *, meter: Meter | None = None, screen: Screen = unscreened, sent: Sent = unlogged) -> None:
        self.meter = meter or Meter()
        self._screen, self._sent = screen, sent
        self._routes: dict[tuple[str | None, str], _Route] = {}
        self._stack = AsyncExitStack()
        self._stopped = False

    async def __aenter__(self) -> Asker:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    @property
    def in_flight(self) -> int:
        """Requests under way."""
        return sum(route.gate.in_flight for route in self._routes.values())

    def stop(self) -> None:
        """Send nothing more; what is under way goes on."""
        self._stopped = True

    async def __call__(self, request: Request) -> Completion:
        """Get one completion; what may pass is waited for and asked for again.

        Raises:
            EndpointError: there is none that can be used.
            RunStopped: nothing more is sent, or it would pass the cost ceiling.
            ConcordError: the screen lets nothing of it through.
        """
        leaving = replace(request, messages=tuple(self._screen(request.messages)))
        route = await self._route(request.endpoint)
        for attempt in count(1):
            try:
                return await self._attempt(route, leaving)
            except EndpointError as error:
                if not _worth_repeating(error, attempt):
                    raise
                pause = pause_before(attempt + 1, asked=error.retry_after, chance=random.random())
            self.meter.repeat()
            await asyncio.sleep(pause)
        raise AssertionError  # count() does not end

    async def _attempt(self, route: _Route, request: Request) -> Completion:
        price, meter = request.endpoint.price, self.meter
        tokens_in = about_tokens(sum(len(message.content) for message in request.messages))
        tokens_out = request.max_tokens or meter.expected_answer()
        guess = cost_of(price, tokens_in, tokens_out) or 0.0
        async with meter.reserved(price, tokens_in, tokens_out), route.gate.passage(tokens_in + tokens_out):
            if self._stopped:
                raise RunStopped("Stopped.")
            completion = await self._completion(route, request)
            cost = meter.add(price, completion.tokens_in, completion.tokens_out, guess=guess)
        taken = (completion.tokens_in or tokens_in) + (completion.tokens_out or tokens_out)
        route.gate.settle(taken - tokens_in - tokens_out)
        return replace(completion, cost=cost)

    async def _completion(self, route: _Route, request: Request) -> Completion:
        """One request, and what its outcome tells about the endpoint."""
        begun = time.monotonic()
        self._sent(request)
        try:
            completion = await complete(
                route.client,
                request.endpoint,
                request.messages,
                seed=request.seed,
                temperature=request.temperature,
                response_format=request.response_format,
                max_tokens=request.max_tokens,
                stream=route.streams,
            )
        except EndpointError as error:
            _learn(route, error, begun=begun)
            raise
        route.gate.window.answered(completion.latency)
        return completion

    async def _route(self, endpoint: Endpoint) -> _Route:
        place = (endpoint.base_url, endpoint.key_variable)
        if place not in self._routes:
            client = await self._stack.enter_async_context(open_client(endpoint, retries=0))
            self._routes.setdefault(place, _Route(client, Gate(endpoint.limits)))
        return self._routes[place]


def _worth_repeating(error: EndpointError, attempt: int) -> bool:
    asked = error.retry_after or 0.0
    return error.passing and attempt < ATTEMPTS.get(error.fault, OTHER_ATTEMPTS) and asked <= LONGEST_WAIT


def _learn(route: _Route, error: EndpointError, *, begun: float) -> None:
    if error.fault in _FULL or (error.fault == "server" and error.passing):
        route.gate.window.refused(begun=begun, now=time.monotonic())
    if error.fault == "timeout":
        route.streams = True
    if error.retry_after and error.retry_after <= LONGEST_WAIT:
        route.gate.hold(error.retry_after)
