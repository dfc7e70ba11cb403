"""Concord beside plain pandas on generated data, and the desk under load: `make bench`."""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import tempfile
from collections.abc import Callable
from functools import partial
from importlib.metadata import version
from pathlib import Path

from bench.annotators import bench_annotators
from bench.measure import Figures, in_turn, measure, middle, times_as_long, times_the_work
from bench.report import cost_table, desk_table, drafting_table, duplicates_table, rendering_table, verdict

PARTS = (
    "import",
    "templates",
    "lint",
    "export",
    "duplicates",
    "desk",
    "annotators",
    "drafting",
    "agreement",
    "reports",
)
IMPORTS = {
    "imports.concord": "Concord: import_rows",
    "imports.pandas": "pandas: read_json(lines=True), filter, sha256, drop_duplicates, to_parquet",
    "imports.pandas_json": "pandas: the same on json.loads line by line",
    "imports.pandas_pyarrow": "pandas: the same on read_json(engine='pyarrow')",
    "imports.duckdb": "floor: DuckDB read_json into a table, nothing checked",
}
FIELDS = {
    "templates.fields_concord": "Concord's syntax",
    "templates.fields_promptsource": "PromptSource's syntax, in Concord",
    "templates.fields_jinja": "plain jinja2, which stops nothing",
}
LOGIC = {
    "templates.logic_concord": "Concord's syntax",
    "templates.logic_promptsource": "PromptSource's syntax, in Concord",
    "templates.logic_jinja": "plain jinja2, which stops nothing",
}
LINT = {
    "lint.rendering": "floor: the rows read and rendered, and no more",
    "lint.concord": "Concord: template lint",
}
EXPORTS = {
    "exports.concord": "Concord: export as trl-dpo",
    "exports.pandas": "pandas: read_parquet, groupby, merge, to_json(lines=True), to_parquet, sha256",
    "exports.pandas_checked": "pandas: the same, loaded back and looked through as Concord does",
    "exports.to_json": "pandas: to_json(lines=True) alone, of pairs in memory",
    "exports.duckdb": "floor: DuckDB COPY as Parquet and JSON, of pairs in memory",
}
DESK = {
    "desk.paced": "100 annotators, 21 items a second",
    "desk.paced_drafting": "the same, with 200 drafts a second coming in",
    "desk.closed": "64 threads without pause",
}
REPORTS = {
    "desk.beside_ratings": "100 annotators, 21 items a second",
    "desk.beside_reports": "the same, while reports of the other project are made one after the other",
}

SEATED = 10
OPENED = {"before": "nobody reads the report", "beside": "the agreement page is opened, and its report made"}

DRAFTING = {64: 6_000, 256: 24_000}
"""Requests under way at once, and drafts: about 50 seconds each, so that the slow start weighs little."""
ANSWER_MS = 500


AGREEMENT = {
    "agreement.whole": "Concord: alpha at 3 levels, Fleiss, AC1, AC2, percent, 1,000 resamples each, from the file",
    "agreement.alpha": "Concord: one alpha, from the file",
    "agreement.product": "Concord: all that the report page shows",
    "agreement.concord_dawid_skene": "Concord: Dawid-Skene, 10 steps, from the file",
    "agreement.scan": "floor: one scan of the answers",
    "agreement.evalica_bootstrap": "evalica: one alpha, 1,000 resamples (KALPHA)",
    "agreement.evalica_alpha": "evalica: one alpha",
    "agreement.nltk_alpha": "nltk: one alpha",
    "agreement.sklearn_kappas": "scikit-learn: kappa of each pair",
}
PEERS = {
    "agreement.krippendorff_alpha": "krippendorff: one alpha, pivoted",
    "agreement.krippendorff_counts": "krippendorff: one alpha, value counts",
    "agreement.statsmodels_fleiss": "statsmodels: Fleiss of complete items",
    "agreement.crowdkit_dawid_skene": "crowd-kit: Dawid-Skene, 10 steps",
}
DUPLICATES = {"duplicates.concord": "Concord: near_duplicates and clusters, exact"}
DUPLICATES_PEERS = {
    "duplicates.rensa": "rensa: RMinHash, 128 permutations, LSH of 16 bands",
    "duplicates.datasketch": "datasketch: MinHash, 128 permutations, LSH for 0.7",
}
PEERS_VARIABLE = "CONCORD_BENCH_PEERS"
"""Names the Python of an environment that has krippendorff (GPL), statsmodels, crowd-kit, rensa and datasketch."""
IRRCAC = {"agreement.irrcac_ac1": "irrCAC: AC1, pivoted"}
IRRCAC_VARIABLE = "CONCORD_BENCH_IRRCAC"
"""Names the Python of an environment with irrCAC, which wants pandas 2 and scipy 1.12."""
GROWTH = (10_000, 100_000, 5_000_000)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="rows to import, pairs to export (1000000)")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is measured, in turn (3)")
    parser.add_argument("--drafts", type=int, default=100_000, help="items of the drafting run whose memory is watched")
    parser.add_argument("--submits", type=int, default=1_000, help="in one session whose memory is watched (1000)")
    parser.add_argument("--only", choices=PARTS, help="one part of it")
    options = parser.parse_args()
    parts = {options.only} if options.only else set(PARTS)
    versions = ", ".join(f"{name} {version(name)}" for name in ("duckdb", "pandas", "pyarrow"))
    print(f"{platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}, {versions}")
    with tempfile.TemporaryDirectory(prefix="concord-bench-") as name:
        folder = Path(name)
        numbers = folder, options.rows, options.rounds
        steps: list[tuple[set[str], Callable[[], None]]] = [
            ({"import"}, partial(bench_import, *numbers)),
            ({"templates"}, partial(bench_templates, *numbers)),
            ({"lint"}, partial(bench_lint, *numbers)),
            ({"export", "desk"}, partial(fill, folder, options.rows)),
            ({"export"}, partial(bench_export, *numbers)),
            ({"duplicates"}, partial(bench_duplicates, *numbers)),
            ({"desk"}, partial(bench_desk, folder, options.rows)),
            ({"annotators"}, partial(bench_annotators, folder, options.submits)),
            ({"drafting"}, partial(bench_drafting, folder, options.drafts)),
            ({"reports"}, partial(bench_reports, folder, options.rows)),
            ({"agreement"}, partial(bench_agreement, *numbers)),
        ]
        for wanted_for, step in steps:
            if parts & wanted_for:
                step()


