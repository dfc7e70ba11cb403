"""What an export would be, before anything of it is kept: counts gate by gate, and rows as they would be written."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

import orjson

from concord.curation.funnel import funnel
from concord.export.choosing import leaving
from concord.export.evidence import gave
from concord.export.formats import KINDS
from concord.export.mixture import Mixture
from concord.export.options import ExportOptions
from concord.export.source import ExportStore
from concord.export.writing import DataSet, fitting_rows, write_data_set
from concord.records.kinds import Json
from concord.records.project import Project

FEW = 3


def preview(store: ExportStore, project: Project, options: ExportOptions) -> dict[str, Json]:
    """The counts that the manifest would have, with its warnings on policies, and the first rows.

    Of a mixture it is the first row of each project.

    Splits that this would give are not kept; an export with the same options gives the same ones.

    Returns:
        `counts` (`in`, `written` by split, `dropped` by reason), `projects` (the same of each project of a mixture),
        `funnel` (reason, out, left for each gate that keeps something), `warnings`, and `rows`.
    """
    with leaving(store, project, options) as mixture:
        fits = _fitting(mixture, options)
        rows = _first_rows(mixture.first(1 if mixture.several else FEW), options)
        projects: dict[str, Json] = {name: one.counts() for name, one in gave(mixture, fits.dropped).items()}
    selection = mixture.selection
    dropped = Counter(one.reason for one in selection.dropped + fits.dropped)
    counts: dict[str, Json] = {"in": selection.entered, "written": {**fits.rows}, "dropped": {**dropped}}
    return {
        "format": options.format,
        "counts": counts,
        **({"projects": projects} if projects else {}),
        "funnel": [{**step._asdict()} for step in funnel(selection.entered, dropped)],
        "warnings": list(selection.notes),
        "rows": rows,
    }


def _fitting(mixture: Mixture, options: ExportOptions) -> DataSet:
    """What the format can express of all that was chosen."""
    if not len(mixture.selection.chosen):
        return DataSet({}, (), ())
    mixture.select(KINDS[options.format].shape)
    return fitting_rows(mixture, options)


def _first_rows(mixture: Mixture, options: ExportOptions) -> list[Json]:
    """The first rows, by way of the very files that an export writes."""
    if not len(mixture.selection.chosen):
        return []
    with tempfile.TemporaryDirectory(prefix="concord-preview-") as name:
        mixture.select(KINDS[options.format].shape)
        rows = write_data_set(mixture, options, Path(name)).rows
        lines = [line for split in rows for line in (Path(name) / f"{split}.jsonl").read_bytes().splitlines()]
    return [orjson.loads(line) for line in lines]
