"""My work: what the one at the desk has judged, newest first, each open to correction."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from components import session
from components.services import get_store
from components.widgets.empty_state import empty_state
from components.widgets.project_header import project_header
from components.widgets.text import counted, plain
from components.widgets.work_list import work_list
from concord.desk.corrections import open_correction
from concord.errors import ConcordError
from concord.records.desk import Search, Work

store = get_store()
project = project_header(
    store, "My work", "What you have judged, newest first. A correction takes the place of what you submitted."
)


def correct(work: Work) -> None:
    """Put the item on the desk again, or say why not."""
    try:
        open_correction(store, project, annotator, work.presentation_id, now=datetime.now(UTC))
    except ConcordError as error:
        st.warning(plain(str(error)), icon=":material/lock:")
    else:
        session.say()
        st.switch_page("screens/desk.py")


annotator = session.view().annotator or ""
if not annotator:
    empty_state("Nobody sits at the desk", "Say there who judges.", page="screens/desk.py", action="Go to the desk")
    st.stop()
with st.container(horizontal=True, vertical_alignment="center"):
    st.page_link("screens/desk.py", label="Back to the desk", icon=":material/arrow_back:")
    st.space("stretch")
    text = st.text_input("Search", placeholder="Search items", label_visibility="collapsed", width=320)
key = f"work-{project.id}-{text}"
found = store.work(project.id, annotator, Search(text, session.page_at(key)))
if found.works:
    st.caption(f"{counted(found.total, 'item')} judged by {plain(annotator)}")
    work_list(found, key=key, on_correct=correct)
elif text:
    st.caption(f"Nothing that you judged holds {plain(repr(text))}.")
else:
    empty_state(
        "You have judged nothing yet",
        "Items come here once you have finished them.",
        page="screens/desk.py",
        action="Go to the desk",
    )
