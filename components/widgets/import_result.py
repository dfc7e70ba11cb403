"""What an import did, or would do: counts, and every bad row with its cure."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from components.widgets.text import counted, plain
from concord.records.row import ImportReport, Problem


def import_result(report: ImportReport) -> None:
    """Draw the result."""
    if refused(report):
        st.warning(plain(verdict(report)), icon=":material/rule:")
    elif report.dry_run:
        st.info(plain(verdict(report)), icon=":material/rule:")
    else:
        st.success(plain(verdict(report)), icon=":material/check_circle:")
    with st.grid(4, min_column_width=160):
        st.metric("Rows read", f"{report.read:,}", border=True)
        st.metric("New", f"{report.stored:,}", border=True)
        st.metric("There before", f"{report.duplicates:,}", border=True)
        st.metric("Bad rows", f"{len(report.problems):,}", border=True)
    for note in report.notes:
        st.caption(plain(note))
    if report.problems:
        problems_table(report.problems)
    if report.rejects:
        rejects = Path(report.rejects)
        st.download_button(
            "Download the rows left out",
            rejects.read_bytes,
            rejects.name,
            icon=":material/download:",
            on_click="ignore",
        )


def refused(report: ImportReport) -> bool:
    """Whether bad rows kept the import from storing anything."""
    return bool(report.problems) and not report.rejects and not report.dry_run


def verdict(report: ImportReport) -> str:
    """The outcome in a sentence."""
    bad = len(report.problems)
    if refused(report):
        return f"Nothing was stored, because of {counted(bad, 'bad row')}. Correct them, or skip them."
    if not report.dry_run:
        left = f", {counted(bad, 'row')} left out" if bad else ""
        return f"{report.source}: {report.stored:,} stored, {report.duplicates:,} there before{left}."
    left = f", {counted(bad, 'row')} left out if you skip bad rows" if bad else ""
    return f"{report.source}: {report.stored:,} would be stored, {report.duplicates:,} there before{left}."


def problems_table(problems: tuple[Problem, ...]) -> None:
    """Every problem: where, what was found, what to do."""
    st.dataframe(
        [
            {"File": p.source, "Line": p.line, "Field": p.field or "", "Found": p.found, "Cure": p.cure}
            for p in problems
        ],
        hide_index=True,
        column_config={
            "File": st.column_config.TextColumn(width="small"),
            "Line": st.column_config.NumberColumn(width="small", format="localized"),
            "Field": st.column_config.TextColumn(width="small"),
        },
        alt="Problems found in the file",
    )
