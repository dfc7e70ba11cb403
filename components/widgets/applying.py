"""A template on its way over all rows of a project, and what became of them."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

import streamlit as st

from components import session
from components.widgets.import_result import problems_table
from components.widgets.text import counted
from concord.conversion.apply import PLAIN, Applied, How, apply_template
from concord.desk.arms import arm_of
from concord.records.project import Project
from concord.records.template import Template
from storage.store import Store


def apply_to_rows(store: Store, project: Project, template: Template, how: How = PLAIN) -> None:
    """Make the items, under a progress bar."""
    bar, total = st.progress(0.0), max(store.counts(project.id).rows, 1)
    begun = datetime.now(UTC)

    def progress(done: int) -> None:
        seconds = (datetime.now(UTC) - begun).total_seconds()
        left = f", about {seconds / done * (total - done):.0f} s left" if done and seconds > 2 else ""
        bar.progress(min(done / total, 1.0), text=f"{done:,} of {counted(total, 'row')}{left}")

    try:
        applied = apply_template(
            store, project, template, how, now=begun, arm_of=partial(arm_of, project.settings), on_progress=progress
        )
    finally:
        bar.empty()
    session.view().applied = (project.name, template.id, how, applied)


def applied_result(project: Project, template_id: str) -> How | None:
    """What became of the rows when this template was applied last, if it was.

    Returns:
        How to apply it again without the rows that cannot be rendered, when that is asked for.
    """
    view = session.view()
    if view.applied is None or view.applied[:2] != (project.name, template_id):
        return None
    how, applied = view.applied[2:]
    if applied.refused:
        bad = counted(len(applied.problems), "row")
        st.error(f"Nothing was stored: {bad} cannot be rendered.", icon=":material/error:")
    else:
        st.success(_outcome(applied), icon=":material/check_circle:")
        st.page_link("screens/drafts.py", label="Draft answers", icon=":material/arrow_forward:")
    if applied.problems:
        problems_table(applied.problems)
    if applied.refused and st.button("Leave these rows out and apply", icon=":material/filter_alt:"):
        return how._replace(skip_bad=True)
    return None


def _outcome(applied: Applied) -> str:
    parts = [
        counted(applied.items, "new item"),
        f"{applied.present:,} there before",
        f"{counted(applied.empty, 'row')} gave none",
    ]
    if applied.kept:
        parts.append(f"{applied.kept:,} of an older version kept")
    if applied.retired:
        parts.append(f"{applied.retired:,} of an older version replaced")
    if applied.left_out:
        parts.append(f"{counted(applied.left_out, 'row')} left out, because they cannot be rendered")
    return f"{', '.join(parts)}."
