"""Agreement: how far annotators agree on each question, with intervals, counts and what is not defined."""

from __future__ import annotations

import orjson
import streamlit as st

from components.services import agreement_of, get_store
from components.widgets.agreement_section import agreement_section
from components.widgets.agreement_words import annotators_of
from components.widgets.empty_state import empty_state
from components.widgets.project_header import project_header
from components.widgets.text import plain
from concord.agreement.report import Report
from concord.agreement.report_json import as_json
from concord.errors import ConcordError
from concord.records import Counts

store = get_store()


def summary(counts: Counts) -> None:
    """What there is to agree on."""
    with st.grid(4, min_column_width=160):
        st.metric("Annotators", f"{counts.annotators:,}", border=True)
        st.metric("Annotations", f"{counts.annotations:,}", border=True)
        st.metric("Items", f"{counts.items:,}", border=True)
        st.metric("Items finished", f"{counts.finished:,}", border=True)


def flag_simulated(result: Report) -> None:
    """Say it when programs judged."""
    names = annotators_of(result)
    if programs := [name for name in names if name.startswith("simulated")]:
        st.info(
            f"**Simulated annotators:** {plain(', '.join(programs))}. Programs made these annotations; "
            "the numbers show how the report works, and nothing about people.",
            icon=":material/smart_toy:",
        )


project = project_header(
    store, "Agreement", "How far annotators agree, question by question. An interval says how far to trust a number."
)
counts = store.counts(project.id)
if not counts.annotations:
    empty_state(
        "Nothing has been judged yet",
        "Agreement needs items that two or more annotators have judged.",
        page="screens/desk.py",
        action="Open the desk",
    )
    st.stop()
try:
    result = agreement_of(project, counts)
except ConcordError as error:
    st.error(plain(str(error)), icon=":material/error:")
    st.stop()
summary(counts)
flag_simulated(result)
for group in result.groups:
    agreement_section(group)
st.download_button(
    "Download the report (JSON)",
    orjson.dumps(as_json(result), option=orjson.OPT_INDENT_2),
    f"{project.name}-agreement.json",
    mime="application/json",
    icon=":material/download:",
    on_click="ignore",
)
