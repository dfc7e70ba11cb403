"""Annotators: what they did, how near to known answers, who is to judge what, and what was flagged and skipped."""

from __future__ import annotations

import streamlit as st

from components.services import get_store
from components.widgets.annotators_table import Care, annotators_table
from components.widgets.assign_form import assign_form
from components.widgets.empty_state import empty_state
from components.widgets.project_header import project_header
from components.widgets.remark_list import remark_list
from concord.agreement.arms import constancies, watches

store = get_store()
project = project_header(
    store, "Annotators", "What they did, how near they come to known answers, and who is to judge what."
)
workloads = store.workloads(project.id)
if workloads:
    care = Care(watches(store, project.id), constancies(store, project.id))
    annotators_table(workloads, store.given(project.id), care)
else:
    empty_state(
        "Nobody has judged anything yet",
        "Annotators come here with their work.",
        page="screens/desk.py",
        action="Open the desk",
    )
st.subheader("Assign items", anchor=False)
assign_form(store, project)
remark_list(store, project)
