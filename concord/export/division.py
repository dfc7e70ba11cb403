"""The split of each item that leaves: whole clusters, and for good once an export has placed them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from concord.curation.preference import Bools
from concord.curation.splits import SPLITS, Bound, assign, division_key
from concord.export.options import ExportOptions
from concord.export.source import ExportSource, codes, column, item_clusters
from concord.records.kinds import Ints


class Division(NamedTuple):
    """The split of each item that could leave.

    Attributes:
        split: the name of the split, shape (n,).
        apart: an earlier export put the item into another split than its cluster is in now: it has to stay behind, for
            an item never changes its split; shape (n,).
    """

    split: npt.NDArray[np.object_]
    apart: Bools


def divide(source: ExportSource, items: pa.Table, leaving: Ints, options: ExportOptions) -> Division:
    """Divide the items that could leave among the splits.

    Args:
        source: says which items were made from which, and where earlier exports put them.
        items: its table of items.
        leaving: numbers of the items that could leave, ascending, shape (n,).
        options: shares, seed, and what to stratify by.
    """
    if np.count_nonzero(options.shares) == 1:
        only = np.full(len(leaving), SPLITS[np.argmax(options.shares)], dtype=np.object_)
        return Division(only, np.zeros(len(leaving), dtype=np.bool_))
    known = _known(source, len(items), division_key(options.shares, options.seed))
    # Items that stay here this time hold their clusters where they were.
    taking_part = np.union1d(leaving, np.flatnonzero(known >= 0))
    together = item_clusters(source, items)[taking_part]
    strata = None if options.stratify == "none" else codes(source.strata(options.stratify), "stratum")[taking_part]
    split = assign(
        np.unique(together, return_inverse=True)[1],
        options.shares,
        options.seed,
        column(items, "name")[taking_part],
        Bound(known[taking_part], strata),
    )[np.searchsorted(taking_part, leaving)]
    names = np.array(SPLITS, dtype=np.object_)[split]
    return Division(names, (known[leaving] >= 0) & (known[leaving] != split))


def place(source: ExportSource, items: pa.Table, item: Ints, options: ExportOptions) -> Division:
    """Divide rows, of which `item` names the item of each, shape (n,)."""
    leaving, back = np.unique(item, return_inverse=True)
    division = divide(source, items, leaving, options)
    return Division(division.split[back], division.apart[back])


def keep_splits(source: ExportSource, chosen: pa.Table, options: ExportOptions, now: datetime) -> None:
    """Keep the split of every item of `chosen` for good, if there are several."""
    if np.count_nonzero(options.shares) > 1:
        item, first = np.unique(column(chosen, "item"), return_index=True)
        columns: dict[str, Any] = {"item": item, "split": column(chosen, "split")[first].tolist()}
        placed = pa.table(columns)
        source.keep_splits(division_key(options.shares, options.seed), placed, now)


def _known(source: ExportSource, items: int, division: str) -> Ints:
    """The split that each item has for good, as an index into `SPLITS`; -1 for none."""
    kept = source.kept_splits(division)
    known = np.full(items, -1)
    known[column(kept, "item")] = [SPLITS.index(name) for name in kept["split"].to_pylist()]
    return known