def bench_import(folder: Path, rows: int, rounds: int) -> None:
    size = measure("data.rows", folder, rows).result
    runs = in_turn(IMPORTS, folder, rounds)
    print(cost_table(f"Import of {rows:,} rows, {size / 1e6:.0f} MB of JSONL", runs, IMPORTS))
    print(verdict("times as fast as pandas", times_as_long(runs["imports.pandas"], runs["imports.concord"]), least=3))
    print(verdict("GB at the peak", middle(runs["imports.concord"]).peak, most=1.6))


def bench_templates(folder: Path, rows: int, rounds: int) -> None:
    few = rows // 10
    fields = in_turn(FIELDS, folder, rounds, rows)
    print(rendering_table(f"{rows:,} rows rendered one by one: three columns", fields, FIELDS))
    beside_jinja(fields, "fields", most=1.5)
    logic = in_turn(LOGIC, folder, rounds, few)
    print(rendering_table(f"{few:,} rows: an if, two filters, a loop over five words", logic, LOGIC))
    beside_jinja(logic, "logic", most=3)


def beside_jinja(runs: dict[str, list[Figures]], kind: str, *, most: float) -> None:
    ours, plain = runs[f"templates.{kind}_concord"], runs[f"templates.{kind}_jinja"]
    print(verdict("times as long as plain jinja2", times_as_long(ours, plain), most=most))
    grown = max(one.result["grown"] for one in ours)
    print(verdict("MB more at the peak than after a tenth of the rows", grown, most=5))


def bench_lint(folder: Path, rows: int, rounds: int) -> None:
    measure("lint.fill", folder, rows)
    runs = in_turn(LINT, folder, rounds)
    print(cost_table(f"Lint of a template over {rows:,} rows", runs, LINT))
    print(verdict("GB at the peak", middle(runs["lint.concord"]).peak, most=1.6))


