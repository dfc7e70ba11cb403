"""Reports in the background: one at a time, so that nobody's desk waits for one, and kept while they are fresh."""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooEarly
from dataclasses import dataclass, field
from uuid import UUID

from concord.agreement.apart import Apart
from concord.agreement.report import AgreementStore, OnShare, Report, report
from concord.records.project import Counts, Project

MANY = 100_000
"""Annotations from which on a report is computed in a process of its own, which takes a second to begin."""

FRESH = 60.0
"""Seconds for which a report is not made anew, however much is annotated meanwhile."""


@dataclass
class _Job:
    """A report under way, or done: of which state of the project, since when, how far, and the last one before it."""

    counts: Counts
    began: float
    future: Future[Report]
    before: Report | None
    share: float = field(default=0.0)


@dataclass(frozen=True)
class Asked:
    """What there is of a report.

    Attributes:
        report: the newest that is done; None when the first is still under way.
        share: how much of a newer one is done, 0 to 1; None when none is under way.
        seconds: how long that has taken so far.
    """

    report: Report | None
    share: float | None
    seconds: float


class Reporter:
    """Makes reports. A process makes one reporter, and closes it before the store."""

    def __init__(self, store: AgreementStore) -> None:
        self._store = store
        self._jobs: dict[UUID, _Job] = {}
        self._asking = threading.Lock()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="reporter")

    def ask(self, project: Project, counts: Counts, *, patience: float = 0.0) -> Asked:
        """The report of a project, or how far it is; asking begins it where it is missing or out of date.

        Args:
            project: whose.
            counts: of the project now; a report of other counts is out of date when it is no longer fresh.
            patience: seconds to wait for it.

        Raises:
            ConcordError: it cannot be made.
        """
        job = self._job(project, counts)
        try:
            return Asked(job.future.result(timeout=patience), None, 0.0)
        except TooEarly:
            return Asked(job.before, job.share, time.monotonic() - job.began)

    def close(self) -> None:
        """Wait for the report under way, and begin no other."""
        self._thread.shutdown(cancel_futures=True)

    def _job(self, project: Project, counts: Counts) -> _Job:
        with self._asking:
            now, present = time.monotonic(), self._jobs.get(project.id)
            if present and (not present.future.done() or _holds(present, counts, now)):
                return present
            before = present.future.result() if present and not present.future.exception() else None
            job = _Job(counts, now, Future(), before)
            job.future = self._thread.submit(self._make, project, job)
            self._jobs[project.id] = job
            return job

    def _make(self, project: Project, job: _Job) -> Report:
        def on_share(share: float) -> None:
            job.share = share

        return made(self._store, project, job.counts.annotations, on_share=on_share)


def made(store: AgreementStore, project: Project, annotations: int, *, on_share: OnShare | None = None) -> Report:
    """The report of a project; one of many annotations is computed in a process of its own.

    Args:
        store: where the judgements are.
        project: whose.
        annotations: how many there are.
        on_share: called now and then with the share that is done, 0 to 1.

    Raises:
        InputError: an answer to a rating is no number.
    """
    if annotations < MANY:
        return report(store, project, on_share=on_share)
    with Apart() as apart:
        return report(store, project, on_share=on_share, compute=apart)


def _holds(job: _Job, counts: Counts, now: float) -> bool:
    """Whether a report that is done need not be made anew."""
    failed = job.future.exception() is not None
    return job.counts == counts or (not failed and now - job.began < FRESH)
