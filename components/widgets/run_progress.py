"""How far a drafting run is, and what went wrong in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import streamlit as st

from components.widgets.text import counted, plain, refusal
from concord.drafting.cost import dollars
from concord.records.kinds import RunState
from concord.records.run import DraftingRun, FailureKind

_STATES: dict[RunState, str] = {
    "running": "Running",
    "done": "Finished",
    "cancelled": "Stopped",
    "failed": "Broken off",
    "interrupted": "Interrupted",
}


def run_progress(run: DraftingRun, *, now: datetime) -> None:
    """Draw the bar and the counts."""
    finished = run.done + run.failed
    st.progress(finished / run.total if run.total else 1.0, text=pace(run, now=now))
    if run.message:
        refusal(run.message[:1].upper() + run.message[1:])
    if run.total == 0:
        return
    with st.grid(4, min_column_width=160):
        st.metric("Drafted", f"{run.done:,}", border=True)
        st.metric("Failed", f"{run.failed:,}", border=True)
        st.metric("Asked for", f"{run.total:,}", border=True)
        st.metric("Cost", plain("unknown" if run.cost is None else dollars(run.cost)), border=True)
    st.caption(took(run))


def pace(run: DraftingRun, *, now: datetime) -> str:
    """Where the run is, how fast, and how long it still takes."""
    finished = run.done + run.failed
    if run.total == 0:
        return "Nothing was missing: every item has its drafts."
    seconds = ((run.finished_at or now) - run.started_at).total_seconds()
    parts = [_STATES[run.state], f"{finished:,} of {counted(run.total, 'draft')}"]
    if finished and seconds > 0:
        rate = finished / seconds
        parts.append(f"{rate:.1f}/s")
        if run.state == "running":
            parts.append(f"about {duration(timedelta(seconds=(run.total - finished) / rate))} left")
    if run.state != "running":
        parts.append(f"after {duration(timedelta(seconds=seconds))}")
    return plain(" · ".join(parts))


def duration(span: timedelta) -> str:
    """A time span, as roughly as one wants to know it.

    >>> [duration(timedelta(seconds=s)) for s in (7, 89, 90, 5400)]
    ['7 s', '89 s', '2 min', '2 h']
    """
    seconds = span.total_seconds()
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.0f} h"


def took(run: DraftingRun) -> str:
    """What a run took, beside money."""
    parts = [f"{run.tokens_in:,} tokens in, {run.tokens_out:,} out"]
    if run.max_cost is not None:
        parts.append(f"at most {dollars(run.max_cost)}")
    if run.uncounted:
        parts.append(f"{counted(run.uncounted, 'answer')} without a count of tokens, in no sum")
    if run.repeated:
        parts.append(f"{counted(run.repeated, 'request')} had to be repeated")
    return plain(" · ".join(parts))


def failures(kinds: Sequence[FailureKind]) -> None:
    """What went wrong, by kind, with all the words of the last one: its cure is at their end."""
    for kind in kinds:
        with st.container(border=True, gap="xsmall"):
            st.caption(
                plain(f"{counted(kind.count, 'draft')} failed ({kind.fault.replace('_', ' ')}). The last one said:")
            )
            st.text(kind.message)
