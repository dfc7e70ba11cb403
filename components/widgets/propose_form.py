"""Having a model propose templates: what they should teach, how many, from which columns; and what came of it."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor

import streamlit as st

from components import session
from components.services import PROMPTS
from components.widgets.text import counted, plain
from concord.conversion.propose import MOST
from concord.drafting.endpoint import Endpoint, endpoint_for
from concord.errors import ConcordError
from concord.proposing import LEAST_TO_JUDGE, SAMPLE_ROWS, Commission, Proposed, propose_templates
from concord.records.project import Project
from storage.store import Store

_SECONDS_BETWEEN_LOOKS = 0.2


def propose_form(store: Store, project: Project) -> None:
    """Draw the form; what it asks for goes on when the page is left."""
    try:
        endpoint = endpoint_for(project.settings, os.environ)
    except ConcordError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return
    with st.form("propose", border=False):
        task = st.text_input(
            "What the prompts should teach", placeholder="Summarise a dialogue in one sentence", key="propose-task"
        )
        with st.container(horizontal=True, vertical_alignment="bottom"):
            candidates = st.number_input("How many", 1, MOST, 3, key="propose-candidates", width=120)
            columns = st.multiselect(
                "Columns", store.columns(project.id), key=f"propose-columns-{project.id}", placeholder="all"
            )
            asked = st.form_submit_button("Propose", type="primary", icon=":material/auto_awesome:")
        _who_writes(endpoint)
    if asked:
        _run(store, project, Commission(task, endpoint, candidates, tuple(columns)))
    proposed = session.view().proposed
    if proposed and proposed[0] == project.name:
        _result(proposed[1])


def _who_writes(endpoint: Endpoint) -> None:
    """Which model it is, and what of the data it is shown."""
    shown = f"It is shown the columns and {SAMPLE_ROWS} sample rows."
    if endpoint.demo:
        st.caption(f":material/science: The demo drafter writes, from patterns; it is no language model. {shown}")
    else:
        st.caption(f"**{plain(endpoint.model)}** at {plain(endpoint.base_url or '')} writes. {shown}")


def _run(store: Store, project: Project, commission: Commission) -> None:
    """Ask in a thread of its own, so that nothing is lost when somebody leaves the page; watch it from here."""
    settled, total, begun = [0], commission.candidates, time.monotonic()
    threads = ThreadPoolExecutor(1, thread_name_prefix="proposing")
    work = threads.submit(
        propose_templates, store, project, commission, prompts=PROMPTS, on_settled=lambda n: settled.append(n)
    )
    threads.shutdown(wait=False)
    bar = st.progress(0.0)
    while not work.done():
        seconds = time.monotonic() - begun
        bar.progress(settled[-1] / total, text=f"{settled[-1]} of {counted(total, 'template')} after {seconds:.0f} s")
        time.sleep(_SECONDS_BETWEEN_LOOKS)
    bar.empty()
    try:
        session.view().proposed = (project.name, work.result())
    except ConcordError as error:
        session.view().proposed = None
        st.error(plain(str(error)), icon=":material/error:")


def _result(proposed: Proposed) -> None:
    """How many came, why others did not, and where they are judged."""
    count = counted(len(proposed.drafts), "template")
    st.success(f"{count} proposed, as drafts of item {plain(proposed.item.name)}.", icon=":material/check_circle:")
    for failure in proposed.failures:
        st.warning(plain(f"{failure.name} cannot be used. {failure.message}"), icon=":material/rule:")
    if len(proposed.drafts) >= LEAST_TO_JUDGE:
        st.page_link("screens/desk.py", label="Rank and edit them", icon=":material/arrow_forward:")
    else:
        st.page_link("screens/review.py", label="Review what there is", icon=":material/arrow_forward:")
