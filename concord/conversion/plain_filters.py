"""Filters and methods that do what they do in PromptSource, where every value has a text as Python writes it."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Hashable, ItemsView, Iterable, KeysView, Mapping, Sequence, ValuesView
from typing import Any

import jinja2
from jinja2.exceptions import TemplateRuntimeError
from jinja2.runtime import Context
from jinja2.utils import pass_context

from concord.conversion.environment import METHODS
from concord.conversion.filters import FILTERS, meter_of
from concord.conversion.meter import DATA, refuse_above, weight

_WRITTEN: tuple[type[Any], ...] = (*DATA, float, range, KeysView, ValuesView, ItemsView)


def plain_text(value: object) -> str:
    """A value as Python writes it."""
    if type(value) is str:
        return value
    if value is None or isinstance(value, jinja2.Undefined):
        return str(value)
    if not isinstance(value, _WRITTEN):
        raise TemplateRuntimeError("a function or a lazy list is not a text; use its result, or the filter list")
    refuse_above(weight(value) if isinstance(value, DATA) else 0)
    return str(value)


# ---- methods of texts, which take texts alone


def _joined_by(separator: str, values: Iterable[object]) -> str:
    parts = list(values)
    _refuse_others("join", *parts)
    return METHODS["join"](separator, parts)


def _replaced(text: str, old: object, new: object, count: int = -1) -> str:
    _refuse_others("replace", old, new)
    return METHODS["replace"](text, old, new, count)


def _refuse_others(method: str, *values: object) -> None:
    for value in values:
        if not isinstance(value, str):
            raise TemplateRuntimeError(f"the method {method} takes texts, and no {type(value).__name__}")


PLAIN_METHODS: Mapping[str, Callable[..., str]] = {**METHODS, "join": _joined_by, "replace": _replaced}


# ---- filters


def _on_text(function: Callable[..., Any]) -> Callable[..., Any]:
    def on_text(value: object, *args: Any, **options: Any) -> Any:
        return function(plain_text(value), *args, **options)

    return on_text


def _replace(value: object, old: object, new: object, count: int | None = None) -> str:
    return METHODS["replace"](plain_text(value), plain_text(old), plain_text(new), -1 if count is None else count)


@pass_context
def _join(context: Context, values: Iterable[object], d: object = "", attribute: str | int | None = None) -> str:
    if attribute is not None:
        values = context.environment.call_filter("map", values, (), {"attribute": attribute}, context=context)
    return METHODS["join"](plain_text(d), map(plain_text, values))


@pass_context
def _choice(context: Context, values: Sequence[Any]) -> Any:
    return meter_of(context).random.choice(values)


@pass_context
def _random(context: Context, values: Sequence[Any]) -> Any:
    return _choice(context, values) if len(values) else context.environment.undefined("No random item, it is empty.")


def _most_frequent(values: Iterable[Hashable]) -> list[Hashable] | None:
    counts = Counter(values).most_common()
    return [value for value, count in counts if count == counts[0][1]] or None


def _highlight(text: str) -> str:
    return "<span style='color: #F08080'>" + text + "</span>"


@pass_context
def _tojson(context: Context, value: object, indent: int | None = None) -> str:
    if indent is not None and not 0 <= indent <= 8:
        raise TemplateRuntimeError("tojson indents by 0 to 8")
    encoder = json.JSONEncoder(sort_keys=True, indent=indent)
    text = "".join(meter_of(context).weighed(encoder.iterencode(value)))
    for sign in "<>&'":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


_FIELD = re.compile(r"%(?:\(\w+\))?[#0 +-]*(\d*)(?:\.(\d*))?[a-zA-Z%]")


def fill_in(text: str, values: Any) -> str:
    """What `text % values` gives, if no field of it is wider than 999 signs."""
    fields = list(_FIELD.finditer(text))
    wide = any(len(digits) > 3 for field in fields for digits in field.groups(""))
    if wide or text.count("%") > sum(field[0].count("%") for field in fields):
        raise TemplateRuntimeError("% fills in texts with fields such as %s, %d or %.1f, of at most 999 signs")
    refuse_above(len(text) + len(fields) * (1_000 + weight(values)))
    return text % values


def _format(text: object, *values: Any, **named: Any) -> str:
    return fill_in(plain_text(text), named or values)


_AS_TEXT = ("capitalize", "lower", "title", "upper", "wordcount", "trim", "indent")
PLAIN_FILTERS: Mapping[str, Callable[..., Any]] = {
    **FILTERS,
    **{name: _on_text(FILTERS[name]) for name in (*_AS_TEXT, "e", "escape")},
    "choice": _choice,
    "format": _format,
    "highlight": _highlight,
    "join": _join,
    "most_frequent": _most_frequent,
    "random": _random,
    "replace": _replace,
    "string": plain_text,
    "tojson": _tojson,
}
