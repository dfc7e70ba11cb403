"""What a page shows when there is nothing to show: why, and what to do next."""

from __future__ import annotations

import streamlit as st


def empty_state(title: str, hint: str, *, page: str | None = None, action: str = "") -> None:
    """Say in the middle of the page what is missing, and link to the page where it is made."""
    with st.container(border=True, horizontal_alignment="center", gap="xsmall"):
        st.space("small")
        st.subheader(title, anchor=False, width="content")
        st.caption(hint, width="content")
        if page:
            st.space("xsmall")
            st.page_link(page, label=action, icon=":material/arrow_forward:", icon_position="right")
        st.space("small")
