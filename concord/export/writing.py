"""The files of a format: each split in the format's own rows, and what stands beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import file_digest
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from concord.curation.splits import SPLITS
from concord.export.conversion import Convert, asking, by_rows, unchanged
from concord.export.fitting import fitting
from concord.export.formats import KINDS, Format
from concord.export.manifest import Dropped, Fingerprint
from concord.export.openai_rows import Lines
from concord.export.options import ExportOptions
from concord.export.plain import write_csv
from concord.export.source import RowSource
from concord.export.targets import TARGETS

_BATCH = 10_000


@dataclass(frozen=True)
class DataSet:
    """What was written, and what the format could not express.

    Attributes:
        rows: of each split that has any.
    """

    rows: Mapping[str, int]
    files: tuple[Fingerprint, ...]
    dropped: tuple[Dropped, ...]


@dataclass
class _Writing:
    """One data set while it is written."""

    source: RowSource
    name: Format
    fits: Convert
    folder: Path
    dropped: list[Dropped] = field(default_factory=list[Dropped])

    def parts(self, split: str, convert: Convert = unchanged) -> Iterator[pa.Table]:
        """The rows of a split, as far as their prompts want an answer and the format can express them."""
        for part in self.source.parts(KINDS[self.name].shape, split):
            for step in (asking, self.fits, convert):
                part, dropped = step(part)
                self.dropped += dropped
            if len(part):
                yield part

    def split(self, split: str) -> tuple[int, list[Fingerprint]]:
        """Write a split: how many rows it has, and its files; none when no row is left."""
        target = TARGETS[self.name]
        if target.convert_row:
            lines = Lines(target.convert_row, self.folder, split)
            lines.write(self.parts(split))
            self.dropped += lines.dropped
            return lines.rows, [fingerprint(self.folder / name) for name in lines.names] if lines.rows else []
        written = self.source.write_split(split, self.parts(split, target.convert), self.folder)
        if written is None:
            return 0, []
        files = [Fingerprint(file.name, file.size, file.sha256) for file in written.files]
        return written.rows, [*files, *self._csv(split)]

    def _csv(self, split: str) -> list[Fingerprint]:
        if not TARGETS[self.name].csv:
            return []
        with pq.ParquetFile(self.folder / f"{split}.parquet") as rows:
            batches = (pa.Table.from_batches([batch]) for batch in rows.iter_batches(_BATCH))
            write_csv(batches, self.folder / f"{split}.csv")
        return [fingerprint(self.folder / f"{split}.csv")]


def write_data_set(source: RowSource, options: ExportOptions, folder: Path) -> DataSet:
    """Write what was selected in the rows of a format.

    Args:
        source: knows what was selected.
        options: the format, and how long a row may be.
        folder: where to; it is there, and empty.
    """
    name = options.format
    writing = _Writing(source, name, fitting(options), folder)
    rows: dict[str, int] = {}
    files: list[Fingerprint] = []
    for split in SPLITS:
        written, of_split = writing.split(split)
        if written:
            rows[split] = written
            files += of_split
    if (beside := TARGETS[name].beside) and rows:
        path = folder / beside[0]
        path.write_text(beside[1](name, list(rows)), encoding="utf-8", newline="\n")
        files.append(fingerprint(path))
    return DataSet(rows, tuple(files), tuple(writing.dropped))


def fitting_rows(source: RowSource, options: ExportOptions) -> DataSet:
    """What `write_data_set` would write and leave out; nothing is written, and so it has no files."""
    target = TARGETS[options.format]
    convert = by_rows((), target.convert_row) if target.convert_row else target.convert
    writing = _Writing(source, options.format, fitting(options), Path())
    counted = {split: sum(map(len, writing.parts(split, convert))) for split in SPLITS}
    return DataSet({split: rows for split, rows in counted.items() if rows}, (), tuple(writing.dropped))


def fingerprint(path: Path) -> Fingerprint:
    """One file as it lies there."""
    with path.open("rb") as file:
        return Fingerprint(path.name, path.stat().st_size, file_digest(file, "sha256").hexdigest())
