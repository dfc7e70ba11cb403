"""The account of an import: good records go through, bad ones are counted, reported and, if wanted, written down."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO, TypeVar

import orjson

from concord.errors import DiskFull
from concord.imports.files import MOST_PROBLEMS
from concord.imports.reading import Bad, Record, Source
from concord.imports.tidying import tidy_record
from concord.records.kinds import Origin
from concord.records.row import ImportReport, Problem

T = TypeVar("T")
Progress = Callable[[float], None]
_OFTEN = 2_000
_ROOM, _LEAST = 8_000_000, 500  # characters that are held at a time, and what a record takes beside its text


@dataclass(frozen=True)
class ImportOptions:
    """How a file becomes rows or items.

    Attributes:
        mapping: the field's name in the project, by it the column's name in the file; other columns keep their names.
        required: fields that every row must fill.
        rejects: bad records are skipped and written here; None means that one bad record stops the import.
        dry_run: look at everything, store nothing.
        origin: how annotations in the file came about.
        tidy: bring texts into one form first, see `concord.imports.tidying`.
    """

    mapping: Mapping[str, str] = field(default_factory=dict[str, str])
    required: frozenset[str] = frozenset()
    rejects: Path | None = None
    dry_run: bool = False
    origin: Origin = "file"
    tidy: bool = False


class Sieve:
    """Lets good records through and keeps account of the bad ones."""

    def __init__(self, source: Source, options: ImportOptions, rejects: TextIO | None) -> None:
        self._source, self._options, self._rejects = source, options, rejects
        self.read, self.bad, self.tidied = 0, 0, 0
        self.problems: list[Problem] = []
        self.notes: list[str] = []

    @property
    def blocked(self) -> bool:
        """Whether bad records forbid to store anything."""
        return self.bad > 0 and not self._options.rejects

    def records(self, records: Iterable[Record | Bad]) -> Iterator[Record | Bad]:
        """The records as they are worked on: tidied, where that is wished."""
        for record in records:
            if isinstance(record, Bad) or not self._options.tidy:
                yield record
                continue
            tidy = tidy_record(record)
            self.tidied += tidy is not record
            yield tidy

    def good(self, records: Iterable[T | Bad], on_progress: Progress | None = None) -> Iterator[T]:
        """The good records; ends early when very many are bad and nobody wants them skipped."""
        for record in records:
            if on_progress and self.read % _OFTEN == 0:
                on_progress(self._source.share)
            self.read += 1
            if not isinstance(record, Bad):
                yield record
                continue
            self._reject(record)
            if self.blocked and self.bad >= MOST_PROBLEMS:
                self.notes.append(f"Reading stopped after {MOST_PROBLEMS:,} bad rows.")
                return
        if on_progress:
            on_progress(1.0)

    def report(self, stored: int = 0, duplicates: int = 0) -> ImportReport:
        """What the import did."""
        written = self.bad > 0 and self._rejects is not None
        return ImportReport(
            self._source.name,
            self.read,
            stored,
            duplicates,
            tuple(self.problems),
            (*self.notes, *self._tidied()),
            str(self._options.rejects) if written else None,
            self._options.dry_run,
        )

    def _tidied(self) -> Iterator[str]:
        if self._options.tidy:
            yield f"Texts of {self.tidied:,} of {self.read:,} rows were tidied."

    def _reject(self, bad: Bad) -> None:
        self.bad += 1
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(bad.problem)
        if self._rejects:
            where = {name: getattr(bad.problem, name) for name in ("source", "line", "field", "found", "cure")}
            self._rejects.write(orjson.dumps({**where, "text": bad.text}).decode() + "\n")


@contextmanager
def sieve(source: Source, options: ImportOptions) -> Generator[Sieve]:
    """A sieve whose rejects, if there are any, are a whole file when the block ends."""
    if options.rejects is None or options.dry_run:
        yield Sieve(source, options, None)
        return
    partial = options.rejects.with_name(f"{options.rejects.name}.{os.getpid()}")
    try:
        partial.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("w", encoding="utf-8", newline="\n") as file:
            account = Sieve(source, options, file)
            yield account
        if account.bad:
            partial.replace(options.rejects)
    except OSError as error:
        raise DiskFull(f"{options.rejects}: {error.strerror}. Free some space or choose another place.") from error
    finally:
        partial.unlink(missing_ok=True)


def batches(records: Iterable[T], size: Callable[[T], int]) -> Iterator[list[T]]:
    """Lists of records, long enough to be stored together and, whatever a record's size, short enough to be held."""
    batch: list[T] = []
    room = _ROOM
    for record in records:
        batch.append(record)
        room -= _LEAST + size(record)
        if room < 0:
            yield batch
            batch, room = [], _ROOM
    if batch:
        yield batch


def is_blank(value: object) -> bool:
    """Whether a field holds nothing."""
    return value is None or (isinstance(value, str) and (not value or value.isspace()))
