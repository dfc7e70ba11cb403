"""What annotators found wrong with items, counted for the lead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from concord.desk.remarks import FLAG_REASONS, SKIP_REASONS
from concord.records.remark import RemarkCount

_NAMES: Mapping[str, Mapping[str, str]] = {"flag": FLAG_REASONS, "skip": SKIP_REASONS}


def remark_counts(counts: Sequence[RemarkCount]) -> None:
    """A table of flags and skips by reason; nothing where there are none."""
    if not counts:
        return
    st.subheader("Flagged and skipped", anchor=False)
    rows = [
        {
            "Reason": f"{'flagged' if one.kind == 'flag' else 'skipped'}: {_NAMES[one.kind][one.reason]}",
            "Items": one.items,
            "Annotators": one.annotators,
        }
        for one in counts
    ]
    st.dataframe(rows, hide_index=True, alt="Flags and skips by reason")
