"""Prompt templates from patterns: what the demo drafter answers when it is asked to write a template.

It is told so by the form of the prompt: columns between <columns> tags, a JSON object a line. From their names, types
and lengths it guesses which holds the text, which the question and which the answer, and fills in ready sentences.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import orjson

from concord.records.item import Message
from concord.records.kinds import Json

_COLUMNS = re.compile(r"^<columns>\n(.*?)\n</columns>$", re.MULTILINE | re.DOTALL)
_ANSWER = re.compile(
    r"answer|completion|highlight|label|output|reference|reply|response|rating|score|sentiment|solution|stars|"
    r"summary|target|title|topic|translation|category|class|verdict"
)
_QUESTION = re.compile(r"question|query|instruction|problem|ask")
_NO_TEXT = ("list", "object", "any")
_KEY = re.compile(r"(?:^|_)(?:id|idx|index|key|uuid|url|date|time)(?:$|_|\d)")


class _Column(NamedTuple):
    """A column as the prompt describes it."""

    name: str
    kind: str
    characters: int
    missing: int
    values: tuple[str, ...]


class _Roles(NamedTuple):
    """Which column is what; `answer` and `question` may be none."""

    text: _Column
    question: _Column | None
    answer: _Column | None


def written_templates(messages: Sequence[Message]) -> tuple[str, ...]:
    r"""Templates as JSON, each different; none when the prompt does not ask for a template.

    >>> columns = '<columns>\n{"name": "review", "mean_characters": 90}\n</columns>'
    >>> len(written_templates([Message("user", columns)]))
    6
    """
    said = "\n".join(message.content for message in messages if message.role == "user")
    found = _COLUMNS.search(said)
    columns = [column for line in found[1].split("\n") if (column := _column(line))] if found else []
    return tuple(orjson.dumps(template).decode() for template in _templates(_roles(columns))) if columns else ()


def _column(line: str) -> _Column | None:
    try:
        facts: Json = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    match facts:
        case {"name": str(name), **rest}:
            characters, missing, values = (rest.get(key) for key in ("mean_characters", "missing", "values"))
            return _Column(
                name,
                str(rest.get("type")),
                characters if isinstance(characters, int) else 0,
                missing if isinstance(missing, int) else 0,
                tuple(map(str, values)) if isinstance(values, list) else (),
            )
        case _:
            return None


def _roles(columns: Sequence[_Column]) -> _Roles:
    content = [column for column in columns if not _KEY.search(column.name.lower())] or list(columns)
    longest = max(content, key=lambda column: column.characters)
    others = [column for column in content if column != longest]
    answers = [column for column in others if _ANSWER.search(column.name.lower())]
    # A named answer comes before a column that merely has few values, as a label has.
    answer = next(iter([*answers, *(column for column in others if column.values)]), None)
    question = next((c for c in others if c != answer and _QUESTION.search(c.name.lower())), None)
    return _Roles(longest, question, answer)


def _templates(roles: _Roles) -> Iterator[dict[str, Json]]:
    text, answer = _braces(roles.text), roles.answer
    asked, choices = _request(roles), list(answer.values) if answer else []
    offered = "\nAnswer with one of: {{ answer_choices | join(', ') }}." if choices else ""
    label = _words(roles.text).capitalize()
    wanted = f"the {_words(answer)}" if answer else "the main point"

    def written(system: str, user: str) -> dict[str, Json]:
        used: list[Json] = [*choices] if "answer_choices" in system + user else []
        return {
            "description": f"Ask for {wanted} of the {_words(roles.text)}",
            "system": system,
            "user": user,
            "answer": _braces(answer) if answer else "",
            "answer_choices": used,
        }

    tag = roles.text.name
    yield written("", f"{asked}{offered}\n\n{label}: {text}")
    yield written(f"You are given a {_words(roles.text)}. {asked}{offered}", f"<{tag}>\n{text}\n</{tag}>")
    yield written("", f"{text}\n\n{_question(roles)}{offered}")
    yield written("", f"{asked}{offered}\nKeep to the {_words(roles.text)} and add nothing.\n\n{label}:\n{text}")
    yield written("", f"Hi! I have this {_words(roles.text)} here:\n\n{text}\n\nCould you help? {asked}{offered}")
    yield written(f"Your reader is in a hurry: be short and exact.{offered}", f"{text}\n\n{asked}")


def _request(roles: _Roles) -> str:
    """What is asked of a row, in a sentence."""
    subject = _words(roles.text)
    if roles.question:
        return f"{_braces(roles.question)}"
    if roles.answer:
        verb = "Choose" if roles.answer.values else "Write"
        return f"{verb} the {_words(roles.answer)} of this {subject}."
    return f"Say in one sentence what this {subject} is about."


def _question(roles: _Roles) -> str:
    if roles.question:
        return f"Question: {_braces(roles.question)}"
    what = f"the {_words(roles.answer)}" if roles.answer else "the main point"
    return f"What is {what} of this {_words(roles.text)}?"


def _braces(column: _Column) -> str:
    """The column in Jinja; rows may lack it where some had no value, and a list is no text."""
    filters = [*(["default('')"] if column.missing else []), *(["tojson"] if column.kind in _NO_TEXT else [])]
    return f"{{{{ {' | '.join([column.name, *filters])} }}}}"


def _words(column: _Column) -> str:
    return column.name.replace("_", " ").lower()
