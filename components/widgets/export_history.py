"""Earlier exports: what one of them wrote, and how it differs from another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import streamlit as st

from components.widgets.export_result import export_result
from components.widgets.text import moment, shown
from concord.export.difference import differences
from concord.records.report import ExportRecord


def export_history(records: Sequence[ExportRecord], key: str) -> None:
    """Draw the one that is chosen, the newest first, and what is different from another if one is chosen."""
    names = {record.id: _named(record, len(records) - place) for place, record in enumerate(records)}
    left, right = st.columns(2)
    record = left.selectbox("Data set", records, format_func=lambda one: names[one.id], key=key)
    others = [other for other in records if other.id != record.id]
    before = right.selectbox(
        "Differences from",
        others,
        index=None,
        format_func=lambda one: names[one.id],
        key=f"{key}-other",
        placeholder="Another export",
    )
    if before:
        _differences(before, record)
    export_result(record)


def _differences(before: ExportRecord, after: ExportRecord) -> None:
    found = differences(cast("dict[str, Any]", before.manifest), cast("dict[str, Any]", after.manifest))
    if not found:
        st.caption("Both have the same settings and the same counts.")
        return
    rows = [{"": one.what, "Then": shown(one.before), "Now": shown(one.after)} for one in found]
    st.dataframe(rows, hide_index=True, alt="Settings and counts that differ between the two exports")


def _named(record: ExportRecord, number: int) -> str:
    """One export on the list; the number tells those of one minute apart."""
    return f"{number} · {moment(record.created_at)} · {record.format}"
