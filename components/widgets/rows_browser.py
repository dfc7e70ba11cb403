"""Going from row to row of those that a project's data set was asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, cast, get_args

import streamlit as st

from components import session
from components.services import SAMPLED, sampled_rows
from components.widgets.text import plain, shown
from concord.records.kinds import Pick
from concord.records.project import Project
from concord.records.row import Row

Choice = Literal[Pick, "missing"]
_LABELS: dict[Choice, str] = {
    "first": "First",
    "random": "Random",
    "longest": "Longest",
    "shortest": "Shortest",
    "missing": "Missing values",
}


def rows_browser(project: Project, *, columns: Sequence[str], total: int) -> Row | None:
    """Draw what may be chosen, and return the row in view; None when there is none of that kind.

    Args:
        project: whose rows.
        columns: those in which a value may be missing.
        total: how many rows the project has.
    """
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        choice = _choice()
        st.space("stretch")
        rows = sampled_rows(project.id, choice, session.view().seed, tuple(columns), total)
        if not rows:
            lacked = plain(", ".join(columns))
            st.caption(f"No row lacks {lacked}." if columns else "The template reads no column.")
            return None
        number = session.view().row % len(rows)
        st.caption(f"{number + 1} of {len(rows)}", width="content")
        st.button("Previous", icon=":material/chevron_left:", on_click=_go, args=(number - 1,))
        st.button("Next", icon=":material/chevron_right:", icon_position="right", on_click=_go, args=(number + 1,))
        if choice == "random":
            st.button("Others", icon=":material/shuffle:", on_click=_reseed, help=f"Another {SAMPLED} random rows")
    return rows[number]


def fields_of_row(row: Row) -> None:
    """The row's own fields, as plain text."""
    for name, value in row.data.items():
        st.caption(plain(name))
        st.text(shown(value))


def _choice() -> Choice:
    chosen = st.segmented_control(
        "Rows to try on",
        (*get_args(Pick), "missing"),
        format_func=lambda choice: _LABELS[choice],
        default="first",
        required=True,
        key="rows-to-try",
        label_visibility="collapsed",
        on_change=_go,
        args=(0,),
    )
    return cast("Choice", chosen)


def _go(number: int) -> None:
    session.view().row = number


def _reseed() -> None:
    session.view().seed += 1
    _go(0)
