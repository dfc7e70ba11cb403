"""Lint on a page: a button, a bar with an end to it, and the report of the template's version in view."""

from __future__ import annotations

import time
from datetime import timedelta
from uuid import UUID

import streamlit as st

from components import session
from components.widgets.lint_report import lint_report
from components.widgets.reading import prompt_card
from components.widgets.rows_browser import fields_of_row
from components.widgets.run_progress import duration
from components.widgets.text import counted, plain
from concord.conversion.lint import Lint, LintReport
from concord.conversion.render import Fault, attempt
from concord.records.project import Project
from concord.records.template import Template
from storage.store import Store


def lint_panel(store: Store, project: Project, template: Template) -> None:
    """Draw the button and what came of it; the report stays until the template or the project is another."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader("Lint", anchor=False, width="content")
        st.caption("Every row is rendered and looked at; nothing is stored.", width="content")
        st.space("stretch")
        wanted = st.button("Look at all rows", icon=":material/rule:", key="lint")
    if wanted:
        session.view().linted = (project.name, template.version, _looked_at(store, project, template))
    linted = session.view().linted
    if linted and linted[:2] == (project.name, template.version):
        lint_report(linted[2], lambda row_id: _whole_row(store, template, row_id))


def rows_pace(done: int, total: int, seconds: float) -> str:
    """How far it is, how fast, and how long it still takes.

    >>> rows_pace(1000, 3000, 0.5)
    '1,000 of 3,000 rows · 2,000/s · about 1 s left'
    """
    rate = done / max(seconds, 0.001)
    left = duration(timedelta(seconds=max(total - done, 0) / rate))
    return f"{done:,} of {counted(total, 'row')} · {rate:,.0f}/s · about {left} left"


def _looked_at(store: Store, project: Project, template: Template) -> LintReport:
    """The pass under its bar. A press of the button ends the run of the page, and the pass with it."""
    total, begun = max(store.counts(project.id).rows, 1), time.monotonic()
    place = st.empty()
    with place.container(horizontal=True, vertical_alignment="bottom"):
        bar = st.progress(0.0, text=f"0 of {counted(total, 'row')}")
        st.button("Stop", icon=":material/stop:", key="lint-stop")
    lint = Lint(template, store.row)
    for done in lint.over(store.rows(project.id)):
        bar.progress(min(done / total, 1.0), text=rows_pace(done, total, time.monotonic() - begun))
    place.empty()
    return lint.report()


def _whole_row(store: Store, template: Template, row_id: UUID) -> None:
    """The row beside what the template makes of it, uncut."""
    row = store.row(row_id)
    outcome = attempt(template, row.data, row_id=row.id, place=f"{row.source}, line {row.line}")
    data, made = st.columns(2, gap="medium")
    with data, st.container(border=True, gap="xsmall"):
        st.caption(f"{plain(row.source)}, line {row.line:,}")
        fields_of_row(row)
    with made:
        if isinstance(outcome, Fault):
            st.warning(plain(f"{outcome.found}. {outcome.cure}"), icon=":material/rule:")
            return
        if not outcome.messages:
            st.caption("The template has nothing to ask of this row: no item is made of it.")
            return
        prompt_card(outcome.messages)
        with st.container(border=True, gap="xsmall"):
            st.caption("Target")
            st.text(outcome.target or "None")
