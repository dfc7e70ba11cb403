"""The start of the desk: who judges."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from components import session
from components.widgets.text import plain, refusal

_NAME = "new-annotator"


def seat(annotators: Sequence[str]) -> None:
    """Let the person continue under a known name, or begin under a new one."""
    with st.container(horizontal_alignment="center"), st.container(border=True, width=560):
        st.subheader("Who is judging?", anchor=False)
        st.caption("Your name is stored with each annotation, and decides which items are still yours to judge.")
        if annotators:
            with st.container(horizontal=True, gap="xsmall"):
                for name in annotators:
                    st.button(
                        plain(name),
                        key=f"seat-{name}",
                        icon=":material/person:",
                        on_click=session.take_seat,
                        args=(name,),
                    )
        with st.form("seat", border=False):
            with st.container(horizontal=True, vertical_alignment="bottom"):
                st.text_input("Your name", key=_NAME, max_chars=60, placeholder="or a new name" if annotators else None)
                st.form_submit_button("Start", type="primary", on_click=_start)
            if refused := session.view().refused:
                refusal(refused)


def _start() -> None:
    name = str(st.session_state[_NAME]).strip()
    session.say(refused=None if name else "The desk needs a name. Type yours.")
    if name:
        session.take_seat(name)
