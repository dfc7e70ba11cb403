"""Writing a data set: chosen, written beside its place, checked, and only then moved there as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pyarrow.parquet as pq

from concord.errors import InputError
from concord.export.card import About, card
from concord.export.checking import check
from concord.export.choosing import leaving
from concord.export.division import keep_splits
from concord.export.evidence import evidence, gave
from concord.export.explain import Several, write_explained
from concord.export.folder import whole_folder
from concord.export.formats import KINDS
from concord.export.manifest import Dropped, Summary, manifest
from concord.export.mixture import Mixture
from concord.export.options import ExportOptions
from concord.export.source import ExportStore
from concord.export.writing import DataSet, fingerprint, write_data_set
from concord.ids import new_id
from concord.records.kinds import Json
from concord.records.project import Project
from concord.records.report import ExportRecord
from concord.version import VERSION


def export(
    store: ExportStore, project: Project, options: ExportOptions, out: Path, *, now: datetime | None = None
) -> dict[str, Json]:
    """Write a project's data set to the folder `out`: whole, or not at all.

    Args:
        store: where from.
        project: whose items.
        options: format, gates, splits, and the projects that are mixed in.
        out: a folder that is new, empty, or holds an earlier export, which is then replaced.
        now: the time that the manifest states, in UTC; the present one unless it is given.

    Returns:
        The manifest.

    Raises:
        InputError: nothing can be written there, or nothing passed the gates.
        NotFound: there is no such project to mix in.
        BrokenExport: what was written does not pass its own check; `out` is as it was.
        DiskFull: there is no room; `out` is as it was.
    """
    now = now or datetime.now(UTC)
    with whole_folder(out) as folder:
        with leaving(store, project, options) as mixture:
            data_set = _write(mixture, options, folder)
            summary, data_set, checked = _summed_up(mixture, options, folder, data_set, now)
            for portion in mixture.portions:
                keep_splits(portion.source, portion.selection.chosen, options, now)
        content: dict[str, Json] = {**manifest(summary, data_set.files), "check": checked}
        about = About(_columns(folder, data_set), _guidelines(store, mixture))
        (folder / "README.md").write_text(card(summary, about), encoding="utf-8", newline="\n")
        (folder / "manifest.json").write_bytes(orjson.dumps(content, option=orjson.OPT_INDENT_2))
        store.add_export(ExportRecord(new_id(), project.id, options.format, str(out), content, now))
    return content


def _write(mixture: Mixture, options: ExportOptions, folder: Path) -> DataSet:
    """The files that what was chosen is in now."""
    selection = mixture.selection
    _refuse_empty(len(selection.chosen), selection.dropped)
    mixture.select(KINDS[options.format].shape)
    data_set = write_data_set(mixture, options, folder)
    _refuse_empty(sum(data_set.rows.values()), selection.dropped + data_set.dropped)
    return data_set


def _summed_up(
    mixture: Mixture, options: ExportOptions, folder: Path, data_set: DataSet, now: datetime
) -> tuple[Summary, DataSet, Json]:
    """What the data set says of itself, its files with what explains them, and what its check found."""
    selection = mixture.selection
    with ThreadPoolExecutor(1) as beside:  # the check reads files, and the evidence is in the store
        checking = beside.submit(check, folder, data_set, options)
        found = evidence(mixture)
        checked = checking.result()
    if options.explain:
        sources = {portion.project.name: portion.source for portion in mixture.portions}
        explained = Several(sources) if mixture.several else mixture.portions[0].source
        path = write_explained(explained, mixture.portions[0].project.id, folder)
        data_set = replace(data_set, files=(*data_set.files, fingerprint(path)))
    summary = Summary(
        " + ".join(portion.project.name for portion in mixture.portions),
        options,
        VERSION,
        now,
        selection.entered,
        data_set.rows,
        selection.dropped + data_set.dropped,
        replace(found, notes=found.notes + checked.warnings()),
        gave(mixture, data_set.dropped),
    )
    return summary, data_set, checked.summary()


def _guidelines(store: ExportStore, mixture: Mixture) -> str:
    """What annotators were told; in a mixture under the name of each project."""
    texts = [(one.project.name, store.guidelines(one.project.id).text.strip()) for one in mixture.portions]
    if not mixture.several:
        return texts[0][1]
    return "\n\n".join(f"{name}:\n{text}" for name, text in texts if text)


def _columns(folder: Path, data_set: DataSet) -> tuple[tuple[str, str], ...]:
    """Name and type of the columns; none where rows have keys of their own."""
    tables = [file.name for file in data_set.files if file.name.endswith(".parquet")]
    schema: Any = pq.read_schema(folder / tables[0]) if tables else ()
    return tuple((field.name, str(field.type)) for field in schema)


def _refuse_empty(rows: int, dropped: Sequence[Dropped]) -> None:
    if rows:
        return
    counts = Counter(one.reason for one in dropped)
    reasons = ", ".join(f"{number} {reason}" for reason, number in counts.most_common()) or "there are no items"
    raise InputError(f"There is nothing to export ({reasons}). Annotate some items first, or lower the gates.")
