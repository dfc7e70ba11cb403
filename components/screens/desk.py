"""The desk: one item after the other, drafts shown blind, judged by keys or mouse."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from components import session
from components.services import get_store
from components.widgets.answer_form import STYLE, answer_form, edited, ranked
from components.widgets.desk_header import desk_header
from components.widgets.empty_state import empty_state
from components.widgets.project_card import next_step
from components.widgets.project_header import project_header
from components.widgets.seat import seat
from components.widgets.text import counted
from concord.approval import check_proposal
from concord.desk.autosave import make_token
from concord.desk.queue import Assignment, extend_lease, open_item
from concord.desk.submit import Submission, submit_edit, submit_ranking
from concord.errors import ConcordError
from concord.proposing import sample_of
from concord.records import Outcome, QueueCounts

NEW_PROMPTS = (
    "**The drafts are new prompts, not answers.** A model was asked to write them; *System* says how, and what is "
    "below it is what it was given. Which would you put to a model?"
)
store = get_store()


def submit(task: Assignment) -> None:
    """Store the answer; what is incomplete, or comes too soon to be meant, is refused and stays on the screen."""
    seconds = session.seconds_at(task)
    if seconds < session.SOONEST:
        session.say(refused="That came too fast to be meant. Press again.")
        return
    try:
        outcome = stored(
            task, Submission(task.presentation.id, task.presentation.annotator, seconds, datetime.now(UTC))
        )
    except ConcordError as error:
        session.say(refused=str(error))
        return
    if outcome == "lapsed":
        session.say(refused="Your last answer was not stored: while you were away, others judged that item.")
    else:
        session.say(done="Stored" if outcome == "stored" else "Stored before")


def stored(task: Assignment, submission: Submission) -> Outcome:
    """Hand in what the form holds."""
    if task.step == "ranking":
        return submit_ranking(store, submission, ranked(task))
    if task.item.kind == "conversion":
        check_proposal(store, project, task.item.name, task.drafts, edited(task))
    return submit_edit(store, submission, edited(task))


def nothing_left(queue: QueueCounts) -> None:
    """Say why the desk is empty."""
    counts = store.counts(project.id)
    if counts.items == queue.done == queue.waiting == 0:
        step = next_step(counts)
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
    with st.container(horizontal_alignment="center"):
        st.button("Look again", icon=":material/refresh:")


@st.fragment(run_every="60s")
def heartbeat() -> None:
    """Keep the item with its annotator; a timed fragment is also what revives the page after a restart."""
    if held := session.view().task:
        extend_lease(store, project, held.presentation, now=datetime.now(UTC))


@st.fragment(key="task")
def desk(annotator: str) -> None:
    """The line on top, and the task."""
    task = open_item(store, project, annotator, now=datetime.now(UTC))
    session.put_on_desk(task)
    counts = store.queue_counts(project, annotator)
    desk_header(project, counts, store.guidelines(project.id))
    if task is None:
        nothing_left(counts)
    else:
        if task.item.kind == "prompt":
            st.info(NEW_PROMPTS, icon=":material/library_add:")
        token = make_token(store.secret, annotator, task.presentation.id)
        sample = sample_of(store, task.drafts) if task.item.kind == "conversion" else None
        answer_form(task, token=token, on_submit=submit, sample=sample)


annotator = session.view().annotator
chosen = next((project for project in store.projects() if project.name == session.view().project), None)
if annotator and chosen:
    project = chosen
    st.html(STYLE)
    heartbeat()
    desk(annotator)
else:
    project = project_header(store, "Desk", "Judge drafts one item at a time, without knowing which model wrote which.")
    seat(store.annotators(project.id))
