"""A process that is killed at any moment: what it acknowledged is there, and the workspace is sound."""

import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from concord.records.annotation import Edit
from concord.records.project import Project
from storage.store import Store
from storage.workspace import open_workspace

ROOT = Path(__file__).parents[2]

# For each line of input, another process opens the workspace and says each submit that was acknowledged, until it dies.
NURSERY = """
import os, sys, threading
import pandas, pyarrow.dataset, pytz  # or every child would wait for them at its first insert
from datetime import UTC, datetime
from pathlib import Path
from concord.desk.autosave import make_token, save
from concord.desk.queue import open_item
from concord.desk.submit import Submission, submit_edit, submit_ranking
from storage.workspace import open_workspace

def work(store, project, annotator):
    while task := open_item(store, project, annotator, now=datetime.now(UTC)):
        shown = task.presentation
        submission = Submission(shown.id, annotator, 1.0, datetime.now(UTC))
        if task.step == "ranking":
            outcome = submit_ranking(store, submission, [[draft.id] for draft in task.drafts])
        else:
            save(store, make_token(store.secret, annotator, shown.id), "unsaved", now=datetime.now(UTC))
            outcome = submit_edit(store, submission, f"edited by {annotator}")
        os.write(1, f"{outcome} {shown.id} {task.step}\\n".encode())

for _ in sys.stdin:
    child = os.fork()
    if child == 0:
        store = open_workspace(Path(sys.argv[1]))
        project = store.project("helpdesk")
        for number in range(4):
            threading.Thread(target=work, args=(store, project, f"annotator {number}")).start()
        threading.Event().wait()
    os.write(1, f"child {child}\\n".encode())
    os.waitpid(child, 0)
    os.write(1, b"dead\\n")
"""
Acknowledged = set[tuple[UUID, str]]


@pytest.fixture
def nursery(campaign) -> Iterator[subprocess.Popen[str]]:
    """Where processes come from that are killed; a few items wait for them."""
    campaign.items(300, "one draft", "another draft")
    campaign.store.close()
    command = [sys.executable, "-c", NURSERY, str(campaign.store.folder)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.communicate()


def killed_at_work(nursery: subprocess.Popen[str], lines: int) -> Acknowledged:
    """What a process acknowledged that was killed after so many lines, or a little later."""
    assert nursery.stdin
    assert nursery.stdout
    nursery.stdin.write("another\n")
    nursery.stdin.flush()
    said = [nursery.stdout.readline() for _ in range(lines + 1)]
    [child] = [int(line.split()[1]) for line in said if line.startswith("child")]
    os.kill(child, signal.SIGKILL)
    said += iter(nursery.stdout.readline, "dead\n")
    submits = [line.split() for line in said if not line.startswith("child")]
    assert {outcome for outcome, _, _ in submits} == {"stored"}
    return {(UUID(presentation), step) for _, presentation, step in submits}


def present(store: Store, project: Project) -> Acknowledged:
    return {
        (annotation.presentation_id, "edit" if isinstance(annotation.judgement, Edit) else "ranking")
        for annotation in store.annotations(project.id)
        if annotation.presentation_id
    }


def test_every_acknowledged_submit_survives_a_kill_at_any_moment(campaign, nursery) -> None:
    acknowledged: Acknowledged = set()
    chance = random.Random(7)
    for _ in range(10):
        acknowledged |= killed_at_work(nursery, chance.randint(1, 20))
        reopened = open_workspace(campaign.store.folder)
        assert acknowledged <= present(reopened, campaign.project)
        assert [check for check in reopened.verify() if check.wrong] == []
        reopened.close()
    assert len(acknowledged) > 50
