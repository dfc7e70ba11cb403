"""The one line on top of the desk: where one is, how far, what was stored, guidelines and keys at hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

import streamlit as st

from components import session
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
_KEYS_OF: Mapping[Step, str] = {
    "ranking": """
| `1` to `9` | rank that draft next, best first |
| `=` | the next draft ties with the last one |
| `Backspace` | take back the last one |
| `↑` `↓` | move the focused draft, through every tie |
| `Delete` | unrank the focused draft |""",
    "comparison": """
| `1` `2` | that draft is better; pressed again, more strongly |
| `←` `→` | walk from one draft, through equally good, to the other |
| `=` | both are equally good |
| `0` | both are bad |""",
    "edit": "",
    "rating": """
| `0` to `9` | that number on the marked scale (`0` for 10), then the next scale is marked |
| `Backspace` | take back the last one |""",
    "label": """
| `1` to `9` | that choice of the marked question; then the next one is marked |
| `Enter` | go on, where several can be chosen |
| `Backspace` | take back the last one |""",
}
_KEYS = """
| Key | Does |
|:--|:--|{step}
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
        _seat()
        with st.popover("Guidelines", icon=":material/menu_book:", type="tertiary"):
            st.caption(f"Version {guidelines.version}")
            st.markdown(without_images(guidelines.text) or "*This project has no guidelines yet.*")
        with st.popover("Keys", icon=":material/keyboard:", type="tertiary"):
            st.markdown(_KEYS.format(step=_KEYS_OF[task.step] if task else ""))


def _step_of(task: Assignment | None) -> str:
    return f" · {_STEPS[task.step]}" if task else ""


def _seat() -> None:
    name = session.view().annotator or ""
    with st.popover(plain(name), icon=":material/person:", type="tertiary"):
        st.caption("Annotations are stored under this name.")
        st.button("Change name or project", on_click=_leave, key="leave-seat")


def _leave() -> None:
    session.leave_seat()
    st.rerun()
