"""What an annotator has to know of the item before them: new prompts, training, a correction."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from components import session
from components.widgets.text import moment
from concord.desk.queue import Assignment
from concord.records.project import Project
from storage.store import Store

NEW_PROMPTS = (
    "**The drafts are new prompts, not answers.** A model was asked to write them; *System* says how, and what is "
    "below it is what it was given. Which would you put to a model?"
)


def desk_notices(store: Store, project: Project, task: Assignment) -> None:
    """Draw those that concern the item."""
    if task.item.kind == "prompt":
        st.info(NEW_PROMPTS, icon=":material/library_add:")
    if task.training:
        _training(store.trained(project.id, task.presentation.annotator), project.settings.training)
    if task.corrects:
        _correction(store, task, task.corrects)


def _training(done: int, wanted: int) -> None:
    st.info(
        f"**Training, {done + 1} of {wanted}:** the answer to this item is known. You see it after your submit, and "
        "real work begins when the training is done.",
        icon=":material/school:",
    )


def _correction(store: Store, task: Assignment, corrects: datetime) -> None:
    """Say that this was judged before, and let it be as it was."""

    def leave() -> None:
        store.leave_correction(task.presentation.project_id, task.presentation.annotator, datetime.now(UTC))
        session.say(done="Left as it was")

    with st.container(horizontal=True, vertical_alignment="center"):
        st.info(
            f"You submitted this on {moment(corrects)}. What you submit now takes its place.",
            icon=":material/history:",
        )
        st.button("Leave it as it was", key="leave-correction", on_click=leave)
