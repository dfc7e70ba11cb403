"""A drafting run: the drafts that are missing are asked for, many at a time, and stored as they come.

A run that was stopped or killed is taken up by starting another: what is stored is not asked for twice. Nothing is held
in memory but what is under way: items come from the store in pages, drafts go to it in groups.
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

from concord.drafting.asking import Asker
from concord.drafting.completion import Completion
from concord.drafting.cost import Meter
from concord.drafting.endpoint import Endpoint
from concord.drafting.estimate import EstimateStore, estimate_of
from concord.drafting.missing import MissingDrafts, MissingStore
from concord.drafting.options import DraftOptions
from concord.drafting.provenance import Step, draft_of, failure_of, fault_of
from concord.drafting.recipe import one_completion
from concord.drafting.request import Request
from concord.drafting.saver import Result, ResultStore, Saver
from concord.errors import ConcordError, InputError, RunStopped, StorageError
from concord.ids import new_id
from concord.records.draft import Draft, Wanted
from concord.records.kinds import RunState
from concord.records.project import Project
from concord.records.run import DraftingRun

PATIENCE = 8
HOPELESS = frozenset(("unauthorized", "unreachable", "rate_limited"))
"""Faults that the next draft meets too. After `PATIENCE` of them in a row, with nothing in between, a run gives up."""
_SECONDS_BETWEEN_SAVES = 0.5
_SECONDS_OF_GRACE = 5.0


class DraftingStore(EstimateStore, MissingStore, ResultStore, Protocol):
    """What drafting needs of the store; the methods block, and may be called from several threads."""

    def save_run(self, run: DraftingRun) -> None: ...


@dataclass(frozen=True)
class Plan:
    """A run that is stored as running, and how it will be carried out.

    Attributes:
        tokens_of_an_answer: about how long an answer will be.
    """

    run: DraftingRun
    endpoint: Endpoint
    options: DraftOptions
    tokens_of_an_answer: float


def plan_run(store: DraftingStore, project: Project, endpoint: Endpoint, options: DraftOptions) -> Plan:
    """Count what is missing and store a new run.

    Args:
        store: where the project is.
        project: whose items get drafts.
        endpoint: who drafts.
        options: how many drafts, and how.

    Raises:
        InputError: there is a cost ceiling, and the price is unknown.
    """
    if options.max_cost is not None and endpoint.price is None:
        raise InputError(
            f"max-cost: the price of {endpoint.model!r} is unknown, so that no ceiling can be kept. "
            "Set it in the project's prices."
        )
    estimate = estimate_of(store, project, endpoint, candidates=options.candidates, limit=options.limit)
    run = DraftingRun(
        new_id(),
        project.id,
        options.models or endpoint.model,
        estimate.drafts,
        0,
        0,
        "running",
        datetime.now(UTC),
        candidates=options.candidates,
        item_limit=options.limit,
        max_cost=options.max_cost,
        cost=0.0,
    )
    store.save_run(run)
    return Plan(run, endpoint, options, estimate.tokens_of_an_answer)


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
        The run as it ended: `done`; `cancelled` after `stop` or at the cost ceiling; or `failed` when the endpoint
        cannot be used at all.

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
    report = on_progress or _ignore
    report(plan.run)

    async def save(run: DraftingRun) -> None:
        await asyncio.to_thread(store.save_run, run)
        report(run)

    meter = Meter(ceiling=plan.options.max_cost, tokens_of_an_answer=plan.tokens_of_an_answer)
    try:
        async with Asker(meter=meter, screen=plan.options.screen, sent=plan.options.sent) as ask:
            work = _Work(store, plan, ask, stop or threading.Event())
            await work.through(save)
    finally:
        await asyncio.to_thread(plan.options.ended)
    ended = work.ended()
    await save(ended)
    return ended


def _ignore(_: DraftingRun) -> None:
    """What is done with progress that nobody watches."""


class _Work:
    """The state of a run under way; it is touched in one event loop only."""

    def __init__(self, store: DraftingStore, plan: Plan, ask: Asker, stop: threading.Event) -> None:
        self._ask, self._stop = ask, stop
        self._recipe = plan.options.recipe or one_completion(plan.endpoint)
        self._at_once = min(plan.endpoint.limits.concurrency, plan.run.total)
        self._run = plan.run
        self._missing = MissingDrafts(store, plan.run)
        self._saver = Saver(store, self._count, most=max(1, self._at_once))
        self._faults = Counter[str]()
        self._last_message = ""
        self._in_a_row = 0
        self._handing_over = 0
        self._given_up = False
        self._ceiling: str | None = None
        self._over_since: float | None = None

    async def through(self, save: Callable[[DraftingRun], Awaitable[None]]) -> None:
        """Work until nothing is left or the run is over, and save how far it is twice a second."""
        saving = asyncio.create_task(self._saver.work())
        workers = [asyncio.create_task(self._worker()) for _ in range(self._at_once)]
        busy = {saving, *workers}
        try:
            while busy - {saving} and not self._may_be_left():
                ended, busy = await asyncio.wait(
                    busy, timeout=_SECONDS_BETWEEN_SAVES, return_when=asyncio.FIRST_EXCEPTION
                )
                for task in ended:
                    task.result()
                if busy - {saving}:
                    await save(self.now())
            await _cancelled(workers)
            await self._saver.end()
            await saving
        finally:
            await _cancelled([*workers, saving])
            await self._missing.close()

    def now(self) -> DraftingRun:
        """The run as it is."""
        return replace(self._run, **vars(self._ask.meter.spent))

    def ended(self) -> DraftingRun:
        """The run as it ended."""
        state, message = self._outcome()
        return replace(self.now(), state=state, message=message, finished_at=datetime.now(UTC))

    def _outcome(self) -> tuple[RunState, str | None]:
        run = self._run
        if self._given_up:
            return "failed", f"{self._last_message} Then start again: finished drafts are kept."
        if self._ceiling:
            return "cancelled", f"Stopped after {run.done} of {run.total} drafts. {self._ceiling}"
        if run.done + run.failed < run.total:
            return "cancelled", f"Stopped after {run.done} of {run.total} drafts. Start again for the others."
        if run.failed:
            faults = ", ".join(f"{count} {fault}" for fault, count in self._faults.most_common())
            return "done", f"{run.failed} of {run.total} drafts did not come ({faults}). {self._last_message}"
        return "done", None

    def _is_over(self) -> bool:
        return self._given_up or self._ceiling is not None or self._stop.is_set()

    def _may_be_left(self) -> bool:
        """Whether, at the end, nothing is under way, or has had its time: it is paid for, but may hang."""
        if not self._is_over():
            return False
        self._ask.stop()
        self._over_since = self._over_since or time.monotonic()
        return (
            not (self._ask.in_flight or self._handing_over) or time.monotonic() - self._over_since > _SECONDS_OF_GRACE
        )

    async def _worker(self) -> None:
        while not self._is_over() and (wanted := await self._missing.next()):
            try:
                await self._hand_over(await self._result(wanted))
            except RunStopped as reason:
                if not self._is_over():
                    self._ceiling = str(reason)

    async def _hand_over(self, result: Result) -> None:
        self._handing_over += 1
        await self._saver.add(result)
        self._handing_over -= 1

    async def _result(self, wanted: Wanted) -> Result:
        """One draft, or why there is none."""
        steps: list[Step] = []

        async def noting(request: Request) -> Completion:
            completion = await self._ask(request)
            steps.append(Step(request, completion))
            return completion

        try:
            parts = await self._recipe(noting, wanted)
        except (StorageError, RunStopped):
            raise
        except ConcordError as error:
            self._note_fault(error)
            return failure_of(wanted, error, self._run, now=datetime.now(UTC))
        self._in_a_row = 0
        return draft_of(wanted, parts, steps, self._run, now=datetime.now(UTC))

    def _note_fault(self, error: ConcordError) -> None:
        self._faults[fault_of(error)] += 1
        self._last_message = str(error)
        self._in_a_row = self._in_a_row + 1 if fault_of(error) in HOPELESS else 0
        if self._in_a_row == min(PATIENCE, self._run.total):
            self._given_up = True

    def _count(self, saved: Sequence[Result]) -> None:
        done = sum(isinstance(result, Draft) for result in saved)
        run = self._run
        self._run = replace(run, done=run.done + done, failed=run.failed + len(saved) - done)


async def _cancelled(tasks: Sequence[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
