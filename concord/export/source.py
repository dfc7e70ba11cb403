"""What an export reads from the store, as columns; and what every format does with them alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, cast
from uuid import UUID

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from concord.curation.clusters import clusters
from concord.curation.duplicates import near_duplicates
from concord.curation.preference import PairVotes
from concord.export.manifest import Dropped
from concord.records.dispute import Judged
from concord.records.kinds import Ints, Shape, Stratum, TextKind
from concord.records.project import Guidelines, Project
from concord.records.report import ExportRecord


class WrittenFile(Protocol):
    """One file on the disk."""

    @property
    def name(self) -> str: ...
    @property
    def size(self) -> int: ...
    @property
    def sha256(self) -> str: ...


class Written(Protocol):
    """One split on the disk."""

    @property
    def split(self) -> str: ...
    @property
    def rows(self) -> int: ...
    @property
    def files(self) -> tuple[WrittenFile, ...]: ...


class ClusterSource(Protocol):
    """What ties items together; see `ExportSource`."""

    def prompts(self) -> Iterator[str]: ...
    def ties(self) -> pa.Table: ...


class RowSource(Protocol):
    """Rows that were chosen, split by split, and their files."""

    def parts(self, shape: Shape, split: str) -> Iterator[pa.Table]: ...
    def write_split(self, split: str, tables: Iterator[pa.Table], folder: Path) -> Written | None: ...


class ExportSource(Protocol):
    """A project as it stands, for one export."""

    def items(self) -> pa.Table: ...
    def retired(self) -> list[tuple[Any, ...]]: ...
    def flagged(self) -> list[tuple[Any, ...]]: ...
    def prompts(self) -> Iterator[str]: ...
    def ties(self) -> pa.Table: ...
    def pair_votes(self) -> pa.Table: ...
    def edits(self) -> pa.Table: ...
    def decisions(self) -> pa.Table: ...
    def edit_texts(self, items: Sequence[int]) -> list[tuple[Any, ...]]: ...
    def judged(self) -> Judged: ...
    def rated(self, question: str, good: float, bad: float) -> pa.Table: ...
    def prompt_facts(self) -> pa.Table: ...
    def text_facts(self, kind: TextKind) -> pa.Table: ...
    def texts(self, kind: TextKind, numbers: Sequence[int]) -> list[tuple[Any, ...]]: ...
    def strata(self, by: Stratum) -> pa.Table: ...
    def kept_splits(self, division: str) -> pa.Table: ...
    def newest_division(self) -> str | None: ...
    def keep_splits(self, division: str, placed: pa.Table, now: datetime) -> None: ...
    def selected(self) -> Iterator[tuple[Any, ...]]: ...
    def judgements(self) -> list[tuple[Any, ...]]: ...
    def origins_of_texts(self) -> list[tuple[Any, ...]]: ...
    def fact_counts(self) -> pa.Table: ...
    def leaks(self) -> dict[str, int]: ...
    def draft_names(self, pairs: Sequence[int]) -> list[tuple[Any, ...]]: ...
    def candidate_names(self, drafts: Sequence[int]) -> list[tuple[Any, ...]]: ...
    def select(self, shape: Shape, chosen: pa.Table) -> None: ...
    def parts(self, shape: Shape, split: str) -> Iterator[pa.Table]: ...
    def write_split(self, split: str, tables: Iterator[pa.Table], folder: Path) -> Written | None: ...
    def offers_tools(self) -> bool: ...
    def offer_tools(self) -> None: ...
    def measured(self) -> pa.Table: ...
    def provenance(self) -> dict[str, Any]: ...


class ExportStore(Protocol):
    """What an export needs of the store."""

    def export_source(
        self, project_id: UUID, *, include_flagged: bool = False
    ) -> AbstractContextManager[ExportSource]: ...
    def project(self, name: str) -> Project: ...
    def guidelines(self, project_id: UUID) -> Guidelines: ...
    def add_export(self, record: ExportRecord) -> None: ...


@dataclass(frozen=True)
class Selection:
    """What leaves: `chosen` is told to the source, everything else that entered is in `dropped`.

    Its column `adjudicated` says which rows a reviewer's decision made. `notes` are sentences that whoever trains on
    the rows must know.
    """

    chosen: pa.Table
    entered: int
    dropped: tuple[Dropped, ...]
    ties: int
    notes: tuple[str, ...] = ()


def pair_votes(table: pa.Table) -> PairVotes:
    """The columns of `ExportSource.pair_votes` as arrays."""
    numbers = [
        column(table, name).astype(np.int64)
        for name in ("item", "first", "second", "first_wins", "second_wins", "ties", "both_bad")
    ]
    first_empty, second_empty, equal = (
        column(table, name).astype(np.bool_) for name in ("first_empty", "second_empty", "equal")
    )
    first_picked, second_picked, rejected = (
        column(table, name).astype(np.bool_) for name in ("first_picked", "second_picked", "rejected")
    )
    return PairVotes(
        *numbers,
        first_empty=first_empty,
        second_empty=second_empty,
        equal=equal,
        first_picked=first_picked,
        second_picked=second_picked,
        rejected=rejected,
    )


def column(table: pa.Table, name: str) -> npt.NDArray[Any]:
    """One column as an array."""
    return cast("npt.NDArray[Any]", table[name].to_numpy())


def names_of(items: pa.Table, item: Ints) -> list[str]:
    """The names of some items, by their numbers: no more of them become Python's strings."""
    return cast("Any", items["name"]).take(pa.array(item)).to_pylist()


def item_clusters(source: ClusterSource, items: pa.Table) -> Ints:
    """The cluster of each item: of one prompt or near-duplicates of it, of one row, or made from each other."""
    ties = source.ties()
    made_from = np.stack([column(ties, "one"), column(ties, "other")], axis=1)
    alike = near_duplicates(source.prompts(), codes(items, "template")).pairs
    return clusters(codes(items, "prompt"), codes(items, "row"), np.concatenate([made_from, alike]))


def codes(items: pa.Table, name: str) -> Ints:
    """Dense numbers of a column's values, -1 for null."""
    encoded = cast("Any", items[name].combine_chunks().dictionary_encode())
    return cast("Ints", encoded.indices.fill_null(-1).to_numpy().astype(np.int64))
