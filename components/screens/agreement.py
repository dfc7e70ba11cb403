"""Agreement: how far annotators agree on each question, with intervals, counts and what is not defined."""

from __future__ import annotations

import orjson
import streamlit as st

from components.services import get_reporter, get_store
from components.widgets.agreement_project import (
    adjudicated_section,
    consistency_section,
    evidence_section,
    judge_section,
    known_section,
    league_section,
    remarks_section,
)
from components.widgets.agreement_section import agreement_section, overview
from components.widgets.agreement_words import annotators_of
from components.widgets.empty_state import empty_state
from components.widgets.project_header import project_header
from components.widgets.text import plain
from concord.agreement.report import Report
from concord.agreement.report_html import as_html
from concord.agreement.report_json import as_json
from concord.agreement.report_markdown import as_markdown
from concord.errors import ConcordError
from concord.records.kinds import Json
from concord.records.project import Counts, Project

PATIENCE = 2.0
"""Seconds to wait for a report before its progress is shown instead; small projects never get there."""
POLL = 1.0
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


def other_arms(result: Report, *, expanded: bool) -> None:
    """What was judged in other arms, question by question, drawn when somebody looks."""
    groups = [group for group in result.groups if group.arm != "drafted"]
    if not groups:
        return
    title = "Control, canary and repeat items: agreement on them, which is in no number above"
    with st.expander(title, expanded, key=f"arms-{result.project}", on_change="rerun") as panel:
        if panel.open:
            for group in groups:
                agreement_section(group, None, result.items)


@st.fragment(run_every=POLL)
def under_way(project: Project, counts: Counts) -> None:
    """How far the report is; it comes by itself."""
    asked = get_reporter().ask(project, counts)
    if asked.share is None:
        st.rerun()
    rest = f", about {asked.seconds * (1 - asked.share) / asked.share:.0f} s left" if asked.share else ""
    text = "A newer report is being made" if asked.report else "The report is being made"
    st.progress(asked.share, text=f"{text}: {asked.seconds:.0f} s so far{rest}.")


def downloads(project: Project, report: dict[str, Json]) -> None:
    """The report as files."""
    files = {
        "page (HTML)": (as_html(report).encode(), "html", "text/html"),
        "Markdown": (as_markdown(report).encode(), "md", "text/markdown"),
        "JSON": (orjson.dumps(report, option=orjson.OPT_INDENT_2), "json", "application/json"),
    }
    with st.container(horizontal=True):
        for name, (content, suffix, mime) in files.items():
            st.download_button(
                f"Download as {name}",
                content,
                f"{project.name}-agreement.{suffix}",
                mime=mime,
                icon=":material/download:",
                on_click="ignore",
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
    asked = get_reporter().ask(project, counts, patience=PATIENCE)
except ConcordError as error:
    st.error(plain(str(error)), icon=":material/error:")
    st.stop()
summary(counts)
if asked.share is not None:
    under_way(project, counts)
if asked.report is None:
    st.stop()
result = asked.report
flag_simulated(result)
main = [group for group in result.groups if group.arm == "drafted"]
if len(main) > 1:
    overview(main)
details = {detail.question: detail for detail in result.details}
for group in main:
    agreement_section(group, details.get(group.question), result.items)
for judge in result.judges:
    judge_section(judge)
if result.adjudicated:
    adjudicated_section(result.adjudicated)
if result.known:
    known_section(result.known)
if result.evidence:
    evidence_section(result.evidence)
if result.league:
    league_section(result.league)
if result.contradictions:
    consistency_section(result.contradictions)
if result.remarks:
    remarks_section(result.remarks)
other_arms(result, expanded=not main)
downloads(project, as_json(result))
