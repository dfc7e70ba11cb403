"""Which item a reviewer looks at: one that waits for a decision, or one that annotators disagree on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, cast

import streamlit as st

from components import session
from components.services import disputes_of, get_store
from components.widgets.empty_state import empty_state
from components.widgets.text import plain
from concord.curation.review import Case, Dispute, case_of, cases
from concord.errors import NotFound
from concord.records.project import Project

PAGE = 50
"""Disputed items that are offered at a time."""

_List = Literal["waiting", "disputed"]
_LISTS: dict[_List, str] = {"waiting": "Waits for a decision", "disputed": "Disagree"}


def pick_case(project: Project) -> Case | None:
    """The item that is looked at; without one, the page says what would bring some."""
    if name := session.asked_item():
        return _asked_for(project, name)
    store = get_store()
    waiting = cases(store, project)
    disputed = disputes_of(project, store.counts(project.id), len(store.adjudications(project.id)))
    numbers: dict[_List, int] = {"waiting": len(waiting), "disputed": len(disputed)}
    chosen = st.segmented_control(
        "Items",
        list(_LISTS),
        format_func=lambda one: f"{_LISTS[one]} · {numbers[one]:,}",
        default="disputed" if disputed and not waiting else "waiting",
        required=True,
        key=f"list-{project.id}",
        label_visibility="collapsed",
    )
    return _of_waiting(project, waiting) if cast("_List", chosen) == "waiting" else _of_disputed(project, disputed)


def _asked_for(project: Project, name: str) -> Case | None:
    """The item that the address names, whether it waits or not; the lists are a click away."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{plain(name)}**", width="content")
        st.button("All items", icon=":material/list:", on_click=session.forget_item)
    try:
        return case_of(get_store(), project, name)
    except NotFound as error:
        st.warning(plain(str(error)), icon=":material/search_off:")
        return None


def _of_waiting(project: Project, waiting: Sequence[Case]) -> Case | None:
    if not waiting:
        empty_state(
            "Nothing waits for a decision",
            "Templates and new prompts that a model wrote come here with what people made of them.",
            page="screens/templates.py",
            action="Propose templates",
        )
        return None
    by_name = {case.item.name: case for case in waiting}
    chosen = st.selectbox(
        "Item", list(by_name), format_func=lambda name: _waiting_line(by_name[name]), key=f"case-{project.id}"
    )
    return by_name[chosen]


def _of_disputed(project: Project, disputed: Sequence[Dispute]) -> Case | None:
    if not disputed:
        empty_state(
            "Nobody disagrees",
            "Items that two or more people judged differently come here, most first.",
            page="screens/desk.py",
            action="Go to the desk",
        )
        return None
    pages = -(-len(disputed) // PAGE)
    page = st.pagination(pages, key=f"page-{project.id}") if pages > 1 else 1
    by_name = {one.name: one for one in disputed[(page - 1) * PAGE : page * PAGE]}
    chosen = st.selectbox(
        "Item, most disagreement first",
        list(by_name),
        format_func=lambda name: _disputed_line(by_name[name]),
        key=f"disputed-{project.id}-{page}",
    )
    return case_of(get_store(), project, chosen)


def _waiting_line(case: Case) -> str:
    return f"{case.item.name} · judged by {case.places.done} of {case.places.wanted}"


def _disputed_line(one: Dispute) -> str:
    return f"{one.name} · disagreement {one.disagreement:.2f} in {one.by}"
