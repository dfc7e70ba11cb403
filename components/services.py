"""What outlives a run of a page: the store and the drafter of the process, uploads, computed reports.

The launcher registers store and drafter. Where there is none (a test, or `python -m streamlit run components/main.py`),
the workspace is opened here, once, from `CONCORD_WORKSPACE`.
"""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal
from uuid import UUID

import streamlit as st

from concord.agreement.worker import Reporter
from concord.curation.review import Dispute, disputes
from concord.drafting.worker import Drafter
from concord.export.options import ExportOptions
from concord.export.preview import preview
from concord.records.kinds import Pick
from concord.records.project import Counts, Project
from concord.records.row import Row
from storage.store import Store
from storage.workspace import open_workspace

PROMPTS = Path(__file__).resolve().parents[1] / "prompts"
"""Where the template files are."""


SAMPLED = 20
"""Rows that are chosen at a time to try a template on."""


DRAWING = threading.Lock()
"""Held while an item is read and drawn at the desk: pages drawn at once only wait for each other, and the writer for
them all."""


@dataclass(frozen=True)
class Services:
    """What every page works with."""

    store: Store
    drafter: Drafter
    reporter: Reporter


def register(store: Store, drafter: Drafter, reporter: Reporter) -> None:
    """Give the pages what the launcher made."""
    _registered()[:] = [Services(store, drafter, reporter)]


def get_store() -> Store:
    """The one store of this process."""
    return _services().store


def get_drafter() -> Drafter:
    """The one drafter of this process."""
    return _services().drafter


def get_reporter() -> Reporter:
    """The one reporter of this process."""
    return _services().reporter


@st.cache_resource(scope="session", show_spinner=False, on_release=TemporaryDirectory[str].cleanup)
def upload_folder() -> TemporaryDirectory[str]:
    """Where a session's uploads wait for their import."""
    return TemporaryDirectory(prefix="concord-")


@st.cache_resource(show_spinner="Comparing …", ttl="1m", max_entries=8)
def disputes_of(project: Project, counts: Counts, decisions: int) -> tuple[Dispute, ...]:
    """What annotators disagree on; counts and number of decisions are given so that a further one is seen at once."""
    return disputes(get_store(), project)


@st.cache_resource(show_spinner=False, ttl="10m", max_entries=256)
def sampled_rows(
    project_id: UUID, choice: Pick | Literal["missing"], seed: int, columns: tuple[str, ...], total: int
) -> list[Row]:
    """Rows to try a template on; the number of rows is given so that an import brings others at once."""
    store = get_store()
    if choice == "missing":
        return store.rows_missing(project_id, columns, limit=SAMPLED)
    return store.sample_rows(project_id, choice, limit=SAMPLED, seed=seed)


def total_for(project: Project, annotator: str, *, holds: bool) -> int:
    """How many items there are for an annotator, done and to do; counted anew every minute.

    It is a line of the desk's header, and would be the dearest part of a submit.
    """
    return _total_for(project.id, annotator, project, holds)


@st.cache_resource(show_spinner=False, ttl="60s", max_entries=1_000)
def _total_for(project_id: UUID, annotator: str, _project: Project, _holds: bool) -> int:
    counts = get_store().queue_counts(_project, annotator)
    return counts.done + counts.open + _holds


def _services() -> Services:
    return next(iter(_registered()), None) or _opened()


@st.cache_resource(show_spinner=False)
def _registered() -> list[Services]:
    """Empty until the launcher registers; a resource, so that it survives a reload of this module."""
    return []


@st.cache_resource(show_spinner=False)
def _opened() -> Services:
    store = open_workspace(Path(os.environ.get("CONCORD_WORKSPACE", "workspace")))
    return Services(store, Drafter(store), Reporter(store))


def preview_of(project: Project, options: ExportOptions) -> dict[str, Any]:
    """What an export would write now; kept for a minute, as long as nothing was judged or decided meanwhile."""
    store = get_store()
    mixed = [store.project(share.project).id for share in options.mixture]
    return _preview(project.id, options, [store.counts(one) for one in (project.id, *mixed)], project)


@st.cache_resource(show_spinner=False, ttl="1m", max_entries=32)
def _preview(project_id: UUID, options: ExportOptions, counts: list[Counts], _project: Project) -> dict[str, Any]:
    """`project_id` and `counts` tell one state from another."""
    return preview(get_store(), _project, options)
