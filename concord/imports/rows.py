"""Importing raw rows: read, mapped, checked, stored all or nothing."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol
from uuid import UUID

from concord.errors import InputError
from concord.imports.files import open_source, read
from concord.imports.reading import Bad, Record, Source, as_text
from concord.imports.sieve import ImportOptions, Progress, batches, is_blank, sieve
from concord.records.kinds import Json
from concord.records.project import Project
from concord.records.row import ImportReport, Problem, Stored


class Stage(Protocol):
    """Rows on their way into a project."""

    def add(self, lines: Sequence[int], data: Sequence[bytes]) -> None: ...
    def count(self) -> Stored: ...
    def commit(self) -> Stored: ...


class RowStore(Protocol):
    """What an import needs of the store."""

    def staging(self, project_id: UUID, source: str, now: datetime) -> AbstractContextManager[Stage]: ...


def import_rows(
    store: RowStore,
    project: Project,
    path: Path,
    *,
    options: ImportOptions | None = None,
    on_progress: Progress | None = None,
) -> ImportReport:
    """Import the rows of a file; a row that the project has already is counted, not stored again.

    Args:
        store: where to.
        project: whose rows.
        path: JSONL, JSON, CSV, TSV or Parquet; text files also packed with gzip.
        options: see `ImportOptions`.
        on_progress: called now and then with the share that is done, 0 to 1.

    Returns:
        What was done. When there are `problems` and no `rejects`, nothing was stored.

    Raises:
        InputError: the file as a whole cannot be used.
    """
    options = options or ImportOptions()
    now = datetime.now(UTC)
    # The rejects are whole before anything is stored: without room for them, nothing is.
    with (
        open_source(path) as source,
        store.staging(project.id, path.name, now) as stage,
        sieve(source, options) as account,
    ):
        records = account.good(_checked(account.records(read(source)), source, options), on_progress)
        kept = ((record.line, record.text) for record in records)  # lets go of the parsed fields, row by row
        for batch in batches(kept, lambda row: len(row[1])):
            stage.add([line for line, _ in batch], [text for _, text in batch])
        if account.blocked:
            return account.report()
        return account.report(*(stage.count() if options.dry_run else stage.commit()))


def _checked(records: Iterator[Record | Bad], source: Source, options: ImportOptions) -> Iterator[Record | Bad]:
    """The records of a file under their fields' names; what breaks a rule becomes bad."""
    if source.format not in ("jsonl", "json"):
        first = next(records)
        if isinstance(first, Record):
            _require_columns(source.name, first, options)
        records = itertools.chain([first], records)
    required = sorted(options.required)
    for record in records:
        yield _check(source.name, record, options.mapping, required) if isinstance(record, Record) else record


def _require_columns(name: str, first: Record, options: ImportOptions) -> None:
    """In a table every row has the same columns: a missing one is said once."""
    wanted = [*options.mapping.values(), *sorted(options.required - options.mapping.keys())]
    if missing := [column for column in wanted if column not in first.data]:
        raise InputError(
            f"{name}: there is no column {missing[0]!r} (there are: {_names(first.data)}). Correct the mapping."
        )


def _check(name: str, record: Record, mapping: Mapping[str, str], required: Sequence[str]) -> Record | Bad:
    mapped = _mapped(record, mapping) if mapping else record
    if not isinstance(mapped, Record):
        found = f"field {mapped!r} is missing (there are: {_names(record.data)})"
        return _bad(name, record, mapped, found, "Add it or correct the mapping.")
    for field in required:
        if field not in mapped.data:
            return _bad(name, record, field, f"field {field!r} is missing", "Add it or correct the mapping.")
        if is_blank(mapped.data[field]):
            return _bad(name, record, field, f"field {field!r} is empty", "Fill it in or remove the row.")
    if not required and all(map(is_blank, mapped.data.values())):
        return _bad(name, record, None, "every field is empty", "Fill the row in or remove it.")
    return mapped


def _mapped(record: Record, mapping: Mapping[str, str]) -> Record | str:
    """The record with columns renamed to fields, or the name of a column that it lacks."""
    if missing := [column for column in mapping.values() if column not in record.data]:
        return missing[0]
    taken = {*mapping, *mapping.values()}
    named = {field: record.data[column] for field, column in mapping.items()}
    kept = {column: value for column, value in record.data.items() if column not in taken}
    data = named | kept
    return Record(record.line, data, as_text(data))


def _bad(name: str, record: Record, field: str | None, found: str, cure: str) -> Bad:
    return Bad(Problem(name, record.line, field, found, cure), record.text.decode())


def _names(data: dict[str, Json]) -> str:
    return ", ".join(map(repr, data))
