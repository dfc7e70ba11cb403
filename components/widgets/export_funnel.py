"""What would leave, gate by gate, and rows as they would be written; nothing is written yet."""

from __future__ import annotations

from typing import Any

import streamlit as st

from components.widgets.export_result import ENTERED, row_cards
from components.widgets.mixture_fields import mixture_table
from components.widgets.text import plain


def export_funnel(seen: dict[str, Any]) -> None:
    """Draw what `concord.export.preview` found."""
    counts = seen["counts"]
    written = sum(counts["written"].values())
    with st.grid(3, min_column_width=140):
        st.metric("Entered", f"{counts['in']:,}", border=True, help=ENTERED)
        st.metric("Would be written", f"{written:,}", border=True)
        st.metric("Would be left out", f"{counts['in'] - written:,}", border=True)
    mixture_table(seen.get("projects", {}))
    funnel_table(counts, seen["funnel"])
    for warning in seen["warnings"]:
        st.markdown(f":material/info: {plain(warning)}")
    if seen["rows"]:
        with st.expander("Rows as they would be written"):
            row_cards(seen["rows"])


def funnel_table(counts: dict[str, Any], steps: list[dict[str, Any]]) -> None:
    """One line for each gate that leaves something out, then one for each split."""
    rows: list[dict[str, Any]] = [
        {"Gate, then split": step["reason"], "Leaves out": f"{step['out']:,}", "Left after it": step["left"]}
        for step in steps
    ]
    rows += [
        {"Gate, then split": f"→ {split}", "Leaves out": "", "Left after it": number}
        for split, number in counts["written"].items()
    ]
    st.dataframe(
        rows,
        hide_index=True,
        column_config={
            "Leaves out": st.column_config.TextColumn(width="small", alignment="right"),
            "Left after it": st.column_config.ProgressColumn(
                format="localized", min_value=0, max_value=max(counts["in"], 1)
            ),
        },
        alt="What each gate leaves out, and what is left after it; then the rows of each split",
    )
