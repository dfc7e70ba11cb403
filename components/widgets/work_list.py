"""The items that an annotator has judged, as a list of cards."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from components.widgets.text import moment, plain
from concord.records.desk import Search, Work, WorkPage

OnCorrect = Callable[[Work], None]
_EXCERPT = 200
_DECIDED = "A reviewer has decided this item, so what it was decided on stays."


def work_list(found: WorkPage, *, key: str, on_correct: OnCorrect) -> None:
    """Draw a page of work, and under it the way to the other pages; `key` is that of the page's number."""
    for work in found.works:
        _card(work, on_correct)
    pages = -(-found.total // Search().limit)
    if pages > 1:
        st.pagination(pages, key=key)


def _card(work: Work, on_correct: OnCorrect) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        with st.container(gap="xsmall"):
            st.markdown(f"**{plain(work.item)}** · :small[{moment(work.judged_at)}]{_standing(work)}")
            st.text(excerpt(work.prompt))
        wanted = st.button(
            "Correct",
            icon=":material/edit:",
            key=f"correct-{work.presentation_id}",
            disabled=work.decided,
            help=_DECIDED if work.decided else None,
        )
    if wanted:
        on_correct(work)


def excerpt(text: str) -> str:
    r"""The beginning of a text, in one line.

    >>> excerpt("One\n  two"), len(excerpt("long " * 100))
    ('One two', 201)
    """
    line = " ".join(text.split())
    return line if len(line) <= _EXCERPT else f"{line[:_EXCERPT]}…"


def _standing(work: Work) -> str:
    return " · :small[decided]" if work.decided else " · :small[corrected]" if work.corrected else ""
