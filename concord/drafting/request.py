"""What is asked of an endpoint, and what stands between whoever asks and the network.

Whoever makes a draft is given an `Ask`. It alone knows clients, limits, retries, prices and the privacy screen:

    async def summary(ask: Ask, wanted: Wanted) -> Parts:
        plan = await ask(Request(endpoint, planning(wanted.item), seed=1, purpose="plan"))
        answer = await ask(Request(endpoint, answering(wanted.item, plan.text), seed=2))
        return Parts(answer.text)
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from concord.drafting.completion import Completion
from concord.drafting.endpoint import Endpoint
from concord.records.item import Message
from concord.records.kinds import Json


@dataclass(frozen=True)
class Request:
    """One completion to ask for.

    Attributes:
        seed: makes the answers to one prompt differ.
        temperature: None is the endpoint's.
        response_format: the form of the answer as the protocol has it, such as `{"type": "json_object"}`.
        max_tokens: where the answer is cut off; None is the endpoint's own limit.
        purpose: what the answer is for; that of purpose `draft` is the draft's text.
    """

    endpoint: Endpoint
    messages: tuple[Message, ...]
    seed: int
    temperature: float | None = None
    response_format: Mapping[str, Json] | None = None
    max_tokens: int | None = None
    purpose: str = "draft"


Ask = Callable[[Request], Awaitable[Completion]]
"""Get one completion; raises `EndpointError` when there is none that can be used."""

Screen = Callable[[Sequence[Message]], Sequence[Message]]
"""What may leave the machine of a prompt. A `ConcordError` that it raises fails the draft; nothing is sent then."""

Sent = Callable[[Request], None]
"""Is told of each request the moment it leaves, with the messages as they leave; it must be quick."""


def unscreened(messages: Sequence[Message]) -> Sequence[Message]:
    """The screen that lets everything through."""
    return messages


def unlogged(_: Request) -> None:
    """What is noted of requests when nobody keeps a log."""
