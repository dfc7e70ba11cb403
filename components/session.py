"""The one typed view of the session's state and the page's address, and the builders of widget keys.

Nothing that matters lives here: the current item is a lease in the store, unsaved text is a row there.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any, Literal, cast
from uuid import UUID

import streamlit as st

from concord.approval import Decided
from concord.conversion.apply import Applied, How
from concord.conversion.lint import LintReport
from concord.desk.queue import Assignment
from concord.proposing import Proposed
from concord.records.row import ImportReport

PROJECT = "project"
ANNOTATOR = "who"
TEMPLATE = "template"
ACTIVITY = "activity"
ITEM = "item"
SOONEST = 0.4  # seconds: a submit that comes faster after its task appeared is the second half of a double click


RemarkKind = Literal["skip", "flag", "comment"]

REMARKED: dict[RemarkKind, str] = {"skip": "Skipped", "flag": "Flagged", "comment": "Comment stored"}


@dataclass
class View:
    """What this browser tab is looking at.

    Attributes:
        screen: the screen that is open.
        project: name of the project that all screens are about.
        annotator: who judges at the desk.
        done: what came of the last action, or None.
        undoable: the judgement that was stored by it, while it can be taken back.
        refused: why the last action was refused, or None.
        asks_reason: whether that was for want of a reason.
        formatted: whether drafts are shown as Markdown.
        task: the task on the desk.
        remark: what is about to be said beside judging the task, or None.
        since: when the task appeared, on the monotonic clock.
        imported: the project's name, the uploaded file's id, and what its import did.
        row: number of the row that templates are tried on.
        seed: which random rows they are tried on.
        template: id of the template that is looked at, also of one that is not saved yet.
        activity: what is done with it in the studio.
        begun: for templates that are not saved yet, the text that they began from.
        left: id under which the text was kept that was saved under another one.
        author: who saves versions of templates.
        applied: the project's name, the template's id, how it was applied, and what became of the rows.
        enriched: the project's name, and what became of the last request for new prompts.
        proposed: the project's name, and what a model proposed.
        decided: the project's name, and what was decided last.
        adoptable: how a project of a Label Studio would be read, with its number there.
        synced: the project's name, and what the last sync with Label Studio did.
        linted: the project's name, the template's version, and what lint found.
        checked: the project's name, and what the check of its data set found.
    """

    screen: str = ""
    project: str | None = None
    annotator: str | None = None
    done: str | None = None
    undoable: UUID | None = None
    refused: str | None = None
    asks_reason: bool = False
    formatted: bool = False
    task: Assignment | None = None
    remark: RemarkKind | None = None
    since: float = 0.0
    imported: tuple[str, str, ImportReport] | None = None
    row: int = 0
    seed: int = 0
    template: str | None = None
    activity: str | None = None
    begun: dict[str, str] = field(default_factory=dict[str, str])
    left: str | None = None
    author: str = ""
    applied: tuple[str, str, How, Applied] | None = None
    enriched: tuple[str, dict[str, Any]] | None = None
    proposed: tuple[str, Proposed] | None = None
    decided: tuple[str, Decided] | None = None
    adoptable: dict[str, Any] | None = None
    synced: tuple[str, dict[str, Any]] | None = None
    linted: tuple[str, str, LintReport] | None = None
    checked: tuple[str, dict[str, Any]] | None = None


def view() -> View:
    """This session's view; asked for many times a page, so that it is looked up once."""
    if (found := st.session_state.get("view")) is None:
        found = st.session_state["view"] = View()
    return cast("View", found)


def restore(screen: str) -> None:
    """Bring view and address together at the start of a run: the address wins; a switch of screens empties it."""
    state = view()
    if state.screen != screen:
        state.screen = screen
        say()  # what one screen had to say is not said by the next
    state.project = _carried(PROJECT, state.project)
    state.annotator = _carried(ANNOTATOR, state.annotator)


