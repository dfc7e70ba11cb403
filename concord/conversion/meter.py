"""What one row may cost: every value is weighed, every character of output counted, the clock read at every step.

A time limit alone would not do, for one call into C (`'a' * 10**9`) cannot be interrupted. Because no value is heavier
than MAX_VALUE, every step is short, and between two steps the meter can stop the row.
"""

from __future__ import annotations

from collections.abc import Collection, ItemsView, Iterable, Iterator, KeysView, ValuesView
from functools import cached_property
from random import Random
from time import thread_time
from typing import Any, TypeVar, cast

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
_STEPS_A_LOOK = 16
"""Short steps between two looks at the clock: a look takes longer than most of them."""
_SHORT = 1_000
"""Characters of a text that is made in a short step."""

_ValueT = TypeVar("_ValueT")
_LAZY: tuple[type[Any], ...] = (Iterator, ItemsView, KeysView, ValuesView, range)
DATA: tuple[type[Any], ...] = (str, int, list, tuple, dict)
"""What has a weight."""


class Meter:
    """What one row has cost so far; all its sections are filled with the same meter, in the thread that made it.

    Args:
        seed: what it names together makes `choice` choose the same each time the row is rendered.
    """

    def __init__(self, *seed: object) -> None:
        self._seed = seed
        self._written = 0
        self._made = 0
        self._steps = 0
        self._deadline = thread_time() + MAX_SECONDS

    @cached_property
    def random(self) -> Random:
        """The row's own source of chance."""
        return Random("/".join(map(str, self._seed)))

    def tick(self) -> None:
        """Stop a row that takes too long."""
        if thread_time() > self._deadline:
            raise SecurityError(f"the template works for longer than {MAX_SECONDS:g} s")

    def step(self) -> None:
        """Count a step that is short by itself, and look at the clock now and then."""
        self._steps += 1
        if not self._steps % _STEPS_A_LOOK:
            self.tick()

    def collect(self, pieces: Iterable[str]) -> str:
        """Pieces of output put together, each counted as it comes; the empty one counts too."""
        held: list[str] = []
        length = 0
        for piece in pieces:
            held.append(piece)
            length += len(piece) or 1
            if not len(held) % _STEPS_A_LOOK:
                self.count(length)
                length = 0
                self.tick()
        self.count(length)
        return "".join(held)

    def count(self, characters: int) -> None:
        """Count characters of output, before they are put together."""
        self._written += characters
        if self._written > MAX_OUTPUT:
            raise SecurityError(f"the text is longer than {MAX_OUTPUT:,} characters")

    def keep(self, value: Any) -> Any:
        """Weigh a new value; a lazy one is read here."""
        if type(value) is str and len(value) < _SHORT:
            self.step()
            self._make(len(value))
            return value
        self.tick()
        if isinstance(value, _LAZY):
            return list(self.weighed(value))
        if isinstance(value, DATA):
            self._make(weight(value))
        return value

    def weighed(self, values: Iterable[_ValueT]) -> Iterator[_ValueT]:
        """The elements of a lazy value, each weighed as it comes."""
        total = 0
        for value in self.each(values):
            made = weight(value)
            total += made
            refuse_above(total)
            self._make(made)
            yield value

    def each(self, values: Iterable[_ValueT]) -> Iterator[_ValueT]:
        """The same elements, a step for each."""
        for value in values:
            self.step()
            yield value

    def _make(self, made: int) -> None:
        self._made += made
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
        kind = type(part)
        if kind is str:
            total += len(cast("str", part)) or 1
        elif kind is list or kind is tuple or kind is dict:
            total += 1
            parts = cast("Collection[object]", part)
            refuse_above(total + len(waiting) + len(parts))
            waiting.extend(parts)
            if kind is dict:
                waiting.extend(cast("dict[object, object]", part).values())
        else:
            total += _weight_of_other(part)
    refuse_above(total)
    return total


def _weight_of_other(part: Any) -> int:
    """What is no plain text, list or object weighs; a list of a class of its own is a list all the same."""
    match part:
        case int():
            return _digits(part)
        case float() | None:
            return 1
        case str():
            return len(part) or 1
        case Undefined():
            return len(str(part)) + 1  # a strict one raises, and says what is undefined
        case tuple() | list():
            return weight(list(cast("Collection[object]", part)))
        case _:
            raise SecurityError(f"a list or an object cannot hold a {type(part).__name__}")


def _digits(number: int) -> int:
    """What a whole number weighs: a long one is a long text as soon as it is written."""
    bits = number.bit_length()
    refuse_bits(bits)
    return 1 if bits <= 64 else bits // 3


def refuse_above(size: float) -> None:
    """Stop before a value is made that would be too heavy."""
    if size > MAX_VALUE:
        raise SecurityError(f"the template makes a value of more than {MAX_VALUE:,} characters and elements")


def refuse_bits(bits: float) -> None:
    """Stop before a number is made that would be too long."""
    if bits > MAX_BITS:
        raise SecurityError(f"the template makes a number of more than {MAX_BITS:,} bits")
