"""A run that is killed again and again pays for nothing twice but what was under way."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import orjson
from starlette.requests import Request
from starlette.responses import JSONResponse

from concord.ids import new_id
from concord.records.item import Item, Message
from concord.records.project import Project, Settings
from storage.workspace import open_workspace

ROOT = Path(__file__).parents[2]
ITEMS, KILLS, AT_ONCE = 2_000, 20, 16


class Counting:
    """An endpoint that keeps which prompts it was asked for, and in which life of the run."""

    def __init__(self) -> None:
        self.life = 0
        self.asked: list[tuple[int, str]] = []

    async def __call__(self, scope, receive, send) -> None:
        body = orjson.loads(await Request(scope, receive).body())
        prompt = body["messages"][0]["content"]
        self.asked.append((self.life, prompt))
        await asyncio.sleep(0.02)
        choice = {"message": {"content": f"About {prompt}"}, "finish_reason": "stop"}
        usage = {"prompt_tokens": 1, "completion_tokens": 1}
        await JSONResponse({"choices": [choice], "usage": usage})(scope, receive, send)


def drafted(workspace: Path) -> set[str]:
    """The prompts that have a draft."""
    store = open_workspace(workspace)
    found = store.engine.read("select i.messages->0->>'content' from drafts d join items i on i.id = d.item_id")
    store.close()
    return {prompt for (prompt,) in found}


def filled(workspace: Path) -> None:
    store = open_workspace(workspace)
    project = Project(new_id(), "parcels", Settings(task="edit"), datetime.now(UTC))
    store.create_project(project)
    items = [Item(new_id(), project.id, f"q{n}", (Message("user", f"parcel {n}"),)) for n in range(ITEMS)]
    store.add_items(items, overlap=1)
    store.close()


def test_a_run_killed_twenty_times_asks_for_nothing_twice_but_what_was_under_way(
    serve: Callable[[object], str], tmp_path: Path
):
    endpoint, chance, workspace = Counting(), random.Random(4), tmp_path / "workspace"
    filled(workspace)
    known: list[set[str]] = [set()]
    command = [sys.executable, str(Path(__file__).with_name("preforked.py")), str(workspace), serve(endpoint)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [*command, str(AT_ONCE)], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as runner:
        assert runner.stdin
        assert runner.stdout
        for kill in range(KILLS + 1):
            runner.stdin.write("\n")
            runner.stdin.flush()
            process = int(runner.stdout.readline())
            if kill < KILLS:
                wait_for_requests(endpoint, chance.randrange(10, 120))
                os.kill(process, signal.SIGKILL)
            assert runner.stdout.readline() == "ended\n"
            known.append(drafted(workspace))
            endpoint.life += 1
    assert len(known[-1]) == ITEMS
    assert [prompt for life, prompt in endpoint.asked if prompt in known[life]] == []
    times = Counter(prompt for _, prompt in endpoint.asked)
    assert 0 < sum(times.values()) - ITEMS <= KILLS * 3 * AT_ONCE
    store = open_workspace(workspace)
    states = Counter(run.state for run in store.runs(store.projects()[0].id))
    assert states == {"interrupted": KILLS, "done": 1}
    assert store.counts(store.projects()[0].id).drafts == ITEMS
    store.close()


def wait_for_requests(endpoint: Counting, number: int) -> None:
    """Until so many more have been made, or the run is through."""
    most, deadline = len(endpoint.asked) + number, time.monotonic() + 30
    while len(endpoint.asked) < most:
        assert time.monotonic() < deadline
        time.sleep(0.002)
