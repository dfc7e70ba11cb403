"""The task on the desk as a form, and the answer read back from it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from uuid import UUID

import streamlit as st

from components import session
from components.widgets.boards import board, what_follows
from components.widgets.draft_editor import draft_editor, text_of
from components.widgets.fact_check import fact_check, fact_of
from components.widgets.proposal_reading import proposal_cards, proposal_result, task_line
from components.widgets.reading import answer_cards, draft_cards, draft_text, labels_of, prompt_card
from components.widgets.remark_form import Remarks, remark_buttons, remark_form
from components.widgets.text import refusal
from components.widgets.unsaved import Unsaved, begun, facts_in
from concord.desk.factual import Facts
from concord.desk.queue import Assignment
from concord.proposing import Sample
from concord.records.kinds import Fact

OnSubmit = Callable[[Assignment], None]
Draw = Callable[[], None]

STYLE = """<style>
[data-testid=stColumn]:has(.st-key-submit, .st-key-remark) { position: sticky; top: 4.5rem; align-self: flex-start }
[data-testid=stText] > span { display: block; unicode-bidi: plaintext; text-align: start }
[data-testid=stMarkdownContainer] :is(p, li, h1, h2, h3, td) { unicode-bidi: plaintext; text-align: start }
</style>"""
"""Keeps the board in view beside long drafts, and lets each paragraph run in its script's direction; drawn once,
outside the form."""


def answer_form(
    task: Assignment, *, unsaved: Unsaved, on_submit: OnSubmit, remarks: Remarks, sample: Sample | None = None
) -> None:
    """Draw what the task asks; nothing reruns before the submit.

    Args:
        task: what is on the desk.
        unsaved: what it begins with, and the right to keep what is entered.
        on_submit: called with the task, before the page is drawn again.
        remarks: what can be said beside judging.
        sample: the rows that proposed templates are shown on, where those are what is judged.
    """

    def submit_row() -> None:
        _submit_row(task, on_submit, remarks)

    with st.form("answer", border=False, enter_to_submit=False):
        if task.step != "edit":
            _judging(task, unsaved, submit_row, sample)
        elif sample is None:
            _editing(task, unsaved, submit_row)
        else:
            _editing_template(task, unsaved, submit_row, sample)


def facts_of(task: Assignment, reason: str = "") -> Facts:
    """What is said of the drafts' facts, for the callback."""
    said: dict[UUID, Fact] = {}
    for draft in task.to_check:
        if fact := fact_of(_fact_key(task, draft), begun=_fact_begun(task, draft)):
            said[draft] = fact
    return Facts(said, reason)


def edited(task: Assignment) -> str:
    """The text in the editor, for the callback."""
    return text_of(session.edit_key(task.presentation.id, task.attempt), draft=_draft(task), begun=begun(task))


def _judging(task: Assignment, unsaved: Unsaved, submit_row: Draw, sample: Sample | None) -> None:
    """Reading left, deciding right."""
    read, decide = st.columns([13, 7], gap="medium")
    with read:
        if sample is None:
            prompt_card(task.item.messages, may_scroll=True)
            if task.step in ("rating", "label"):
                answer_cards(task.drafts, formatted=session.view().formatted)
            else:
                draft_cards(task.drafts, partial(_fact_check, task), formatted=session.view().formatted)
        else:
            proposal_cards(task.drafts, task.item.name, sample)
    with decide:
        board(task, unsaved)
        submit_row()
        what_follows(task)


def _editing(task: Assignment, unsaved: Unsaved, submit_row: Draw) -> None:
    """The prompt above, the editor and its changes side by side."""
    prompt_card(task.item.messages, may_scroll=True)
    if task.best and task.best.id in task.to_check:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown("Before you change it: the draft as it came is", width="content")
            _fact_check(task, task.drafts.index(task.best))
    _editor(task, unsaved)
    if session.view().formatted:
        _preview(task)
    submit_row()
    if len(task.drafts) > 1:
        with st.expander("All drafts"):
            draft_cards(task.drafts, formatted=session.view().formatted)


def _preview(task: Assignment) -> None:
    """The answer as Markdown, as of the last look: what is typed is sent when it is asked for."""
    with st.container(border=True, gap="xsmall", key="preview"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption("Formatted, as of the last look", width="content")
            st.form_submit_button("Look again", icon=":material/refresh:", type="tertiary", key="look")
        draft_text(edited(task), formatted=True)


def _editing_template(task: Assignment, unsaved: Unsaved, submit_row: Draw, sample: Sample) -> None:
    """The template's source, and beside it what it makes of the rows, as of the last look."""
    task_line(sample)
    write, result = st.columns(2, gap="medium")
    with write:
        _editor(task, unsaved)
    with result:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.form_submit_button("Show my changes", icon=":material/refresh:", key="look")
            submit_row()
        proposal_result(edited(task), task.item.name, sample)
    with st.expander("All drafts"):
        proposal_cards(task.drafts, task.item.name, sample)


def _fact_check(task: Assignment, place: int) -> None:
    """Where it is asked, whether this draft is factually right."""
    draft = task.drafts[place]
    if draft.id not in task.to_check:
        return
    label = f"Draft {labels_of(task.drafts)[place]}"
    key, said = _fact_key(task, draft.id), _fact_begun(task, draft.id)
    fact_check(label, draft=str(draft.id), place=place, key=key, begun=said)


def _fact_begun(task: Assignment, draft_id: UUID) -> object:
    return facts_in(begun(task)).get(str(draft_id))


def _fact_key(task: Assignment, draft_id: UUID) -> str:
    return session.fact_key(task.presentation.id, draft_id, task.attempt)


def _editor(task: Assignment, unsaved: Unsaved) -> None:
    key = session.edit_key(task.presentation.id, task.attempt)
    draft_editor(_editor_label(task), draft=_draft(task), unsaved=unsaved, key=key)


def _draft(task: Assignment) -> str | None:
    return task.best.text if task.best else None


def _submit_row(task: Assignment, on_submit: OnSubmit, remarks: Remarks) -> None:
    """The button, and why the last press of it was refused; in its place, what is said beside judging."""
    if kind := session.view().remark:
        remark_form(task, kind, remarks)
        return
    with st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center"):
        if refused := session.view().refused:
            refusal(refused)
        # One key for all tasks: a click during the swap of two tasks would be lost with the button it meant.
        st.form_submit_button(
            "Submit and next", type="primary", shortcut="Ctrl+Enter", key="submit", on_click=on_submit, args=(task,)
        )
    with st.container(horizontal=True, horizontal_alignment="right", gap="small"):
        remark_buttons(remarks, corrects=task.corrects is not None)


def _editor_label(task: Assignment) -> str:
    if task.best is None:
        return "Write the answer"
    if len(task.drafts) == 1:
        return "Edit the draft"
    return f"Edit draft {labels_of(task.drafts)[task.drafts.index(task.best)]}"
