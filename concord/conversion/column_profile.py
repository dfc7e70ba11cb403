"""What the columns of a data set hold, and a few of its rows that differ: what a template is written from."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import orjson

from concord.conversion.front_matter import CHOICES, TYPES
from concord.conversion.sandbox import FUNCTIONS
from concord.records.kinds import Json
from concord.records.row import Row

_MOST_VALUES, _LONGEST_VALUE = 12, 40


@dataclass(frozen=True)
class Column:
    """One column, as the rows that were looked at have it.

    Attributes:
        kind: its type, as a template's `inputs` declares it.
        missing: in how many of the rows it is not there, null or blank.
        characters: the mean length of its values, as text.
        values: all its values, where they are few, short and repeat each other, as the labels of a class do.
    """

    name: str
    kind: str
    missing: int
    characters: int
    values: tuple[str, ...]


def profile(rows: Sequence[Row], names: Sequence[str]) -> tuple[Column, ...]:
    """These columns of the rows; those whose name a template cannot say are left out."""
    return tuple(_column(rows, name) for name in names if _sayable(name))


def varied_rows(rows: Sequence[Row], names: Sequence[str], *, count: int, seed: int) -> tuple[Row, ...]:
    """A few rows that show what there is: the longest, the shortest, one with a missing value, the others by chance.

    Args:
        rows: to choose from.
        names: the columns that matter.
        count: how many rows at most.
        seed: the same seed chooses the same rows.

    Returns:
        Different rows, in their own order.
    """
    chance = random.Random(seed)
    by_size = sorted(rows, key=lambda row: len(orjson.dumps([row.data.get(name) for name in names])))
    lacking = [row for row in rows if any(_is_missing(row.data, name) for name in names)]
    wanted = [*by_size[-1:], *by_size[:1], *chance.sample(lacking, min(1, len(lacking)))]
    wanted += chance.sample(list(rows), len(rows))
    chosen = {row.id for row in list({row.id: row for row in wanted}.values())[:count]}
    return tuple(row for row in rows if row.id in chosen)


def text_of(value: Json) -> str:
    """A value as text: text as it is, anything else as JSON."""
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def _column(rows: Sequence[Row], name: str) -> Column:
    there = [row.data[name] for row in rows if not _is_missing(row.data, name)]
    texts = [text_of(value) for value in there]
    mean = round(sum(map(len, texts)) / len(texts)) if texts else 0
    return Column(name, _kind(there), len(rows) - len(there), mean, _labels(texts))


def _kind(values: Sequence[Json]) -> str:
    """The narrowest type that fits every value; true and false are no numbers."""
    if not values:
        return "any"
    if all(isinstance(value, bool) for value in values):
        return "boolean"
    narrow = ("number", "string", "list", "object")
    fits = (kind for kind in narrow if all(isinstance(value, TYPES[kind]) for value in values))
    kind = next(fits, "any")
    return "string" if kind == "number" and any(isinstance(value, bool) for value in values) else kind


def _labels(texts: Sequence[str]) -> tuple[str, ...]:
    values = sorted(set(texts))
    repeat = len(texts) >= 2 * len(values)
    short = all(len(value) <= _LONGEST_VALUE for value in values)
    return tuple(values) if repeat and short and 2 <= len(values) <= _MOST_VALUES else ()


def _is_missing(data: Mapping[str, Json], name: str) -> bool:
    value = data.get(name)
    return value is None or (isinstance(value, str) and not value.strip())


def _sayable(name: str) -> bool:
    """Whether a template can say the name: a word of Jinja that means nothing else there."""
    taken = name in FUNCTIONS or name in (CHOICES, "true", "false", "none", "True", "False", "None")
    return name.isidentifier() and name.isascii() and not taken
