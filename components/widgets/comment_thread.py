"""The discussion of one item."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from components.widgets.text import plain
from concord.records.remark import Comment


def comment_thread(comments: Sequence[Comment]) -> None:
    """Who said what, oldest first; as it was typed."""
    for comment in comments:
        with st.container(gap=None):
            st.caption(f"**{plain(comment.author)}** · {comment.created_at:%Y-%m-%d %H:%M} UTC")
            st.text(comment.text)
