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

from concord.desk.submit import Submission, submit_edit, submit_ranking
from concord.records.annotation import Edit
from concord.records.kinds import Outcome
from concord.records.project import Project
from storage.store import Store
from storage.workspace import open_workspace

ROOT = Path(__file__).parents[2]

# For each line of input, another process opens the workspace and says each submit that was acknowledged, until it dies;
# the line says by how many minutes its clock is ahead.
NURSERY = """
import os, sys, threading
import pandas, pyarrow.dataset, pytz  # or every child would wait for them at its first insert
from datetime import UTC, datetime, timedelta
from pathlib import Path
from concord.desk.autosave import make_token, save
from concord.desk.queue import open_item
from concord.desk.submit import Submission, submit_edit, submit_ranking
from storage.workspace import open_workspace

def work(store, project, annotator, ahead):
    while task := open_item(store, project, annotator, now=datetime.now(UTC) + ahead):
        shown = task.presentation
        submission = Submission(shown.id, annotator, 1.0, datetime.now(UTC) + ahead)
        if task.step == "ranking":
            outcome = submit_ranking(store, submission, [[draft.id] for draft in task.drafts])
        else:
            token = make_token(store.secret, annotator, shown.id, "edit")
            save(store, token, {"text": "unsaved"}, now=datetime.now(UTC))
            outcome = submit_edit(store, submission, f"edited by {annotator}")
        os.write(1, f"{outcome} {shown.id} {task.step}\\n".encode())

for line in sys.stdin:
    ahead = timedelta(minutes=int(line))
    child = os.fork()
    if child == 0:
        store = open_workspace(Path(sys.argv[1]))
        project = store.project("helpdesk")
        for number in range(4):
            threading.Thread(target=work, args=(store, project, f"annotator {number}", ahead)).start()
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


def killed_at_work(nursery: subprocess.Popen[str], lines: int, *, minutes: int = 0) -> Acknowledged:
    """What a process acknowledged that was killed after so many lines, or a little later; its clock is ahead."""
    assert nursery.stdin
    assert nursery.stdout
    nursery.stdin.write(f"{minutes}\n")
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


def test_killed_processes_and_leases_that_run_out_double_nothing(campaign, nursery) -> None:
    acknowledged: Acknowledged = set()
    chance = random.Random(5)
    for number in range(6):
        acknowledged |= killed_at_work(nursery, chance.randint(5, 20), minutes=40 * number)
        reopened = open_workspace(campaign.store.folder)
        assert crowded(reopened, campaign.project) == []
        assert len(present(reopened, campaign.project)) == len(list(reopened.annotations(campaign.project.id)))
        for presentation, step in acknowledged:
            assert submitted_again(reopened, presentation, step) == "repeated"
        reopened.close()


def crowded(store: Store, project: Project) -> list:
    """Items with more annotators than they want, or judged by one of them on two occasions."""
    return store.engine.read(
        "select item_id from assignments where project_id = $1 group by item_id having count(*) > $2 union all "
        "select item_id from annotations where project_id = $1 group by item_id, annotator "
        "having count(distinct presentation_id) > 1",
        project.id,
        project.settings.overlap,
    )


def submitted_again(store: Store, presentation: UUID, step: str) -> Outcome:
    """What a browser gets that never heard of its submit and sends it once more."""
    shown = store.presentation(presentation)
    submission = Submission(shown.id, shown.annotator, 1.0, shown.created_at)
    if step == "ranking":
        return submit_ranking(store, submission, [[draft] for draft in shown.draft_ids])
    return submit_edit(store, submission, f"edited by {shown.annotator}")
