"""Annotators at the desk of a running app, each over a websocket of their own; what they met, in milliseconds."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from bench.agreement import RATED
from bench.desk import SEATS, summary
from bench.seat import Seat, seat
from bench.served import Served, drafting, fill, served

Run = Callable[[], dict[str, Any]]
ITEMS, FILLED = 20_000, "served"
PACE, SUBMITS, OPENING = 3.0, 20, 4  # seconds between two submits of one annotator, submits of each, opened at a time
FEW = 4  # submits of each, in the seconds that a report of a million annotations takes
SOON = 0.45  # seconds: what comes sooner after its item is refused, because it cannot be meant


def filled(folder: Path) -> Run:
    """The workspace of the tasks below."""

    def run() -> dict[str, Any]:
        fill(folder / FILLED, ITEMS)
        return {}

    return run


def at_once(folder: Path, annotators: int) -> Run:
    """So many annotators, each submitting every three seconds, while a drafting run is under way."""

    def run() -> dict[str, Any]:
        with served(folder / FILLED) as app, drafting(app):
            return asyncio.run(_at_once(app, annotators))

    return run


def beside_report(folder: Path, annotators: int) -> Run:
    """So many annotators, before and while somebody opens the agreement page of the other project's ratings."""

    def run() -> dict[str, Any]:
        with served(folder / RATED) as app:
            return asyncio.run(_beside_report(app, annotators))

    return run


def one_session(folder: Path, submits: int) -> Run:
    """One annotator who submits so often in one session: what the app has in memory after each tenth of them."""

    def run() -> dict[str, Any]:
        with served(folder / FILLED) as app:
            return asyncio.run(_one_session(app, submits))

    return run


async def _at_once(app: Served, annotators: int) -> dict[str, Any]:
    async with AsyncExitStack() as doors:
        names = [f"{annotators}-{number}" for number in range(annotators)]
        seats = [await doors.enter_async_context(seat(app.url, name)) for name in names]
        await seats[0].open()
        before = app.megabytes()
        few = asyncio.Semaphore(OPENING)
        opened = await asyncio.gather(*(_open(taken, few) for taken in seats[1:]))
        each = (app.megabytes() - before) / (annotators - 1)
        begin, processor = time.perf_counter(), app.processor_seconds()
        took = await asyncio.gather(*(_paced(taken, random.Random(number)) for number, taken in enumerate(seats)))
        seconds = time.perf_counter() - begin
        return {
            "open": summary(opened, sum(opened)),
            "submit": summary([one for times in took for one in times], seconds),
            "processor": (app.processor_seconds() - processor) / seconds,
            "megabytes": each,
        }


async def _beside_report(app: Served, annotators: int) -> dict[str, Any]:
    async with AsyncExitStack() as doors:
        names = [f"beside-{number}" for number in range(annotators)]
        seats = [await doors.enter_async_context(seat(app.url, name, project=SEATS)) for name in names]
        reader = await doors.enter_async_context(seat(app.url, "reader"))
        few = asyncio.Semaphore(OPENING)
        await asyncio.gather(*(_open(taken, few) for taken in seats))
        found = {"before": await _few_submits(seats)}
        opening = asyncio.create_task(reader.open("agreement"))
        found["beside"] = await _few_submits(seats)
        return {"met": {step: {"submit": one} for step, one in found.items()}, "page": await opening}


async def _few_submits(seats: list[Seat]) -> dict[str, float]:
    begin = time.perf_counter()
    took = await asyncio.gather(*(_paced(taken, random.Random(number), FEW) for number, taken in enumerate(seats)))
    return summary([one for times in took for one in times], time.perf_counter() - begin)


async def _open(taken: Seat, few: asyncio.Semaphore) -> float:
    async with few:
        return await taken.open()


async def _paced(taken: Seat, chance: random.Random, submits: int = SUBMITS) -> list[float]:
    """Submits at a person's uneven pace, which does not wait for a slow answer to begin."""
    took: list[float] = []
    await asyncio.sleep(chance.uniform(SOON, PACE))
    for _ in range(submits):
        took.append(await taken.submit())
        await asyncio.sleep(max(SOON, chance.uniform(PACE - 1, PACE + 1) - took[-1]))
    return took


async def _one_session(app: Served, submits: int) -> dict[str, Any]:
    sizes: list[float] = []
    async with seat(app.url, "alone") as taken:
        await taken.open()
        for _ in range(submits):
            await asyncio.sleep(SOON)
            await taken.submit()
            sizes.append(app.megabytes())
    return {"megabytes": sizes[submits // 10 - 1 :: submits // 10]}
