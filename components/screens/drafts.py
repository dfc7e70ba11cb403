"""Draft: let the model write candidates, watch it, see the latest."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime

import streamlit as st

from components import session
from components.services import get_drafter, get_store
from components.widgets.draft_quality import draft_quality
from components.widgets.empty_state import empty_state
from components.widgets.local_models import local_models
from components.widgets.project_card import next_step
from components.widgets.project_header import project_header
from components.widgets.run_estimate import run_estimate, so_far
from components.widgets.run_fields import run_fields, typed
from components.widgets.run_progress import failures, run_progress
from components.widgets.text import counted, plain, refusal
from concord.drafting.endpoint import Endpoint, endpoint_for
from concord.drafting.estimate import estimate_of
from concord.drafting.options import DraftOptions, rest_of
from concord.errors import ConcordError
from concord.preparation import prepared
from concord.records.run import DraftingRun

LATEST = 6
UNFINISHED = ("interrupted", "cancelled", "failed")
store = get_store()


def start() -> None:
    """Begin a run with what was typed."""
    begin(DraftOptions(*typed(project)))


def begin(options: DraftOptions) -> None:
    """Begin a run in the background."""
    try:
        get_drafter().start(project, endpoint, prepared(store, project, endpoint, os.environ, options))
    except ConcordError as error:
        session.say(refused=str(error))
    else:
        session.say()


def use(base_url: str, model: str) -> None:
    """Let a model of this machine draft from now on."""
    store.save_settings(project.id, replace(project.settings, base_url=base_url, model=model))


def stop(run: DraftingRun) -> None:
    """End the run after the drafts that are under way."""
    try:
        get_drafter().stop(run.id)
    except ConcordError as error:
        session.say(refused=str(error))


def who_drafts(endpoint: Endpoint) -> None:
    """Say plainly which model writes."""
    with st.container(horizontal=True, vertical_alignment="center"):
        if not endpoint.demo:
            st.markdown(f"**{plain(endpoint.model)}** at {plain(endpoint.base_url or '')}", width="content")
        local_models(use, disabled=running)
    if not endpoint.demo:
        return
    st.info(
        "**The demo drafter writes.** It copies sentences from the prompt and is no language model: good for trying "
        f"things out. For a real one, set {plain(endpoint.key_variable)} where this app runs, or a base URL under "
        "*Projects*, *Settings*.",
        icon=":material/science:",
    )


def controls(run: DraftingRun | None) -> None:
    """What is asked for, the buttons, and what it would take."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        run_fields(project, has_price=bool(endpoint.price) and not endpoint.demo)
        st.button("Start", type="primary", icon=":material/play_arrow:", disabled=running, on_click=start)
        st.button("Stop", icon=":material/stop:", disabled=not running, on_click=stop, args=(run,))
        if run and run.state in UNFINISHED and run.done < run.total:
            st.button("Resume", icon=":material/resume:", on_click=begin, args=(rest_of(run),), help="Only the rest.")
        if counts.drafts and not running:
            step = next_step(counts, project.settings.task)
            st.page_link(step.page, label=step.label, icon=":material/arrow_forward:")
    if not running:
        candidates, limit, _ = typed(project)
        estimate = estimate_of(store, project, endpoint, candidates=candidates, limit=limit)
        run_estimate(estimate, endpoint.model)
    if refused := session.view().refused:
        refusal(refused)


def latest_drafts() -> None:
    """The drafts that came last, as they are."""
    drafts = store.latest_drafts(project.id, limit=LATEST)
    if not drafts:
        return
    st.subheader("Latest drafts", anchor=False)
    with st.grid(2, min_column_width=380):
        for draft in drafts:
            with st.container(border=True, height="stretch", gap="xsmall"):
                seconds = f" · {draft.latency:.1f} s" if draft.latency and draft.latency >= 0.05 else ""
                st.caption(f"{plain(store.item(draft.item_id).name)} · {plain(draft.model or draft.source)}{seconds}")
                if draft.flags:
                    st.markdown(" ".join(f":orange-badge[{flag}]" for flag in draft.flags))
                st.text(draft.text)


project = project_header(
    store, "Draft", "Let a model write the candidates that people will judge. What is there is never asked for twice."
)
counts = store.counts(project.id)
if not counts.items:
    empty_state(
        "There are no items to draft for",
        "Make items from rows with a template, or import ready-made ones.",
        page="screens/templates.py" if counts.rows else "screens/imports.py",
        action="Make items" if counts.rows else "Import rows",
    )
    st.stop()
try:
    endpoint = endpoint_for(project.settings, os.environ)
except ConcordError as error:
    st.error(plain(str(error)), icon=":material/error:")
    st.stop()
run = next(iter(store.runs(project.id)), None)
running = run is not None and run.state == "running"
st.caption(counted(counts.items, "item") if running else so_far(counts, store.costs(project.id)))
who_drafts(endpoint)
controls(run)


@st.fragment(run_every="1s" if running else None)
def watch() -> None:
    """The run as it is now; the whole page once more when it ends."""
    now = next(iter(store.runs(project.id)), None)
    if now is not None:
        if running and now.state != "running":
            st.rerun()
        run_progress(now, now=datetime.now(UTC))
        if kinds := store.failure_kinds(now.id):
            failures(kinds)
    latest_drafts()


watch()
draft_quality(store, project, run)
