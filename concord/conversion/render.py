"""A template and a row make a prompt, in either syntax.

Concord's: each section is rendered alone, so what is in a row stays inside its message. PromptSource's: all is rendered
as one text, which falls into prompt and target where the template, and nothing in a row, says `|||`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID

from jinja2 import TemplateError, TemplateRuntimeError, UndefinedError

from concord.conversion.front_matter import CHOICES, SUFFIX, TYPES, shown
from concord.conversion.meter import Meter
from concord.conversion.plain_jinja import MARK, PLAIN, SEPARATOR, copied
from concord.conversion.sandbox import fill
from concord.errors import TemplateProblem
from concord.records.item import Message
from concord.records.kinds import Json
from concord.records.template import Template


class Rendered(NamedTuple):
    """What a row becomes.

    Attributes:
        messages: the prompt, or nothing when the template has nothing to ask of this row.
        target: the answer, when the template and the row have one.
    """

    messages: tuple[Message, ...]
    target: str | None


class Fault(NamedTuple):
    """Why a row cannot be rendered, as a `concord.records.row.Problem` says it.

    Attributes:
        field: the column concerned, or None.
        found: what is wrong, without a full stop.
        cure: what to do, a sentence.
    """

    field: str | None
    found: str
    cure: str


def render(
    template: Template, row: Mapping[str, Json], *, row_id: UUID | None = None, place: str = "this row"
) -> Rendered:
    """The prompt that a template makes of a row.

    Args:
        template: the template.
        row: columns by name; only those that the template names are read.
        row_id: with the template's version, the seed of the filter `choice`.
        place: what messages call the row.

    Raises:
        TemplateProblem: the row lacks a column, a value does not fit, or a limit is reached.
    """
    outcome = attempt(template, row, row_id=row_id, place=place)
    if isinstance(outcome, Fault):
        raise TemplateProblem(f"{outcome.found}. {outcome.cure}")
    return outcome


def attempt(
    template: Template, row: Mapping[str, Json], *, row_id: UUID | None = None, place: str = "this row"
) -> Rendered | Fault:
    """As `render`, with the fault returned, for whoever collects faults."""
    if fault := _misfit(template, row, place):
        return fault
    try:
        make = _sections if template.syntax == "concord" else _halves
        return make(template, row, Meter(template.version, row_id))
    except UndefinedError as exc:
        return _undefined(template, row, place, str(exc))
    except TemplateError as exc:
        found = f"{template.id}{SUFFIX}: {str(exc).rstrip('.')} for {place}"
        return Fault(None, found, "Correct the template, or the row.")


def _sections(template: Template, row: Mapping[str, object], meter: Meter) -> Rendered:
    """Concord's syntax."""
    if template.answer_choices:
        row = {**row, CHOICES: [fill(choice, row, meter).strip() for choice in template.answer_choices]}
    messages: list[Message] = []
    for part in template.sections:
        text = fill(part.body, row, meter).strip()
        if text:
            messages.append(Message(part.role, text))
        elif part.role != "system":
            return Rendered((), None)
    target = fill(template.target, row, meter).strip() if template.target else ""
    return Rendered(tuple(messages), target or None)


def _halves(template: Template, row: Mapping[str, object], meter: Meter) -> Rendered:
    """PromptSource's syntax: a row without a prompt or without a target is left empty, as there."""
    if CHOICES in row:
        raise TemplateRuntimeError(f"there is a column {CHOICES!r}, which means something else in a template,")
    values = _own(template, row)
    choices = [
        choice.strip() for text in template.answer_choices for choice in PLAIN.fill(text, values, meter).split(MARK)
    ]
    values[CHOICES] = choices if template.answer_choices else None
    [section] = template.sections
    parts = [part.strip() for part in PLAIN.fill(section.body, values, meter).split(MARK)]
    if len(parts) > 2:
        raise TemplateRuntimeError(f"the text falls into {len(parts)} parts where a prompt and a target are two,")
    if "" in parts or (len(parts) == 1 and SEPARATOR in section.body):
        return Rendered((), None)
    return Rendered((Message(section.role, parts[0]),), parts[1] if len(parts) == 2 else None)


def _own(template: Template, row: Mapping[str, object]) -> dict[str, object]:
    """The values that the template reads, for its own use."""
    try:
        return {name: copied(row[name]) for name in template.inputs if name in row}
    except RecursionError as exc:
        raise TemplateRuntimeError("a value is nested too deeply") from exc


def _misfit(template: Template, row: Mapping[str, Json], place: str) -> Fault | None:
    """The first column whose value is not of the declared type; true and false are no numbers."""
    for column, kind in template.inputs.items():
        value = row.get(column)
        fits = isinstance(value, TYPES[kind]) and not (kind == "number" and isinstance(value, bool))
        if value is not None and not fits:
            found = f"{template.id}{SUFFIX}: {column!r} is {shown(value)} for {place}, which is no {kind}"
            return Fault(column, found, f"Correct the row, or the type of {column!r} in inputs.")
    return None


def _undefined(template: Template, row: Mapping[str, Json], place: str, message: str) -> Fault:
    missing = (column for column in template.inputs if column not in row and message == f"{column!r} is undefined")
    found = f"{template.id}{SUFFIX}: {message} for {place}, which has {list(row)}"
    return Fault(next(missing, None), found, "Correct the template, or import the column it names.")
