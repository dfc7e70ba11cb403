"""The verbs, done on a store."""

from __future__ import annotations

import asyncio
import os
import re
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

import orjson

from concord.agreement.arms import constancies, watches
from concord.agreement.report_json import as_json
from concord.agreement.worker import made
from concord.conversion.apply import How
from concord.conversion.library import template_of
from concord.errors import NotFound
from concord.evaluating import Evaluation, EvaluationStore, evaluate
from concord.export.interchange import InterchangeStore, write_interchange
from concord.export.options import ExportOptions
from concord.export.preview import preview as preview_export
from concord.export.run import export
from concord.ids import new_id
from concord.imports.files import preview
from concord.imports.ready import ReadyStore, import_items
from concord.imports.rows import RowStore, import_rows
from concord.imports.sieve import ImportOptions
from concord.local_check import LocalCheckVerbs
from concord.local_enrich import EnrichStore, LocalEnrichVerbs
from concord.local_labelstudio import BridgeStore, LocalLabelStudioVerbs
from concord.local_people import LocalPeopleVerbs, PeopleStore
from concord.local_review import LocalReviewVerbs
from concord.records.kinds import DEMO_MODEL, Flag
from concord.records.opinion import JudgeSummary
from concord.records.project import Counts, Guidelines, Project
from concord.records.row import ImportReport
from concord.records.run import Costs, DraftingRun, FailureKind, SentSummary
from concord.settings import checked_settings
from concord.verbs import DraftRequest, FileImport, JudgeRequest, OnRun, OnShare, Result

