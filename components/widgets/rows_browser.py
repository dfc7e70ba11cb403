"""Going from row to row of a project's first rows."""

from __future__ import annotations

import random
from collections.abc import Sequence

import streamlit as st

from components import session
from components.widgets.text import plain, shown
from concord.records import Row


def rows_browser(rows: Sequence[Row], *, total: int) -> Row:
    """Draw the buttons and return the row in view; the project has `total` rows."""
    number = session.view().row % len(rows)
    of = f"{total:,}" if len(rows) == total else f"the first {len(rows):,}"
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**Row {number + 1}** of {of}", width="content")
        st.space("stretch")
        st.button("Previous", icon=":material/chevron_left:", on_click=_go, args=(number - 1,))
        st.button("Next", icon=":material/chevron_right:", icon_position="right", on_click=_go, args=(number + 1,))
        st.button("Random", icon=":material/shuffle:", on_click=_go, args=(random.randrange(len(rows)),))
    return rows[number]


def fields_of_row(row: Row) -> None:
    """The row's own fields, as plain text."""
    for name, value in row.data.items():
        st.caption(plain(name))
        st.text(shown(value))


def _go(number: int) -> None:
    session.view().row = number
