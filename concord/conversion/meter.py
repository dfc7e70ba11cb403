"""What one row may cost: every value is weighed, every character of output counted, the clock read at every step.

A time limit alone would not do, for one call into C (`'a' * 10**9`) cannot be interrupted. Because no value is heavier
than MAX_VALUE, every step is short, and between two steps the meter can stop the row.
"""

from __future__ import annotations

from collections.abc import ItemsView, Iterable, Iterator, KeysView, ValuesView
from functools import cached_property
from itertools import chain
from random import Random
from time import thread_time
from typing import Any, TypeVar

from jinja2 import Undefined
from jinja2.exceptions import SecurityError

MAX_OUTPUT = 200_000
"""Characters that one row may give, all sections together."""
MAX_VALUE = 1_000_000
"""Weight of one value: its characters and elements, all levels counted."""
MAX_MADE = 20_000_000
"""Weight of all the values that one row may make on the way."""
MAX_BITS = 4_096
"""Bits of a whole number."""
MAX_SECONDS = 1.0
"""Processor time that one row may take."""

_ValueT = TypeVar("_ValueT")
_LAZY: tuple[type[Any], ...] = (Iterator, ItemsView, KeysView, ValuesView, range)
_OBJECT: type[Any] = dict
_LISTS: tuple[type[Any], ...] = (list, tuple)
_DATA: tuple[type[Any], ...] = (str, int, list, tuple, dict)


class Meter:
    """What one row has cost so far; all its sections are filled with the same meter, in the thread that made it.

    Args:
        seed: makes `choice` choose the same each time the row is rendered.
    """

    def __init__(self, seed: str = "") -> None:
        self._seed = seed
        self._written = 0
        self._made = 0
        self._deadline = thread_time() + MAX_SECONDS

    @cached_property
    def random(self) -> Random:
        """The row's own source of chance."""
        return Random(self._seed)

    def tick(self) -> None:
        """Stop a row that takes too long."""
        if thread_time() > self._deadline:
            raise SecurityError(f"the template works for longer than {MAX_SECONDS:g} s")

    def write(self, text: str) -> str:
        """Count a piece of output; the empty one counts too."""
        self.tick()
        self._written += max(len(text), 1)
        if self._written > MAX_OUTPUT:
            raise SecurityError(f"the text is longer than {MAX_OUTPUT:,} characters")
        return text

    def keep(self, value: Any) -> Any:
        """Weigh a new value; a lazy one is read here."""
        self.tick()
        if isinstance(value, _LAZY):
            return self.read(value)
        if isinstance(value, _DATA):
            self._made += weight(value)
            self._refuse_made()
        return value

    def read(self, values: Iterable[_ValueT]) -> list[_ValueT]:
        """The elements of a lazy value, weighed one by one as they come."""
        held: list[_ValueT] = []
        total = 0
        for value in self.each(values):
            total += weight(value)
            refuse_above(total)
            held.append(value)
        self._made += total
        self._refuse_made()
        return held

    def each(self, values: Iterable[_ValueT]) -> Iterator[_ValueT]:
        """The same elements, with a look at the clock before each."""
        for value in values:
            self.tick()
            yield value

    def _refuse_made(self) -> None:
        if self._made > MAX_MADE:
            raise SecurityError(f"the template makes more than {MAX_MADE:,} characters and elements on the way")


def weight(value: object) -> int:
    """Characters and elements of a value, all levels counted.

    Raises:
        jinja2.exceptions.SecurityError: it is heavier than MAX_VALUE (and was read no further than that), or holds what
            is no data.
    """
    total, waiting = 0, [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, str):
            total += max(len(part), 1)
        else:
            total += 1
            waiting.extend(_parts(part))
        refuse_above(total)
    return total


def _parts(value: Any) -> Iterable[Any]:
    """What a list or an object holds; nothing for a number, which must be one of bounded length."""
    if isinstance(value, _LISTS):
        return value
    if isinstance(value, _OBJECT):
        return chain[Any](value.keys(), value.values())
    if isinstance(value, int):
        refuse_bits(value.bit_length())
    elif isinstance(value, Undefined):
        str(value)  # raises, and says what is undefined
    elif not isinstance(value, float | None):
        raise SecurityError(f"a list or an object cannot hold a {type(value).__name__}")
    return ()


def refuse_above(size: float) -> None:
    """Stop before a value is made that would be too heavy."""
    if size > MAX_VALUE:
        raise SecurityError(f"the template makes a value of more than {MAX_VALUE:,} characters and elements")


def refuse_bits(bits: float) -> None:
    """Stop before a number is made that would be too long."""
    if bits > MAX_BITS:
        raise SecurityError(f"the template makes a number of more than {MAX_BITS:,} bits")
