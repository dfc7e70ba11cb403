"""Concord beside plain pandas on generated data, and the desk under load: `make bench`."""

from __future__ import annotations

import argparse
import os
import platform
import tempfile
from importlib.metadata import version
from pathlib import Path

from bench.measure import in_turn, measure, middle, times_as_long
from bench.report import cost_table, desk_table, verdict

PARTS = ("import", "lint", "export", "desk")
IMPORTS = {
    "imports.concord": "Concord: import_rows",
    "imports.pandas": "pandas: read_json(lines=True), filter, sha256, drop_duplicates, to_parquet",
    "imports.pandas_json": "pandas: the same on json.loads line by line",
    "imports.pandas_pyarrow": "pandas: the same on read_json(engine='pyarrow')",
    "imports.duckdb": "floor: DuckDB read_json into a table, nothing checked",
}
LINT = {
    "lint.rendering": "floor: the rows read and rendered, and no more",
    "lint.concord": "Concord: template lint",
}
EXPORTS = {
    "exports.concord": "Concord: export as trl-dpo",
    "exports.pandas": "pandas: read_parquet, groupby, merge, to_json(lines=True), to_parquet, sha256",
    "exports.to_json": "pandas: to_json(lines=True) alone, of pairs in memory",
    "exports.duckdb": "floor: DuckDB COPY as Parquet and JSON, of pairs in memory",
}
DESK = {
    "desk.paced": "100 annotators, 21 items a second",
    "desk.paced_drafting": "the same, with 200 drafts a second coming in",
    "desk.closed": "64 threads without pause",
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="rows to import, pairs to export (1000000)")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is measured, in turn (3)")
    parser.add_argument("--only", choices=PARTS, help="one part of it")
    options = parser.parse_args()
    parts = {options.only} if options.only else set(PARTS)
    versions = ", ".join(f"{name} {version(name)}" for name in ("duckdb", "pandas", "pyarrow"))
    print(f"{platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}, {versions}")
    with tempfile.TemporaryDirectory(prefix="concord-bench-") as name:
        folder = Path(name)
        if "import" in parts:
            bench_import(folder, options.rows, options.rounds)
        if "lint" in parts:
            bench_lint(folder, options.rows, options.rounds)
        if parts & {"export", "desk"}:
            fill(folder, options.rows)
        if "export" in parts:
            bench_export(folder, options.rows, options.rounds)
        if "desk" in parts:
            bench_desk(folder, options.rows)


def bench_import(folder: Path, rows: int, rounds: int) -> None:
    size = measure("data.rows", folder, rows).result
    runs = in_turn(IMPORTS, folder, rounds)
    print(cost_table(f"Import of {rows:,} rows, {size / 1e6:.0f} MB of JSONL", runs, IMPORTS))
    print(verdict("times as fast as pandas", times_as_long(runs["imports.pandas"], runs["imports.concord"]), least=3))
    print(verdict("GB at the peak", middle(runs["imports.concord"]).peak, most=1.6))


def bench_lint(folder: Path, rows: int, rounds: int) -> None:
    measure("lint.fill", folder, rows)
    runs = in_turn(LINT, folder, rounds)
    print(cost_table(f"Lint of a template over {rows:,} rows", runs, LINT))
    print(verdict("GB at the peak", middle(runs["lint.concord"]).peak, most=1.6))


def fill(folder: Path, rows: int) -> None:
    size = measure("data.pairs", folder, rows).result
    title = f"Import of {rows:,} ready items with two responses and a comparison, {size / 1e6:.0f} MB of JSONL"
    print(
        cost_table(
            title, {"exports.fill": [measure("exports.fill", folder)]}, {"exports.fill": "Concord: import_items"}
        )
    )


def bench_export(folder: Path, rows: int, rounds: int) -> None:
    measure("data.tables", folder, rows)
    runs = in_turn(EXPORTS, folder, rounds)
    print(cost_table(f"Export of {rows:,} compared pairs as JSONL and Parquet", runs, EXPORTS))
    concord = runs["exports.concord"]
    print(verdict("times as fast as pandas", times_as_long(runs["exports.pandas"], concord), least=5))
    print(verdict("times as fast as to_json alone", times_as_long(runs["exports.to_json"], concord)))


def bench_desk(folder: Path, rows: int) -> None:
    found = {task: measure(task, folder).result for task in DESK}
    print(desk_table(f"The desk, a project of {rows:,} items: milliseconds", found, DESK))
    slowest = sum(found["desk.paced_drafting"][step]["p95"] for step in ("open", "submit"))
    print(verdict("ms for open and submit, p95, with drafts coming in", slowest, most=100))


if __name__ == "__main__":
    main()
