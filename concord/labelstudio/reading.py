"""How the tasks of a project are read: which data is the prompt, which the responses, and what each control means."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, cast, get_args

from concord.errors import InputError
from concord.labelstudio.config import EDIT, PROMPT, RANKING, RESPONSES, Tag, tags
from concord.records.kinds import Json

Meaning = Literal["ranking", "edit", "comparison", "rating", "label", "ignored"]

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
_SIDES: tuple[tuple[str, str], ...] = (
    (r"(response|answer|option|output)?(a|1|left|first)", "first"),
    (r"(response|answer|option|output)?(b|2|right|second)", "second"),
    (r"tie|tied|equal|same|draw|both|bothgood|nodifference", "tie"),
    (r"bothbad|neither|none", "both_bad"),
)


@dataclass(frozen=True)
class Control:
    """What the results of one control become.

    Attributes:
        choices: in the order of the config; a Ranker's are its buckets, best first.
        begins: the response that a text begins with, by name; empty when it begins with nothing.
    """

    name: str
    kind: str
    meaning: Meaning
    choices: tuple[str, ...] = ()
    begins: str = ""


@dataclass(frozen=True)
class Reading:
    """How a task is read.

    Attributes:
        prompt: the keys whose texts, in this order, are the prompt.
        listed: the key of a list of responses; empty when there is none.
        responses: the keys that hold a response each.
    """

    prompt: tuple[str, ...]
    listed: str
    responses: tuple[str, ...]
    controls: tuple[Control, ...]


PUSHED = Reading((PROMPT,), RESPONSES, (), (Control(RANKING, "Ranker", "ranking"), Control(EDIT, "TextArea", "edit")))
"""How tasks that were pushed from here are read, whatever the task is: a control that is not there gives no result."""


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
    controls = tuple(
        Control(one["name"], one["kind"], one["meaning"], tuple(one["choices"]), one["begins"])
        for one in stored["controls"]
    )
    return Reading(tuple(stored["prompt"]), stored["listed"], tuple(stored["responses"]), controls)


def side(choice: str) -> str | None:
    """The side that a choice between two responses names: `first`, `second`, `tie` or `both_bad`; None is none.

    >>> side("Response A"), side("Both bad"), side("polite")
    ('first', 'both_bad', None)
    """
    folded = re.sub(r"[\W_]+", "", choice.lower())
    return next((name for pattern, name in _SIDES if re.fullmatch(pattern, folded)), None)


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
    return Control(tag.name, tag.kind, "ignored", tag.choices, begins)


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
    sides = {side(choice) for choice in tag.choices}
    if tag.kind == "Choices" and pair and None not in sides and {"first", "second"} <= sides:
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
