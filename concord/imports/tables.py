"""Reading CSV, TSV and Parquet: text stays text, and a row that does not fit its header is a problem of its own."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Iterable, Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from concord.errors import InputError
from concord.imports.reading import LONGEST_ROW, Bad, Record, Source, as_text, text_file
from concord.records.kinds import Json
from concord.records.row import Problem

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def read_delimited(source: Source) -> Iterator[Record | Bad]:
    """A header, then one row after the other, with commas or semicolons, or with tabs."""
    # Bytes that are no UTF-8 become lone surrogates, to be found again in the row that holds them.
    with text_file(source, errors="surrogateescape") as text:
        yield from _rows(source, text)


def _rows(source: Source, text: Iterator[str]) -> Iterator[Record | Bad]:
    csv.field_size_limit(LONGEST_ROW)
    head = _up_to_the_header(text)
    delimiter = "\t" if source.format == "tsv" else max(",;", key=head[-1].count)
    reader = csv.reader(itertools.chain(head, text), delimiter=delimiter, strict=True)
    header = _header(source.name, reader)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            yield Bad(Problem(source.name, line, None, f"the row is not valid CSV ({error})", "Check its quotes."), "")
            continue
        if cells is None:
            return
        if cells:
            yield _table_row(source.name, line, header, cells)


def _up_to_the_header(text: Iterator[str]) -> list[str]:
    """The first lines, of which the last is not blank."""
    lines = [""]
    while not lines[-1].strip() and (line := next(text, None)) is not None:
        lines.append(line)
    return lines[1:] or lines


def _header(name: str, rows: Iterator[list[str]]) -> list[str]:
    try:
        header = [cell.strip() for cell in next(filter(None, rows), ())]
    except csv.Error as error:
        raise InputError(f"{name}: the header is not valid CSV ({error}). Check its quotes.") from error
    if broken := next(filter(_LONE_SURROGATE.search, header), None):
        raise InputError(f"{name}: column {_readable(broken)!r} is not UTF-8 text. Save the file as UTF-8.")
    if "" in header:
        raise InputError(f"{name}: column {header.index('') + 1} has no name. Name every column.")
    if twice := next((cell for cell in header if header.count(cell) > 1), None):
        raise InputError(f"{name}: there are two columns {twice!r}. Rename one.")
    return header


def _table_row(name: str, line: int, header: list[str], cells: list[str]) -> Record | Bad:
    if len(cells) != len(header):
        found = f"the row has {len(cells)} fields, the header has {len(header)}"
        cure = "Quote fields that hold the separator, or correct the row."
        return Bad(Problem(name, line, None, found, cure), _csv_line(cells))
    for field, cell in zip(header, cells, strict=True):
        if _LONE_SURROGATE.search(cell):
            found = f"field {field!r} is not UTF-8 text"
            cure = "Save the file as UTF-8 and import it again."
            return Bad(Problem(name, line, field, found, cure), _csv_line(cells))
    data: dict[str, Json] = dict(zip(header, cells, strict=True))
    return Record(line, data, as_text(data))


def _csv_line(cells: list[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(map(_readable, cells))
    return line.getvalue()


def _readable(text: str) -> str:
    """The text with the replacement character for each byte that is no UTF-8."""
    return text.encode(errors="surrogateescape").decode(errors="replace")


def read_parquet(source: Source) -> Iterator[Record | Bad]:
    """Rows, numbered as if they were lines; dates and times become text."""
    try:
        batches: Iterable[pa.RecordBatch] = pq.ParquetFile(source.file).iter_batches(batch_size=500)
        rows = itertools.chain.from_iterable(batch.to_pylist() for batch in batches)
        for line, row in enumerate(rows, 1):
            yield _parquet_row(source.name, line, row)
    except (pa.ArrowException, OSError) as error:
        found = str(error).strip()
        raise InputError(f"{source.name}: not a Parquet file, or damaged ({found}). Export it again.") from error


def _parquet_row(name: str, line: int, row: dict[str, Any]) -> Record | Bad:
    try:
        text = orjson.dumps(row, default=_plain)
    except TypeError as error:
        return Bad(Problem(name, line, None, f"the row holds what JSON cannot ({error})", "Convert that column."), "")
    return Record(line, orjson.loads(text), text)


def _plain(value: object) -> str:
    """Exact decimals and spans of time as text; bytes are no text."""
    if isinstance(value, Decimal | timedelta):
        return str(value)
    raise TypeError(f"{type(value).__name__}: {value!r:.40}")
