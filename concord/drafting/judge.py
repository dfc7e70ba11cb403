"""A language model as judge: a third opinion on pairs of drafts, asked for in both orders.

Opinions are kept apart from annotations: they are in no agreement between people and in no export.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import combinations
from math import nan
from typing import NamedTuple, Protocol
from uuid import UUID

from concord.drafting.asking import Asker
from concord.drafting.each import Outcome, each
from concord.drafting.endpoint import Endpoint, where
from concord.drafting.instructions import JUDGE
from concord.drafting.request import Ask, Request, Screen, Sent
from concord.errors import EndpointError, InputError
from concord.ids import derived_id, folded_key
from concord.records.draft import Draft
from concord.records.item import Item, Message
from concord.records.kinds import HIDDEN, Verdict
from concord.records.opinion import Opinion
from concord.records.project import Project

_SHARE: Mapping[Verdict, float] = {"first": 1.0, "tie": 0.5, "second": 0.0}


class JudgeStore(Protocol):
    """What judging needs of the store; the methods block."""

    def unjudged_items(self, project_id: UUID, *, model: str, limit: int | None = None) -> list[Item]: ...
    def drafts(self, item_id: UUID) -> list[Draft]: ...
    def add_opinions(self, opinions: Sequence[Opinion]) -> int: ...


@dataclass(frozen=True)
class Bench:
    """Who judges, by what, and what may be sent.

    Attributes:
        guidelines: what annotators read.
        withheld: why items of a template are not sent, by its version.
    """

    endpoint: Endpoint
    guidelines: str
    screen: Screen
    sent: Sent
    withheld: Mapping[str, str]


class JudgedTexts(NamedTuple):
    """What a judge says of pairs of texts.

    Attributes:
        values: for each pair 1 where it prefers the first text, 0 where the second, 0.5 where they are equally good or
            the other order changes its mind; NaN where it gave no verdict.
        outcome: what came of the asking.
    """

    values: tuple[float, ...]
    outcome: Outcome


async def judge_items(store: JudgeStore, project: Project, bench: Bench, *, limit: int | None) -> Outcome:
    """Ask for an opinion on all pairs of drafts of the items that have none by this model yet.

    The opinions of an item are stored together, so that judging again goes on where it was.

    Raises:
        EndpointError: the endpoint cannot be used at all.
        StorageError: the workspace cannot be written.
    """
    model = bench.endpoint.model
    items = iter(await asyncio.to_thread(store.unjudged_items, project.id, model=model, limit=limit))
    async with Asker(screen=bench.screen, sent=bench.sent) as ask:

        async def work(item: Item) -> None:
            opinions = await opinions_on(item, await asyncio.to_thread(store.drafts, item.id), bench, ask)
            await asyncio.to_thread(store.add_opinions, opinions)

        return await each(items, work)


async def opinions_on(item: Item, drafts: Sequence[Draft], bench: Bench, ask: Ask) -> list[Opinion]:
    """What the judge thinks of each pair of an item's drafts; equal texts and hidden drafts are left out.

    Raises:
        ConcordError: the item is withheld, or the judge gave no verdict.
    """
    _require_sendable(item, bench)
    sound = {folded_key(draft.text): draft for draft in reversed(drafts) if HIDDEN.isdisjoint(draft.flags)}
    return [
        await _opinion(item, first, second, bench, ask)
        for first, second in combinations(sorted(sound.values(), key=lambda draft: draft.name), 2)
    ]


async def judge_texts(items: Sequence[Item], pairs: Sequence[tuple[str, str]], bench: Bench) -> JudgedTexts:
    """Ask which of two texts answers its item better, in both orders; nothing is asked about texts that are the same.

    Raises:
        EndpointError: the endpoint cannot be used at all.
    """
    values = [nan] * len(pairs)
    async with Asker(screen=bench.screen, sent=bench.sent) as ask:

        async def work(place: int) -> None:
            item, (one, other) = items[place], pairs[place]
            _require_sendable(item, bench)
            same = folded_key(one) == folded_key(other)
            said: tuple[Verdict, ...] = ("tie",) if same else await _verdicts(item, one, other, bench, ask)
            values[place] = sum(_SHARE[verdict] for verdict in said) / len(said)

        outcome = await each(iter(range(len(pairs))), work)
    return JudgedTexts(tuple(values), outcome)


@dataclass
class TextJudge:
    """A judge of texts that are no drafts, asked as often as one likes; what it says is not kept.

    Attributes:
        failures: pairs without a verdict, by kind.
        message: what the last of them said.
    """

    bench: Bench
    failures: Counter[str] = field(default_factory=Counter[str])
    message: str | None = None

    def __call__(self, items: Sequence[Item], pairs: Sequence[tuple[str, str]]) -> tuple[float, ...]:
        """See `JudgedTexts.values`."""
        values, outcome = asyncio.run(judge_texts(items, pairs, self.bench))
        self.failures += outcome.failures
        self.message = outcome.message or self.message
        return values


def _require_sendable(item: Item, bench: Bench) -> None:
    if reason := bench.withheld.get(item.template_version or ""):
        raise InputError(reason)


async def _opinion(item: Item, first: Draft, second: Draft, bench: Bench, ask: Ask) -> Opinion:
    forward, backward = await _verdicts(item, first.text, second.text, bench, ask)
    return Opinion(
        derived_id(item.id, f"opinion/{bench.endpoint.model}/{first.name}/{second.name}"),
        item.project_id,
        item.id,
        first.id,
        second.id,
        bench.endpoint.model,
        forward if forward == backward else "tie",
        {forward, backward} == {"first", "second"},
        datetime.now(UTC),
    )


async def _verdicts(item: Item, one: str, other: str, bench: Bench, ask: Ask) -> tuple[Verdict, Verdict]:
    """What the judge says when `one` is shown first, and when it is shown second; `first` is `one` both times."""
    seed = item.id.int & 0x3FFF_FFFF
    verdicts: list[Verdict] = []
    for a, b in ((one, other), (other, one)):
        request = Request(
            bench.endpoint, question(item, a, b, bench.guidelines), seed, temperature=0.0, purpose="judge"
        )
        verdicts.append(verdict_in((await ask(request)).text, bench.endpoint))
    return verdicts[0], _turned(verdicts[1])


def question(item: Item, a: str, b: str, guidelines: str) -> tuple[Message, ...]:
    """What the judge is asked."""
    task = "\n\n".join(message.content for message in item.messages)
    rules = f"Guidelines:\n{guidelines}\n\n" if guidelines.strip() else ""
    return (
        Message("system", JUDGE),
        Message("user", f"{rules}Task:\n{task}\n\nAnswer A:\n{a}\n\nAnswer B:\n{b}"),
    )


def verdict_in(reply: str, endpoint: Endpoint) -> Verdict:
    """The verdict in a judge's reply, which may be dressed up a little.

    Raises:
        EndpointError: there is none.
    """
    match reply.strip(" \t\r\n.*:`'\"").removeprefix("Answer ").upper():
        case "A":
            return "first"
        case "B":
            return "second"
        case "TIE":
            return "tie"
        case _:
            raise EndpointError(
                "nonsense",
                f"{where(endpoint)}: the judge replied {reply[:80]!r}, not A, B or TIE. Name a model that follows "
                "instructions.",
            )


def _turned(verdict: Verdict) -> Verdict:
    match verdict:
        case "first":
            return "second"
        case "second":
            return "first"
        case "tie":
            return "tie"
