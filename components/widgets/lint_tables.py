"""What lint counted: lengths, answer choices, columns."""

from __future__ import annotations

import streamlit as st

from components.widgets.text import counted, plain
from concord.conversion.lengths import ESTIMATE
from concord.conversion.lint import LintReport

_NAMES = {"prompt": "Prompt", "target": "Target", "together": "Prompt and target"}
_RANKS = {"least": "Least", "p50": "Median", "p95": "95 %", "most": "Most"}


def lengths_table(report: LintReport) -> None:
    """How long prompts and targets are."""
    rows = [
        {"Text": _NAMES[name], "Unit": unit, "Rows": one.rows}
        | {_RANKS[rank]: value for rank, value in getattr(one, unit)._asdict().items()}
        for name, one in (report.lengths or {}).items()
        for unit in ("characters", "tokens")
    ]
    numbers = {name: st.column_config.NumberColumn(format="localized") for name in ("Rows", *_RANKS.values())}
    st.dataframe(rows, hide_index=True, column_config=numbers, alt="Lengths of prompts and targets")
    above = ", ".join(
        f"{counted(count, 'row')} above {limit:,} tokens" for limit, count in (report.above or {}).items()
    )
    st.caption(plain(f"Prompt and target together: {above}. Tokens are {ESTIMATE}."))


def choices_table(report: LintReport) -> None:
    """How often each answer choice is the target."""
    targets = sum(one.targets for one in report.choices)
    st.dataframe(
        [
            {"Answer choice": one.choice, "Targets": one.targets, "Share": 100 * one.targets / max(targets, 1)}
            for one in report.choices
        ],
        hide_index=True,
        column_config={
            "Targets": st.column_config.NumberColumn(format="localized"),
            "Share": st.column_config.ProgressColumn(format="%.0f %%", min_value=0, max_value=100),
        },
        alt="How often each answer choice is the target",
    )
    st.caption("Of the targets that are one of the choices.")


def columns_table(report: LintReport) -> None:
    """Every column of the rows, and those that the template wants of them."""
    st.dataframe(
        [
            {
                "Column": one.name,
                "In the template": one.used,
                "Rows with it": one.rows,
                "Without it": (report.rows or 0) - one.rows,
                "Null": one.null,
                "Blank": one.blank,
            }
            for one in report.columns
        ],
        hide_index=True,
        column_config={
            name: st.column_config.NumberColumn(format="localized")
            for name in ("Rows with it", "Without it", "Null", "Blank")
        },
        alt="Columns of the rows",
    )
