"""The desk when there is nothing to judge."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import streamlit as st

from components import session
from components.widgets.empty_state import empty_state
from components.widgets.project_card import next_step
from components.widgets.text import counted
from concord.records.desk import QueueCounts
from concord.records.kinds import Task
from concord.records.project import Counts


def empty_desk(counts: Counts, queue: QueueCounts, task: Task, on_undo: Callable[[UUID], None]) -> None:
    """Say why the desk is empty; what was submitted last can still be taken back."""
    if counts.items == queue.done == queue.waiting == 0:
        step = next_step(counts, task)
        empty_state(
            "There are no items yet", "The desk gives out items with drafts.", page=step.page, action=step.label
        )
        return
    title = "You have judged everything there is for you" if queue.done else "There is nothing for you to judge now"
    waiting = counted(queue.waiting, "item") + (" waits" if queue.waiting == 1 else " wait")
    hint = (
        f"{waiting} for drafts or for other annotators."
        if queue.waiting
        else "Every item has all the annotators it wants."
    )
    empty_state(title, hint)
    with st.container(horizontal=True, horizontal_alignment="center"):
        st.button("Look again", icon=":material/refresh:")
        if undoable := session.view().undoable:
            st.button("Undo", icon=":material/undo:", shortcut="U", key="undo", on_click=on_undo, args=(undoable,))
