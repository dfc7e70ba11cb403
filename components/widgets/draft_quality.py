"""What the drafts are like, which arms there are, and what left the machine."""

from __future__ import annotations

import streamlit as st

from components import session
from components.widgets.text import counted, moments, plain
from concord.records.kinds import HIDDEN, Arm, Flag
from concord.records.project import Project
from concord.records.run import DraftingRun
from storage.store import Store

FLAGS: dict[Flag, str] = {
    "refusal": "the model declined",
    "truncated": "broken off by the limit of tokens",
    "echo": "the prompt comes back",
    "boilerplate": "speaks of being a model",
    "language": "in another language",
}
_ARMS: dict[Arm, str] = {
    "drafted": "Main: drafts are judged",
    "undrafted": "Control: answered from nothing",
    "canary": "Canary: one draft has a planted fault",
    "repeat": "Repeat: judged twice, in the opposite order",
    "gold": "Gold: the answer is known",
}


def draft_quality(store: Store, project: Project, run: DraftingRun | None) -> None:
    """Draw what is known; nothing where there is nothing."""
    if run is not None:
        _flags(store.flag_counts(run.id))
        _examples(store.example_counts(run.id))
    _arms(store, project)
    _judges(store, project)
    _sent(store, project)


def _flags(counts: dict[Flag, int]) -> None:
    if not counts:
        return
    st.subheader("Flagged drafts", anchor=False)
    st.caption("Of the latest run. Those that are kept from the desk are shown there only if too few others are left.")
    rows = [
        {"Flag": f"{flag}: {FLAGS[flag]}", "Drafts": number, "At the desk": "kept back" if flag in HIDDEN else "shown"}
        for flag, number in counts.items()
    ]
    st.dataframe(rows, hide_index=True, alt="Flagged drafts by kind")


def _examples(counts: dict[str, int]) -> None:
    if not counts:
        return
    with st.expander(f"{counted(len(counts), 'approved answer')} shown as examples"):
        rows = [{"Answer to item": name, "Shown for items": number} for name, number in counts.items()]
        st.dataframe(rows, hide_index=True, alt="How often each example was shown")


def _arms(store: Store, project: Project) -> None:
    counts = store.arm_counts(project.id)
    if {count.arm for count in counts} <= {"drafted"}:
        return
    with st.expander("Arms"):
        rows = [{"Arm": _ARMS[one.arm], "Items": one.items, "Finished": one.finished} for one in counts]
        st.dataframe(rows, hide_index=True, alt="Items of each arm")
        st.page_link(
            "screens/annotators.py",
            label="Who saw the planted faults, and who ranks alike twice",
            icon=":material/groups:",
            query_params={session.PROJECT: project.name},
        )


def _judges(store: Store, project: Project) -> None:
    summaries = store.judge_summaries(project.id)
    if not summaries:
        return
    with st.expander("The judge"):
        for one in summaries:
            people = f"; with people on {one.alike:,} of {one.compared:,}" if one.compared else ""
            st.markdown(
                f"**{plain(one.model)}** on {counted(one.pairs, 'pair')} of {counted(one.items, 'item')}: "
                f"{counted(one.ties, 'tie')}, {counted(one.flips, 'flip')} with the order{people}."
            )
        st.caption("A third opinion. It is in no agreement between people and in no export.")


def _sent(store: Store, project: Project) -> None:
    summaries = store.sent(project.id)
    if not summaries:
        return
    with st.expander("What was sent"):
        rows = [
            {
                "Endpoint": one.endpoint,
                "Model": one.model,
                "For": one.purpose,
                "Requests": one.requests,
                "Different prompts": one.prompts,
                "Characters": one.characters,
                "Masked": one.masked,
                "Last": one.last_at,
            }
            for one in summaries
        ]
        columns = {"Last": moments("Last")}
        st.dataframe(rows, hide_index=True, column_config=columns, alt="What was sent to each endpoint")
        st.caption("The log keeps hashes and counts, never the texts.")
