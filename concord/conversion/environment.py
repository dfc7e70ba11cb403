"""The sandbox that templates run in: Jinja's immutable one, with what is listed here and no more.

`concord/conversion/sandbox.py` says what stops which attack.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

import jinja2
from jinja2.exceptions import SecurityError, TemplateRuntimeError
from jinja2.runtime import Context, LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment, safe_range
from jinja2.utils import Namespace, pass_context

from concord.conversion.filters import joined_by, meter_of, replace, stripper
from concord.conversion.meter import refuse_above, refuse_bits, weight

FUNCTIONS: Mapping[str, Callable[..., Any]] = {"namespace": Namespace, "range": safe_range, "zip": zip}
"""What a template may call by name."""


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_METHODS: Mapping[type, frozenset[str]] = {
    # without rfind, rindex, rpartition and rsplit, which take quadratic time
    str: _names(
        "capitalize casefold count endswith find index isalnum isalpha isdecimal isdigit islower isnumeric isspace "
        "istitle isupper lower partition removeprefix removesuffix split splitlines startswith swapcase title upper"
    ),
    dict: _names("get items keys values"),
    list: _names("count index"),
    tuple: _names("count index"),
    LoopContext: _names("changed cycle"),
}
METHODS: Mapping[str, Callable[..., str]] = {
    "join": joined_by,
    "lstrip": stripper(str.lstrip),
    "replace": replace,
    "rstrip": stripper(str.rstrip),
    "strip": stripper(str.strip),
}
"""Methods of a text that are asked for here instead."""
_HARMLESS = frozenset((bool, int, float, str))
_REPEATABLE: tuple[type[Any], ...] = (str, list, tuple)


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's sandbox with filters, functions, methods and operators that are listed, and no others.

    Args:
        filters: by name.
        methods: what stands for a method of a text.
        text: makes a text of any value that is written.
        undefined: what a name stands for that the row does not have.
    """

    intercepted_binops = frozenset(("*", "**", "%", "+"))

    def __init__(
        self,
        filters: Mapping[str, Callable[..., Any]],
        methods: Mapping[str, Callable[..., str]],
        text: Callable[[Any], str],
        undefined: type[jinja2.Undefined],
    ) -> None:

        @pass_context  # so that Jinja computes no output while compiling
        def written(_: Context, value: object) -> str:
            return text(value)

        super().__init__(undefined=undefined, finalize=written, optimized=False)
        self.filters = {**filters, "<each>": _each}
        self.globals = dict(FUNCTIONS)
        self.text, self._methods = text, methods

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        if type(value) in _HARMLESS and not attr.startswith("_"):  # `loop.index`, and other plain values
            return True
        listed = any(isinstance(obj, kind) and attr in names for kind, names in _METHODS.items())
        # An undefined value can be called too, which only says that it is undefined.
        if callable(value) and not (listed or isinstance(value, jinja2.Undefined)):
            return False
        return super().is_safe_attribute(obj, attr, value)

    def unsafe_undefined(self, obj: Any, attribute: str) -> jinja2.Undefined:
        """Refused here and now; an undefined value that is not strict would be the empty text."""
        raise SecurityError(f"access to attribute {attribute!r} of {type(obj).__name__!r} object is unsafe.")

    def wrap_str_format(self, value: Any) -> None:
        """`format` stays what it is, a method that is not listed: its widths have no bound."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, str) and attribute in self._methods:
            return partial(self._methods[attribute], obj)
        return super().getattr(obj, attribute)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        match operator:
            case "*":
                _refuse_product(left, right)
            case "**" if isinstance(left, int) and isinstance(right, int):
                refuse_bits(left.bit_length() * right)
            case "%" if isinstance(left, str):
                return self.fill_in(left, right)
            case _:
                pass
        return meter_of(context).keep(super().call_binop(context, operator, left, right))

    def fill_in(self, text: str, values: Any) -> str:
        """What `text % values` gives."""
        raise TemplateRuntimeError("% does not fill in texts here; write {{ }} where the value belongs")


def _refuse_product(left: Any, right: Any) -> None:
    for repeated, times in ((left, right), (right, left)):
        if isinstance(repeated, _REPEATABLE) and isinstance(times, int):
            refuse_above(weight(repeated) * times)


@pass_context
def kept(context: Context, value: Any) -> Any:
    """A new value, weighed; a lazy one is read."""
    return meter_of(context).keep(value)


@pass_context
def _each(context: Context, values: Iterable[Any]) -> Iterator[Any]:
    return meter_of(context).each(values)
