"""Annotators: who is to judge what, and what they flagged and skipped."""

from __future__ import annotations

import streamlit as st

from components.services import get_store
from components.widgets.assign_form import assign_form
from components.widgets.project_header import project_header
from components.widgets.remark_list import remark_list

store = get_store()
project = project_header(store, "Annotators", "Who is to judge what, and what they flagged and skipped.")
st.subheader("Assign items", anchor=False)
assign_form(store, project)
remark_list(store, project)
