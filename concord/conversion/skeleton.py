"""Where a new template begins: from the columns of the data, or from another template."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from jinja2 import TemplateSyntaxError

from concord.conversion.environment import FUNCTIONS
from concord.conversion.front_matter import CHOICES, TYPES
from concord.conversion.sandbox import variables
from concord.records.kinds import Json
from concord.records.row import Row

MOST_COLUMNS = 12
"""Columns that a skeleton shows."""
_NO_CONTENT = ("item_id", "id", "idx", "index")
"""Columns that name a row and are no part of a prompt."""


def column_types(rows: Sequence[Row]) -> dict[str, str]:
    """For each column that a template can use, the narrowest type that fits its values, in the order of appearance."""
    values: dict[str, list[Json]] = {}
    for row in rows:
        for name, value in row.data.items():
            values.setdefault(name, []).append(value)
    return {name: _type(found) for name, found in values.items() if _usable(name)}


def skeleton(template_id: str, columns: Mapping[str, str]) -> str:
    """The text of a new template that shows the columns, each with its type, and asks nothing yet."""
    shown = {name: kind for name, kind in columns.items() if name not in _NO_CONTENT}
    shown = dict(list(shown.items())[:MOST_COLUMNS])
    inputs = ", ".join(f"{name}: {kind}" for name, kind in shown.items())
    body = "\n\n".join(f"{name.replace('_', ' ').capitalize()}: {_printed(name, shown[name])}" for name in shown)
    front = f"id: {template_id}\ndescription: Say in a line what the prompt is for\ninputs: {{{inputs}}}"
    return f"---\n{front}\n---\nuser:\n{body or 'Write the prompt here.'}\n"


def renamed(source: str, template_id: str) -> str:
    r"""A copy of a template's text under another id.

    >>> renamed("---\nid: ask\n---\nid: 7", "tell")
    '---\nid: tell\n---\nid: 7'
    """
    return re.sub(r"^id:.*$", f"id: {template_id}", source, count=1, flags=re.MULTILINE)


def free_id(wanted: str, taken: Collection[str]) -> str:
    """The id, with a number behind it if a template has it already.

    >>> free_id("ask", ["ask", "ask-2"]), free_id("tell", ["ask"])
    ('ask-3', 'tell')
    """
    number = 1
    while (name := wanted if number == 1 else f"{wanted}-{number}") in taken:
        number += 1
    return name


def _type(values: Sequence[Json]) -> str:
    present = [value for value in values if value is not None]
    fits = [
        kind for kind in ("boolean", "number", "list", "object", "string") if all(_is(kind, one) for one in present)
    ]
    return fits[0] if present and fits else "string" if not present else "any"


def _is(kind: str, value: Json) -> bool:
    return isinstance(value, TYPES[kind]) and not (kind == "number" and isinstance(value, bool))


def _printed(name: str, kind: str) -> str:
    return f"{{{{ {name} }}}}" if kind in ("string", "number", "boolean") else f"{{{{ {name} | tojson }}}}"


def _usable(name: str) -> bool:
    """Whether a template can call a column by its name."""
    if not name.isidentifier() or name in FUNCTIONS or name == CHOICES:
        return False
    try:
        return variables(f"{{{{ {name} }}}}") == frozenset((name,))
    except TemplateSyntaxError:
        return False
