"""Missing information: what a response claims and its prompt does not support, in the opinion of a model.

An answer that holds what the prompt does not say teaches a model to make things up. Nobody can tell that by rule; so a
model is asked to quote the claims, and people decide. Its opinions are stored as they come, one for each text, and
are kept apart from what people said.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Protocol, cast
from uuid import UUID

import orjson

from concord.drafting.asking import Asker
from concord.drafting.completion import Completion
from concord.drafting.cost import Meter, Spent
from concord.drafting.each import Outcome, each
from concord.drafting.endpoint import Endpoint, where
from concord.drafting.instructions import SUPPORT
from concord.drafting.judge import Bench
from concord.drafting.request import Ask, Request
from concord.errors import EndpointError, InputError
from concord.ids import derived_id, folded_key
from concord.records.checked import CheckedItem, InformationCheck
from concord.records.item import Message
from concord.records.kinds import Json
from concord.records.project import Project

_FORM: dict[str, Json] = {
    "type": "json_schema",
    "json_schema": {
        "name": "unsupported_claims",
        "strict": True,
        "schema": {
            "type": "object",
            "properties": {"claims": {"type": "array", "items": {"type": "string"}}},
            "required": ["claims"],
            "additionalProperties": False,
        },
    },
}


class InformationStore(Protocol):
    """What the check of information needs of the store; the methods block."""

    def checked_items(self, project_id: UUID) -> Iterator[CheckedItem]: ...
    def information_keys(self, project_id: UUID, *, model: str) -> set[tuple[UUID, UUID]]: ...
    def add_information_check(self, check: InformationCheck) -> None: ...


@dataclass(frozen=True)
class Informed:
    """What came of asking, and what it cost."""

    outcome: Outcome
    spent: Spent


@dataclass(frozen=True)
class _Question:
    """A text of an item that the model was not asked about."""

    item: CheckedItem
    text: str


async def check_information(
    store: InformationStore, project: Project, bench: Bench, *, limit: int | None, max_cost: float | None = None
) -> Informed:
    """Ask about the responses that this model was not asked about: approved answers, or drafts where there is none.

    Args:
        store: where they are and where opinions go, one by one.
        project: whose.
        bench: the model, and what may be sent to it.
        limit: responses to ask about at most.
        max_cost: US dollars that it may take at most; when the next request would pass it, no more is asked.

    Raises:
        EndpointError: the endpoint cannot be used at all.
        InputError: there is a ceiling, and the model's price is unknown.
        StorageError: the workspace cannot be written.
    """
    if max_cost is not None and bench.endpoint.price is None:
        raise InputError(
            f"max-cost: the price of {bench.endpoint.model!r} is unknown, so that no ceiling can be kept. "
            "Set it in the project's prices."
        )
    meter = Meter(ceiling=max_cost)
    known = await asyncio.to_thread(store.information_keys, project.id, model=bench.endpoint.model)
    async with Asker(meter=meter, screen=bench.screen, sent=bench.sent) as ask:

        async def work(asked: _Question) -> None:
            check = await _opinion(project, asked, bench, ask)
            await asyncio.to_thread(store.add_information_check, check)

        outcome = await each(islice(_unasked(store, project, known), limit), work)
    return Informed(outcome, meter.spent)


def question(prompt: Sequence[Message], response: str) -> tuple[Message, ...]:
    """What the model is asked."""
    task = "\n\n".join(message.content for message in prompt)
    return Message("system", SUPPORT), Message("user", f"Task:\n{task}\n\nAnswer:\n{response}")


def claims_in(reply: str, endpoint: Endpoint) -> tuple[str, ...]:
    """The claims in a model's reply.

    Raises:
        EndpointError: it is not in the form that was asked for.
    """
    text = reply.strip().removeprefix("```json").removeprefix("```").removesuffix("```")
    try:
        claims: Any = orjson.loads(text)["claims"]
    except (orjson.JSONDecodeError, KeyError, TypeError) as error:
        raise _nonsense(reply, endpoint) from error
    if not isinstance(claims, list) or not all(isinstance(claim, str) for claim in cast("list[Any]", claims)):
        raise _nonsense(reply, endpoint)
    return tuple(claim for claim in cast("list[str]", claims) if claim.strip())


def _nonsense(reply: str, endpoint: Endpoint) -> EndpointError:
    return EndpointError(
        "nonsense",
        f"{where(endpoint)}: the model replied {reply[:80]!r}, not a JSON object with a list 'claims'. "
        "Name a model that follows instructions.",
    )


def _unasked(store: InformationStore, project: Project, known: set[tuple[UUID, UUID]]) -> Iterator[_Question]:
    for item in store.checked_items(project.id):
        for text in dict.fromkeys(item.answers or item.drafts):
            if text.strip() and (item.id, folded_key(text)) not in known:
                yield _Question(item, text)


async def _opinion(project: Project, asked: _Question, bench: Bench, ask: Ask) -> InformationCheck:
    item, key = asked.item, folded_key(asked.text)
    if reason := bench.withheld.get(item.template_version or ""):
        raise InputError(reason)
    request = Request(
        bench.endpoint,
        question(item.messages, asked.text),
        item.id.int & 0x3FFF_FFFF,
        temperature=0.0,
        response_format=_FORM,
        purpose="information",
    )
    claims = claims_in((await _in_form(ask, request)).text, bench.endpoint)
    model = bench.endpoint.model
    name = f"information/{model}/{key}"
    return InformationCheck(derived_id(item.id, name), project.id, item.id, key, model, claims, datetime.now(UTC))


async def _in_form(ask: Ask, request: Request) -> Completion:
    """The answer; an endpoint that refuses the form is asked once more without it."""
    try:
        return await ask(request)
    except EndpointError as error:
        if error.fault != "refused":
            raise
        return await ask(replace(request, response_format=None))
