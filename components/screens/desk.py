"""The desk: one item after the other, drafts shown blind, judged by keys or mouse."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import UTC, datetime
from uuid import UUID

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from components import session
from components.services import DRAWING, get_store, total_for
from components.widgets.answer_form import STYLE, answer_form, edited, facts_of
from components.widgets.boards import answered, compared, ranked
from components.widgets.desk_header import desk_header, desk_status
from components.widgets.desk_notices import desk_notices
from components.widgets.empty_desk import empty_desk
from components.widgets.project_header import project_header
from components.widgets.remark_form import Remarks
from components.widgets.seat import seat
from components.widgets.training_feedback import training_feedback
from components.widgets.unsaved import unsaved_of
from concord.approval import check_proposal
from concord.desk.feedback import unseen_feedback
from concord.desk.queue import Assignment, assignment, extend_lease, open_page, tasks_of
from concord.desk.remarks import comment_on_item, flag_item, skip_item
from concord.desk.submit import (
    Submission,
    annotation_id,
    submit_comparison,
    submit_edit,
    submit_labels,
    submit_ranking,
    submit_ratings,
)
from concord.desk.undo import undo_submit
from concord.errors import ConcordError, ReasonMissing
from concord.proposing import sample_of
from concord.records.kinds import Outcome

store = get_store()


def submit(task: Assignment) -> None:
    """Store the answer; what is incomplete, or comes too soon to be meant, is refused and stays on the screen."""
    if session.seconds_at(task) < session.SOONEST:
        session.say(refused="That came too fast to be meant. Press again.")
        return
    try:
        outcome = stored(task)
    except ConcordError as error:
        session.say(refused=str(error), asks_reason=isinstance(error, ReasonMissing))
        return
    if outcome == "lapsed":
        session.say(refused="Your last answer was not stored: while you were away, others judged that item.")
    else:
        made = annotation_id(task.presentation.id, task.step, task.attempt)
        session.say(done="Stored" if outcome == "stored" else "Stored before", undoable=None if task.training else made)


def go_on() -> None:
    """The known answer was seen."""
    store.see_feedback(project.id, session.view().annotator or "", datetime.now(UTC))
    session.say()


def undo(made: UUID) -> None:
    """Take back the last submit; what was entered comes back with it."""
    try:
        undo_submit(store, project, session.view().annotator or "", made, now=datetime.now(UTC))
    except ConcordError as error:
        session.say(refused=str(error))
        session.view().undoable = None
    else:
        session.say(done="Taken back")


def remark(task: Assignment, kind: session.RemarkKind, reason: str | None, words: str) -> None:
    """Skip the item, flag it or comment on it; what is refused stays on the screen."""
    try:
        match kind:
            case "skip":
                skip_item(store, submission(task), reason, words)
            case "flag":
                flag_item(store, submission(task), reason, words)
            case "comment":
                comment_on_item(store, submission(task), words)
    except ConcordError as error:
        session.say(refused=str(error))
    else:
        session.view().remark = None
        session.say(done=session.REMARKED[kind])


def submission(task: Assignment) -> Submission:
    """Who hands in what was shown to them, and now."""
    shown = task.presentation
    return Submission(shown.id, shown.annotator, session.seconds_at(task), datetime.now(UTC), task.attempt)


def stored(task: Assignment) -> Outcome:
    """Hand in what the form holds."""
    match task.step:
        case "ranking":
            tiers, rest, reason = ranked(task)
            return submit_ranking(store, submission(task), tiers, rest=rest, facts=facts_of(task, reason))
        case "comparison":
            chosen, reason = compared(task)
            return submit_comparison(store, submission(task), chosen, facts=facts_of(task, reason))
        case "rating":
            ratings = {name: float(given[0]) for name, given in answered(task).items()}
            return submit_ratings(store, submission(task), ratings)
        case "label":
            return submit_labels(store, submission(task), answered(task))
        case "edit":
            if task.item.kind == "conversion":
                check_proposal(store, project, task.item.name, task.drafts, edited(task))
            return submit_edit(store, submission(task), edited(task), facts=facts_of(task))


@st.fragment(run_every="60s")
def heartbeat() -> None:
    """Keep the item with its annotator; a timed fragment is also what revives the page after a restart."""
    if held := session.view().task:
        extend_lease(store, project, held.presentation, now=datetime.now(UTC))


@st.fragment(key="task")
def desk(annotator: str, status: DeltaGenerator) -> None:
    """The task, and how far one is; after one of training, first what is known of it."""
    if feedback := unseen_feedback(store, project, annotator):
        session.put_on_desk(None)
        training_feedback(feedback, go_on)
        return
    page = open_page(store, project, annotator, now=datetime.now(UTC))
    with DRAWING:
        task = assignment(store, page) if page else None
        session.put_on_desk(task)
        done = store.done_count(project.id, annotator)
        desk_status(status, project, done, total_for(project, annotator, holds=task is not None))
    if task is None:
        empty_desk(store.counts(project.id), store.queue_counts(project, annotator), project.settings.task, undo)
    else:
        sample = sample_of(store, task.drafts) if task.item.kind == "conversion" else None
        with nullcontext() if sample else DRAWING:  # templates are rendered, which may take its time
            desk_notices(store, project, task)
            remarks = Remarks(store.comments(task.item.id), remark, undo)
            unsaved = unsaved_of(task, store.secret)
            answer_form(task, unsaved=unsaved, on_submit=submit, remarks=remarks, sample=sample)


annotator = session.view().annotator
chosen = next((project for project in store.projects() if project.name == session.view().project), None)
if annotator and chosen:
    project = chosen
    st.html(STYLE)
    heartbeat()
    status = desk_header(project, store.guidelines(project.id), tasks_of(project, store.item_kinds(project.id)))
    desk(annotator, status)
else:
    project = project_header(store, "Desk", "Judge drafts one item at a time, without knowing which model wrote which.")
    seat(store.annotators(project.id))
