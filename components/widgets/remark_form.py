"""Beside judging: buttons that open a small form in the place of the submit row, to skip, flag or comment."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

import streamlit as st

from components import session
from components.session import RemarkKind
from components.widgets.comment_thread import comment_thread
from components.widgets.text import refusal
from concord.desk.queue import Assignment
from concord.desk.remarks import FLAG_REASONS, SKIP_REASONS
from concord.records.remark import Comment

OnRemark = Callable[[Assignment, RemarkKind, str | None, str], None]
"""Called with the task, what is said, its reason and its words."""

_REASONS: Mapping[RemarkKind, Mapping[str, str]] = {"skip": SKIP_REASONS, "flag": FLAG_REASONS, "comment": {}}
_SAYS: Mapping[RemarkKind, tuple[str, str, str]] = {
    "skip": ("Skip", "Skip this item: why?", "You are not given it again; others are. A skip is no vote."),
    "flag": ("Flag", "Flag this item: what is wrong?", "The lead sees it. You can still judge the item."),
    "comment": ("Comment", "Comment on this item", "Everybody who opens the discussion reads it."),
}
_BUTTONS: tuple[tuple[RemarkKind, str, str], ...] = (
    ("skip", "K", ":material/skip_next:"),
    ("flag", "F", ":material/flag:"),
    ("comment", "M", ":material/chat_bubble:"),
)


class Remarks(NamedTuple):
    """What can be said and done beside judging: the discussion so far, and who listens.

    Attributes:
        on_undo: called with the judgement to take back.
    """

    comments: Sequence[Comment]
    on_remark: OnRemark
    on_undo: Callable[[UUID], None]


def remark_buttons(remarks: Remarks, *, corrects: bool) -> None:
    """Undo, skip, flag, comment; inside a form, so that what was entered comes along.

    What was judged is skipped no more.
    """
    if undoable := session.view().undoable:
        st.form_submit_button(
            "Undo",
            icon=":material/undo:",
            shortcut="U",
            type="tertiary",
            key="undo",
            on_click=remarks.on_undo,
            args=(undoable,),
        )
    for kind, key, icon in _BUTTONS[1:] if corrects else _BUTTONS:
        label = _SAYS[kind][0]
        if kind == "comment" and remarks.comments:
            label = f"{label} ({len(remarks.comments)})"
        st.form_submit_button(
            label, icon=icon, shortcut=key, type="tertiary", key=f"open-{kind}", on_click=_open, args=(kind,)
        )


def remark_form(task: Assignment, kind: RemarkKind, remarks: Remarks) -> None:
    """What is asked when one of the buttons was pressed."""
    label, title, hint = _SAYS[kind]
    shown = task.presentation.id
    with st.container(border=True, gap="small"):
        st.markdown(f"**{title}**")
        if kind == "comment":
            comment_thread(remarks.comments)
        else:
            st.radio(
                "Reason",
                list(_REASONS[kind]),
                index=None,
                format_func=_REASONS[kind].__getitem__,
                key=f"{kind}-reason-{shown}",
            )
        st.text_area("In a line" if _REASONS[kind] else "Your comment", height=68, key=f"{kind}-note-{shown}")
        st.caption(hint)
        with st.container(horizontal=True, vertical_alignment="center"):
            st.form_submit_button(
                label, type="primary", shortcut="Ctrl+Enter", key="remark", on_click=_say, args=(task, kind, remarks)
            )
            st.form_submit_button("Cancel", shortcut="Esc", key="cancel-remark", on_click=_open, args=(None,))
            if refused := session.view().refused:
                refusal(refused)


def _open(kind: RemarkKind | None) -> None:
    session.view().remark, session.view().refused = kind, None


def _say(task: Assignment, kind: RemarkKind, remarks: Remarks) -> None:
    state, shown = st.session_state, task.presentation.id
    remarks.on_remark(task, kind, state.get(f"{kind}-reason-{shown}"), str(state.get(f"{kind}-note-{shown}", "")))
