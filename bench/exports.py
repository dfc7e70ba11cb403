"""Exporting preference pairs; the result is the number of pairs written."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from bench.workspace import PROJECT, fresh_workspace
from concord.export.checking import DEEP

if TYPE_CHECKING:
    import pandas as pd

Run = Callable[[], int]
PAIRS, FILLED = "pairs.jsonl", "filled"


def fill(folder: Path) -> Run:
    """`import_items`: items, two responses and a comparison each, from the interchange format."""
    from concord.imports.ready import import_items

    store, project = fresh_workspace(folder / FILLED)

    def run() -> int:
        report = import_items(store, project, folder / PAIRS)
        store.close()
        return report.stored

    return run


def concord(folder: Path) -> Run:
    """`export` as `trl-dpo`: gates, splits, JSONL, Parquet, card, manifest with hashes."""
    from concord.export.options import ExportOptions
    from concord.export.run import export
    from storage.workspace import open_workspace

    store = open_workspace(folder / FILLED)
    project = store.project(PROJECT)

    def run() -> int:
        files = export(store, project, ExportOptions("trl-dpo"), folder / "exported")
        store.close()
        return files["counts"]["written"]["train"]  # type: ignore[index,call-overload]

    return run


def pandas(folder: Path) -> Run:
    """The plain way: three tables joined, the majority taken, both files written and hashed, and nothing checked."""
    import pandas as pd

    def run() -> int:
        items, drafts, votes = (pd.read_parquet(folder / f"{name}.parquet") for name in ("items", "drafts", "votes"))
        pairs = _conversations(_majority(items, drafts, votes))
        jsonl, parquet = folder / "train.jsonl", folder / "train.parquet"
        pairs.to_json(jsonl, orient="records", lines=True, force_ascii=False)
        pairs.to_parquet(parquet)
        for path in (jsonl, parquet):
            with path.open("rb") as file:
                hashlib.file_digest(file, "sha256")
        return len(pairs)

    return run


def pandas_checked(folder: Path) -> Run:
    """The same, and both files loaded back: roles, blank and equal texts of all rows; the first `DEEP` compared."""
    write = pandas(folder)

    def run() -> int:
        rows = write()
        _load_back(folder, rows)
        return rows

    return run


def to_json(folder: Path) -> Run:
    """`DataFrame.to_json` alone, of pairs that lie ready in memory."""
    import pandas as pd

    tables = (pd.read_parquet(folder / f"{name}.parquet") for name in ("items", "drafts", "votes"))
    pairs = _conversations(_majority(*tables))

    def run() -> int:
        pairs.to_json(folder / "bare.jsonl", orient="records", lines=True, force_ascii=False)
        return len(pairs)

    return run


def duckdb(folder: Path) -> Run:
    """The floor: `COPY` of pairs that lie ready in a table, as Parquet and as JSON lines, unordered and unchecked."""
    import duckdb

    connection = duckdb.connect(config={"memory_limit": "3GB", "threads": "2"})
    connection.execute(_READY.format(folder=folder))

    def run() -> int:
        connection.execute(f"copy pairs to '{folder / 'bare.parquet'}' (format parquet)")
        [(written,)] = connection.execute(f"copy pairs to '{folder / 'bare.jsonl'}' (format json)").fetchall()
        return written

    return run


_READY = """
create table pairs as
select [{{'role': 'user', 'content': prompt}}] as prompt, [{{'role': 'assistant', 'content': a.text}}] as chosen,
       [{{'role': 'assistant', 'content': b.text}}] as rejected, item_id, a.name as chosen_id, b.name as rejected_id,
       1 as n_annotators, 1.0::double as agreement, 1.0::double as pair_weight, 'votes' as source,
       null::varchar as template_id, null::varchar as template_version
from '{folder}/items.parquet' join '{folder}/votes.parquet' v using (item_id)
join '{folder}/drafts.parquet' a using (item_id) join '{folder}/drafts.parquet' b using (item_id)
where a.name = v.value and b.name <> v.value
"""


def _majority(items: pd.DataFrame, drafts: pd.DataFrame, votes: pd.DataFrame) -> pd.DataFrame:
    """One row for each item whose one draft has more votes than the other and than the undecided."""
    counts = (
        votes.groupby(["item_id", "value"])
        .size()
        .unstack(fill_value=0)
        .reindex(columns=["a", "b", "tie"], fill_value=0)
    )
    wins = counts[["a", "b"]].max(axis=1)
    counts = counts.assign(n_annotators=counts.sum(axis=1), agreement=wins / counts.sum(axis=1))
    kept = counts[(counts["a"] != counts["b"]) & (wins > counts["tie"])]
    first = kept["a"] > kept["b"]
    pairs = kept.assign(chosen_id=first.map({True: "a", False: "b"}), rejected_id=first.map({True: "b", False: "a"}))
    pairs = pairs.reset_index().merge(items, on="item_id")
    for role in ("chosen", "rejected"):
        named = drafts.rename(columns={"name": f"{role}_id", "text": role})
        pairs = pairs.merge(named, on=["item_id", f"{role}_id"])
    worded = (pairs["chosen"].str.strip() != "") & (pairs["rejected"].str.strip() != "")
    return pairs[worded & (pairs["chosen"] != pairs["rejected"])].sort_values("item_id")


def _conversations(pairs: pd.DataFrame) -> pd.DataFrame:
    """The columns that Concord writes."""
    return pairs.assign(
        prompt=[[{"role": "user", "content": text}] for text in pairs["prompt"]],
        chosen=[[{"role": "assistant", "content": text}] for text in pairs["chosen"]],
        rejected=[[{"role": "assistant", "content": text}] for text in pairs["rejected"]],
        pair_weight=1.0,
        source="votes",
        template_id=None,
        template_version=None,
    ).drop(columns=["a", "b", "tie"])


def _load_back(folder: Path, rows: int) -> None:
    import pandas as pd

    pairs = pd.read_parquet(folder / "train.parquet")
    with (folder / "train.jsonl").open("rb") as lines:
        same_length = sum(1 for _ in lines) == len(pairs) == rows
    last = pd.DataFrame({name: pairs[name].str[-1] for name in ("prompt", "chosen", "rejected")})
    roles = last.map(lambda turn: turn["role"])
    chosen, rejected = (last[side].map(lambda turn: turn["content"]) for side in ("chosen", "rejected"))
    first = pd.read_json(folder / "train.jsonl", lines=True, nrows=DEEP)
    passed = (
        same_length
        and (roles["prompt"] == "user").all()
        and (roles[["chosen", "rejected"]] == "assistant").all(axis=None)
        and not ((chosen.str.strip() == "") | (rejected.str.strip() == "") | (chosen == rejected)).any()
        and all(first[name].tolist() == pairs[name][:DEEP].map(list).tolist() for name in last)
    )
    if not passed:
        raise SystemExit("pandas wrote a data set that does not pass.")
