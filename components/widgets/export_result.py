"""What one export wrote and left out, a look into it, and the way to take it along."""

from __future__ import annotations

import io
import itertools
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import orjson
import streamlit as st

from components.widgets.mixture_fields import mixture_table
from components.widgets.text import plain, shown
from concord.records.kinds import Json
from concord.records.report import ExportRecord

ENTERED = (
    "All that could become a row: of a format with answers each item, of one with preferences each pair of drafts. "
    "What entered is written or left out, with a reason."
)
_SHOWN = 3
_HEIGHT_PX = 300


def export_result(record: ExportRecord) -> None:
    """Draw the result."""
    manifest = cast("dict[str, Any]", record.manifest)
    counts, folder = manifest["counts"], Path(record.folder)
    with st.grid(3, min_column_width=140):
        st.metric("Entered", f"{counts['in']:,}", border=True, help=ENTERED)
        st.metric("Written", f"{sum(counts['written'].values()):,}", border=True)
        st.metric("Left out", f"{sum(counts['dropped'].values()):,}", border=True)
    mixture_table(manifest.get("projects", {}))
    accounts_table(counts)
    for warning in manifest["warnings"]:
        st.markdown(f":material/info: {plain(warning)}")
    st.caption(f"In {plain(record.folder)}")
    if not folder.is_dir():
        st.caption("The folder is not there any more.")
        return
    st.download_button(
        "Download as zip",
        lambda: zipped(folder),
        f"{folder.name}.zip",
        mime="application/zip",
        icon=":material/download:",
        on_click="ignore",
    )
    first_rows(folder, next(iter(counts["written"])))


def accounts_table(counts: dict[str, Any]) -> None:
    """Where everything that entered went: into a split, or out, with the reason."""
    rows = [{"": "written", "Where or why": split, "Rows": number} for split, number in counts["written"].items()]
    rows += [{"": "left out", "Where or why": reason, "Rows": number} for reason, number in counts["dropped"].items()]
    top = max(counts["in"], 1)
    st.dataframe(
        rows,
        hide_index=True,
        column_config={
            "": st.column_config.TextColumn(width="small"),
            "Rows": st.column_config.ProgressColumn(format="localized", min_value=0, max_value=top),
        },
        alt="Rows written, and rows left out by reason",
    )


def first_rows(folder: Path, split: str) -> None:
    """The first rows of one split: its texts side by side, what else the row says below."""
    with (folder / f"{split}.jsonl").open(encoding="utf-8") as file:
        rows = [cast("dict[str, Json]", orjson.loads(line)) for line in itertools.islice(file, _SHOWN)]
    st.markdown(f"**First rows of {plain(split)}**")
    row_cards(rows)


def row_cards(rows: Sequence[dict[str, Json]]) -> None:
    """Rows as they are written: texts side by side, the rest below."""
    for row in rows:
        texts = {name: value for name, value in row.items() if isinstance(value, list)}
        facts = [f"{name} {readable(value)}" for name, value in row.items() if name not in texts and value is not None]
        with st.container(border=True, height=_HEIGHT_PX, gap="xsmall"):
            for column, (name, value) in zip(st.columns(max(len(texts), 1)), texts.items(), strict=False):
                with column:
                    st.caption(plain(name))
                    conversation(value)
            st.caption(plain(" · ".join(facts)))


def conversation(value: Json) -> None:
    """A field's text; what the system is told, which is long and the same in all rows, stands behind a click."""
    turns = _turns(value)
    told = [turn for turn in turns if turn.get("role") == "system"]
    if told:
        with st.expander("system", type="compact"):
            st.text("\n\n".join(str(turn.get("content")) for turn in told))
    st.text(_spoken([turn for turn in turns if turn not in told]) if told else readable(value))


def readable(value: Json) -> str:
    """A field as text: messages with their roles, anything else as JSON.

    >>> readable([{"role": "user", "content": "Why?"}])
    'user: Why?'
    """
    return _spoken(_turns(value)) or shown(value)


def _spoken(turns: Sequence[dict[str, Json]]) -> str:
    return "\n\n".join(f"{turn.get('role')}: {turn.get('content')}" for turn in turns)


def _turns(value: Json) -> list[dict[str, Json]]:
    """The messages of a conversation; nothing where the value is none."""
    return [turn for turn in value if isinstance(turn, dict)] if isinstance(value, list) else []


def zipped(folder: Path) -> bytes:
    """The files of a folder as one archive."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as into:
        for file in sorted(folder.iterdir()):
            into.write(file, f"{folder.name}/{file.name}")
    return archive.getvalue()
