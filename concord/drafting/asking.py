"""Asking: the one way by which a prompt leaves the machine."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import replace
from types import TracebackType

import openai

from concord.drafting.completion import Completion, complete
from concord.drafting.endpoint import Endpoint, open_client
from concord.drafting.request import Request, Screen, Sent, unlogged, unscreened


class Asker:
    """An `Ask` with a client for each endpoint; the clients are closed when its block ends."""

    def __init__(self, *, screen: Screen = unscreened, sent: Sent = unlogged) -> None:
        self._screen, self._sent = screen, sent
        self._clients: dict[Endpoint, openai.AsyncOpenAI] = {}
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Asker:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    async def __call__(self, request: Request) -> Completion:
        """Get one completion.

        Raises:
            EndpointError: there is none that can be used.
            ConcordError: the screen lets nothing of it through.
        """
        client = await self._client(request.endpoint)
        leaving = replace(request, messages=tuple(self._screen(request.messages)))
        self._sent(leaving)
        return await complete(
            client,
            request.endpoint,
            leaving.messages,
            seed=request.seed,
            temperature=request.temperature,
            response_format=request.response_format,
            max_tokens=request.max_tokens,
        )

    async def _client(self, endpoint: Endpoint) -> openai.AsyncOpenAI:
        if endpoint not in self._clients:
            self._clients[endpoint] = await self._stack.enter_async_context(open_client(endpoint))
        return self._clients[endpoint]
