"""Reading files: JSONL, JSON, CSV, TSV and Parquet, record by record, each with its line.

A record that cannot be read is a `Bad` with its problem, never the end of the file. Text is taken as it is: nothing is
guessed to be a number or a date.
"""

from __future__ import annotations

import gzip
import itertools
import zlib
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from concord.errors import InputError
from concord.imports.json_files import read_json, read_lines
from concord.imports.reading import Bad, Format, Record, Source
from concord.imports.tables import read_delimited, read_parquet
from concord.records.kinds import Json

SUFFIXES: dict[str, Format] = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "json",
    ".csv": "csv",
    ".tsv": "tsv",
    ".parquet": "parquet",
}
MOST_PROBLEMS = 1_000
_READERS: dict[Format, Callable[[Source], Iterator[Record | Bad]]] = {
    "jsonl": read_lines,
    "json": read_json,
    "csv": read_delimited,
    "tsv": read_delimited,
    "parquet": read_parquet,
}
_DAMAGED = (gzip.BadGzipFile, zlib.error, EOFError)


@dataclass(frozen=True)
class Preview:
    """The first records of a file; `ready` when they are items in the interchange format."""

    format: Format
    columns: tuple[str, ...]
    rows: tuple[dict[str, Json], ...]
    ready: bool


def format_of(path: Path) -> Format:
    """The format that the file's name promises.

    Raises:
        InputError: the ending is none of ours.
    """
    suffixes = [suffix.lower() for suffix in path.suffixes]
    packed = suffixes[-1:] == [".gz"]
    kind = SUFFIXES.get((suffixes[:-1] if packed else suffixes)[-1] if len(suffixes) > packed else "")
    if kind is None or (packed and kind == "parquet"):
        known = ", ".join(suffix for suffix in SUFFIXES)
        raise InputError(f"{path.name}: files end in {known} (text files also in .gz). Rename or convert it.")
    return kind


@contextmanager
def open_source(path: Path) -> Generator[Source]:
    """Open a file for reading.

    Raises:
        InputError: it is missing, empty, or of an unknown kind.
    """
    kind = format_of(path)
    try:
        size = path.stat().st_size
        raw = path.open("rb")
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}. Check the path.") from error
    with raw:
        if size == 0:
            raise InputError(f"{path.name}: the file is empty. Choose a file with rows.")
        with cast("BinaryIO", gzip.GzipFile(fileobj=raw)) if path.suffix.lower() == ".gz" else raw as file:
            _refuse_utf16(path.name, file)
            yield Source(path.name, kind, file, raw, size)


def read(source: Source) -> Iterator[Record | Bad]:
    """All records of a file.

    Raises:
        InputError: the file as a whole cannot be read.
    """
    records = iter(_READERS[source.format](source))
    try:
        first = next(records, None)
        if first is None:
            raise InputError(f"{source.name}: the file holds no rows. Choose a file with rows.")
        yield first
        yield from records
    except _DAMAGED as error:
        raise _damaged(source.name, error) from error


def preview(path: Path, *, limit: int = 20) -> Preview:
    """The first records that can be read, for a look before the import."""
    with open_source(path) as source:
        records = [record for record in itertools.islice(read(source), limit) if isinstance(record, Record)]
    columns = dict.fromkeys(name for record in records for name in record.data)
    ready = bool(records) and is_ready(records[0].data)  # what comes after is checked, not guessed at
    return Preview(source.format, tuple(columns), tuple(record.data for record in records), ready)


def is_ready(data: dict[str, Json]) -> bool:
    """Whether a record is an item of the interchange format rather than a raw row."""
    return "item_id" in data and any(
        isinstance(data.get(name), list) for name in ("responses", "annotations", "messages")
    )


def _refuse_utf16(name: str, file: BinaryIO) -> None:
    try:
        start = file.read(2)
        file.seek(0)
    except gzip.BadGzipFile as error:
        raise InputError(f"{name}: the file is not packed with gzip. Rename it without .gz.") from error
    except _DAMAGED as error:
        raise _damaged(name, error) from error
    if start in (b"\xff\xfe", b"\xfe\xff"):
        raise InputError(f"{name}: the file is UTF-16. Save it as UTF-8.")


def _damaged(name: str, error: Exception) -> InputError:
    return InputError(f"{name}: the packed file is damaged ({error}). Pack or download it again.")
