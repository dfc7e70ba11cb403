"""The one line on top of the desk: where one is, how far, what was stored, guidelines and keys at hand."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from components import session
from components.widgets.key_sheet import key_sheet
from components.widgets.text import plain, without_images
from concord.desk.queue import Assignment, Step
from concord.records.kinds import Task
from concord.records.project import Guidelines, Project

_EM_SPACE = "\N{EM SPACE}"
_STEPS: Mapping[Step, str] = {
    "ranking": "ranking",
    "comparison": "comparing",
    "edit": "editing",
    "rating": "rating",
    "label": "labelling",
}


def desk_header(project: Project, guidelines: Guidelines, tasks: Collection[Task]) -> DeltaGenerator:
    """Draw the line, once for all items; returns its left part, which `desk_status` fills anew with every submit.

    Args:
        project: whose desk it is.
        guidelines: what is beside the work.
        tasks: what its items ask for, whose keys are told.
    """
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        status = st.container(horizontal=True, vertical_alignment="center", gap="small")
        st.page_link("screens/my_work.py", label="My work", icon=":material/history:")
        _seat()
        with st.popover("Guidelines", icon=":material/menu_book:", type="tertiary"):
            st.caption(f"Version {guidelines.version}")
            st.markdown(without_images(guidelines.text) or "*This project has no guidelines yet.*")
        st.button(
            "Plain text" if session.view().formatted else "Formatted",
            icon=":material/format_size:",
            type="tertiary",
            shortcut="P",
            key="formatted",
            on_click=_switch,
            help="Drafts and answers as Markdown, without images and links, or as they are.",
        )
        key_sheet(tasks, checks=project.settings.factual_checks)
    return status


def desk_status(status: DeltaGenerator, project: Project, done: int, total: int) -> None:
    """Where one is, how far, and what came of the last submit."""
    with status:
        st.markdown(f"**{plain(project.name)}**{_step_of(session.view().task)}", width="content")
        told = f"{done:,} of {total:,}" if total else ""
        if total:
            st.progress(min(1.0, done / total), width=96)
        if said := session.view().done:
            told += f"{_EM_SPACE}:material/cloud_done: {said}"
        if told:
            st.caption(told, width="content")


def _step_of(task: Assignment | None) -> str:
    if task is None:
        return ""
    return f" · correcting: {_STEPS[task.step]}" if task.corrects else f" · {_STEPS[task.step]}"


def _seat() -> None:
    name = session.view().annotator or ""
    with st.popover(plain(name), icon=":material/person:", type="tertiary"):
        st.caption("Annotations are stored under this name.")
        st.button("Change name or project", on_click=_leave, key="leave-seat")


def _switch() -> None:
    session.view().formatted = not session.view().formatted


def _leave() -> None:
    session.leave_seat()
    st.rerun()
