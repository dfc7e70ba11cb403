"""Columns of lists, read and joined without a loop over their rows."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import pyarrow as pa

from concord.records.kinds import Ints


def values_of(column: pa.ChunkedArray[Any]) -> tuple[Any, Ints]:
    """What the lists of a column hold, end to end, and how long each list is."""
    lists = cast("Any", column.chunk(0) if column.num_chunks == 1 else column.combine_chunks())
    return lists.flatten(), cast("Ints", lists.value_lengths().to_numpy().astype(np.int64))


def joined(before: pa.ChunkedArray[Any], after: pa.ChunkedArray[Any]) -> Any:
    """Each list of the one column, followed by that of the other; fields that only the first has are null.

    >>> one, two = pa.chunked_array([[[1, 2], [3]]]), pa.chunked_array([[[8], [9]]])
    >>> joined(one, two).to_pylist()
    [[1, 2, 8], [3, 9]]
    """
    values, own = values_of(before)
    more, added = values_of(after)
    place = np.empty(len(values) + len(more), np.int64)
    place[np.arange(len(values)) + np.repeat(np.cumsum(added) - added, own)] = np.arange(len(values))
    place[np.arange(len(more)) + np.repeat(np.cumsum(own), added)] = len(values) + np.arange(len(more))
    offsets = pa.array(np.concatenate([[0], np.cumsum(own + added)]), pa.int32())
    both = pa.concat_arrays([values, _with_fields(more, values.type)])
    return pa.ListArray.from_arrays(offsets, both.take(pa.array(place)))


def _with_fields(values: Any, kind: Any) -> Any:
    if values.type == kind:
        return values
    present = {field.name for field in values.type.fields}
    columns: list[Any] = [
        values.field(field.name) if field.name in present else pa.nulls(len(values), field.type)
        for field in kind.fields
    ]
    return pa.StructArray.from_arrays(columns, fields=kind.fields)
