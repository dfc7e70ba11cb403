"""A template tried as somebody writes it: what it makes of one row, or what is wrong with it, and in which line."""

from __future__ import annotations

import re
from typing import NamedTuple

from concord.conversion.front_matter import SUFFIX
from concord.conversion.render import Fault, Rendered, attempt
from concord.conversion.template import line_using, parse_template
from concord.errors import TemplateProblem
from concord.records.row import Row
from concord.records.template import Template

UNNAMED = "template"
"""What a template is called in messages before it has an id."""
_ID = re.compile(r"^id:[ \t]*(\S+)[ \t]*$", re.MULTILINE)


class Trial(NamedTuple):
    """What came of a text.

    Attributes:
        template: None when the text is no template.
        rendered: what it makes of the row; None when there is a problem.
        problem: what is wrong and what to do, as sentences; None when nothing is.
        line: the line that the problem is about; None when no line is.
    """

    template: Template | None
    rendered: Rendered | None = None
    problem: str | None = None
    line: int | None = None


def id_in(source: str) -> str:
    r"""The id that a template's text gives itself.

    >>> id_in("---\nid: ask\n---\nWhy?"), id_in("Why?")
    ('ask', 'template')
    """
    found = _ID.search(source.replace("\r\n", "\n"))
    return found[1] if found else UNNAMED


def read_source(source: str) -> Template:
    """The template of a text, whatever its file is called.

    Raises:
        TemplateProblem: see `parse_template`.
    """
    return parse_template(source, f"{id_in(source)}{SUFFIX}")


def try_source(source: str, row: Row) -> Trial:
    """Read a text and render a row with it; whatever is wrong is told, not raised."""
    try:
        template = read_source(source)
    except TemplateProblem as problem:
        place = f"{id_in(source)}{SUFFIX}"
        said = str(problem).removeprefix(place).removeprefix(f", line {problem.line}").removeprefix(": ")
        return Trial(None, problem=_sentence(said), line=problem.line)
    outcome = attempt(template, row.data, row_id=row.id, place="this row")
    if isinstance(outcome, Fault):
        said = f"{outcome.found.removeprefix(f'{template.id}{SUFFIX}: ')}. {outcome.cure}"
        line = line_using(template.source, outcome.field) if outcome.field else None
        return Trial(template, problem=_sentence(said), line=line)
    return Trial(template, outcome)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
