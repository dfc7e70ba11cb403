"""What a statistic is: a number that stands with its interval, its counts and its reservations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isnan, nan
from typing import Literal, NamedTuple

Level = Literal["nominal", "ordinal", "interval"]

NOBODY_TWICE = "not defined: no item was judged by two annotators"

FEW_ITEMS = 50
"""Below this many items judged twice a value is called indicative."""


class Interval(NamedTuple):
    """A 95 % interval over items.

    Attributes:
        low: NaN, as `high` is, where none is printed.
        high: the upper end.
        note: why there is none, or what limits it.
    """

    low: float = nan
    high: float = nan
    note: str | None = None


class Extent(NamedTuple):
    """How much a statistic rests on: items judged by two or more annotators, the answers used, whose they are."""

    items: int
    annotations: int
    annotators: int


@dataclass(frozen=True)
class Statistic:
    """One statistic of agreement.

    Attributes:
        value: NaN when it is not defined; the note then says why.
        low: lower end of the 95 % interval over items; NaN when none is printed, and the note says why.
        high: upper end.
        items: items judged by two or more annotators.
        annotations: the answers used.
        annotators: how many annotators gave them.
        level: how the values are compared, where that is a choice.
        between: the two annotators, where it is about a pair.
        percent: of a pair's kappa, the share of the items that both answered alike; a kappa says little without it.
        note: what limits the number, as clauses parted by semicolons.
        pairs: the same statistic for each pair of annotators that judged an item together.
    """

    value: float
    low: float
    high: float
    items: int
    annotations: int
    annotators: int
    level: Level | None = None
    between: tuple[str, str] | None = None
    percent: float | None = None
    note: str | None = None
    pairs: tuple[Statistic, ...] = ()


Statistics = dict[str, Statistic]
"""Statistics by name."""


def statistic(
    value: float,
    interval: Interval,
    extent: Extent,
    *,
    notes: Sequence[str | None] = (),
    level: Level | None = None,
) -> Statistic:
    """A statistic from its parts; its notes are joined with the interval's, and with what few items mean.

    >>> statistic(0.5, Interval(0.25, 0.75), Extent(12, 24, 2), notes=["S1", None]).note
    'S1; indicative: fewer than 50 items'
    """
    few = f"indicative: fewer than {FEW_ITEMS} items"
    indicative = few if not isnan(value) and extent.items < FEW_ITEMS else None
    note = "; ".join(note for note in [*notes, interval.note, indicative] if note)
    return Statistic(value, interval.low, interval.high, *extent, level=level, note=note or None)


def with_note(one: Statistic, note: str) -> Statistic:
    """The statistic with one more clause in its note."""
    return replace(one, note=f"{one.note}; {note}" if one.note else note)


def counted(number: int, noun: str) -> str:
    """A number with its noun.

    >>> counted(1, "item"), counted(38, "pair")
    ('1 item', '38 pairs')
    """
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
