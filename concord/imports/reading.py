"""What every reader of files works with: the open file, and the records that come out of it."""

from __future__ import annotations

import io
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO, Literal, NamedTuple

import orjson

from concord.records.kinds import Json
from concord.records.row import Problem

Format = Literal["jsonl", "json", "csv", "tsv", "parquet"]
LONGEST_ROW = 16_000_000
"""Bytes of a line, or characters of a field, that are still believed to be meant."""


class Record(NamedTuple):
    """One record: its line in the file, its fields, its JSON text in UTF-8."""

    line: int
    data: dict[str, Json]
    text: bytes


class Bad(NamedTuple):
    """A record that cannot be used, as text where it has one."""

    problem: Problem
    text: str


@dataclass
class Source:
    """An open file, and how much of it has been read."""

    name: str
    format: Format
    file: BinaryIO
    raw: BinaryIO
    size: int

    @property
    def share(self) -> float:
        """0 at the start, 1 at the end."""
        return self.raw.tell() / self.size


def as_text(data: dict[str, Json]) -> bytes:
    """The JSON text of a record."""
    return orjson.dumps(data)


@contextmanager
def text_file(source: Source, *, errors: str = "strict") -> Generator[io.TextIOWrapper]:
    """The file as text with its line ends as they are; the file itself stays open."""
    text = io.TextIOWrapper(source.file, encoding="utf-8-sig", errors=errors, newline="")
    try:
        yield text
    finally:
        if not source.file.closed:
            text.detach()
