"""The sample projects: one to work on at once, one finished by simulated annotators, so that reports have numbers."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol
from uuid import UUID

from concord.conversion.apply import ApplyStore, apply_template
from concord.conversion.template import load_template
from concord.drafting.endpoint import endpoint_for
from concord.drafting.run import DraftingStore, DraftOptions, draft_items
from concord.ids import new_id
from concord.imports.ready import ReadyStore, import_items
from concord.imports.rows import RowStore, import_rows
from concord.imports.sieve import ImportOptions
from concord.records.project import Guidelines, Project, Settings

SUPPORT, REVIEWS = "Support replies (sample)", "Review replies (sample, simulated annotators)"
_HERE = Path(__file__).parent


class SampleStore(RowStore, ReadyStore, ApplyStore, DraftingStore, Protocol):
    """What the samples need of the store."""

    def projects(self) -> list[Project]: ...
    def create_project(self, project: Project) -> None: ...
    def save_guidelines(self, project_id: UUID, text: str) -> Guidelines: ...


def add_samples(store: SampleStore, prompts: Path) -> list[str]:
    """Add the sample projects that are not there yet.

    Args:
        store: where to.
        prompts: the folder with the template files.

    Returns:
        The names of the sample projects.
    """
    present = {project.name for project in store.projects()}
    if REVIEWS not in present:
        _add_reviews(store)
    if SUPPORT not in present:
        _add_support(store, prompts)
    return [SUPPORT, REVIEWS]


def _add_support(store: SampleStore, prompts: Path) -> None:
    """Rows, items and drafts by the demo drafter, waiting for annotators."""
    project = _created(store, SUPPORT, Settings(task="rank+edit", overlap=2, candidates=3))
    import_rows(store, project, _HERE / "support.jsonl")
    apply_template(store, project, load_template(prompts, "support-reply"), now=datetime.now(UTC))
    candidates = project.settings.candidates
    asyncio.run(draft_items(store, project, endpoint_for(project.settings, {}), DraftOptions(candidates)))


def _add_reviews(store: SampleStore) -> None:
    """Items, responses and judgements, all from one file."""
    project = _created(store, REVIEWS, Settings(task="rank+edit", overlap=3, candidates=3))
    import_rows(store, project, _HERE / "reviews.jsonl")
    import_items(store, project, _HERE / "finished.jsonl", options=ImportOptions(origin="simulated"))


def _created(store: SampleStore, name: str, settings: Settings) -> Project:
    project = Project(new_id(), name, settings, datetime.now(UTC))
    store.create_project(project)
    store.save_guidelines(project.id, (_HERE / "guidelines.md").read_text(encoding="utf-8"))
    return project
