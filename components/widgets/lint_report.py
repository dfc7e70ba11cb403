"""What lint found: a verdict, each finding with the rows that show it, and what was counted."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import streamlit as st

from components.widgets.lint_tables import choices_table, columns_table, lengths_table
from components.widgets.text import counted, plain
from concord.conversion.findings import LEVELS, Finding, Level
from concord.conversion.lint import LintReport, count_of

_BADGES: dict[Level, str] = {
    "error": ":red-badge[Error]",
    "warning": ":orange-badge[Warning]",
    "note": ":gray-badge[Note]",
}
ShowRow = Callable[[UUID], None]


@st.fragment
def lint_report(report: LintReport, show_row: ShowRow) -> None:
    """Draw the report.

    Args:
        report: what was found.
        show_row: draws a whole row, which is called when somebody chooses one.
    """
    _verdict(report)
    if report.rows is not None:
        with st.grid(4, min_column_width=160):
            st.metric("Rows", f"{report.rows:,}", border=True)
            st.metric("Give an item", f"{report.rendered:,}", border=True)
            st.metric("Give none", f"{report.empty:,}", border=True)
            st.metric("Cannot be rendered", f"{report.faults:,}", border=True)
    tables = {
        "Lengths": (report.lengths, lengths_table),
        "Answer choices": (report.choices, choices_table),
        "Columns": (report.columns, columns_table),
    }
    shown = {name: draw for name, (found, draw) in tables.items() if found}
    first, *others = st.tabs(["Findings", *shown])
    with first:
        for number, finding in enumerate(report.findings):
            _finding(finding, f"lint-{report.version[:12]}-{number}", show_row)
    for tab, draw in zip(others, shown.values(), strict=True):
        with tab:
            draw(report)


def verdict(report: LintReport) -> str:
    """The outcome in a sentence.

    >>> verdict(LintReport("t", "v", (Finding("leak", "warning", "It leaks."),), rows=2))
    '0 errors, 1 warning, 0 notes in 2 rows.'
    """
    levels = ", ".join(counted(count_of(report, level), level) for level in LEVELS)
    return f"{levels} in {counted(report.rows, 'row')}." if report.rows is not None else f"{levels}, without rows."


def headline(finding: Finding) -> str:
    """A finding on one line, in Markdown."""
    share = "" if finding.share is None else f" · {finding.share:.1%}"
    return f"{_BADGES[finding.level]} {plain(finding.says + share)}"


def extent(finding: Finding) -> str:
    """Which of its rows a finding shows.

    >>> extent(Finding("leak", "warning", "It leaks.", count=1))
    'No row is shown.'
    >>> from concord.conversion.findings import Example
    >>> example = Example(UUID(int=1), "rows.jsonl", 1, "Why?", 4)
    >>> extent(Finding("leak", "warning", "It leaks.", 40, 0.1, (example,))).split(",")[0]
    '1 of 40 rows'
    """
    shown, count = len(finding.examples), finding.count or 0
    if not shown:
        return "No row is shown."
    if shown > count:  # the longest and the shortest
        which = f"The {counted(shown, 'row')} that come closest"
    else:
        which = f"{shown:,} of {counted(count, 'row')}"
    return f"{which}, with a piece of the text concerned (… where it was cut). Choose one to see all of it."


def _verdict(report: LintReport) -> None:
    if count_of(report, "error"):
        st.error(plain(verdict(report)), icon=":material/error:")
    elif count_of(report, "warning"):
        st.warning(plain(verdict(report)), icon=":material/warning:")
    else:
        st.success(plain(verdict(report)), icon=":material/check_circle:")


def _finding(finding: Finding, key: str, show_row: ShowRow) -> None:
    if not finding.examples:
        with st.container(border=True):
            st.markdown(f":small[{headline(finding)}]")
        return
    with st.expander(headline(finding)):
        st.caption(plain(extent(finding)))
        chosen = _examples_table(finding, key)
        if chosen is not None:
            show_row(finding.examples[chosen].row_id)


def _examples_table(finding: Finding, key: str) -> int | None:
    """The number of the row that is chosen, if one is."""
    grouped = any(example.group is not None for example in finding.examples)
    event = st.dataframe(
        [
            {
                **({"Group": example.group} if grouped else {}),
                "File": example.source,
                "Line": example.line,
                "Text": example.excerpt,
                "Characters": example.characters,
                "Row": str(example.row_id),
            }
            for example in finding.examples
        ],
        hide_index=True,
        key=key,
        on_select="rerun",
        selection_mode="single-row",
        height="content" if len(finding.examples) < 10 else 360,
        column_config={
            "Group": st.column_config.NumberColumn(width=60),
            "File": st.column_config.TextColumn(width=130),
            "Line": st.column_config.NumberColumn(width=80, format="localized"),
            "Text": st.column_config.TextColumn(width="large"),
            "Characters": st.column_config.NumberColumn(width=90, format="localized"),
            "Row": st.column_config.TextColumn(width=120),
        },
        alt=f"Rows that show it: {finding.says}",
    )
    chosen = event["selection"]["rows"]
    return chosen[0] if chosen and chosen[0] < len(finding.examples) else None
