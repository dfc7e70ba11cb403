"""A template and a row make a prompt: each section is rendered alone, so what is in a row stays inside its message."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID

from jinja2 import TemplateError, UndefinedError

from concord.conversion.front_matter import CHOICES, SUFFIX, TYPES, shown
from concord.conversion.meter import Meter
from concord.conversion.sandbox import fill
from concord.errors import TemplateProblem
from concord.records import Json, Message, Template


class Rendered(NamedTuple):
    """What a row becomes.

    Attributes:
        messages: the prompt, or nothing when the template has nothing to ask of this row.
        target: the answer, when the template and the row have one.
    """

    messages: tuple[Message, ...]
    target: str | None


class Fault(NamedTuple):
    """Why a row cannot be rendered, as a `concord.records.Problem` says it.

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
        return _rendered(template, row, Meter(f"{template.version}/{row_id}"))
    except UndefinedError as exc:
        return _undefined(template, row, place, str(exc))
    except TemplateError as exc:
        found = f"{template.id}{SUFFIX}: {str(exc).rstrip('.')} for {place}"
        return Fault(None, found, "Correct the template, or the row.")


def _rendered(template: Template, row: Mapping[str, object], meter: Meter) -> Rendered:
    if template.answer_choices:
        row = {**row, CHOICES: [fill(choice, row, meter).strip() for choice in template.answer_choices]}
    messages = [Message(part.role, fill(part.body, row, meter).strip()) for part in template.sections]
    if any(not message.content and message.role != "system" for message in messages):
        return Rendered((), None)
    target = fill(template.target, row, meter).strip() if template.target else ""
    return Rendered(tuple(message for message in messages if message.content), target or None)


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