def choose_project(name: str) -> None:
    """Make all screens be about this project."""
    view().project = name
    st.query_params[PROJECT] = name


def restore_studio() -> View:
    """Bring view and address together on the screen whose address names a template, and what is done with it."""
    state = view()
    state.template = _carried(TEMPLATE, state.template)
    state.activity = _carried(ACTIVITY, state.activity)
    return state


def choose_template(template_id: str) -> None:
    """Look at this template from now on."""
    view().template = template_id
    st.query_params[TEMPLATE] = template_id


def choose_activity(name: str) -> None:
    """Do this with it from now on."""
    view().activity = name
    st.query_params[ACTIVITY] = name


def asked_item() -> str:
    """The name of the item that the address asks for; empty when it asks for none."""
    return st.query_params.get(ITEM, "").strip()


def forget_item() -> None:
    """Let the address ask for no item any more."""
    st.query_params.pop(ITEM, None)


def author() -> str:
    """Who saves versions: who said so here, or sits at the desk."""
    return view().author or view().annotator or ""


def take_seat(annotator: str) -> None:
    """Judge under this name from now on."""
    view().annotator = annotator
    st.query_params[ANNOTATOR] = annotator


def leave_seat() -> None:
    """Ask for the name again."""
    view().annotator = view().task = None
    st.query_params.pop(ANNOTATOR, None)


def say(
    *,
    done: str | None = None,
    refused: str | None = None,
    undoable: UUID | None = None,
    asks_reason: bool = False,
) -> None:
    """Replace what the screen has to say about the last action; after a refusal, the one before can still be undone."""
    view().done, view().refused, view().asks_reason = done, refused, asks_reason
    if refused is None:
        view().undoable = undoable


def put_on_desk(task: Assignment | None) -> None:
    """Note the task and when it appeared; drawing the same one again changes nothing."""
    if _step(task) != _step(view().task):
        view().since = time.monotonic()
        view().remark = None
    view().task = task


def seconds_at(task: Assignment) -> float:
    """How long this task has been on the desk; 0 when it is not there any more."""
    return time.monotonic() - view().since if _step(task) == _step(view().task) else 0.0


def rank_key(presentation_id: UUID, attempt: int = 0) -> str:
    """Key of the rank board of one presentation; another one after a submit was taken back."""
    return f"rank-{presentation_id}-{attempt}" if attempt else f"rank-{presentation_id}"


def compare_key(presentation_id: UUID, attempt: int = 0) -> str:
    """Key of the compare board of one presentation; another one after a submit was taken back."""
    return f"compare-{presentation_id}-{attempt}" if attempt else f"compare-{presentation_id}"


def questions_key(presentation_id: UUID, attempt: int = 0) -> str:
    """Key of the question board of one presentation; another one after a submit was taken back."""
    return f"questions-{presentation_id}-{attempt}" if attempt else f"questions-{presentation_id}"


def fact_key(presentation_id: UUID, draft_id: UUID, attempt: int = 0) -> str:
    """Key of the factual check of one draft; another one after a submit was taken back."""
    return f"fact-{presentation_id}-{draft_id}-{attempt}"


def edit_key(presentation_id: UUID, attempt: int = 0) -> str:
    """Key of the draft editor of one presentation; another one after a submit was taken back."""
    return f"edit-{presentation_id}-{attempt}" if attempt else f"edit-{presentation_id}"


def page_at(key: str) -> int:
    """Which page of a long list is looked at, counted from 0; `key` is that of its `st.pagination`."""
    return int(st.session_state.get(key) or 1) - 1


def template_key(template_id: str, version: str) -> str:
    """Key of the editor of one template, begun from one version."""
    return f"template-{template_id}-{version}"


def _step(task: Assignment | None) -> tuple[UUID, str, int] | None:
    return (task.presentation.id, task.step, task.attempt) if task else None


def _carried(name: str, kept: str | None) -> str | None:
    given = st.query_params.get(name, "").strip()
    if not given and kept:
        st.query_params[name] = kept
    return given or kept
