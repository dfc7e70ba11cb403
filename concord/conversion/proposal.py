"""One proposed template: read from a model's answer, put into a file's form, tried on the sample rows.

Nothing of it runs anywhere but in the sandbox (`concord.conversion.sandbox`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple, cast

import orjson
import yaml
from jinja2 import TemplateSyntaxError

from concord.conversion.column_profile import Column
from concord.conversion.front_matter import CHOICES, SUFFIX
from concord.conversion.render import Fault, Rendered, attempt
from concord.conversion.sandbox import variables
from concord.conversion.template import parse_template
from concord.errors import InputError, TemplateProblem
from concord.records.kinds import Json
from concord.records.row import Row
from concord.records.template import Template

_TEXTS = ("system", "user", "answer")
_MARKER = re.compile(r"^(\\*(?:system|user|assistant):[ \t]*)$", re.MULTILINE)
_FENCED = re.compile(r"```(?:json)?\s*\n(.*?)\n\s*```", re.DOTALL)
_LONGEST_DESCRIPTION = 200


class Tried(NamedTuple):
    """A template that can be read, and what it makes of each of the rows."""

    template: Template
    rendered: tuple[Rendered, ...]


def source_of(answer: str, template_id: str, columns: Sequence[Column]) -> str:
    """The template's file that a model's answer describes.

    Raises:
        InputError: the answer is not the JSON object that was asked for.
        TemplateProblem: a text is no Jinja, or uses what is no column.
    """
    fields = _fields(answer)
    used = _names(fields)
    kinds = {column.name: column.kind for column in columns}
    if unknown := sorted(used - kinds.keys()):
        raise TemplateProblem(f"The template uses {unknown}, which are no columns. The columns are {list(kinds)}.")
    front: dict[str, object] = {
        "id": template_id,
        "description": _line(fields["description"]) or "A template to judge",
        "inputs": {name: kind for name, kind in kinds.items() if name in used},
    }
    if fields[CHOICES]:
        front[CHOICES] = fields[CHOICES]
    head = yaml.safe_dump(front, sort_keys=False, allow_unicode=True, width=10_000)
    parts = (("system", "system"), ("user", "user"), ("answer", "assistant"))
    sections = [f"{role}:\n{_escaped(fields[name])}" for name, role in parts if str(fields[name]).strip()]
    return f"---\n{head}---\n" + "\n".join(sections) + "\n"


def tried(source: str, template_id: str, columns: Sequence[str], rows: Sequence[Row]) -> Tried:
    """The template of a source, if it can be used: it keeps its id, uses these columns alone, and renders these rows.

    Raises:
        TemplateProblem: what is wrong with it, and the cure.
    """
    template = parse_template(source, f"{template_id}{SUFFIX}")
    if unknown := sorted(template.inputs.keys() - set(columns)):
        raise TemplateProblem(f"The template uses {unknown}, which are no columns. The columns are {list(columns)}.")
    rendered = tuple(_rendered(template, row) for row in rows)
    if rows and not any(one.messages for one in rendered):
        raise TemplateProblem("The template asks nothing of any sample row. Write a user text that is not empty.")
    return Tried(template, rendered)


def _rendered(template: Template, row: Row) -> Rendered:
    outcome = attempt(template, row.data, row_id=row.id, place=f"{row.source}, line {row.line}")
    if isinstance(outcome, Fault):
        raise TemplateProblem(f"{outcome.found}. {outcome.cure}")
    return outcome


def _fields(answer: str) -> Mapping[str, Json]:
    """The answer's fields; one that is left out is empty."""
    fenced = _FENCED.search(answer)
    text = fenced[1] if fenced else answer[answer.find("{") : answer.rfind("}") + 1]
    try:
        found: Json = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise InputError(f"The answer is not JSON ({error}). Answer with one JSON object alone.") from error
    if not isinstance(found, dict):
        raise InputError("The answer is no JSON object. Answer with one JSON object alone.")
    fields = {name: found.get(name) or "" for name in ("description", *_TEXTS)}
    choices = found.get(CHOICES) or []
    if not all(isinstance(value, str) for value in fields.values()):
        raise InputError(f"{', '.join(fields)} have to be texts. Write an empty text for what is not there.")
    if not isinstance(choices, list) or not all(isinstance(choice, str) for choice in choices):
        raise InputError(f"{CHOICES} is not a list of texts. Write [] where there are none.")
    if not str(fields["user"]).strip():
        raise InputError("The user text is empty. Write what a row is asked.")
    return {**fields, CHOICES: choices}


def _names(fields: Mapping[str, Json]) -> set[str]:
    """The columns that the texts use."""
    choices = cast("list[str]", fields[CHOICES])
    names: set[str] = set()
    for place, text in (*((name, str(fields[name])) for name in _TEXTS), *((CHOICES, choice) for choice in choices)):
        try:
            names |= variables(text)
        except TemplateSyntaxError as error:
            found = (error.message or "it is not Jinja").rstrip(".")
            raise TemplateProblem(f"{place}, line {error.lineno}: {found}. Correct the Jinja.") from error
    return names - {CHOICES} if choices else names


def _escaped(text: Json) -> str:
    """A section's text, in which no line begins another section."""
    return _MARKER.sub(r"\\\1", str(text).replace("\r\n", "\n").replace("\r", "\n").strip())


def _line(text: Json) -> str:
    return " ".join(str(text).split())[:_LONGEST_DESCRIPTION]