if TYPE_CHECKING:
    # At run time what drafts is imported by the verbs that draft: openai takes as long as all the rest together.
    from concord.drafting.endpoint import Endpoint
    from concord.drafting.judge import JudgeStore
    from concord.drafting.worker import Drafter, WorkerStore
    from concord.local_check import CheckVerbStore
    from concord.local_review import ReviewVerbStore

    class VerbStore(
        CheckVerbStore,
        RowStore,
        ReadyStore,
        ReviewVerbStore,
        EnrichStore,
        BridgeStore,
        PeopleStore,
        WorkerStore,
        JudgeStore,
        EvaluationStore,
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
        def failure_kinds(self, run_id: UUID) -> list[FailureKind]: ...
        def costs(self, project_id: UUID) -> Costs: ...
        def flag_counts(self, run_id: UUID) -> dict[Flag, int]: ...
        def example_counts(self, run_id: UUID) -> dict[str, int]: ...
        def sent(self, project_id: UUID) -> list[SentSummary]: ...
        def judge_summaries(self, project_id: UUID) -> list[JudgeSummary]: ...
        def order_by_doubt(self, project_id: UUID) -> None: ...
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


class LocalVerbs(LocalReviewVerbs, LocalEnrichVerbs, LocalLabelStudioVerbs, LocalPeopleVerbs, LocalCheckVerbs):
    """See `concord.verbs.Verbs`."""

    def __init__(self, store: VerbStore, prompts: Path) -> None:
        LocalReviewVerbs.__init__(self, store, prompts)
        LocalEnrichVerbs.__init__(self, store)
        LocalLabelStudioVerbs.__init__(self, store)
        LocalPeopleVerbs.__init__(self, store)
        LocalCheckVerbs.__init__(self, store)
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
        """A project, its counts and settings, what its drafts cost, and what older versions of its templates made."""
        found = self._store.project(name)
        costs = self._store.costs(found.id)
        each = costs.cost / costs.accepted if costs.accepted and not costs.unknown else None
        stale = [asdict(one) for one in self._store.stale(found.id)]
        return {**self._shown(found), "costs": {**asdict(costs), "per_accepted": each}, "stale": stale}

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
            tidy=how.tidy,
        )
        if how.ready or (not (how.mapping or how.template) and preview(path).ready):
            return _import_json(import_items(self._store, found, path, options=options, on_progress=on_share), how)
        result = _import_json(import_rows(self._store, found, path, options=options, on_progress=on_share), how)
        if template and not (how.dry_run or result["refused"]):
            result["applied"] = self.apply_template(template.id, project, How(skip_bad=how.skip_bad))
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
        from concord.drafting.options import DraftOptions
        from concord.preparation import prepared

        found = self._store.project(project)
        if request.recipe:
            found = replace(found, settings=replace(found.settings, recipe=request.recipe))
        endpoint = _endpoint(found, request)
        options = DraftOptions(request.candidates or found.settings.candidates, request.limit, request.max_cost)
        run = drafter.start(found, endpoint, prepared(self._store, found, endpoint, os.environ, options))
        return self.run(project, run.id)

    def plan(self, project: str, request: DraftRequest) -> Result:
        """What a run would take; nothing is asked for."""
        from concord.drafting.estimate import estimate_of

        found = self._store.project(project)
        endpoint = _endpoint(found, request)
        candidates = request.candidates or found.settings.candidates
        estimate = estimate_of(self._store, found, endpoint, candidates=candidates, limit=request.limit)
        return {"project": found.name, "model": endpoint.model, **asdict(estimate)}

    def models(self) -> list[Result]:
        """The models of servers on this machine."""
        from concord.drafting.local_servers import find_servers

        return [asdict(server) for server in find_servers()]

    def run(self, project: str, run_id: UUID) -> Result:
        """A drafting run with the number of failures of each kind, and an example of each."""
        runs = {run.id: run for run in self._store.runs(self._store.project(project).id)}
        if run_id not in runs:
            raise NotFound(f"Project {project!r} has no drafting run {run_id}. Check the id.")
        kinds = self._store.failure_kinds(run_id)
        failures = {kind.fault: {"count": kind.count, "example": kind.message} for kind in kinds}
        found = {"flags": self._store.flag_counts(run_id), "examples": self._store.example_counts(run_id)}
        return {**_run_json(runs[run_id]), "failures": failures, **found}

    def sent(self, project: str) -> list[Result]:
        """What left for which endpoint, by purpose."""
        times = ("first_at", "last_at")
        return [
            {**asdict(one), **{name: getattr(one, name).isoformat() for name in times}}
            for one in self._store.sent(self._store.project(project).id)
        ]

    def arms(self, project: str) -> Result:
        """How many items each arm has, who saw the planted faults, and who ranks alike twice."""
        found = self._store.project(project)
        return {
            "arms": [count._asdict() for count in self._store.arm_counts(found.id)],
            "canaries": [watch._asdict() for watch in watches(self._store, found.id)],
            "repeats": [constancy._asdict() for constancy in constancies(self._store, found.id)],
        }

    def judge(self, project: str, request: JudgeRequest) -> Result:
        """Ask the judge about drafts that it has not judged, and say what it thinks of all."""
        from concord.drafting.judge import judge_items
        from concord.drafting.sent_log import SentLog
        from concord.preparation import judge_bench

        found = self._store.project(project)
        with closing(SentLog(self._store, found.id)) as log:
            bench = judge_bench(self._store, found, os.environ, log)
            judged = asyncio.run(judge_items(self._store, found, bench, limit=request.limit))
        if request.order:
            self._store.order_by_doubt(found.id)
        return {
            "model": bench.endpoint.model,
            "judged": judged.items,
            "failures": dict(judged.failures),
            "message": judged.message,
            "ordered": request.order,
            "judges": [asdict(one) for one in self._store.judge_summaries(found.id)],
        }

    def export_annotations(self, project: str, target: Path, *, all_arms: bool = False) -> Result:
        """Write items, responses and annotations in the interchange format."""
        written = write_interchange(self._store, self._store.project(project), target, all_arms=all_arms)
        return {"file": str(target), "items": written}

    def agreement(self, project: str) -> Result:
        """The agreement report."""
        found = self._store.project(project)
        return as_json(made(self._store, found, self._store.counts(found.id).annotations))

    def export(self, project: str, options: ExportOptions, out: Path) -> Result:
        """Write a data set."""
        return export(self._store, self._store.project(project), options, out.absolute())

    def preview_export(self, project: str, options: ExportOptions) -> Result:
        """What an export would write, gate by gate."""
        return preview_export(self._store, self._store.project(project), options)

    def evaluate(self, project: str, asked: Evaluation) -> Result:
        """Measure a model's answers to the test split."""
        found, now = self._store.project(project), datetime.now(UTC)
        if not asked.judge:
            return evaluate(self._store, found, asked, now=now)
        from concord.drafting.judge import TextJudge
        from concord.drafting.sent_log import SentLog
        from concord.preparation import judge_bench

        with closing(SentLog(self._store, found.id)) as log:
            judge = TextJudge(judge_bench(self._store, found, os.environ, log))
            report = evaluate(self._store, found, asked, now=now, judge=judge)
        said = {"model": judge.bench.endpoint.model, "failures": dict(judge.failures), "message": judge.message}
        return report | {"judge": said}

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
            "settings": orjson.loads(orjson.dumps(project.settings)),  # lists, as everywhere in JSON
            "counts": asdict(self._store.counts(project.id)),
        }


def _import_json(report: ImportReport, how: FileImport) -> Result:
    """An import report as JSON; `refused` says whether bad rows kept it from being done."""
    return {**asdict(report), "refused": bool(report.problems) and not how.skip_bad}


def _endpoint(project: Project, request: DraftRequest) -> Endpoint:
    from concord.drafting.endpoint import endpoint_for

    settings = project.settings
    if request.concurrency:
        settings = replace(settings, concurrency=request.concurrency)
    return endpoint_for(settings, os.environ, model=request.model, base_url=request.base_url)


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
