"""Importing raw rows: parse, refuse blank prompts, hash, drop duplicates, store; the result is what was stored."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.workspace import fresh_workspace

if TYPE_CHECKING:
    import pandas as pd

Run = Callable[[], int]
ROWS = "rows.jsonl"


def concord(folder: Path) -> Run:
    """`import_rows` into a new workspace, bad rows written down, to the closed file."""
    from concord.imports.rows import import_rows
    from concord.imports.sieve import ImportOptions

    store, project = fresh_workspace(folder / "imported")
    options = ImportOptions(required=frozenset({"prompt"}), rejects=folder / "rejects.jsonl")

    def run() -> int:
        report = import_rows(store, project, folder / ROWS, options=options)
        store.close()
        return report.stored

    return run


def pandas(folder: Path) -> Run:
    """The plain way, types not guessed; the frame goes to a Parquet file."""
    import pandas as pd

    return lambda: _kept(pd.read_json(folder / ROWS, lines=True, dtype=False), folder)


def pandas_json(folder: Path) -> Run:
    """The same with the standard library's parser, a line at a time."""
    import pandas as pd

    def run() -> int:
        with (folder / ROWS).open(encoding="utf-8") as file:
            return _kept(pd.DataFrame([json.loads(line) for line in file]), folder)

    return run


def pandas_pyarrow(folder: Path) -> Run:
    """The same with Arrow's reader, which wants one type for each field in the whole file."""
    import pandas as pd

    return lambda: _kept(pd.read_json(folder / ROWS, lines=True, engine="pyarrow"), folder)


def duckdb(folder: Path) -> Run:
    """The floor: DuckDB reads the file and stores it, with no check, no hash and no line numbers."""
    import duckdb

    connection = duckdb.connect(folder / "bare.duckdb", config={"memory_limit": "1GB", "threads": "2"})

    def run() -> int:
        sql = (
            "create or replace table rows as "
            "select * from read_json($1, columns = {id: 'VARCHAR', prompt: 'VARCHAR', meta: 'JSON'})"
        )
        [(stored,)] = connection.execute(sql, [str(folder / ROWS)]).fetchall()
        connection.close()
        return stored

    return run


def _kept(frame: pd.DataFrame, folder: Path) -> int:
    """What stays of the rows, written down; every field counts for the hash, as it does in Concord."""
    frame = frame[frame["prompt"].notna() & (frame["prompt"].str.strip() != "")]
    frame = frame.assign(hash=list(map(_hash, frame["id"], frame["prompt"], frame["meta"])))
    frame = frame.drop_duplicates("hash")
    frame.to_parquet(folder / "rows.parquet")
    return len(frame)


def _hash(*fields: Any) -> str:
    return hashlib.sha256("\x1f".join(map(str, fields)).encode()).hexdigest()
