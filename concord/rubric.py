"""The rubric and the questions of a project's settings, checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any, cast

from concord.errors import InputError
from concord.records.project import Settings
from concord.records.rubric import Criterion, Question

_LEAST, _MOST = 0, 10
_MOST_CHOICES = 50
_TAKEN = ("preference", "ranking", "edit", "factual")
"""What reports call judgements that answer no question of a lead's."""


def check_rubric(criteria: object) -> None:
    """Refuse what is no list of criteria.

    Raises:
        InputError: it is none, or two have one name, or a scale is none.
    """
    for place, given in _entries("rubric", criteria, Criterion):
        low, high = given.get("low", Criterion.low), given.get("high", Criterion.high)
        if not _is_scale(low, high):
            raise InputError(
                f"{place}: the scale goes from {low!r} to {high!r}. Give whole numbers from {_LEAST} to {_MOST}, the "
                "lower one first."
            )


def check_questions(questions: object) -> None:
    """Refuse what is no list of questions with choices.

    Raises:
        InputError: it is none, or two have one name, or there is nothing to choose from.
    """
    for place, given in _entries("questions", questions, Question):
        choices = given.get("choices")
        if not _are_choices(choices):
            raise InputError(
                f"{place}: choices is {choices!r}. Give from 2 to {_MOST_CHOICES} different texts, none of which "
                "begins with '[' (in YAML, put yes and no in quotes)."
            )
        if not isinstance(given.get("multi", False), bool):
            raise InputError(f"{place}: multi is {given['multi']!r}. Give true or false.")


def can_be_asked(asked: Criterion | Question) -> bool:
    """Whether a project's settings may hold it.

    >>> can_be_asked(Criterion("clear", high=7)), can_be_asked(Question("tone", ("warm",)))
    (True, False)
    """
    fits = _is_scale(asked.low, asked.high) if isinstance(asked, Criterion) else _are_choices(asked.choices)
    return fits and asked.name not in _TAKEN


def check_asked(settings: Settings) -> None:
    """Refuse a task that lacks its questions, or an arm that it cannot have.

    Raises:
        InputError: there is nothing to ask, or nothing to be learnt from an arm.
    """
    if settings.task in ("rate", "rate+edit") and not settings.rubric:
        raise InputError(
            f"task is {settings.task!r}, but there is no rubric. "
            "Give criteria, such as rubric: [{name: helpfulness}]."
        )
    if settings.task == "label" and not settings.questions:
        raise InputError(
            "task is 'label', but there are no questions. Give some, such as "
            "questions: [{name: tone, choices: [warm, cold]}]."
        )
    if settings.task == "rate" and settings.control:
        raise InputError(
            f"control is {settings.control!r}, but where nothing is drafted there is nothing to rate. Set it to 0."
        )
    if settings.task in ("rate", "label") and settings.canary:
        raise InputError(
            f"canary is {settings.canary!r}, but no rating or label tells whether a planted fault was seen. "
            "Set it to 0."
        )


def _entries(setting: str, given: object, kind: type[Criterion | Question]) -> list[tuple[str, Mapping[str, Any]]]:
    """Each entry with its place, its names and texts checked."""
    if not isinstance(given, list | tuple):
        raise InputError(f"{setting} is {given!r}. Give a list, each with a name.")
    known = [field.name for field in fields(kind)]
    found: dict[str, tuple[str, Mapping[str, Any]]] = {}
    for number, entry in enumerate(cast("Sequence[object]", given), 1):
        place = f"{setting}, number {number}"
        if not isinstance(entry, dict) or not {"name"} <= entry.keys() <= set(known):
            raise InputError(f"{place}: it is {entry!r}. Give a name, and what you want of {', '.join(known[1:])}.")
        values = cast("dict[str, Any]", entry)
        _check_texts(place, values)
        if values["name"] in found:
            raise InputError(f"{place}: {values['name']!r} is there already. Give each a name of its own.")
        found[values["name"]] = place, values
    return list(found.values())


def _check_texts(place: str, values: Mapping[str, Any]) -> None:
    for name in ("name", "question", "low_word", "high_word"):
        text = values.get(name, "")
        if not isinstance(text, str):
            raise InputError(f"{place}: {name} is {text!r}. Give text (in YAML, put yes, no and numbers in quotes).")
        if name == "name" and not text.strip():
            raise InputError(f"{place}: {name} is {text!r}. Give text.")
    if values["name"] in _TAKEN:
        raise InputError(f"{place}: reports call something else {values['name']!r}. Choose another name.")


def _is_scale(low: object, high: object) -> bool:
    numbers = [n for n in (low, high) if isinstance(n, int) and not isinstance(n, bool) and _LEAST <= n <= _MOST]
    return len(numbers) == 2 and numbers[0] < numbers[1]


def _are_choices(choices: object) -> bool:
    if not isinstance(choices, list | tuple):
        return False
    texts = [text for text in cast("Sequence[object]", choices) if isinstance(text, str) and text.strip()]
    fine = [text for text in texts if not text.startswith("[")]  # a set of labels is kept as a JSON list
    return len(set(fine)) == len(cast("Sequence[object]", choices)) and 2 <= len(fine) <= _MOST_CHOICES
