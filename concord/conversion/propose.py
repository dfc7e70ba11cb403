"""Proposals of templates by a model: several, from different sides, each checked, and repaired once if it is faulty."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from concord.conversion.proposal import Tried, source_of, tried
from concord.conversion.proposal_prompt import ANGLES, Brief, asked_for, brief_messages, repair_messages
from concord.errors import ConcordError, EndpointError, InputError, TemplateProblem
from concord.ids import folded_key
from concord.records.item import Message

MOST = 9
"""Proposals at once."""


class Answer(Protocol):
    """What a model answered."""

    @property
    def text(self) -> str: ...
    @property
    def model(self) -> str: ...
    @property
    def tokens_in(self) -> int | None: ...
    @property
    def tokens_out(self) -> int | None: ...
    @property
    def latency(self) -> float: ...
    @property
    def finish_reason(self) -> str | None: ...


Ask = Callable[[Sequence[Message], int], Awaitable[Answer]]
"""Asks the model: messages and seed; raises EndpointError."""

OnSettled = Callable[[int], None]
"""Told how many proposals are settled, one way or the other."""


@dataclass(frozen=True)
class Proposal:
    """A template that can be used.

    Attributes:
        name: `d1`, `d2`, …: its number among those asked for.
        angle: from which side it was asked for.
        source: the template's file.
        sent: the messages that were answered with it.
        seed: that was sent with them.
        answers: of the model; two, when the first was faulty.
    """

    name: str
    angle: str
    source: str
    sent: tuple[Message, ...]
    seed: int
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class Failure:
    """A proposal that did not come, or could not be used after it was repaired."""

    name: str
    error: ConcordError


async def propose(
    brief: Brief, ask: Ask, *, candidates: int, seed: int, on_settled: OnSettled | None = None
) -> tuple[list[Proposal], list[Failure]]:
    """Ask for so many different templates at once.

    Args:
        brief: what they are for.
        ask: the model.
        candidates: how many, from 1 to MOST.
        seed: that of the first; the others follow.
        on_settled: called whenever one is settled.

    Returns:
        The proposals that can be used, and why the others cannot, both by number.

    Raises:
        InputError: the number is out of its range.
    """
    if not 1 <= candidates <= MOST:
        raise InputError(f"candidates is {candidates}. Give a number from 1 to {MOST}.")
    work = _Work(brief, ask, on_settled or _ignore)
    outcomes = await asyncio.gather(*(work.settle(number, seed + number) for number in range(1, candidates + 1)))
    proposals = [outcome for outcome in outcomes if isinstance(outcome, Proposal)]
    return proposals, [outcome for outcome in outcomes if isinstance(outcome, Failure)]


def _ignore(_: int) -> None:
    """What is done with progress that nobody watches."""


class _Work:
    """The proposals under way; it is touched in one event loop only."""

    def __init__(self, brief: Brief, ask: Ask, on_settled: OnSettled) -> None:
        self._brief, self._ask, self._on_settled = brief, ask, on_settled
        self._messages = brief_messages(brief)
        self._seen: dict[object, str] = {}
        self._settled = 0

    async def settle(self, number: int, seed: int) -> Proposal | Failure:
        outcome = await self._proposed(f"d{number}", ANGLES[(number - 1) % len(ANGLES)], seed)
        self._settled += 1
        self._on_settled(self._settled)
        return outcome

    async def _proposed(self, name: str, angle: str, seed: int) -> Proposal | Failure:
        sent = asked_for(self._messages, angle)
        answers: list[Answer] = []
        try:
            answers.append(await self._ask(sent, seed))
            try:
                return Proposal(name, angle, self._checked(name, answers[0].text), sent, seed, tuple(answers))
            except InputError as error:
                sent, seed = repair_messages(sent, answers[0].text, str(error)), seed + MOST
            answers.append(await self._ask(sent, seed))
            return Proposal(name, angle, self._checked(name, answers[1].text), sent, seed, tuple(answers))
        except (EndpointError, InputError) as error:
            return Failure(name, error)

    def _checked(self, name: str, answer: str) -> str:
        """The source that an answer gives; it renders, and unlike the others."""
        brief = self._brief
        source = source_of(answer, brief.template_id, brief.columns)
        outcome = tried(source, brief.template_id, [column.name for column in brief.columns], brief.rows)
        same = self._seen.setdefault(_look(outcome), name)
        if same != name:
            raise TemplateProblem(f"It gives the same prompts as another proposal, {same}. Write one that differs.")
        return source


def _look(outcome: Tried) -> object:
    """What two proposals share that nobody could tell apart at the desk."""
    return tuple(
        (tuple((message.role, folded_key(message.content)) for message in one.messages), one.target)
        for one in outcome.rendered
    )
