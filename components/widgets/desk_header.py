"""The one line on top of the desk: where one is, how far, what was stored, guidelines and keys at hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

import streamlit as st

from components import session
from components.widgets.key_sheet import key_sheet
from components.widgets.text import plain, without_images
from concord.desk.queue import Assignment, Step
from concord.records.desk import QueueCounts
from concord.records.project import Guidelines, Project

OnUndo = Callable[[UUID], None]
_STEPS: Mapping[Step, str] = {
    "ranking": "ranking",
    "comparison": "comparing",
    "edit": "editing",
    "rating": "rating",
    "label": "labelling",
}


def desk_header(project: Project, counts: QueueCounts, guidelines: Guidelines, on_undo: OnUndo) -> None:
    """Draw the line; it is redrawn with every submit. `on_undo` is called with the judgement to take back."""
    task = session.view().task
    total = counts.done + counts.open + (task is not None)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{plain(project.name)}**{_step_of(task)}", width="content")
        if total:
            st.progress(counts.done / total, width=96)
            st.caption(f"{counts.done:,} of {total:,}", width="content")
        if done := session.view().done:
            st.caption(f":material/cloud_done: {done}", width="content")
        if undoable := session.view().undoable:
            st.button("Undo", type="tertiary", shortcut="U", key="undo", on_click=on_undo, args=(undoable,))
        st.space("stretch")
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
        key_sheet(task)


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
