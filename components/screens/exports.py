"""Export: what people decided, as files that trainers read, with an account of everything left out."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import streamlit as st

from components import session
from components.services import get_store, preview_of
from components.widgets.empty_state import empty_state
from components.widgets.export_fields import chosen_options, export_fields
from components.widgets.export_funnel import export_funnel
from components.widgets.export_history import export_history
from components.widgets.mixture_fields import chosen_mixture, mixture_fields
from components.widgets.project_header import project_header
from components.widgets.remark_counts import remark_counts
from components.widgets.text import counted, refusal
from concord.errors import ConcordError
from concord.export.options import ExportOptions
from concord.export.run import export

store = get_store()


def new_folder() -> Path:
    """A place of its own for each export."""
    stem = re.sub(r"[^\w-]+", "-", project.name)
    return store.folder / "exports" / f"{stem}-{st.session_state['format']}-{datetime.now(UTC):%Y%m%d-%H%M%S-%f}"


def options() -> ExportOptions:
    """The options as they stand, with the projects that are mixed in."""
    return replace(chosen_options(project), mixture=chosen_mixture(project))


def run() -> None:
    """Write the data set."""
    try:
        with st.spinner("Writing and checking …", show_time=True):
            manifest: dict[str, Any] = export(store, project, options(), new_folder())
    except ConcordError as error:
        session.say(refused=str(error))
    else:
        session.say()
        st.session_state.pop(f"export-{project.id}", None)
        rows = counted(sum(manifest["counts"]["written"].values()), "row")
        st.toast(f"{rows} written, checked, and ready under “Exports”.", icon=":material/check_circle:")


def funnel() -> None:
    """What would leave with the options as they stand, and the button that writes it."""
    try:
        with st.spinner("Counting …"):
            seen = preview_of(project, options())
    except ConcordError as error:
        refusal(str(error))
        return
    export_funnel(seen)
    st.button(
        "Export",
        type="primary",
        icon=":material/output:",
        on_click=run,
        disabled=not seen["counts"]["written"],
    )
    if refused := session.view().refused:
        refusal(refused)
    if not seen["counts"]["written"]:
        st.caption("Nothing would leave. Judge some items at the desk, or lower the gates.")


project = project_header(store, "Export", "Write what people decided as a data set, with a card and a manifest.")
choose, result = st.columns([2, 3], gap="large")
with choose:
    export_fields(project, store.draft_models(project.id), store.rated_questions(project.id))
    others = [one.name for one in store.projects() if one.id != project.id]
    mixture_fields(project, others)
    remark_counts(store.remark_counts(project.id))
with result:
    funnel()
    st.space("small")
    st.subheader("Exports", anchor=False)
    if records := store.exports(project.id):
        export_history(records, f"export-{project.id}")
    else:
        empty_state(
            "Nothing exported yet", "Choose a format and press “Export”. What is left out is counted, by reason."
        )
