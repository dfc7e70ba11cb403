"""The app as a process of its own, on a workspace where annotators rank; and a drafting run beside them."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.drafting import endpoint
from bench.workspace import fresh_workspace
from concord.ids import new_id
from concord.records.draft import Draft
from concord.records.item import Item, Message
from concord.records.project import Project, Settings
from storage.store import Store

RANKED = Settings(task="rank", overlap=2, candidates=3)
DRAFTED, DRAFT_SECONDS, AT_ONCE = "drafted", 1.0, 20
SENTENCE = "The parcel was sent on Monday and has not come since, so we look into it and write to you tomorrow. "


@dataclass(frozen=True)
class Served:
    """Where an app answers, and which process it is."""

    url: str
    pid: int
    workspace: Path

    def megabytes(self) -> float:
        """What the process has in memory."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6

    def processor_seconds(self) -> float:
        """What it has taken of the processor since it began."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def fill(workspace: Path, items: int) -> None:
    """A project whose items have three drafts of 80 words to rank, and one whose items wait for a model."""
    store, project = fresh_workspace(workspace, RANKED)
    add_ranked(store, project, items)
    waiting = Project(new_id(), DRAFTED, Settings(task="edit", candidates=1, concurrency=AT_ONCE), datetime.now(UTC))
    store.create_project(waiting)
    store.add_items([_item(waiting, number) for number in range(10_000)], overlap=1)
    store.close()


def add_ranked(store: Store, project: Project, items: int) -> None:
    """So many items with three drafts of 80 words each, for two annotators."""
    now = datetime.now(UTC)
    for first in range(0, items, 1_000):
        made = [_item(project, number) for number in range(first, min(first + 1_000, items))]
        store.add_items(made, overlap=RANKED.overlap)
        store.add_drafts([_draft(item, name, now) for item in made for name in ("d1", "d2", "d3")])


@contextmanager
def served(workspace: Path) -> Generator[Served]:
    """Start the app on a workspace, and end it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("OPENAI_")}
    command = [sys.executable, "-m", "concord", "serve", "--port", str(port)]
    environment |= {"CONCORD_WORKSPACE": str(workspace), "NO_PROXY": "127.0.0.1"}
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as process:
        try:
            app = Served(f"http://127.0.0.1:{port}", process.pid, workspace)
            _wait_for(app, process)
            yield app
        finally:
            process.terminate()


@contextmanager
def drafting(app: Served) -> Generator[None]:
    """A drafting run in the app: 20 requests at once to an endpoint that takes a second for each."""
    with endpoint(DRAFT_SECONDS) as base_url:
        words = ("draft", DRAFTED, "--model", "bench", "--base-url", base_url)
        command = [sys.executable, "-m", "concord", "--workspace", str(app.workspace), *words]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            try:
                yield
            finally:
                process.terminate()


def _wait_for(app: Served, process: subprocess.Popen[bytes]) -> None:
    while process.poll() is None:
        try:
            with urllib.request.urlopen(f"{app.url}/_stcore/health", timeout=1):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"the app ended with {process.returncode}")


def _item(project: Project, number: int) -> Item:
    return Item(new_id(), project.id, f"q{number}", (Message("user", f"Question {number}. {SENTENCE * 5}"),))


def _draft(item: Item, name: str, now: datetime) -> Draft:
    return Draft(new_id(), item.project_id, item.id, name, f"{item.name} {name}. {SENTENCE * 4}", "model", now)
