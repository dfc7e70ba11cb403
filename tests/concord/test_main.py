"""How a command reaches a workspace that somebody else has open, and how it is interrupted."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from concord import __main__
from concord.drafting.demo import Fault, demo_app
from concord.records.project import Served
from storage.workspace import publish

ROOT = Path(__file__).parents[2]
HOLD = """
import pathlib, sys, storage.workspace
store = storage.workspace.open_workspace(pathlib.Path(sys.argv[1]))
print("open", flush=True)
sys.stdin.read()
store.close()
"""


@contextmanager
def held(workspace: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that has the workspace open until its input ends."""
    command = [sys.executable, "-c", HOLD, str(workspace)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout
        assert holder.stdin
        assert holder.stdout.readline() == "open\n"
        yield holder
        holder.stdin.close()


def test_another_command_is_waited_for(concord, tmp_path: Path) -> None:
    with held(tmp_path / "workspace") as holder:
        assert holder.stdin
        threading.Timer(0.3, holder.stdin.close).start()
        assert concord("project", "create", "p").code == 0
    assert [project["name"] for project in concord("project", "list", "--json").json] == ["p"]


@pytest.mark.parametrize("note", [False, True], ids=["no note", "note of an app that was killed"])
def test_who_has_the_workspace_is_said(concord, tmp_path: Path, monkeypatch, closed_port: str, note: bool) -> None:
    monkeypatch.setattr(__main__, "_SECONDS_TO_WAIT", 0.2)
    with held(tmp_path / "workspace") as holder:
        if note:
            publish(tmp_path / "workspace", Served(closed_port, "old", 1))
        said = concord("project", "list")
        assert (said.code, said.out) == (1, "")
        assert said.err == (
            f"workspace/concord.duckdb: process {holder.pid} has the workspace open. "
            "Close it, or choose another --workspace.\n"
        )


def test_a_workspace_that_is_open_is_not_restored(concord, tmp_path: Path) -> None:
    concord("project", "create", "p")
    concord("backup", "backup.duckdb")
    with held(tmp_path / "workspace"):
        said = concord("restore", "backup.duckdb")
    assert (said.code, said.out) == (1, "")
    assert said.err == ("workspace/concord.duckdb: another process has it open. Close the app and restore again.\n")


def test_a_note_of_an_app_that_was_killed_does_no_harm(concord, tmp_path: Path, closed_port: str) -> None:
    concord("project", "create", "p")
    publish(tmp_path / "workspace", Served(closed_port, "old", 1))
    assert concord("project", "show", "p").code == 0


def _heeds_interrupts() -> None:
    """A process that a shell put into the background ignores them, and so would its children."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_an_interrupted_draft_ends_in_good_order_and_goes_on_later(
    concord, reviews: str, tmp_path: Path, serve
) -> None:
    asked = threading.Event()

    def slow(number: int) -> Fault | None:
        asked.set()
        return Fault("delayed", 1.5) if number <= 8 else None

    address = serve(demo_app(slow)) + "/v1"
    words = [
        "draft",
        reviews,
        "--base-url",
        address,
        "--model",
        "concord-demo",
        "--candidates",
        "10",
        "--concurrency",
        "8",
    ]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "concord", *words]
    with subprocess.Popen(
        command,
        cwd=tmp_path,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=_heeds_interrupts,
    ) as drafting:
        assert asked.wait(30)
        drafting.send_signal(signal.SIGINT)
        _, said = drafting.communicate()
    assert (drafting.returncode, said) == (1, "Stopped. What was stored is kept.\n")
    kept = concord("project", "show", reviews, "--json").json["counts"]["drafts"]
    rest = concord(*words, "--json").json
    assert (kept, rest["done"], rest["state"]) == (8, 12, "done")
