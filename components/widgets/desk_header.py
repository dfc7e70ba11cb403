"""The one line on top of the desk: where one is, how far, what was stored, guidelines and keys at hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import streamlit as st

from components import session
from components.widgets.text import plain, without_images
from concord.desk.queue import Assignment
from concord.records.desk import QueueCounts
from concord.records.project import Guidelines, Project

OnUndo = Callable[[UUID], None]
_STEPS = {"ranking": "ranking", "edit": "editing"}
_KEYS = """
| Key | Does |
|:--|:--|
| `1` to `9` | rank that draft next, best first |
| `=` | the next draft ties with the last one |
| `Backspace` | take back the last one |
| `↑` `↓` | move the focused draft, through every tie |
| `Delete` | unrank the focused draft |
| `U` | take back the last submit, right after it |
| `K` `F` `M` | skip, flag, comment; `Esc` closes |
| `Ctrl + Enter` | submit and go on, also while typing |
"""


def desk_header(project: Project, counts: QueueCounts, guidelines: Guidelines, on_undo: OnUndo) -> None:
    """Draw the line; it is redrawn with every submit. `on_undo` is called with the judgement to take back."""
    task = session.view().task
    total = counts.done + counts.open + (task is not None)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{plain(project.name)}**{_step_of(task)}", width="content")
        if total:
            st.progress(counts.done / total, width=180)
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
        with st.popover("Keys", icon=":material/keyboard:", type="tertiary"):
            st.markdown(_KEYS)


def _step_of(task: Assignment | None) -> str:
    if task is None:
        return ""
    return f" · correcting: {_STEPS[task.step]}" if task.corrects else f" · {_STEPS[task.step]}"


def _seat() -> None:
    name = session.view().annotator or ""
    with st.popover(plain(name), icon=":material/person:", type="tertiary"):
        st.caption("Annotations are stored under this name.")
        st.button("Change name or project", on_click=_leave, key="leave-seat")


def _leave() -> None:
    session.leave_seat()
    st.rerun()


def correction_bar(corrects: datetime, on_leave: Callable[[], None]) -> None:
    """Say that this was judged before, and let it be as it was."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.info(
            f"You submitted this on {corrects:%-d %B %Y, %H:%M} UTC. What you submit now takes its place.",
            icon=":material/history:",
        )
        st.button("Leave it as it was", key="leave-correction", on_click=on_leave)


def training_bar(done: int, wanted: int) -> None:
    """Say that the answer is known, and how far the training is."""
    st.info(
        f"**Training, {done + 1} of {wanted}:** the answer to this item is known. You see it after your submit, and "
        "real work begins when the training is done.",
        icon=":material/school:",
    )
