"""A drafting run: the drafts that are missing are asked for, a few at a time, and each is stored the moment it comes.

A run that was stopped or killed is taken up by starting another: what is stored is not asked for twice.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Protocol
from uuid import UUID

from concord.drafting.asking import Asker
from concord.drafting.completion import Completion
from concord.drafting.endpoint import Endpoint
from concord.drafting.provenance import Step, draft_of, failure_of, fault_of
from concord.drafting.recipe import Recipe, one_completion
from concord.drafting.request import Ask, Request, Screen, Sent, unlogged, unscreened
from concord.errors import ConcordError, StorageError
from concord.ids import new_id
from concord.records import Draft, DraftFailure, DraftingRun, Project, RunState, Wanted

CONCURRENCY = 8
PATIENCE = 8
HOPELESS: frozenset[str] = frozenset(("unauthorized", "unreachable"))
"""Faults of the endpoint's settings. After `PATIENCE` of them in a row, with nothing in between, a run gives up."""
_SECONDS_BETWEEN_SAVES = 0.5
_SECONDS_OF_GRACE = 5.0


class DraftingStore(Protocol):
    """What drafting needs of the store; the methods block, and may be called from several threads."""

    def wanted_drafts(self, project_id: UUID, *, candidates: int, limit: int | None = None) -> list[Wanted]: ...
    def add_drafts(self, drafts: Sequence[Draft]) -> int: ...
    def add_failure(self, failure: DraftFailure) -> None: ...
    def save_run(self, run: DraftingRun) -> None: ...


def nothing() -> None:
    """What is done at the end of a run for which nobody waits."""


@dataclass(frozen=True)
class DraftOptions:
    """What a run does, and within which limits.

    Attributes:
        candidates: how many drafts an item should have.
        limit: how many items to look after at most.
        recipe: how a draft is made; None is one completion of the item's messages.
        screen: what may leave the machine.
        sent: is told of each request that leaves.
        ended: is called once when the run has ended; it may block.
        models: the names of the models that take part, where it is not the endpoint's alone.
    """

    candidates: int
    limit: int | None = None
    recipe: Recipe | None = None
    screen: Screen = unscreened
    sent: Sent = unlogged
    ended: Callable[[], None] = nothing
    models: str | None = None


@dataclass(frozen=True)
class Plan:
    """A run that is stored as running, and the drafts that it will make."""

    run: DraftingRun
    wanted: tuple[Wanted, ...]
    endpoint: Endpoint
    options: DraftOptions


def plan_run(store: DraftingStore, project: Project, endpoint: Endpoint, options: DraftOptions) -> Plan:
    """Find what is missing and store a new run.

    Args:
        store: where the project is.
        project: whose items get drafts.
        endpoint: who drafts.
        options: how many drafts, and how.
    """
    wanted = tuple(store.wanted_drafts(project.id, candidates=options.candidates, limit=options.limit))
    run = DraftingRun(
        new_id(), project.id, options.models or endpoint.model, len(wanted), 0, 0, "running", datetime.now(UTC)
    )
    store.save_run(run)
    return Plan(run, wanted, endpoint, options)


async def draft_items(  # noqa: PLR0913 - all that a caller decides, in one call
    store: DraftingStore,
    project: Project,
    endpoint: Endpoint,
    options: DraftOptions,
    *,
    on_progress: Callable[[DraftingRun], None] | None = None,
    stop: threading.Event | None = None,
) -> DraftingRun:
    """Give each item of a project the drafts that it is missing.

    Returns:
        The run as it ended: `done`, `cancelled` after `stop`, or `failed` when the endpoint cannot be used at all.

    Raises:
        StorageError: the workspace cannot be written; the run stays as it was stored last.
    """
    plan = await asyncio.to_thread(plan_run, store, project, endpoint, options)
    return await carry_out(store, plan, on_progress=on_progress, stop=stop)


async def carry_out(
    store: DraftingStore,
    plan: Plan,
    *,
    on_progress: Callable[[DraftingRun], None] | None = None,
    stop: threading.Event | None = None,
) -> DraftingRun:
    """Do what was planned, as `draft_items` does."""
    work = _Work(store, plan, stop or threading.Event())
    report = on_progress or _ignore
    report(plan.run)

    async def save(run: DraftingRun) -> None:
        await asyncio.to_thread(store.save_run, run)
        report(run)

    try:
        async with Asker(screen=plan.options.screen, sent=plan.options.sent) as ask:
            await work.through(ask, save)
    finally:
        await asyncio.to_thread(plan.options.ended)
    ended = work.ended()
    await save(ended)
    return ended


