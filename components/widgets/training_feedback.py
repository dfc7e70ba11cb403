"""After an item of training: the known answer, and where the one that was given differs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from components.widgets.judgements_table import in_words
from components.widgets.reading import draft_cards, labels_of, prompt_card
from components.widgets.text import plain
from components.widgets.word_diff import word_diff
from concord.agreement.gold import hits
from concord.desk.feedback import Beside, Feedback
from concord.records.annotation import Edit


def training_feedback(feedback: Feedback, on_go_on: Callable[[], None]) -> None:
    """Draw it, and the way on to the next item."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader("What is known of this item", anchor=False, width="content")
        st.space("stretch")
        st.button("Go on", type="primary", shortcut="Ctrl+Enter", key="go-on", on_click=on_go_on)
    for answer in feedback.answers:
        _answer(answer, feedback)
    if not feedback.answers:
        st.info("The answer to what you were asked is not known. Your lead sees what you submitted.")
    prompt_card(feedback.item.messages, may_scroll=True)
    if len(feedback.drafts) > 1:
        draft_cards(feedback.drafts)


def _answer(answer: Beside, feedback: Feedback) -> None:
    if isinstance(answer.known, Edit) and isinstance(answer.given, Edit):
        _text(answer.known.text, answer.given.text)
        return
    labels = labels_of(feedback.drafts)
    named = {draft.id: replace(draft, name=label) for label, draft in zip(labels, feedback.drafts, strict=True)}
    known, given = (plain(in_words(judgement, named)) for judgement in answer)
    if all(hits(*answer)):
        st.success(f"**As known:** {given}. The known answer is {known}.", icon=":material/check_circle:")
    else:
        st.warning(f"**It differs:** you said {given}; the known answer is {known}.", icon=":material/compare_arrows:")


def _text(known: str, given: str) -> None:
    if known == given:
        st.success("**As known:** your text is the known one.", icon=":material/check_circle:")
        return
    with st.container(border=True, gap="xsmall"):
        st.caption("The known text, with what you left out marked as added and what only you wrote as taken away")
        word_diff(given, known)
