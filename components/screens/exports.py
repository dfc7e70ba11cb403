"""Export: what people decided, as files that trainers read, with an account of everything left out."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import streamlit as st

from components import session
from components.services import get_store
from components.widgets.empty_state import empty_state
from components.widgets.export_result import export_result
from components.widgets.project_header import project_header
from components.widgets.remark_counts import remark_counts
from components.widgets.text import refusal
from concord.curation.splits import parse_shares
from concord.errors import ConcordError
from concord.export.formats import FORMATS
from concord.export.options import ExportOptions
from concord.export.run import export
from concord.records.report import ExportRecord

store = get_store()


def options() -> ExportOptions:
    """The options as they were chosen.

    Raises:
        InputError: an option is out of its range.
    """
    state = st.session_state
    return ExportOptions(
        state["format"],
        min_votes=state["min-votes"],
        min_agreement=state["min-agreement"],
        shares=parse_shares(state["split"]),
        seed=state["seed"],
        include_flagged=state["include-flagged"],
    )


def new_folder() -> Path:
    """A place of its own for each export."""
    stem = re.sub(r"[^\w-]+", "-", project.name)
    return store.folder / "exports" / f"{stem}-{st.session_state['format']}-{datetime.now(UTC):%Y%m%d-%H%M%S-%f}"


def run() -> None:
    """Write the data set."""
    try:
        export(store, project, options(), new_folder())
    except ConcordError as error:
        session.say(refused=str(error))
    else:
        session.say()
        st.session_state.pop(f"export-{project.id}", None)


def named(record: ExportRecord) -> str:
    """One earlier export on the list."""
    return f"{record.created_at:%Y-%m-%d %H:%M} UTC · {record.format}"


def form() -> None:
    """What the data set should be."""
    with st.form("options"):
        st.radio("Format", list(FORMATS), captions=list(FORMATS.values()), key="format")
        left, right = st.columns(2)
        left.number_input("Votes, at least", 1, 20, key="min-votes", help="How many annotators compared the drafts.")
        right.number_input(
            "Agreement, at least", 0.0, 1.0, step=0.05, key="min-agreement", help="The winner's share of all votes."
        )
        left.text_input("Split", "0.8,0.1,0.1", key="split", help="Shares of train, validation and test.")
        right.number_input("Seed", 0, key="seed", help="Another seed is another split.")
        st.checkbox(
            "Include flagged items",
            key="include-flagged",
            help="What a reviewer approved since is not flagged any more.",
        )
        st.caption("Items with the same prompt, or from the same row, are never split apart.")
        st.form_submit_button("Export", type="primary", icon=":material/output:", on_click=run)
        if refused := session.view().refused:
            refusal(refused)


project = project_header(store, "Export", "Write what people decided as a data set, with a card and a manifest.")
choose, result = st.columns([2, 3], gap="large")
with choose:
    form()
    remark_counts(store.remark_counts(project.id))
with result:
    records = store.exports(project.id)
    if records:
        chosen = st.selectbox("Data set", records, format_func=named, key=f"export-{project.id}")
        export_result(chosen)
    else:
        empty_state(
            "Nothing exported yet", "Choose a format and press “Export”. What is left out is counted, by reason."
        )
