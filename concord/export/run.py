"""Writing a data set: chosen, written beside its place, checked, and only then moved there as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from concord.errors import InputError
from concord.export.answers import select_answers
from concord.export.card import About, card
from concord.export.checking import check
from concord.export.division import keep_splits
from concord.export.explain import write_explained
from concord.export.folder import whole_folder
from concord.export.formats import KINDS
from concord.export.manifest import Annotator, Dropped, Evidence, Lengths, Summary, manifest
from concord.export.options import ExportOptions
from concord.export.preferences import select_pairs
from concord.export.rankings import select_rankings
from concord.export.source import ExportSource, ExportStore, Selection, column
from concord.export.unpaired import select_drafts
from concord.export.writing import DataSet, fingerprint, write_data_set
from concord.ids import new_id
from concord.records.kinds import DEMO_MODEL, Json, Shape
from concord.records.project import Project
from concord.records.report import ExportRecord
from concord.version import VERSION

_SELECT: dict[Shape, Callable[[ExportSource, ExportOptions], Selection]] = {
    "answers": select_answers,
    "pairs": select_pairs,
    "unpaired": select_drafts,
    "rankings": select_rankings,
}


def export(
    store: ExportStore, project: Project, options: ExportOptions, out: Path, *, now: datetime | None = None
) -> dict[str, Json]:
    """Write a project's data set to the folder `out`: whole, or not at all.

    Args:
        store: where from.
        project: whose items.
        options: format, gates, splits.
        out: a folder that is new, empty, or holds an earlier export, which is then replaced.
        now: the time that the manifest states, in UTC; the present one unless it is given.

    Returns:
        The manifest.

    Raises:
        InputError: nothing can be written there, or nothing passed the gates.
        BrokenExport: what was written does not pass its own check; `out` is as it was.
        DiskFull: there is no room; `out` is as it was.
    """
    now = now or datetime.now(UTC)
    with whole_folder(out) as folder:
        with store.export_source(project.id, include_flagged=options.include_flagged) as source:
            selection, data_set = _write(source, options, folder)
            checked = check(folder, data_set, options)
            evidence = _evidence(source, replace(selection, notes=selection.notes + checked.warnings()))
            if options.explain:
                explained = fingerprint(write_explained(source, project.id, folder))
                data_set = replace(data_set, files=(*data_set.files, explained))
            keep_splits(source, selection.chosen, options, now)
        summary = Summary(
            project.name, options, VERSION, now, selection.entered, data_set.rows, selection.dropped, evidence
        )
        content: dict[str, Json] = {**manifest(summary, data_set.files), "check": checked.summary()}
        about = About(_columns(folder, data_set), store.guidelines(project.id).text)
        (folder / "README.md").write_text(card(summary, about), encoding="utf-8", newline="\n")
        (folder / "manifest.json").write_bytes(orjson.dumps(content, option=orjson.OPT_INDENT_2))
        store.add_export(ExportRecord(new_id(), project.id, options.format, str(out), content, now))
    return content


def _write(source: ExportSource, options: ExportOptions, folder: Path) -> tuple[Selection, DataSet]:
    """What was chosen, with everything that was left out, and the files that it is in now."""
    selection = choose(source, options)
    _refuse_empty(len(selection.chosen), selection.dropped)
    source.select(KINDS[options.format].shape, selection.chosen)
    data_set = write_data_set(source, options, folder)
    selection = replace(selection, dropped=selection.dropped + data_set.dropped)
    _refuse_empty(sum(data_set.rows.values()), selection.dropped)
    return selection, data_set


def _columns(folder: Path, data_set: DataSet) -> tuple[tuple[str, str], ...]:
    """Name and type of the columns; none where rows have keys of their own."""
    tables = [file.name for file in data_set.files if file.name.endswith(".parquet")]
    schema: Any = pq.read_schema(folder / tables[0]) if tables else ()
    return tuple((field.name, str(field.type)) for field in schema)


def choose(source: ExportSource, options: ExportOptions) -> Selection:
    """What would leave, and why the rest would not; nothing is written."""
    return _with_left_out(_SELECT[KINDS[options.format].shape](source, options), source)


def _with_left_out(selection: Selection, source: ExportSource) -> Selection:
    """The same, with the items that entered whole and left not at all.

    Newer versions of their templates took them out, or annotators flagged them.
    """
    retired = tuple(Dropped(name, reason) for name, reason in source.retired())
    flagged = tuple(Dropped(name, f"flagged: {reason.replace('_', ' ')}") for name, reason in source.flagged())
    out = retired + flagged
    return replace(selection, entered=selection.entered + len(out), dropped=selection.dropped + out)


def _evidence(source: ExportSource, selection: Selection) -> Evidence:
    provenance, lengths = source.provenance(), source.lengths()
    models = tuple(provenance["models"])
    return Evidence(
        items=provenance["items"],
        prompts=provenance["prompts"],
        drafts=provenance["drafts"],
        annotations=sum(count for _, _, count in provenance["annotators"]),
        ties=selection.ties,
        adjudicated=int(column(selection.chosen, "adjudicated").sum()),
        annotators=tuple(Annotator(name, origin) for name, origin, _ in provenance["annotators"]),
        models=models,
        templates=tuple(provenance["templates"]),
        demo_drafts=DEMO_MODEL in models,
        special_tokens=lengths["special_tokens"],
        lengths=Lengths(tuple(lengths["quartiles"]), lengths["over_4000"]),
        agreement=_agreement(selection.chosen),
        guidelines=tuple(provenance["guidelines"]),
        leaks=source.leaks(),
        notes=selection.notes,
    )


def _agreement(chosen: pa.Table) -> str | None:
    """The mean agreement of the rows that have one, in words."""
    known = chosen["agreement"].drop_null()
    if not len(known):
        return None
    return f"mean {known.to_numpy().mean():.3f} over {len(known):,} rows"


def _refuse_empty(rows: int, dropped: Sequence[Dropped]) -> None:
    if rows:
        return
    counts = Counter(one.reason for one in dropped)
    reasons = ", ".join(f"{number} {reason}" for reason, number in counts.most_common()) or "there are no items"
    raise InputError(f"There is nothing to export ({reasons}). Annotate some items first, or lower the gates.")
