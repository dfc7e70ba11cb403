"""Check: what is wrong with a data set before it leaves, what it is made of, and what speaks for training on it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import streamlit as st

from components import session
from components.services import get_store, upload_folder
from components.widgets.check_report import check_report
from components.widgets.empty_state import empty_state
from components.widgets.information_form import information_form
from components.widgets.project_header import project_header
from components.widgets.run_progress import duration
from components.widgets.text import counted, refusal
from concord.checking import checking, read_against
from concord.errors import ConcordError
from concord.imports.files import SUFFIXES

store = get_store()


def pace(done: int, total: int, seconds: float) -> str:
    """How far it is, how fast, and how long it still takes."""
    rate = done / max(seconds, 0.001)
    left = duration(timedelta(seconds=max(total - done, 0) / max(rate, 0.001)))
    return f"{done:,} of {counted(total, 'item')} · {rate:,.0f}/s · about {left} left"


def uploaded(files: Sequence[Any]) -> list[Path]:
    """The uploaded files on the disk, under their own names."""
    folder = Path(upload_folder().name)
    paths = [folder / f"against-{number}" / Path(file.name).name for number, file in enumerate(files)]
    for path, file in zip(paths, files, strict=True):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(file.getbuffer())
    return paths


def checked(paths: Sequence[Path]) -> dict[str, Any]:
    """The pass under its bar. A press of the button ends the run of the page, and the pass with it."""
    place, begun = st.empty(), time.monotonic()
    with place.container(horizontal=True, vertical_alignment="bottom"):
        bar = st.progress(0.0, text="Reading …")
        st.button("Stop", icon=":material/stop:", key="check-stop")
    report: dict[str, Any] = {}
    for step in checking(store, project, [read_against(path) for path in paths]):
        if "report" in step:
            report = step["report"]
        elif step["done"] >= step["items"]:
            bar.progress(1.0, text="Comparing all items with each other …")
        else:
            text = pace(step["done"], step["items"], time.monotonic() - begun)
            bar.progress(step["done"] / step["items"], text=text)
    place.empty()
    return report


project = project_header(
    store, "Check", "What is wrong with the data set before it leaves, and what speaks for training on it."
)
if not store.counts(project.id).items:
    empty_state(
        "There is nothing to check yet",
        "Items come from rows and a template, or ready-made from a file.",
        page="screens/imports.py",
        action="Import a file",
    )
    st.stop()
with st.container(horizontal=True, vertical_alignment="bottom"):
    files = st.file_uploader(
        "Files that no item may repeat (optional)",
        type=[suffix.lstrip(".") for suffix in SUFFIXES],
        accept_multiple_files=True,
        key=f"against-{project.id}",
        help="Benchmarks and test sets. Thirteen words in a row of one of them contaminate an item.",
    )
    wanted = st.button("Check all items", icon=":material/fact_check:", type="primary", key="check")
st.caption(
    "A check looks at what an export can take, so at no control, canary, repeat or gold item. Nothing is changed, and "
    "nothing leaves this machine unless a model is asked below."
)
with st.expander("Missing information: let a model look for claims that the prompt does not support"):
    information_form(store, project)
if wanted:
    try:
        session.view().checked = (project.name, checked(uploaded(files)))
    except ConcordError as error:
        refusal(str(error))
found = session.view().checked
if found and found[0] == project.name:
    check_report(found[1])
    st.download_button(
        "Download as JSON",
        orjson.dumps(found[1], option=orjson.OPT_INDENT_2),
        f"{project.name}-check.json",
        mime="application/json",
        icon=":material/download:",
        on_click="ignore",
    )
