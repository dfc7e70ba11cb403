"""The lines of a file by their number, so that a few of many are read without the others."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from concord.records.kinds import Ints

_BLOCK = 1 << 20
_LINE_FEED = 10


class LineIndex:
    r"""Where each line of a JSONL file begins.

    >>> import tempfile
    >>> with tempfile.NamedTemporaryFile() as file:
    ...     _ = Path(file.name).write_bytes(b'{"a":1}\n{"a":2}\n{"a":3}\n')
    ...     lines = LineIndex(Path(file.name))
    ...     len(lines), lines.rows(1, 2)
    (3, [{'a': 2}, {'a': 3}])
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._bounds: Ints = np.concatenate([[0], *_ends(path)])
        if (size := path.stat().st_size) > self._bounds[-1]:  # the last line does not end
            self._bounds = np.append(self._bounds, size)

    def __len__(self) -> int:
        return len(self._bounds) - 1

    def rows(self, first: int, number: int) -> list[Any]:
        """What so many lines say, from line `first` on, counted from 0; fewer at the end of the file."""
        bounds = self._bounds[first : first + number + 1]
        with self._path.open("rb") as file:
            file.seek(bounds[0])
            block = memoryview(file.read(bounds[-1] - bounds[0]))
        ends = (bounds - bounds[0]).tolist()
        return [orjson.loads(block[start:end]) for start, end in itertools.pairwise(ends)]


def _ends(path: Path) -> Iterator[Ints]:
    """The places after each line feed, block by block."""
    before = 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            yield np.flatnonzero(np.frombuffer(block, np.uint8) == _LINE_FEED) + (before + 1)
            before += len(block)
