"""What an export would be, before anything of it is kept: counts gate by gate, and rows as they would be written."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

import orjson

from concord.curation.funnel import funnel
from concord.curation.splits import SPLITS
from concord.export.formats import KINDS
from concord.export.options import ExportOptions
from concord.export.run import choose
from concord.export.source import ExportSource, ExportStore, Selection, column
from concord.export.writing import write_data_set
from concord.records.kinds import Json
from concord.records.project import Project

FEW = 3


def preview(store: ExportStore, project: Project, options: ExportOptions) -> dict[str, Json]:
    """The counts that the manifest would have, with its warnings on policies, and the first rows of the first split.

    Splits that this would give are not kept; an export with the same options gives the same ones.

    Returns:
        `counts` (`in`, `written` by split, `dropped` by reason), `funnel` (reason, out, left for each gate that keeps
        something), `warnings`, and `rows`.
    """
    with store.export_source(project.id, include_flagged=options.include_flagged) as source:
        selection = choose(source, options)
        rows = _first_rows(source, options, selection)
    dropped = Counter(one.reason for one in selection.dropped)
    splits: list[str] = column(selection.chosen, "split").tolist()
    written = {split: splits.count(split) for split in SPLITS if split in splits}
    counts: dict[str, Json] = {"in": selection.entered, "written": {**written}, "dropped": {**dropped}}
    return {
        "format": options.format,
        "counts": counts,
        "funnel": [{**step._asdict()} for step in funnel(selection.entered, dropped)],
        "warnings": list(selection.notes),
        "rows": rows,
    }


def _first_rows(source: ExportSource, options: ExportOptions, selection: Selection) -> list[Json]:
    """The first rows, by way of the very files that an export writes."""
    few = selection.chosen.slice(0, FEW)
    if not len(few):
        return []
    split: str = few["split"][0].as_py()
    with tempfile.TemporaryDirectory(prefix="concord-preview-") as name:
        source.select(KINDS[options.format].shape, few)
        write_data_set(source, options, Path(name))
        file = Path(name) / f"{split}.jsonl"
        lines = file.read_bytes().splitlines() if file.exists() else []
    return [orjson.loads(line) for line in lines[:FEW]]
