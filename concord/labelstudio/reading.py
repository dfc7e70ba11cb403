"""How the tasks of a project are read: which data is the prompt, which the responses, and what each control means."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, NamedTuple, cast, get_args

from concord.errors import InputError
from concord.labelstudio.config import (
    COMPARISON,
    EDIT,
    LABEL,
    PROMPT,
    RANKING,
    RATING,
    RESPONSES,
    Tag,
    labelling_config,
    tags,
)
from concord.labelstudio.tasks import objects
from concord.records.kinds import Json, Strength
from concord.records.project import Settings

Meaning = Literal["ranking", "edit", "comparison", "rating", "label", "ignored"]
Side = Literal["first", "second", "tie", "both_bad"]

MEANINGS: tuple[Meaning, ...] = get_args(Meaning)
_ONLY_ONCE: tuple[Meaning, ...] = ("ranking", "edit", "comparison")
_SHOWS_TEXT = ("Text", "Paragraphs", "HyperText", "Chat")
_POSSIBLE: Mapping[str, tuple[Meaning, ...]] = {
    "Ranker": ("ranking",),
    "Pairwise": ("comparison",),
    "Choices": ("label", "comparison"),
    "Rating": ("rating",),
    "Number": ("rating",),
    "TextArea": ("edit",),
}
"""What a control can be read as; the first is what is proposed."""
_ASKED: Mapping[str, Meaning] = {
    RANKING: "ranking",
    EDIT: "edit",
    COMPARISON: "comparison",
    RATING: "rating",
    LABEL: "label",
}
"""What the controls of a pushed project mean, by what their names begin with."""
_SIDES: tuple[tuple[str, Side], ...] = (
    (r"(response|answer|option|output)?(a|1|left|first)", "first"),
    (r"(response|answer|option|output)?(b|2|right|second)", "second"),
    (r"tie|tied|equal|same|draw|both|bothgood|nodifference", "tie"),
    (r"bothbad|neither|none", "both_bad"),
)


@dataclass(frozen=True)
class Control:
    """What the results of one control become.

    Attributes:
        choices: in the order of the config; a Ranker's are its buckets, best first; a Rating's are its numbers.
        begins: the response that a text begins with, by name; empty when it begins with nothing.
        question: the criterion or question that it answers; empty where that is called as the control is.
        multi: whether several choices can be made.
    """

    name: str
    kind: str
    meaning: Meaning
    choices: tuple[str, ...] = ()
    begins: str = ""
    question: str = ""
    multi: bool = False


@dataclass(frozen=True)
class Reading:
    """How a task is read.

    Attributes:
        prompt: the keys whose texts, in this order, are the prompt.
        listed: the key of a list of responses; empty when there is none.
        responses: the keys that hold a response each.
        strict: whether every control must be answered, with what it offers, as the desk would have it.
    """

    prompt: tuple[str, ...]
    listed: str
    responses: tuple[str, ...]
    controls: tuple[Control, ...]
    strict: bool = False


class Compared(NamedTuple):
    """What a choice says of two responses: which one, and how much better it is, where it says so."""

    side: Side
    strength: Strength | None


PUSHED = Reading((PROMPT,), RESPONSES, (), (Control(RANKING, "Ranker", "ranking"), Control(EDIT, "TextArea", "edit")))
"""How pushed tasks that do not say what they ask are read: a control that is not there gives no result."""


def asked_of(settings: Settings) -> tuple[Control, ...]:
    """The controls that a pushed project has, and what their results become."""
    return tuple(_asked(tag) for tag in tags(labelling_config(settings)) if tag.to)


def pushed_reading(asked: object) -> Reading:
    """How a task that was pushed from here is read.

    Args:
        asked: its controls, as the task has them: whatever stands there; None where nothing does.
    """
    if asked is None:
        return PUSHED
    return replace(PUSHED, controls=tuple(_stored_control(one) for one in objects(asked)), strict=True)


def proposed_reading(config: str, meanings: Mapping[str, str]) -> Reading:
    """How a project that others made is read.

    Args:
        config: its labelling config.
        meanings: what controls mean, by name, where the proposal is not what is wanted.

    Raises:
        InputError: nothing in it can be read, or a meaning does not fit.
    """
    found = tags(config)
    objects = {tag.name: tag for tag in found if not tag.to and tag.key}
    controls = [tag for tag in found if tag.to]
    if unknown := sorted(set(meanings) - {tag.name for tag in controls}):
        there = ", ".join(tag.name for tag in controls) or "none"
        raise InputError(f"The config has no control {unknown[0]!r} (there are: {there}). Correct --map.")
    listed = next((tag.key for tag in objects.values() if tag.kind == "List"), "")
    responses = _responses(controls, objects)
    prompt = tuple(
        tag.key for tag in objects.values() if tag.kind in _SHOWS_TEXT and tag.key not in (*responses, listed)
    )
    pair = len(responses) == 2
    read = tuple(replace(_control(tag, objects, responses), meaning=_meaning(tag, meanings, pair)) for tag in controls)
    reading = Reading(prompt, listed, responses, read)
    _require_sense(reading)
    return reading


def reading_json(reading: Reading) -> dict[str, Json]:
    """A reading as it is stored."""
    return cast("dict[str, Json]", asdict(reading))


def stored_reading(stored: Mapping[str, Any]) -> Reading:
    """The reading that was stored."""
    controls = tuple(_stored_control(one) for one in stored["controls"])
    return Reading(tuple(stored["prompt"]), stored["listed"], tuple(stored["responses"]), controls)


def compared(choice: str) -> Compared | None:
    """What a choice between two responses says; None when it names no side.

    >>> compared("Response A"), compared("second-much"), compared("polite")
    (Compared(side='first', strength=None), Compared(side='second', strength='much'), None)
    """
    named, _, strength = choice.partition("-")
    if strength not in get_args(Strength):
        named, strength = choice, None
    folded = re.sub(r"[\W_]+", "", named.lower())
    sides = (
        Compared(side, cast("Strength | None", strength)) for pattern, side in _SIDES if re.fullmatch(pattern, folded)
    )
    return next(sides, None)


def _asked(tag: Tag) -> Control:
    start = next(start for start in _ASKED if tag.name.startswith(start))
    return Control(tag.name, tag.kind, _ASKED[start], tag.choices, "", tag.name.removeprefix(start), tag.multi)


def _stored_control(stored: Mapping[str, Any]) -> Control:
    """A control from plain values, be they from a task that anybody may have changed."""
    name, kind, begins, question = (str(stored.get(key, "")) for key in ("name", "kind", "begins", "question"))
    meaning, choices = stored.get("meaning"), stored.get("choices")
    return Control(
        name,
        kind,
        meaning if meaning in MEANINGS else "ignored",
        tuple(map(str, cast("list[object]", choices))) if isinstance(choices, list) else (),
        begins,
        question,
        stored.get("multi") is True,
    )


def _responses(controls: Sequence[Tag], objects: Mapping[str, Tag]) -> tuple[str, ...]:
    """The keys that hold a response each: what is compared, or looks like one of a numbered or lettered series."""
    compared = [name for tag in controls if tag.kind == "Pairwise" for name in tag.to]
    keys = [objects[name].key for name in compared if name in objects]
    if not keys:
        series = r"(answer|response|output|completion|candidate|option|draft)[ _-]?\w?\d*|[ab]"
        texts = [tag.key for tag in objects.values() if tag.kind in _SHOWS_TEXT]
        keys = [key for key in texts if re.fullmatch(series, key.lower())]
    return tuple(dict.fromkeys(keys))


def _control(tag: Tag, objects: Mapping[str, Tag], responses: Sequence[str]) -> Control:
    shown = [objects[name].key for name in tag.to if name in objects]
    begins = next((key for key in (tag.key, *shown) if key in responses), "")
    return Control(tag.name, tag.kind, "ignored", tag.choices, begins, multi=tag.multi)


def _meaning(tag: Tag, meanings: Mapping[str, str], pair: bool) -> Meaning:
    possible = _POSSIBLE.get(tag.kind, ())
    wished = meanings.get(tag.name)
    if wished is not None:
        allowed = (*possible, "ignored")
        if wished not in allowed:
            raise InputError(
                f"The control {tag.name!r} is a {tag.kind} and cannot be {wished!r}. Choose {' or '.join(allowed)}."
            )
        return wished
    said = [compared(choice) for choice in tag.choices]
    if tag.kind == "Choices" and pair and all(said) and {"first", "second"} <= {one.side for one in said if one}:
        return "comparison"
    return possible[0] if possible else "ignored"


def _require_sense(reading: Reading) -> None:
    if not reading.prompt:
        raise InputError("The labelling config shows no text that could be the prompt. Add a Text in Label Studio.")
    if all(control.meaning == "ignored" for control in reading.controls):
        raise InputError("No control of the labelling config can be read here. Map one with --map CONTROL=MEANING.")
    for meaning in _ONLY_ONCE:
        twice = [control.name for control in reading.controls if control.meaning == meaning]
        if len(twice) > 1:
            raise InputError(
                f"The controls {' and '.join(map(repr, twice))} would both be the {meaning} of a task. "
                f"Leave all but one out: --map {twice[1]}=ignored."
            )
    if any(control.meaning == "comparison" for control in reading.controls) and len(reading.responses) != 2:
        raise InputError("A comparison needs two responses, each shown by a Text of its own. Use --map to ignore it.")
