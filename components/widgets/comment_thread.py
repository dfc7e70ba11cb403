"""The discussion of one item."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from components.widgets.text import moment, plain
from concord.records.remark import Comment


def comment_thread(comments: Sequence[Comment]) -> None:
    """Who said what, oldest first; as it was typed."""
    for comment in comments:
        with st.container(gap=None):
            st.caption(f"**{plain(comment.author)}** · {moment(comment.created_at)}")
            st.text(comment.text)
