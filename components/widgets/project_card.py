"""One project on the list: what it asks for, how far it is, and what comes next."""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st

from components import session
from components.widgets.settings_fields import TASKS
from components.widgets.text import counted, plain
from concord.records.kinds import DRAFTS_SHOWN, Task
from concord.records.project import Counts, Project


class Step(NamedTuple):
    """Where a project's work goes on."""

    page: str
    label: str


def next_step(counts: Counts, task: Task) -> Step:
    """The first thing that is missing; prompts are labelled without drafts too."""
    if counts.items == 0:
        return (
            Step("screens/imports.py", "Import rows")
            if counts.rows == 0
            else Step("screens/templates.py", "Make items")
        )
    if counts.finished == counts.items:
        return Step("screens/agreement.py", "See agreement")
    if counts.drafts == 0 and DRAFTS_SHOWN[task][0]:
        return Step("screens/drafts.py", "Draft answers")
    return Step("screens/desk.py", "Judge")


def project_card(project: Project, counts: Counts, *, sample: bool) -> bool:
    """Draw the card; True when its settings are asked for."""
    with st.container(border=True, height="stretch", gap="xsmall"):
        with st.container(horizontal=True, wrap=False):
            st.subheader(plain(project.name), anchor=False)
            if project.name == session.view().project:
                st.badge("Current", color="blue")
            if sample:
                st.badge("Sample", color="gray")
        st.caption(task_line(project))
        st.space("stretch")
        share = counts.finished / counts.items if counts.items else 0.0
        st.progress(share, text=progress_line(counts))
        st.caption(counts_line(counts))
        return _footer(project, next_step(counts, project.settings.task))


def progress_line(counts: Counts) -> str:
    """How far the judging is."""
    if counts.items == 0:
        return "No items yet"
    return f"{counts.finished:,} of {counted(counts.items, 'item')} finished"


def task_line(project: Project) -> str:
    """What is asked, of how many people."""
    settings = project.settings
    return f"{TASKS[settings.task]} · {counted(settings.candidates, 'draft')}, {counted(settings.overlap, 'annotator')}"


def counts_line(counts: Counts) -> str:
    """What is there."""
    line = f"{counted(counts.rows, 'row')} · {counted(counts.drafts, 'draft')}"
    if counts.annotations == 0:
        return f"{line} · nothing judged yet"
    return f"{line} · {counted(counts.annotations, 'annotation')} by {counted(counts.annotators, 'annotator')}"


def _footer(project: Project, step: Step) -> bool:
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(step.label, key=f"go-{project.id}", icon=":material/arrow_forward:", icon_position="right"):
            st.switch_page(step.page, query_params={session.PROJECT: project.name})
        st.space("stretch")
        return st.button("Settings", key=f"settings-{project.id}", type="tertiary", icon=":material/tune:")
