"""The verbs, done on a store."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from concord.agreement.report import AgreementStore, as_json, report
from concord.conversion.library import template_of
from concord.errors import NotFound
from concord.export.interchange import InterchangeStore, write_interchange
from concord.export.options import ExportOptions
from concord.export.run import export
from concord.export.source import ExportStore
from concord.ids import new_id
from concord.imports.files import preview
from concord.imports.ready import ReadyStore, import_items
from concord.imports.rows import RowStore, import_rows
from concord.imports.sieve import ImportOptions
from concord.local_enrich import EnrichStore, LocalEnrichVerbs
from concord.local_labelstudio import BridgeStore, LocalLabelStudioVerbs
from concord.local_review import LocalReviewVerbs
from concord.records import DEMO_MODEL, Counts, DraftFailure, DraftingRun, Guidelines, ImportReport, Project
from concord.settings import checked_settings
from concord.verbs import DraftRequest, FileImport, OnRun, OnShare, Result

if TYPE_CHECKING:
    # At run time what drafts is imported by the verbs that draft: openai takes as long as all the rest together.
    from concord.drafting.endpoint import Endpoint
    from concord.drafting.worker import Drafter, WorkerStore
    from concord.local_review import ReviewVerbStore

    class VerbStore(
        RowStore,
        ReadyStore,
        ReviewVerbStore,
        EnrichStore,
        BridgeStore,
        WorkerStore,
        AgreementStore,
        ExportStore,
        InterchangeStore,
        Protocol,
    ):
        """What the verbs need of the store."""

        @property
        def folder(self) -> Path: ...
        def create_project(self, project: Project) -> None: ...
        def projects(self) -> list[Project]: ...
        def project(self, name: str) -> Project: ...
        def counts(self, project_id: UUID) -> Counts: ...
        def guidelines(self, project_id: UUID) -> Guidelines: ...
        def save_guidelines(self, project_id: UUID, text: str) -> Guidelines: ...
        def runs(self, project_id: UUID) -> list[DraftingRun]: ...
        def failures(self, run_id: UUID) -> list[DraftFailure]: ...
        def backup(self, target: Path) -> int: ...
        def verify(self) -> Sequence[Check]: ...


_SECONDS_BETWEEN_LOOKS = 0.5


class Check(Protocol):
    """One thing that was verified."""

    @property
    def name(self) -> str: ...
    @property
    def looked_at(self) -> int: ...
    @property
    def wrong(self) -> int: ...


class LocalVerbs(LocalReviewVerbs, LocalEnrichVerbs, LocalLabelStudioVerbs):
    """See `concord.verbs.Verbs`."""

    def __init__(self, store: VerbStore, prompts: Path) -> None:
        LocalReviewVerbs.__init__(self, store, prompts)
        LocalEnrichVerbs.__init__(self, store)
        LocalLabelStudioVerbs.__init__(self, store)
        self._store = store

    def create_project(self, name: str, settings: Mapping[str, Any]) -> Result:
        """Create an empty project."""
        project = Project(new_id(), name.strip(), checked_settings(settings), datetime.now(UTC))
        self._store.create_project(project)
        return self.show_project(project.name)

    def list_projects(self) -> list[Result]:
        """All projects with their counts."""
        return [self._shown(project) for project in self._store.projects()]

    def show_project(self, name: str) -> Result:
        """A project, its counts and its settings."""
        return self._shown(self._store.project(name))

    def import_file(self, project: str, path: Path, how: FileImport, on_share: OnShare | None = None) -> Result:
        """Import raw rows or ready-made items, whichever the file holds."""
        found = self._store.project(project)
        template = template_of(self._store, self._prompts, how.template) if how.template else None
        rejects = self._store.folder / "rejects" / f"{path.stem}-{new_id().hex[-8:]}.jsonl"
        options = ImportOptions(
            mapping=how.mapping,
            required=frozenset(template.inputs) if template and template.syntax == "concord" else frozenset(),
            rejects=rejects if how.skip_bad else None,
            dry_run=how.dry_run,
        )
        if how.ready or (not (how.mapping or how.template) and preview(path).ready):
            return _import_json(import_items(self._store, found, path, options=options, on_progress=on_share), how)
        result = _import_json(import_rows(self._store, found, path, options=options, on_progress=on_share), how)
        if template and not (how.dry_run or result["refused"]):
            result["applied"] = self.apply_template(template.id, project)
        return result

    def draft(self, project: str, request: DraftRequest, on_run: OnRun | None = None) -> Result:
        """Draft what is missing, and return when it is done; whoever interrupts it stops the run in good order."""
        from concord.drafting.worker import Drafter

        with closing(Drafter(self._store)) as drafter:
            run = self.start_run(drafter, project, request)
            run_id = UUID(run["id"])
            while on_run and run["state"] == "running":
                on_run(run)
                time.sleep(_SECONDS_BETWEEN_LOOKS)
                run = self.run(project, run_id)
            drafter.wait(run_id)
        return self.run(project, run_id)

    def start_run(self, drafter: Drafter, project: str, request: DraftRequest) -> Result:
        """Let a drafter begin to draft what is missing."""
        found = self._store.project(project)
        candidates = request.candidates or found.settings.candidates
        run = drafter.start(found, _endpoint(found, request), candidates=candidates, limit=request.limit)
        return self.run(project, run.id)

    def run(self, project: str, run_id: UUID) -> Result:
        """A drafting run with the number of failures of each kind, and an example of each."""
        runs = {run.id: run for run in self._store.runs(self._store.project(project).id)}
        if run_id not in runs:
            raise NotFound(f"Project {project!r} has no drafting run {run_id}. Check the id.")
        failures: dict[str, Result] = {}
        for failure in self._store.failures(run_id):
            kind = failures.setdefault(failure.fault, {"count": 0, "example": failure.message})
            kind["count"] += 1
        return {**_run_json(runs[run_id]), "failures": failures}

    def export_annotations(self, project: str, target: Path) -> Result:
        """Write items, responses and annotations in the interchange format."""
        return {"file": str(target), "items": write_interchange(self._store, self._store.project(project), target)}

    def agreement(self, project: str) -> Result:
        """The agreement report."""
        return as_json(report(self._store, self._store.project(project)))

    def export(self, project: str, options: ExportOptions, out: Path) -> Result:
        """Write a data set."""
        return export(self._store, self._store.project(project), options, out.absolute())

    def add_samples(self) -> Result:
        """Add the two sample projects, if they are not there."""
        from concord.sample.build import add_samples

        return {"projects": add_samples(self._store, self._prompts)}

    def backup(self, target: Path) -> Result:
        """Copy the database."""
        return {"file": str(target), "bytes": self._store.backup(target)}

    def verify(self) -> Result:
        """Look through the whole workspace."""
        checks = [
            {"check": check.name, "looked_at": check.looked_at, "wrong": check.wrong} for check in self._store.verify()
        ]
        return {"sound": not any(check["wrong"] for check in checks), "checks": checks}

    def _shown(self, project: Project) -> Result:
        return {
            "id": str(project.id),
            "name": project.name,
            "created_at": project.created_at.isoformat(),
            "settings": asdict(project.settings),
            "counts": asdict(self._store.counts(project.id)),
        }


def _import_json(report: ImportReport, how: FileImport) -> Result:
    """An import report as JSON; `refused` says whether bad rows kept it from being done."""
    return {**asdict(report), "refused": bool(report.problems) and not how.skip_bad}


def _endpoint(project: Project, request: DraftRequest) -> Endpoint:
    from concord.drafting.endpoint import endpoint_for

    return endpoint_for(project.settings, os.environ, model=request.model, base_url=request.base_url)


def _run_json(run: DraftingRun) -> Result:
    result = {
        **asdict(run),
        "id": str(run.id),
        "project_id": str(run.project_id),
        "started_at": run.started_at.isoformat(),
        "finished_at": run.finished_at.isoformat() if run.finished_at else None,
    }
    if run.model == DEMO_MODEL:
        from concord.drafting.demo import DEMO_NOTICE

        result["notice"] = DEMO_NOTICE
    return result


def export_folder(workspace: Path, project: Project, options: ExportOptions) -> Path:
    """A new place in the workspace for an export."""
    name = re.sub(r"[^\w-]+", "-", project.name).strip("-") or "project"
    return workspace.absolute() / "exports" / f"{name}-{options.format}-{new_id().hex[-8:]}"
