"""Raw rows, and what an import made of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from concord.records.kinds import Json


@dataclass(frozen=True)
class Row:
    """One raw record as imported, with the file and line it came from."""

    id: UUID
    project_id: UUID
    source: str
    line: int
    data: Mapping[str, Json]


@dataclass(frozen=True)
class Problem:
    """One thing wrong with an input: where, what was found, what to do.

    Attributes:
        source: file name.
        line: 1 for the first line of the file (a Parquet row counts as a line); 0 when the whole file is meant.
        field: the field concerned, or None.
        found: what is wrong, without a full stop: "field 'text' is empty".
        cure: what to do, a sentence: "Fill it in or remove the row."
    """

    source: str
    line: int
    field: str | None
    found: str
    cure: str


class Stored(NamedTuple):
    """What became of rows: `duplicates` are in the file twice or in the project already."""

    stored: int
    duplicates: int


@dataclass(frozen=True)
class ImportReport:
    """What an import did, or would do (`dry_run`).

    Attributes:
        source: the file's name.
        read: rows seen, bad ones included.
        stored: rows (or items) that are new in the project.
        duplicates: rows left out because the same row is in the file or in the project already.
        drafts: new drafts, of ready-made items.
        annotations: new annotations, of ready-made items.
        problems: every bad row, at most `concord.imports.files.MOST_PROBLEMS`.
        notes: what was changed on the way in and is harmless, as sentences.
        rejects: the file that holds the bad rows, when they were skipped.
    """

    source: str
    read: int
    stored: int
    duplicates: int
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    rejects: str | None = None
    dry_run: bool = False
    drafts: int = 0
    annotations: int = 0
