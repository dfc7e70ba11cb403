"""The columns of the rows beside those that the template wants: lacking, empty, or of no use to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from concord.conversion.findings import Finding, Seen, Tally, agree, as_written, counted, listed, share
from concord.conversion.names import target_columns
from concord.records.template import Template

MOST_COLUMNS = 1_000
"""Columns that are counted one by one."""


class Column(NamedTuple):
    """How a column stands.

    Attributes:
        name: the column.
        used: whether the template reads it.
        rows: the rows that have it.
        null: those of them in which it is null.
        blank: those in which it is a text of white space alone, or none.
    """

    name: str
    used: bool
    rows: int
    null: int
    blank: int


class Columns:
    """See `concord.conversion.findings.Check`."""

    def __init__(self, template: Template) -> None:
        self._inputs = frozenset(template.inputs)
        self._used = self._inputs | target_columns(template)
        self._present = Counter[str](dict.fromkeys(self._used, 0))
        self._null, self._blank = Counter[str](), Counter[str]()
        self._lacking = {name: Tally() for name in self._used}
        self._missing = {name: Tally() for name in self._used}
        self._unused = Tally()
        self._crowded = 0

    def see(self, seen: Seen) -> None:
        """Count the columns of a row."""
        row, data = seen.row, seen.row.data
        text = partial(as_written, data)
        for name, value in data.items():
            if name not in self._present and len(self._present) >= MOST_COLUMNS + len(self._used):
                self._crowded += 1
                continue
            self._present[name] += 1
            if value is None:
                self._null[name] += 1
            elif isinstance(value, str) and not value.strip():
                self._blank[name] += 1
            else:
                continue
            if name in self._used:
                self._missing[name].add(row, text)
        for name in self._used - data.keys():
            self._lacking[name].add(row, text)
        if data.keys() - self._used:
            self._unused.add(row, text)

    def table(self) -> tuple[Column, ...]:
        """Every column: the template's first, then by name."""
        names = sorted(self._present, key=lambda name: (name not in self._used, name))
        return tuple(
            Column(name, name in self._used, self._present[name], self._null[name], self._blank[name]) for name in names
        )

    def findings(self, rows: int) -> Iterator[Finding]:
        """Columns that rows lack, values that are missing, columns without use."""
        for name in sorted(self._used):
            if self._lacking[name].count:
                yield self._lacking[name].finding("missing-column", "warning", self._says_lacking(name, rows), rows)
            if self._missing[name].count:
                yield self._missing[name].finding("missing-value", "warning", self._says_missing(name), rows)
        unused = sorted(self._present.keys() - self._used)
        if unused:
            more = " The rows have so many columns that not all could be named." if self._crowded else ""
            says = f"The template does not use {listed(unused)}.{more}"
            yield Finding("extra-column", "note", says, self._unused.count, share(self._unused.count, rows))

    def _says_missing(self, name: str) -> str:
        found = (("null", self._null[name]), ("blank", self._blank[name]))
        where = " and ".join(f"{what} in {counted(count, 'row')}" for what, count in found if count)
        return f"The column {name!r} is {where}."

    def _says_lacking(self, name: str, rows: int) -> str:
        lacking = self._lacking[name].count
        who = "No row has" if lacking == rows else f"{counted(lacking, 'row')} {agree(lacking, 'has', 'have')} no"
        purpose = "which the template needs" if name in self._inputs else "from which the template takes the target"
        return f"{who} {'the ' if lacking == rows else ''}column {name!r}, {purpose}."
