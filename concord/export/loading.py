"""A written data set loaded back, batch by batch, with what its files have against each other."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from concord.export.conversion import Row
from concord.export.formats import KINDS, Format
from concord.export.line_index import LineIndex
from concord.export.openai_rows import broken_rules

_BATCH = 10_000


class Loaded(NamedTuple):
    """Some rows as a loader has them.

    Attributes:
        rows: in the format's columns; where keys differ by row, `row` is the line of each.
        deep: both files were compared here, and whatever takes long may be done.
        faults: what is wrong with them, a sentence for each time.
    """

    rows: pa.Table
    deep: bool
    faults: Sequence[str]


def loaded(folder: Path, split: str, name: Format, step: int) -> Iterator[Loaded]:
    """The rows of a split from the file that loaders are pointed at; each batch is loaded behind the one before it.

    Args:
        folder: where the data set lies.
        split: its name.
        name: of the format.
        step: one batch of so many is a deep one, beginning with the first.
    """
    reading = _lines if KINDS[name].loads == "jsonl" else _columns
    batches = reading(folder, split, step)
    with ThreadPoolExecutor(1) as loader:
        coming = loader.submit(next, batches, None)
        while batch := coming.result():
            coming = loader.submit(next, batches, None)
            yield batch


def _columns(folder: Path, split: str, step: int) -> Iterator[Loaded]:
    """Rows of the Parquet file; the JSONL has as many lines, and in deep batches they say the same."""
    lines, first = LineIndex(folder / f"{split}.jsonl"), 0
    with pq.ParquetFile(folder / f"{split}.parquet") as file:
        as_many = len(lines) == file.metadata.num_rows
        for number, batch in enumerate(file.iter_batches(_BATCH)):
            deep = number % step == 0
            # That there are more or fewer lines is told once.
            differ = deep and lines.rows(first, len(batch)) != _plain(batch) if as_many else number == 0
            first += len(batch)
            yield Loaded(pa.Table.from_batches([batch]), deep, [f"{split}: JSONL and Parquet differ"] * differ)


def _plain(batch: pa.RecordBatch) -> list[Row]:
    """Rows as JSONL says them; Parquet keeps the arguments of tool calls as JSON texts."""
    rows: list[Row] = batch.to_pylist()
    calling = [name for name, kind in zip(batch.schema.names, batch.schema.types, strict=True) if _has_calls(kind)]
    turns = (turn for name in calling for row in rows for turn in row[name] or ())
    for call in (call for turn in turns for call in turn["tool_calls"] or ()):
        call["function"]["arguments"] = orjson.loads(call["function"]["arguments"])
    return rows


def _has_calls(kind: Any) -> bool:
    return (
        pa.types.is_list(kind)
        and pa.types.is_struct(kind.value_type)
        and kind.value_type.get_field_index("tool_calls") >= 0
    )


def _lines(folder: Path, split: str, step: int) -> Iterator[Loaded]:
    """Rows whose keys differ; all of them are held against the published rules."""
    with (folder / f"{split}.jsonl").open("rb") as lines:
        for number in itertools.count():
            if not (batch := list(itertools.islice(lines, _BATCH))):
                return
            faults = [rule for line in batch for rule in broken_rules(orjson.loads(line))]
            rows = pa.table({"row": pa.array([line.decode() for line in batch], pa.string())})
            yield Loaded(rows, number % step == 0, faults)
