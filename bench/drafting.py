"""Drafting against a local endpoint over real sockets, into a real workspace."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.workspace import fresh_workspace
from concord.drafting.endpoint import endpoint_for
from concord.drafting.options import DraftOptions
from concord.drafting.run import draft_items
from concord.ids import new_id
from concord.records.item import Item, Message
from concord.records.project import Settings
from concord.records.run import DraftingRun

Run = Callable[[], dict[str, Any]]
PROMPT = "Answer the customer. " + "The parcel was sent on Monday, and it has not come since; what can be done? " * 6
_LOT = 10_000


def fixed(folder: Path, milliseconds: int, at_once: int, items: int) -> Run:
    """One draft for each of so many items; each answer takes so long. The result: drafts, and memory on the way."""
    os.environ["NO_PROXY"] = "127.0.0.1"
    settings = Settings(task="edit", candidates=1, concurrency=at_once)
    store, project = fresh_workspace(folder / "drafted", settings)
    for first in range(0, items, _LOT):
        made = [
            Item(new_id(), project.id, f"q{n}", (Message("user", f"{PROMPT} ({n})"),))
            for n in range(first, min(first + _LOT, items))
        ]
        store.add_items(made, overlap=1)

    def run() -> dict[str, Any]:
        resident: list[tuple[int, float]] = []

        def watch(run: DraftingRun) -> None:
            resident.append((run.done, _resident()))

        with endpoint(milliseconds / 1000) as base_url:
            chosen = endpoint_for(settings, {}, model="bench", base_url=base_url)
            ended = asyncio.run(draft_items(store, project, chosen, DraftOptions(1), on_progress=watch))
        store.close()
        early = next(size for done, size in resident if done >= items // 5)
        return {"done": ended.done, "failed": ended.failed, "early": early, "late": resident[-1][1]}

    return run


@contextmanager
def endpoint(delay: float) -> Generator[str]:
    command = [sys.executable, "-m", "bench.endpoint", str(delay)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{process.stdout.readline().strip()}/v1"
        finally:
            process.terminate()


def _resident() -> float:
    """Megabytes of this process in memory."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
