"""What would leave, gate by gate, and rows as they would be written; nothing is written yet."""

from __future__ import annotations

from typing import Any

import streamlit as st

from components.widgets.export_result import row_cards
from components.widgets.mixture_fields import mixture_table
from components.widgets.text import plain


def export_funnel(seen: dict[str, Any]) -> None:
    """Draw what `concord.export.preview` found."""
    counts = seen["counts"]
    written = sum(counts["written"].values())
    with st.grid(3, min_column_width=140):
        st.metric("Could leave", f"{counts['in']:,}", border=True)
        st.metric("Would be written", f"{written:,}", border=True)
        st.metric("Would stay", f"{counts['in'] - written:,}", border=True)
    mixture_table(seen.get("projects", {}))
    funnel_table(counts, seen["funnel"])
    for warning in seen["warnings"]:
        st.markdown(f":material/info: {plain(warning)}")
    if seen["rows"]:
        with st.expander("Rows as they would be written"):
            row_cards(seen["rows"])


def funnel_table(counts: dict[str, Any], steps: list[dict[str, Any]]) -> None:
    """One line for each gate that keeps something, then one for each split."""
    rows: list[dict[str, Any]] = [
        {"Gate": step["reason"], "Keeps": f"{step['out']:,}", "Left behind it": step["left"]} for step in steps
    ]
    rows += [
        {"Gate": f"→ {split}", "Keeps": "", "Left behind it": number} for split, number in counts["written"].items()
    ]
    st.dataframe(
        rows,
        hide_index=True,
        column_config={
            "Keeps": st.column_config.TextColumn(width="small", alignment="right"),
            "Left behind it": st.column_config.ProgressColumn(
                format="localized", min_value=0, max_value=max(counts["in"], 1)
            ),
        },
        alt="What each gate keeps and leaves, then the rows of each split",
    )
