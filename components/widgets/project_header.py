"""The slim header of a page: what the page is for, and which project it is about."""

from __future__ import annotations

import streamlit as st

from components import session
from components.widgets.empty_state import empty_state
from components.widgets.text import plain
from concord.records.project import Project
from storage.store import Store

_PICKER = "project-picker"


def project_header(store: Store, title: str, purpose: str) -> Project:
    """Draw the header and return the chosen project; without any project, say what to do and stop the page."""
    projects = {project.name: project for project in store.projects()}
    with st.container(horizontal=True, vertical_alignment="center"):
        st.header(title, width="content", anchor=False)
        st.space("stretch")
        chosen = project_picker(list(projects)) if projects else None
    st.caption(purpose)
    if chosen is None:
        empty_state(
            "There is no project yet",
            "A project holds one annotation campaign: its rows, prompts, drafts and annotations.",
            page="screens/projects.py",
            action="Create a project",
        )
        st.stop()
    return projects[chosen]


def project_picker(names: list[str]) -> str:
    """Let the person change the project; a name that is in no project gives the last one created."""
    wanted = session.view().project
    chosen = wanted if wanted in names else names[-1]
    if wanted is not None and wanted != chosen:
        st.toast(f"There is no project {plain(repr(wanted))}. This is {plain(repr(chosen))}.")
    session.choose_project(chosen)
    st.session_state[_PICKER] = chosen
    st.selectbox(
        "Project",
        names,
        key=_PICKER,
        icon=":material/folder_open:",
        label_visibility="collapsed",
        width=360,
        on_change=_pick,
    )
    return chosen


def _pick() -> None:
    session.choose_project(st.session_state[_PICKER])
