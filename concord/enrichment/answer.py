"""The candidates in a model's answer, or what is wrong with it, so that it can be asked to mend it."""

from __future__ import annotations

import re
from typing import NamedTuple, cast

import orjson

from concord.records.item import Message

MOST_CHARACTERS = 20_000
_FENCED = re.compile(r"```(?:json)?\s*\n(.*?)```", re.DOTALL)
_CURE = 'Answer with JSON alone: {"prompts": ["…", "…"]}, each prompt a text.'


class Candidates(NamedTuple):
    """The texts of an answer in order, each once; where it cannot be read, none and a complaint."""

    texts: tuple[str, ...]
    complaint: str | None = None


def read_answer(text: str) -> Candidates:
    """Read the texts out of an answer; a fence or words around the JSON do no harm.

    >>> read_answer('Sure! {"prompts": ["Why?", "Why? "]}').texts
    ('Why?',)
    >>> read_answer("Why?").complaint
    'That is no JSON. Answer with JSON alone: {"prompts": ["…", "…"]}, each prompt a text.'
    """
    content = _json(text)
    if content is None:
        return Candidates((), f"That is no JSON. {_CURE}")
    listed = _listed(content)
    if listed is None:
        return Candidates((), f"That JSON has no list 'prompts'. {_CURE}")
    if wrong := next(filter(None, map(_wrong, listed)), None):
        return Candidates((), f"{wrong} {_CURE}")
    stripped = tuple(dict.fromkeys(str(one).strip() for one in listed))
    return Candidates(stripped) if stripped else Candidates((), f"The list 'prompts' is empty. {_CURE}")


def mend(complaint: str) -> Message:
    """What a model is told whose answer cannot be used."""
    return Message("user", complaint)


def ask_for_others(refused: list[str], count: int) -> Message:
    """What a model is told whose candidates repeat prompts that are there."""
    shown = "\n".join(f"- {text}" for text in refused)
    return Message("user", f"These repeat prompts that are there already:\n{shown}\n\nWrite {count} others. {_CURE}")


def _json(text: str) -> object:
    """The first of these that is JSON: the answer, what is fenced in it, what is between its outermost brackets."""
    fenced = _FENCED.search(text)
    attempts = [text, *([fenced[1]] if fenced else []), text[text.find("{") : text.rfind("}") + 1]]
    for attempt in attempts:
        try:
            return orjson.loads(attempt)
        except orjson.JSONDecodeError:
            continue
    return None


def _listed(content: object) -> list[object] | None:
    prompts = cast("dict[str, object]", content).get("prompts") if isinstance(content, dict) else content
    return cast("list[object]", prompts) if isinstance(prompts, list) else None


def _wrong(one: object) -> str | None:
    if not isinstance(one, str):
        return f"One of the prompts is {orjson.dumps(one).decode()[:80]}, which is no text."
    if not one.strip():
        return "One of the prompts is empty."
    if len(one) > MOST_CHARACTERS:
        return f"One of the prompts has {len(one):,} characters; {MOST_CHARACTERS:,} are the most."
    return None