def bench_agreement(folder: Path, rows: int, rounds: int) -> None:
    python, irrcac = os.environ.get(PEERS_VARIABLE), os.environ.get(IRRCAC_VARIABLE)
    pythons = (dict.fromkeys(PEERS, python) if python else {}) | (dict.fromkeys(IRRCAC, irrcac) if irrcac else {})
    tasks = {task: name for task, name in (AGREEMENT | PEERS | IRRCAC).items() if task in AGREEMENT or task in pythons}
    kept = measure("agreement.fill", folder, rows).result
    runs = in_turn(tasks, folder, rounds, pythons=pythons)
    print(cost_table(f"Agreement of {rows:,} annotations, {kept:,} of them current and in the main arm", runs, tasks))
    concord = runs["agreement.whole"]
    print(verdict("s of processor for the whole report", middle(concord).cpu, most=0.25))
    bootstrap = times_the_work(runs["agreement.evalica_bootstrap"], concord)
    print(verdict("times the work by evalica.alpha_bootstrap", bootstrap, least=20))
    if python:
        one = runs["agreement.alpha"]
        pivoted = times_the_work(runs["agreement.krippendorff_alpha"], one)
        print(verdict("times the work of one alpha by krippendorff.alpha, pivoted", pivoted, least=5))
        counts = times_the_work(runs["agreement.krippendorff_counts"], one)
        print(verdict("times the work of one alpha by krippendorff.alpha, value counts", counts))
    else:
        print(f"  krippendorff, statsmodels, crowd-kit: skipped; {PEERS_VARIABLE} names a Python that has them")
    print(verdict("GB at the peak", middle(concord).peak, most=0.4))
    print(verdict("times one scan of the answers", times_the_work(concord, runs["agreement.scan"])))
    for size in GROWTH if rows == 1_000_000 else ():
        measure("agreement.fill", folder, size)
        most = 1.25 if size == 5_000_000 else None
        cpu = middle(in_turn(["agreement.whole"], folder, rounds)["agreement.whole"]).cpu
        print(verdict(f"s of processor for {size:,} annotations", cpu, most=most))


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
    checked = times_as_long(runs["exports.pandas_checked"], concord)
    print(verdict("times as fast as pandas that checks as well", checked))
    print(verdict("times as fast as to_json alone", times_as_long(runs["exports.to_json"], concord)))


def bench_duplicates(folder: Path, rows: int, rounds: int) -> None:
    python = os.environ.get(PEERS_VARIABLE)
    size, few = measure("duplicates.fill", folder, rows).result, rows // 10
    whole = in_turn(DUPLICATES, folder, rounds, rows)
    print(duplicates_table(f"Near-duplicates among {rows:,} prompts, {size / 1e6:.0f} MB", whole, DUPLICATES))
    concord = middle(whole["duplicates.concord"])
    million = rows / 1_000_000
    print(verdict("s for a million prompts", concord.wall / million, most=40))
    print(verdict("GB at the peak", concord.peak, most=2.5))
    print(verdict("of the planted pairs found", concord.result, least=0.99))
    if python:
        tasks = DUPLICATES | DUPLICATES_PEERS
        runs = in_turn(tasks, folder, rounds, few, pythons=dict.fromkeys(DUPLICATES_PEERS, python))
        print(duplicates_table(f"The first {few:,} of them", runs, tasks))
        for peer in DUPLICATES_PEERS:
            print(verdict(f"times as fast as {peer}", times_as_long(runs[peer], runs["duplicates.concord"])))
    else:
        print(f"  rensa, datasketch: skipped; {PEERS_VARIABLE} names a Python that has them")


def bench_desk(folder: Path, rows: int) -> None:
    found = {task: measure(task, folder).result for task in DESK}
    print(desk_table(f"The desk, a project of {rows:,} items: milliseconds", found, DESK))
    slowest = sum(found["desk.paced_drafting"][step]["p95"] for step in ("open", "submit"))
    print(verdict("ms for open and submit, p95, with drafts coming in", slowest, most=100))


def bench_reports(folder: Path, rows: int) -> None:
    kept = measure("agreement.fill", folder, rows).result
    measure("desk.fill_seats", folder)
    found = {task: measure(task, folder).result for task in REPORTS}
    took = found["desk.beside_reports"].pop("reports")
    print(desk_table(f"The desk beside reports of {kept:,} annotations: milliseconds", found, REPORTS))
    alone, beside = (sum(found[task][step]["p95"] for step in ("open", "submit")) for task in REPORTS)
    print(f"  {len(took)} reports, {statistics.median(took):.1f} s each")
    print(verdict("times as long beside reports, p95", beside / alone))
    opened = measure("crowd.beside_report", folder, SEATED).result
    print(desk_table(f"{SEATED} annotators of the running app: milliseconds", opened["met"], OPENED))
    print(f"  {opened['page']:.1f} s until the page said how far the report is, or showed it")


def bench_drafting(folder: Path, drafts: int) -> None:
    runs = {at_once: measure("drafting.fixed", folder, ANSWER_MS, at_once, most) for at_once, most in DRAFTING.items()}
    print(drafting_table(f"Drafting at a local endpoint that answers in {ANSWER_MS} ms", runs, ANSWER_MS))
    for at_once, figures in runs.items():
        share = figures.result["done"] / figures.wall / (at_once / ANSWER_MS * 1000)
        print(verdict(f"of the ideal rate with {at_once} under way", share, least=0.95))
    long = measure("drafting.fixed", folder, 50, 128, drafts)
    growth = long.result["late"] - long.result["early"]
    print(verdict(f"MB more in memory after {drafts:,} drafts than after a fifth of them", growth, most=50))


if __name__ == "__main__":
    main()
