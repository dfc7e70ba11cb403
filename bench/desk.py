"""The desk under load, on the filled workspace; the result is what the annotators met, in milliseconds."""

from __future__ import annotations

import random
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

from bench.agreement import RATED
from bench.exports import FILLED
from bench.served import RANKED, add_ranked
from bench.workspace import PROJECT
from concord.agreement.worker import made
from concord.desk.queue import open_item
from concord.desk.submit import Submission, submit_ranking
from concord.ids import new_id
from concord.records.desk import Presentation
from concord.records.draft import Draft
from concord.records.project import Project
from storage.store import Store
from storage.workspace import open_workspace

Run = Callable[[], dict[str, Any]]
ANNOTATORS, PAIRS_A_SECOND, SECONDS = 100, 21, 30
THREADS, ROUNDS = 64, 20
SEATS, SEATED = "seats", 3_000


def paced(folder: Path) -> Run:
    """A hundred annotators at their own pace: open an item, think, rank its drafts."""
    store, project = _opened(folder)
    return lambda: _closing(store, lambda: _paced(store, project))


def paced_drafting(folder: Path) -> Run:
    """The same while a drafting run stores 200 drafts a second, for items that are finished."""
    store, project = _opened(folder)

    def run() -> dict[str, Any]:
        with _drafting(store, project):
            return _paced(store, project)

    return lambda: _closing(store, run)


def fill_seats(folder: Path) -> Run:
    """A project to rank in, beside the one of ratings that `bench.agreement` fills."""
    store = open_workspace(folder / RATED)
    project = Project(new_id(), SEATS, RANKED, datetime.now(UTC))

    def run() -> dict[str, Any]:
        store.create_project(project)
        add_ranked(store, project, SEATED)
        return {}

    return lambda: _closing(store, run)


def beside_ratings(folder: Path) -> Run:
    """The hundred annotators in a workspace whose other project has very many ratings, which rest."""
    store = open_workspace(folder / RATED)
    return lambda: _closing(store, lambda: _paced(store, store.project(SEATS)))


def beside_reports(folder: Path) -> Run:
    """The same while agreement reports of those ratings are made, one after the other; how many, and in what time."""
    store = open_workspace(folder / RATED)

    def run() -> dict[str, Any]:
        with _reporting(store, store.project(PROJECT)) as took:
            met = _paced(store, store.project(SEATS))
        return met | {"reports": took}

    return lambda: _closing(store, run)


def closed(folder: Path) -> Run:
    """64 threads without pause: first they open items, each for another annotator; then they rank what they opened."""
    store, project = _opened(folder)

    def opens(thread: int) -> tuple[list[float], list[Presentation]]:
        return _timed(lambda number: _open(store, project, f"closed-{thread}-{number}"), range(ROUNDS))

    def submits(presentations: list[Presentation]) -> list[float]:
        return _timed(lambda presentation: _rank(store, presentation), presentations)[0]

    def run() -> dict[str, Any]:
        with ThreadPoolExecutor(THREADS) as pool:
            begin = time.perf_counter()
            opened = list(pool.map(opens, range(THREADS)))
            between = time.perf_counter()
            submitted = list(pool.map(submits, [presentations for _, presentations in opened]))
            end = time.perf_counter()
        return {
            "open": summary([seconds for times, _ in opened for seconds in times], between - begin),
            "submit": summary([seconds for times in submitted for seconds in times], end - between),
        }

    return lambda: _closing(store, run)


def _paced(store: Store, project: Project) -> dict[str, Any]:
    end = time.perf_counter() + SECONDS
    opens: list[float] = []
    submits: list[float] = []

    def annotator(number: int) -> None:
        rng = random.Random(number)
        while True:
            time.sleep(rng.uniform(0, 2 * ANNOTATORS / PAIRS_A_SECOND))
            if time.perf_counter() > end:
                return
            times, [presentation] = _timed(lambda name: _open(store, project, name), [f"paced-{number}"])
            opens.extend(times)
            submits.extend(_timed(lambda shown: _rank(store, shown), [presentation])[0])

    with ThreadPoolExecutor(ANNOTATORS) as pool:
        list(pool.map(annotator, range(ANNOTATORS)))
    return {"open": summary(opens, SECONDS), "submit": summary(submits, SECONDS)}


@contextmanager
def _drafting(store: Store, project: Project) -> Iterator[None]:
    stop = threading.Event()
    items = [item.id for item in store.items(project.id, limit=1_000)]

    def run() -> None:
        for number in count():
            if stop.wait(1):
                return
            now = datetime.now(UTC)
            name = f"extra-{number}"
            store.add_drafts(
                [Draft(new_id(), project.id, item, name, "A draft.", "model", now) for item in items[:200]]
            )

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


@contextmanager
def _reporting(store: Store, project: Project) -> Iterator[list[float]]:
    """Make reports as long as the block runs; the seconds that each took."""
    stop = threading.Event()
    took: list[float] = []

    def run() -> None:
        while not stop.is_set():
            begin = time.perf_counter()
            made(store, project, store.counts(project.id).annotations)
            took.append(time.perf_counter() - begin)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield took
    finally:
        stop.set()
        thread.join()


def _opened(folder: Path) -> tuple[Store, Project]:
    store = open_workspace(folder / FILLED)
    return store, store.project(PROJECT)


def _closing(store: Store, run: Run) -> dict[str, Any]:
    try:
        return run()
    finally:
        store.close()


def _open(store: Store, project: Project, annotator: str) -> Presentation:
    opened = open_item(store, project, annotator, now=datetime.now(UTC))
    assert opened is not None, "the workspace has no items left"
    return opened.presentation


def _rank(store: Store, shown: Presentation) -> None:
    submission = Submission(shown.id, shown.annotator, 1.0, datetime.now(UTC))
    submit_ranking(store, submission, [[draft] for draft in shown.draft_ids])


def _timed(do: Callable[[Any], Any], things: Any) -> tuple[list[float], list[Any]]:
    """How long each took, and what came of it."""
    times: list[float] = []
    results: list[Any] = []
    for thing in things:
        begin = time.perf_counter()
        results.append(do(thing))
        times.append(time.perf_counter() - begin)
    return times, results


def summary(times: list[float], seconds: float) -> dict[str, float]:
    cuts = statistics.quantiles(times, n=100)
    return {"p50": cuts[49] * 1e3, "p95": cuts[94] * 1e3, "p99": cuts[98] * 1e3, "per_second": len(times) / seconds}
