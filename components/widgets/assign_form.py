"""Who gets which items: a form, and the way back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, cast

import streamlit as st

from components import session
from components.widgets.text import counted, plain, refusal
from concord.desk.naming import assign, unassign
from concord.errors import ConcordError
from concord.records.project import Project
from storage.store import Store

_NAMES, _LIMIT, _ITEMS = "assign-names", "assign-limit", "assign-items"


def assign_form(store: Store, project: Project) -> None:
    """Ask who gets what; what is refused stays as it was typed."""
    with st.form("assign", border=True):
        st.multiselect(
            "Annotators",
            store.annotators(project.id),
            accept_new_options=True,
            placeholder="choose names, or type new ones",
            key=_NAMES,
        )
        left, right = st.columns(2)
        left.number_input("The next items of the queue", 0, value=0, key=_LIMIT, help="That are assigned to nobody.")
        right.text_area("Or these items", placeholder="an id a line", height=68, key=_ITEMS)
        st.caption("Nobody else is given them. An item goes on wanting as many annotators as the project says.")
        with st.container(horizontal=True, vertical_alignment="center"):
            st.form_submit_button(
                "Assign", type="primary", key="assign-submit", on_click=_assign, args=(store, project)
            )
            st.form_submit_button(
                "Open all to everybody", key="unassign-submit", on_click=_unassign, args=(store, project)
            )
            if done := session.view().done:
                st.caption(f":material/check: {plain(done)}")
            if refused := session.view().refused:
                refusal(refused)


def _assign(store: Store, project: Project) -> None:
    state = cast("dict[str, Any]", st.session_state)
    listed: Sequence[str] = [line.strip() for line in str(state[_ITEMS]).split("\n") if line.strip()]
    _tell(lambda: _assigned(store, project, state[_NAMES], listed or int(state[_LIMIT])))


def _assigned(store: Store, project: Project, names: Sequence[str], chosen: Sequence[str] | int) -> str:
    made = assign(store, project, names, chosen, now=datetime.now(UTC))
    short = f", of which {made.short:,} want more annotators than are named" if made.short else ""
    return f"{counted(made.items, 'item')} assigned{short}"


def _unassign(store: Store, project: Project) -> None:
    _tell(lambda: f"{counted(unassign(store, project), 'item')} opened to everybody")


def _tell(do: Callable[[], str]) -> None:
    try:
        session.say(done=do())
    except ConcordError as error:
        session.say(refused=str(error))
