"""A template on its way over all rows of a project, and what became of them."""

from __future__ import annotations

from functools import partial

import streamlit as st

from components import session
from components.widgets.import_result import problems_table
from components.widgets.text import counted
from concord.conversion.apply import apply_template
from concord.desk.arms import arm_of
from concord.records import Project, Template
from storage.store import Store


def apply_to_rows(store: Store, project: Project, template: Template) -> None:
    """Make the items, under a progress bar."""
    bar, total = st.progress(0.0), max(store.counts(project.id).rows, 1)

    def progress(done: int) -> None:
        bar.progress(min(done / total, 1.0), text=f"{done:,} of {counted(total, 'row')}")

    applied = apply_template(store, project, template, arm_of=partial(arm_of, project.settings), on_progress=progress)
    bar.empty()
    session.view().applied = (project.name, template.id, applied)


def applied_result(project: Project, template_id: str) -> None:
    """What became of the rows when this template was applied last, if it was."""
    view = session.view()
    if view.applied is None or view.applied[:2] != (project.name, template_id):
        return
    applied = view.applied[2]
    if applied.problems:
        st.error(
            f"Nothing was stored: {counted(len(applied.problems), 'row')} cannot be rendered.", icon=":material/error:"
        )
        problems_table(applied.problems)
        return
    st.success(
        f"{counted(applied.items, 'new item')}, {applied.present:,} there before, "
        f"{counted(applied.empty, 'row')} left empty.",
        icon=":material/check_circle:",
    )
    st.page_link("screens/drafts.py", label="Draft answers", icon=":material/arrow_forward:")
