"""The filters that a prompt may use, and the one place where a value becomes text.

None is the empty text: `as_text` decides it for output, for `~`, for `join` and for every filter of texts. Filters that
can make more than they are given ask first how much that will be; Jinja's others of that kind are left out.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any

import jinja2
import jinja2.filters
from jinja2.exceptions import FilterArgumentError, TemplateRuntimeError
from jinja2.runtime import Context
from jinja2.utils import pass_context, pass_environment

from concord.conversion.meter import Meter, refuse_above

_JINJA: Mapping[str, Callable[..., Any]] = jinja2.filters.FILTERS

METER = "<meter>"
"""Where a row's meter stands among its values; no template can name it."""


def meter_of(context: Context) -> Meter:
    """The meter of the row that is being rendered."""
    return context[METER]


def as_text(value: object) -> str:
    """A value as it is written into a prompt: None is the empty text; a list or an object is no text by itself."""
    if type(value) is str:
        return value
    match value:
        case None:
            return ""
        case str() | int() | float() | jinja2.Undefined():  # an undefined one raises and says its name
            return str(value)
        case list() | tuple():
            raise TemplateRuntimeError("a list is not a text; use its elements, or the filter join or tojson")
        case dict():
            raise TemplateRuntimeError("an object is not a text; use its fields, or the filter tojson")
        case _:
            raise TemplateRuntimeError("a function is not a text; for a field of its name write x['name'], not x.name")


# ---- filters and methods that could make too much, or take too long


def join(values: Iterable[object], separator: object = "") -> str:
    """The values as one text."""
    parts, glue = [as_text(value) for value in values], as_text(separator)
    refuse_above(sum(map(len, parts)) + len(glue) * len(parts))
    return glue.join(parts)


def replace(value: object, old: object, new: object, count: int = -1) -> str:
    """The text with `new` for `old`."""
    text, wanted, instead = as_text(value), as_text(old), as_text(new)
    refuse_above(len(text) + text.count(wanted) * len(instead))
    return text.replace(wanted, instead, count)


def joined_by(separator: object, values: Iterable[object]) -> str:
    """The values as one text, called as the method of a text is."""
    return join(values, separator)


def stripper(strip: Callable[[str, str | None], str]) -> Callable[..., str]:
    """`str.strip`, `lstrip` or `rstrip` for few characters: Python looks all of them up at each step."""

    def stripped(value: object, chars: str | None = None) -> str:
        if chars is not None and len(chars) > 100:
            raise FilterArgumentError("at most 100 characters can be stripped")
        return strip(as_text(value), chars)

    return stripped


@pass_context
def _join(context: Context, values: Iterable[object], d: object = "", attribute: str | int | None = None) -> str:
    if attribute is not None:
        values = context.environment.call_filter("map", values, (), {"attribute": attribute}, context=context)
    return join(values, d)


def _indent(value: object, width: int | str = 4, first: bool = False, blank: bool = False) -> str:
    text = as_text(value)
    margin = len(width) if isinstance(width, str) else width
    refuse_above(len(text) + len(text.splitlines()) * margin)
    return _JINJA["indent"](text, width, first, blank)


def _round(value: float, precision: int = 0, method: str = "common") -> float:
    if abs(precision) > 20:
        raise FilterArgumentError("round takes at most 20 digits")
    return _JINJA["round"](value, precision, method)


@pass_environment
def _sum(
    environment: jinja2.Environment, values: Iterable[Any], attribute: str | int | None = None, start: object = 0
) -> float:
    if not isinstance(start, int | float):
        raise FilterArgumentError("sum adds numbers; use join for texts")
    return _JINJA["sum"](environment, values, attribute, start)


@pass_context
def _tojson(context: Context, value: object, indent: int | None = None) -> str:
    if indent is not None and not 0 <= indent <= 8:
        raise FilterArgumentError("tojson indents by 0 to 8")
    encoder = json.JSONEncoder(ensure_ascii=False, indent=indent)
    return "".join(meter_of(context).weighed(encoder.iterencode(value)))


# ---- filters of texts


def _of_text(function: Callable[..., Any]) -> Callable[..., Any]:
    """The filter, with None as the empty text."""

    def of_text(value: object, *args: Any, **options: Any) -> Any:
        return function(as_text(value), *args, **options)

    return of_text


@pass_environment
def _truncate(environment: jinja2.Environment, value: object, *args: Any, **options: Any) -> str:
    return _JINJA["truncate"](environment, as_text(value), *args, **options)


def _escape(value: object) -> str:
    return str(_JINJA["escape"](as_text(value)))  # Jinja's own type would go on to escape what it is joined with


# ---- filters that PromptSource adds


@pass_context
def _choice(context: Context, values: Iterable[Any]) -> Any:
    return meter_of(context).random.choice(list(values))


def _most_frequent(values: Iterable[Hashable]) -> list[Hashable]:
    counts = Counter(values)
    most = max(counts.values(), default=0)
    return [value for value, count in counts.items() if count == most]


def _highlight(value: object) -> str:
    return f"<span style='color: #F08080'>{as_text(value)}</span>"


def _as_they_are(names: str) -> dict[str, Callable[..., Any]]:
    return {name: _JINJA[name] for name in names.split()}


FILTERS: Mapping[str, Callable[..., Any]] = {
    **_as_they_are("abs float int default d count length first last list reverse sort unique min max"),
    **_as_they_are("map select reject selectattr rejectattr groupby items dictsort"),
    **{name: _of_text(_JINJA[name]) for name in ("capitalize", "lower", "title", "upper", "wordcount")},
    "choice": _choice,
    "e": _escape,
    "escape": _escape,
    "highlight": _highlight,
    "indent": _indent,
    "join": _join,
    "most_frequent": _most_frequent,
    "random": _choice,
    "replace": replace,
    "round": _round,
    "string": as_text,
    "sum": _sum,
    "tojson": _tojson,
    "trim": stripper(str.strip),
    "truncate": _truncate,
}
WALKING = frozenset(("map", "reject", "rejectattr", "select", "selectattr", "unique", "most_frequent"))
"""Filters that may be long with each element: their input has to look at the clock."""
