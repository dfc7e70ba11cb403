"""Canaries: a copy of a draft with one planted fault, to see who reads with care.

In a canary item `d2` is a copy of `d1` with the fault; where nothing is ranked, `d1` itself has it. The draft keeps
what was planted and where (`params["planted"]`), so that anybody can check that it is there.
"""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Literal, cast
from uuid import UUID

from concord.drafting.prompt_reading import split_sentences
from concord.drafting.recipe import Parts, Recipe, seed_of
from concord.drafting.request import Ask
from concord.ids import folded_key
from concord.records.draft import Draft, Wanted
from concord.records.kinds import DRAFTS_SHOWN, Json, Task

FaultKind = Literal["number", "name", "negation", "dropped sentence"]

_NUMBER = re.compile(r"(?<![\w.,])\d+(?![\w]|[.,]\d)")
_NAME = re.compile(r"(?<=[a-z,;] )[A-Z][a-z]{2,}\b")
_CLAIM = re.compile(r"\b(is|are|was|were|can|will|should|must|has been|have been|do|does|did)\b(?! not\b|n['’]t)")
_DENIAL = re.compile(r"\b(is|are|was|were|can|will|should|must|has|have|do|does|did) ?(?:not\b|n['’]t\b)")
_NAMES = ("Aldridge", "Bergmann", "Castillo", "Okafor", "Lindqvist", "Tanaka")


@dataclass(frozen=True)
class Planted:
    """A fault in a text.

    Attributes:
        at: where it begins, in characters.
        before: what stood there.
        after: what stands there now; empty when a sentence was dropped.
    """

    kind: FaultKind
    at: int
    before: str
    after: str


def plant(text: str, *, seed: int) -> tuple[str, Planted] | None:
    """The text with one fault in it; None when there is nothing to change.

    A number, a name or a negation is preferred to a missing sentence, which may be no fault.

    >>> plant("Your parcel arrives in 3 days.", seed=1)
    ('Your parcel arrives in 9 days.', Planted(kind='number', at=23, before='3', after='9'))
    """
    chance = random.Random(seed)
    kinds: list[Callable[[str, random.Random], Planted | None]] = [_number, _name, _negation]
    chance.shuffle(kinds)
    for make in (*kinds, _dropped):
        fault = make(text, chance)
        if fault and is_planted(faulty := _applied(text, fault), fault) and faulty.strip():
            return faulty, fault
    return None


def is_planted(text: str, fault: Planted) -> bool:
    """Whether the fault is in the text: what was planted stands at its place, and is not what stood there before."""
    here = text[fault.at :]
    sound = text[: fault.at] + fault.before + here[len(fault.after) :]
    untouched = here.startswith(fault.before) and not fault.after.startswith(fault.before)
    if not fault.after:  # a sentence was dropped: nothing stands there to be recognised
        untouched = fault.before in text
    return here.startswith(fault.after) and not untouched and folded_key(sound) != folded_key(text)


class Canaries:
    """What the recipes of one run share: the sound drafts that faults are planted in.

    Args:
        drafts_of: the stored drafts of an item; it blocks.
        task: what annotators do.
    """

    def __init__(self, drafts_of: Callable[[UUID], Sequence[Draft]], task: Task) -> None:
        self._drafts_of = drafts_of
        self._ranked = DRAFTS_SHOWN[task][0] > 1
        self._under_way: dict[UUID, asyncio.Task[Parts]] = {}

    def planting(self, recipe: Recipe) -> Recipe:
        """The same recipe, with a fault in the one draft of a canary item that has to have it."""

        async def planted(ask: Ask, wanted: Wanted) -> Parts:
            match wanted.item.arm, wanted.name, self._ranked:
                case "canary", "d1", False:
                    parts = await recipe(ask, wanted)
                    return _with_fault(parts, wanted) or parts
                case "canary", "d1", True:
                    task = asyncio.create_task(_made(recipe, ask, wanted))
                    self._under_way[wanted.item.id] = task
                    return await task
                case "canary", "d2", True:
                    copy = _with_fault(Parts(await self._first_text(wanted), params={"copy_of": "d1"}), wanted)
                    return copy or await recipe(ask, wanted)
                case _:
                    return await recipe(ask, wanted)

        return planted

    async def _first_text(self, wanted: Wanted) -> str:
        """The text of `d1`, which is on its way in this run, or stored."""
        if task := self._under_way.pop(wanted.item.id, None):
            return (await task).text
        stored = await asyncio.to_thread(self._drafts_of, wanted.item.id)
        return next(draft.text for draft in stored if draft.name == "d1")


async def _made(recipe: Recipe, ask: Ask, wanted: Wanted) -> Parts:
    return await recipe(ask, wanted)


def _with_fault(parts: Parts, wanted: Wanted) -> Parts | None:
    """A draft with a fault in it, which its parameters tell; None where nothing can be planted."""
    if (found := plant(parts.text, seed=seed_of(wanted))) is None:
        return None
    text, fault = found
    return replace(parts, text=text, params={**parts.params, "planted": cast("dict[str, Json]", asdict(fault))})


# ---- faults


def _number(text: str, chance: random.Random) -> Planted | None:
    """Another number, of another size."""
    found = _one_of(_NUMBER, text, chance)
    if not found:
        return None
    value = int(found[0])
    return Planted("number", found.start(), found[0], str(value * 2 + chance.choice((3, 4, 7))))


def _name(text: str, chance: random.Random) -> Planted | None:
    """Another name."""
    found = _one_of(_NAME, text, chance)
    if not found:
        return None
    return Planted("name", found.start(), found[0], chance.choice([name for name in _NAMES if name != found[0]]))


def _negation(text: str, chance: random.Random) -> Planted | None:
    """The contrary of a claim, or the claim of what was denied."""
    if denied := _one_of(_DENIAL, text, chance):
        return Planted("negation", denied.start(), denied[0], denied[1])
    if claimed := _one_of(_CLAIM, text, chance):
        verb, *rest = claimed[0].split(" ")
        return Planted("negation", claimed.start(), claimed[0], " ".join([verb, "not", *rest]))
    return None


def _dropped(text: str, chance: random.Random) -> Planted | None:
    """One sentence less, not the first."""
    sentences = [sentence for sentence in split_sentences(text) if sentence in text]
    if len(sentences) < 2:
        return None
    sentence = chance.choice(sentences[1:])
    return Planted("dropped sentence", text.rindex(sentence), sentence, "")


def _one_of(pattern: re.Pattern[str], text: str, chance: random.Random) -> re.Match[str] | None:
    found = list(pattern.finditer(text))
    return chance.choice(found) if found else None


def _applied(text: str, fault: Planted) -> str:
    return text[: fault.at] + fault.after + text[fault.at + len(fault.before) :]