def _ignore(_: DraftingRun) -> None:
    """What is done with progress that nobody watches."""


class _Work:
    """The state of a run under way; it is touched in one event loop only."""

    def __init__(self, store: DraftingStore, plan: Plan, stop: threading.Event) -> None:
        self._store = store
        self._recipe = plan.options.recipe or one_completion(plan.endpoint)
        self._stop = stop
        self._run = plan.run
        self._wanted = iter(plan.wanted)
        self._faults = Counter[str]()
        self._last_message = ""
        self._in_a_row = 0
        self._given_up = False
        self._over_since: float | None = None

    async def through(self, ask: Ask, save: Callable[[DraftingRun], Awaitable[None]]) -> None:
        """Work until nothing is left or the run is over, and save how far it is twice a second."""
        workers = [asyncio.create_task(self._worker(ask)) for _ in range(min(CONCURRENCY, self._run.total))]
        busy = set(workers)
        try:
            while busy and not self._grace_is_over():
                ended, busy = await asyncio.wait(
                    busy, timeout=_SECONDS_BETWEEN_SAVES, return_when=asyncio.FIRST_EXCEPTION
                )
                for worker in ended:
                    worker.result()
                if busy:
                    await save(self._run)
        finally:
            for worker in busy:
                worker.cancel()
            await asyncio.gather(*workers, return_exceptions=True)

    def give_up(self, message: str) -> None:
        """Ask for nothing more."""
        self._given_up, self._last_message = True, message

    def ended(self) -> DraftingRun:
        """The run as it ended."""
        state, message = self._outcome()
        return replace(self._run, state=state, message=message, finished_at=datetime.now(UTC))

    def _outcome(self) -> tuple[RunState, str | None]:
        run = self._run
        if self._given_up:
            return "failed", f"{self._last_message} Then start again: finished drafts are kept."
        if run.done + run.failed < run.total:
            return "cancelled", f"Stopped after {run.done} of {run.total} drafts. Start again for the others."
        if run.failed:
            faults = ", ".join(f"{count} {fault}" for fault, count in self._faults.most_common())
            return "done", f"{run.failed} of {run.total} drafts did not come ({faults}). {self._last_message}"
        return "done", None

    def _is_over(self) -> bool:
        return self._given_up or self._stop.is_set()

    def _grace_is_over(self) -> bool:
        """Whether requests under way at the end have had their time: they are paid for, but may hang."""
        if not self._is_over():
            return False
        self._over_since = self._over_since or time.monotonic()
        return time.monotonic() - self._over_since > _SECONDS_OF_GRACE

    async def _worker(self, ask: Ask) -> None:
        while not self._is_over() and (wanted := next(self._wanted, None)):
            await self._draft(ask, wanted)

    async def _draft(self, ask: Ask, wanted: Wanted) -> None:
        steps: list[Step] = []

        async def noting(request: Request) -> Completion:
            completion = await ask(request)
            steps.append(Step(request, completion))
            return completion

        try:
            parts = await self._recipe(noting, wanted)
        except StorageError:
            raise
        except ConcordError as error:
            failure = failure_of(wanted, error, self._run, now=datetime.now(UTC))
            await asyncio.to_thread(self._store.add_failure, failure)
            self._count_failure(error)
        else:
            draft = draft_of(wanted, parts, steps, self._run, now=datetime.now(UTC))
            await asyncio.to_thread(self._store.add_drafts, [draft])
            self._run = replace(self._run, done=self._run.done + 1)
            self._in_a_row = 0

    def _count_failure(self, error: ConcordError) -> None:
        self._run = replace(self._run, failed=self._run.failed + 1)
        self._faults[fault_of(error)] += 1
        self._last_message = str(error)
        self._in_a_row = self._in_a_row + 1 if fault_of(error) in HOPELESS else 0
        if self._in_a_row == min(PATIENCE, self._run.total):
            self.give_up(str(error))
