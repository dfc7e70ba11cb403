"""Candidates that were refused because they repeat a prompt, beside what they repeat."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

import streamlit as st

from concord.records.enrichment import RefusedPrompt


def refused_table(refused: Sequence[RefusedPrompt], names: Mapping[UUID, str]) -> None:
    """Draw the table, in the order given.

    Args:
        refused: what was refused.
        names: the names of the items that they repeat.
    """
    rows = [
        {"Refused": one.text, "Repeats": one.repeats, "Of item": names[one.repeated_item], "Similarity": one.similarity}
        for one in refused
    ]
    st.dataframe(
        rows,
        hide_index=True,
        column_config={
            "Refused": st.column_config.TextColumn(width="large"),
            "Repeats": st.column_config.TextColumn(width="large"),
            "Similarity": st.column_config.NumberColumn(width="small", format="%.2f"),
        },
        alt="Candidates that repeat a prompt, and which",
    )
