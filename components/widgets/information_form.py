"""Asking a model about missing information: how many responses, at what cost, and what came of it."""

from __future__ import annotations

import os
import time
from collections import Counter
from datetime import timedelta
from typing import Any

import streamlit as st

from components.widgets.run_progress import duration
from components.widgets.text import counted, plain, refusal
from concord.checking import ask_about_information
from concord.drafting.cost import dollars
from concord.drafting.each import TOGETHER
from concord.errors import ConcordError
from concord.records.project import Project
from concord.verbs_check import InformationRequest
from storage.store import Store

Result = dict[str, Any]


def information_form(store: Store, project: Project) -> None:
    """Draw the form; what a model was asked about is kept, and is among the findings of the next check."""
    st.caption(
        "The project's judge, or else its model, is sent prompts with their approved answers, or drafts where there "
        "are none, and quotes what the prompt does not support. What was asked about once is not asked about again."
    )
    form = st.form(f"information-{project.id}", border=False)
    with form, st.container(horizontal=True, vertical_alignment="bottom"):
        limit = st.number_input("Responses at most", 1, 1_000_000, 50, key="information-limit")
        ceiling = st.number_input("US dollars at most", 0.01, 1e6, None, key="information-cost", placeholder="no limit")
        wanted = st.form_submit_button("Ask the model", icon=":material/psychology_alt:")
    if wanted:
        try:
            _say(_asked(store, project, limit, ceiling))
        except ConcordError as error:
            refusal(str(error))


def _asked(store: Store, project: Project, limit: int, ceiling: float | None) -> Result:
    """Ask some at a time under a bar. A press of the button ends the run of the page; what came by then is kept."""
    place, begun = st.empty(), time.monotonic()
    with place.container(horizontal=True, vertical_alignment="bottom"):
        bar = st.progress(0.0, text="Asking …")
        st.button("Stop", icon=":material/stop:", key="information-stop")
    total: Result = {"asked": 0, "failures": {}, "message": None, "cost": 0.0}
    while total["asked"] < limit:
        left = None if ceiling is None else ceiling - (total["cost"] or 0.0)
        some = min(TOGETHER, limit - total["asked"])
        if left is not None and left <= 0:
            break
        last = ask_about_information(store, project, os.environ, InformationRequest(some, left))
        total = _together(total, last)
        if last["asked"] < some:
            break
        bar.progress(total["asked"] / limit, text=_pace(total["asked"], limit, time.monotonic() - begun))
    place.empty()
    return total


def _pace(done: int, limit: int, seconds: float) -> str:
    left = duration(timedelta(seconds=seconds / done * (limit - done)))
    return f"{done:,} of at most {counted(limit, 'response')} · about {left} left"


def _together(one: Result, other: Result) -> Result:
    """What came of two rounds; a cost that is unknown makes the sum unknown."""
    costs: list[float | None] = [one["cost"], other["cost"]]
    known = [cost for cost in costs if cost is not None]
    failures = Counter[str](one["failures"]) + Counter[str](other["failures"])
    cost = sum(known) if len(known) == len(costs) else None
    return {**other, "asked": one["asked"] + other["asked"], "failures": dict(failures), "cost": cost}


def _say(result: Result) -> None:
    if "notice" in result:
        st.info(plain(result["notice"]), icon=":material/smart_toy:")
    cost = dollars(result["cost"])
    if result["asked"]:
        text = f"{counted(result['asked'], 'response')} asked about ({cost}). Check all items to see what was found."
        st.success(plain(text), icon=":material/check_circle:")
    elif not result["failures"] and not result["message"]:
        st.info("There is nothing that this model was not asked about.", icon=":material/info:")
    if result["message"]:
        st.warning(plain(result["message"]), icon=":material/warning:")
