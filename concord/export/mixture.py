"""Rows of one project, or of several in one data set, as if they came from one source.

Every project has passed its own gates, policies and splits; its share is taken, and then a row stays behind whose
cluster an earlier project has in another split. In a mixture an item is called `project/item`. A data set of one
project goes through untouched.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from concord.curation.funnel import NOT_IN_SHARE, OTHER_PROJECT, REASONS
from concord.curation.mixtures import Share, parted, taken
from concord.curation.preference import Bools
from concord.curation.splits import SPLITS
from concord.export.manifest import Dropped
from concord.export.options import ExportOptions
from concord.export.source import ExportSource, Selection, Written, column, item_clusters
from concord.records.kinds import Ints, Shape
from concord.records.project import Project

_pc = cast("Any", pc)  # its stubs know no plain values
_FACTS = ("split", "agreement", "adjudicated")


@dataclass(frozen=True)
class Portion:
    """What leaves of one project."""

    project: Project
    share: Share
    source: ExportSource
    selection: Selection

    def keeping(self, stays: Bools, reason: int) -> Portion:
        """The same without the rows that do not stay, which are dropped for a reason."""
        chosen = self.selection.chosen
        names = column(self.source.items(), "name")
        out = tuple(Dropped(name, REASONS[reason]) for name in names[column(chosen, "item")[~stays]].tolist())
        left = replace(self.selection, chosen=chosen.filter(pa.array(stays)), dropped=self.selection.dropped + out)
        return replace(self, selection=left)

    def named(self) -> Portion:
        """The same, where what is dropped is called as in a mixture."""
        name = self.project.name
        dropped = tuple(replace(one, item=f"{name}/{one.item}", project=name) for one in self.selection.dropped)
        notes = tuple(f"{name}: {note}" for note in self.selection.notes)
        return replace(self, selection=replace(self.selection, dropped=dropped, notes=notes))


def together(portions: Sequence[Portion], options: ExportOptions) -> tuple[Portion, ...]:
    """What leaves of each project when all of it is one data set."""
    if len(portions) == 1:
        return tuple(portions)
    shared = [_in_share(portion, options.seed) for portion in portions]
    if np.count_nonzero(options.shares) > 1:
        shared = _unparted(shared)
    return tuple(portion.named() for portion in shared)


def _in_share(portion: Portion, seed: int) -> Portion:
    names: list[str] = column(portion.source.items(), "name").tolist()
    of_item = taken(names, portion.share, seed)
    return portion.keeping(of_item[column(portion.selection.chosen, "item").astype(np.int64)], NOT_IN_SHARE)


def _unparted(portions: Sequence[Portion]) -> list[Portion]:
    """Without the rows whose cluster an earlier project has in another split."""
    cluster = _clusters([portion.source for portion in portions])
    rows = [column(portion.selection.chosen, "item").astype(np.int64) for portion in portions]
    of_row = [of_item[row] for of_item, row in zip(cluster, rows, strict=True)]
    split = [_split_numbers(portion) for portion in portions]
    number = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
    out = parted(np.concatenate(of_row), np.concatenate(split), number)
    return [portion.keeping(~out[number == place], OTHER_PROJECT) for place, portion in enumerate(portions)]


def _split_numbers(portion: Portion) -> Ints:
    return np.array([SPLITS.index(split) for split in portion.selection.chosen["split"].to_pylist()], dtype=np.int64)


class _Several(NamedTuple):
    """The items of several projects, one project's after the other's, for their clusters."""

    sources: Sequence[ExportSource]
    counts: Sequence[int]

    def prompts(self) -> Iterator[str]:
        for source in self.sources:
            yield from source.prompts()

    def ties(self) -> pa.Table:
        """As `ExportSource.ties`, with numbers over all items; things outside are numbered project by project."""
        ends: list[Ints] = []
        start, beyond = 0, sum(self.counts)
        for source, count in zip(self.sources, self.counts, strict=True):
            table = source.ties()
            tied = np.stack([column(table, "one"), column(table, "other")]).astype(np.int64)
            ends.append(np.where(tied < count, tied + start, tied - count + beyond))
            start, beyond = start + count, beyond + max(int(tied.max(initial=-1)) + 1 - count, 0)
        one, other = np.concatenate(ends, axis=1)
        columns: dict[str, Any] = {"one": one, "other": other}
        return pa.table(columns)


def _clusters(sources: Sequence[ExportSource]) -> list[Ints]:
    """The cluster of each item of each source, numbered over all."""
    tables = [source.items() for source in sources]
    counts = [len(table) for table in tables]
    found = item_clusters(_Several(sources, counts), pa.concat_tables(tables))
    return np.split(found, np.cumsum(counts)[:-1])


@dataclass(frozen=True)
class Mixture:
    """What leaves, of all its projects; the first is the one that is exported."""

    portions: tuple[Portion, ...]

    @property
    def several(self) -> bool:
        """Whether it is of more than one project."""
        return len(self.portions) > 1

    @property
    def selection(self) -> Selection:
        """All that leaves, with the facts that all shapes have."""
        if not self.several:
            return self.portions[0].selection
        of_all = [portion.selection for portion in self.portions]
        return Selection(
            pa.concat_tables([one.chosen.select(_FACTS) for one in of_all], promote_options="permissive"),
            sum(one.entered for one in of_all),
            tuple(itertools.chain.from_iterable(one.dropped for one in of_all)),
            sum(one.ties for one in of_all),
            tuple(itertools.chain.from_iterable(one.notes for one in of_all)),
        )

    def select(self, shape: Shape) -> None:
        """Tell the sources what is written; rows have the columns of tools when one of any project has."""
        for portion in self.portions:
            portion.source.select(shape, portion.selection.chosen)
        if self.several and any(portion.source.offers_tools() for portion in self.portions):
            for portion in self.portions:
                portion.source.offer_tools()

    def parts(self, shape: Shape, split: str) -> Iterator[pa.Table]:
        """The chosen rows of a split, project by project; in a mixture each names its project."""
        for portion in self.portions:
            for part in portion.source.parts(shape, split):
                yield _named(part, portion.project.name) if self.several else part

    def write_split(self, split: str, tables: Iterator[pa.Table], folder: Path) -> Written | None:
        """Write the files of a split; nothing when there are no rows."""
        return self.portions[0].source.write_split(split, tables, folder)

    def first(self, rows: int) -> Mixture:
        """The first rows of each project."""
        return Mixture(
            tuple(
                replace(one, selection=replace(one.selection, chosen=one.selection.chosen.slice(0, rows)))
                for one in self.portions
            )
        )


def _named(part: pa.Table, project: str) -> pa.Table:
    """The rows with ids that are unique over projects, and the project's name as the last column."""
    ids = _pc.binary_join_element_wise(project, part["item_id"], "/")
    named = part.set_column(part.column_names.index("item_id"), "item_id", ids)
    return named.append_column("project", cast("Any", pa.repeat(project, len(part))))
