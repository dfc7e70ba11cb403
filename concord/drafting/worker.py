"""Drafting in the background: each run in a thread with its own event loop, at most one for a project."""

from __future__ import annotations

import asyncio
import logging
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Protocol
from uuid import UUID

from concord.drafting.endpoint import Endpoint
from concord.drafting.run import DraftingStore, DraftOptions, Plan, carry_out, plan_run
from concord.errors import ConcordError, Conflict, NotFound
from concord.records.kinds import RunState
from concord.records.project import Project
from concord.records.run import DraftingRun

_MOST_AT_ONCE = 8
_INTERRUPTED = "Concord stopped before the run ended. Start again: finished drafts are kept."
_UNEXPECTED = "the run broke off for a reason that is in the log. Start it again: finished drafts are kept."
_log = logging.getLogger(__name__)


class WorkerStore(DraftingStore, Protocol):
    """What the worker needs of the store beyond drafting."""

    def interrupted_runs(self) -> list[DraftingRun]:
        """Runs that are stored as running."""
        ...


@dataclass(frozen=True)
class _Job:
    """A run that this process began."""

    project_id: UUID
    stop: threading.Event
    future: Future[DraftingRun]


class Drafter:
    """Begins, stops and awaits runs. A process makes one, and closes it before the store."""

    def __init__(self, store: WorkerStore) -> None:
        self._store = store
        self._jobs: dict[UUID, _Job] = {}
        self._starting = threading.Lock()
        self._threads = ThreadPoolExecutor(_MOST_AT_ONCE, thread_name_prefix="drafter")
        for run in store.interrupted_runs():
            store.save_run(_ended(run, "interrupted", _INTERRUPTED))

    def start(self, project: Project, endpoint: Endpoint, options: DraftOptions) -> DraftingRun:
        """Begin a run; it goes on in the background.

        Raises:
            Conflict: one is under way for this project.
        """
        with self._starting:
            if any(job.project_id == project.id and not job.future.done() for job in self._jobs.values()):
                raise Conflict(f"project {project.name!r}: a drafting run is under way. Wait for its end, or stop it.")
            plan = plan_run(self._store, project, endpoint, options)
            stop = threading.Event()
            future = self._threads.submit(self._work, plan, stop)
            self._jobs[plan.run.id] = _Job(project.id, stop, future)
        future.add_done_callback(_log_unexpected)
        return plan.run

    def stop(self, run_id: UUID) -> None:
        """Let a run ask for nothing more; requests under way have a few seconds to end.

        Raises:
            NotFound: this process did not begin it.
        """
        self._job(run_id).stop.set()

    def wait(self, run_id: UUID) -> DraftingRun:
        """The run as it ended, when it has ended.

        Raises:
            NotFound: this process did not begin it.
        """
        return self._job(run_id).future.result()

    def close(self) -> None:
        """Stop all runs and wait for their ends."""
        for job in self._jobs.values():
            job.stop.set()
        self._threads.shutdown()

    def _job(self, run_id: UUID) -> _Job:
        if run_id not in self._jobs:
            raise NotFound(f"drafting run {run_id}: it was not begun here. Look among the runs of the project.")
        return self._jobs[run_id]

    def _work(self, plan: Plan, stop: threading.Event) -> DraftingRun:
        """Carry a plan out; however that ends, the run is not left as running."""
        latest = plan.run

        def watch(run: DraftingRun) -> None:
            nonlocal latest
            latest = run

        problem = _UNEXPECTED
        try:
            asyncio.run(carry_out(self._store, plan, on_progress=watch, stop=stop))
        except ConcordError as error:
            problem = str(error)
        finally:
            if latest.state == "running":
                latest = _ended(latest, "failed", problem)
                self._store.save_run(latest)
        return latest


def _ended(run: DraftingRun, state: RunState, message: str) -> DraftingRun:
    return replace(run, state=state, message=message, finished_at=datetime.now(UTC))


def _log_unexpected(future: Future[DraftingRun]) -> None:
    error = future.exception()
    if error is not None:
        _log.error("A drafting run broke off.", exc_info=error)
