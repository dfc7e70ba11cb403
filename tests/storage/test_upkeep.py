"""Backup, restore, verify."""

import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pytest

from concord.desk.queue import open_item
from concord.desk.submit import Submission, submit_edit
from concord.errors import InputError, StorageError, WorkspaceBusy, WorkspaceTooNew
from concord.records.annotation import Comparison, Edit, Labels
from storage.store import Store
from storage.upkeep import restore
from storage.workspace import DATABASE, open_workspace

ROOT = Path(__file__).parents[2]


def wrong(store: Store) -> dict[str, int]:
    return {check.name: check.wrong for check in store.verify() if check.wrong}


def guidelines(folder: Path) -> str:
    opened = open_workspace(folder)
    text = opened.guidelines(opened.project("helpdesk").id).text
    opened.close()
    return text


# ---- backup


def test_a_backup_taken_while_others_write_is_whole(new_campaign, tmp_path: Path) -> None:
    campaign = new_campaign(task="edit", overlap=4)
    store, project = campaign.store, campaign.project
    campaign.items(60, "draft")
    stop = threading.Event()

    def work(annotator: str) -> None:
        while not stop.is_set() and (task := open_item(store, project, annotator, now=project.created_at)):
            submission = Submission(task.presentation.id, annotator, 1.0, project.created_at)
            submit_edit(store, submission, f"by {annotator}")

    with ThreadPoolExecutor(4) as pool:
        work_of_all = [pool.submit(work, f"annotator {n}") for n in range(4)]
        sizes = [store.backup(tmp_path / f"{n}" / "backup.duckdb") for n in range(5)]
        stop.set()
        for one in work_of_all:
            one.result()
    for number, size in enumerate(sizes):
        backup = tmp_path / f"{number}" / "backup.duckdb"
        assert backup.stat().st_size == size
        restore(backup, tmp_path / f"{number}" / DATABASE)
        restored = open_workspace(tmp_path / f"{number}")
        assert wrong(restored) == {}
        assert restored.counts(project.id).items == 60
        restored.close()


def test_a_backup_waits_for_an_import(campaign, tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as pool:
        with campaign.store.staging(campaign.project.id, "rows", campaign.project.created_at) as stage:
            backup = pool.submit(campaign.store.backup, tmp_path / "backup.duckdb")
            stage.add([1], [b"{}"])
            stage.commit()
        backup.result()
    restore(tmp_path / "backup.duckdb", tmp_path / DATABASE)
    restored = open_workspace(tmp_path)
    assert restored.counts(campaign.project.id).rows == 1
    restored.close()


def test_the_workspace_is_still_locked_after_a_backup(store: Store, tmp_path: Path) -> None:
    store.backup(tmp_path / "backup.duckdb")
    code = f"import pathlib, storage.engine as e; e.Engine(pathlib.Path({str(store.engine.path)!r}))"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert f"WorkspaceBusy: {store.engine.path}: process {os.getpid()} has the workspace open." in run.stderr


def test_a_backup_over_the_database_itself_is_refused(store: Store) -> None:
    with pytest.raises(InputError) as caught:
        store.backup(store.folder / ".." / "workspace" / DATABASE)
    assert str(caught.value) == (
        f"{store.folder}/../workspace/{DATABASE}: this is the database itself. Choose another place."
    )


def test_a_backup_to_a_place_that_cannot_be_is_a_clear_error(store: Store, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError) as caught:
        store.backup(tmp_path / "file" / "backup")
    assert str(caught.value) == f"{tmp_path}/file/backup: File exists. Choose another place or free some space."


# ---- restore


@pytest.fixture
def backup(campaign, tmp_path: Path) -> Path:
    """A backup with the guidelines `then`; the closed workspace has the guidelines `now`, still in its log."""
    path = tmp_path / "backup.duckdb"
    campaign.store.save_guidelines(campaign.project.id, "then")
    campaign.store.backup(path)
    campaign.store.save_guidelines(campaign.project.id, "now")
    campaign.store.close()
    return path


def test_a_restore_keeps_the_old_database_beside(backup: Path, tmp_path: Path) -> None:
    database = tmp_path / "workspace" / DATABASE
    restore(backup, database)
    assert guidelines(database.parent) == "then"
    restore(database.with_name(f"{DATABASE}.before-restore"), database)
    assert guidelines(database.parent) == "now"
    assert guidelines_of_file(database.with_name(f"{DATABASE}.before-restore"), tmp_path / "older") == "then"


def guidelines_of_file(database: Path, folder: Path) -> str:
    restore(database, folder / DATABASE)
    return guidelines(folder)


def test_an_old_log_is_not_replayed_into_a_restored_database(backup: Path, tmp_path: Path) -> None:
    folder = tmp_path / "workspace"
    kill = "import os; opened.save_guidelines(opened.project('helpdesk').id, 'killed'); os.kill(os.getpid(), 9)"
    code = f"import pathlib, storage.workspace as w; opened = w.open_workspace(pathlib.Path({str(folder)!r})); {kill}"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False)
    log = folder / f"{DATABASE}.wal"
    assert log.stat().st_size > 0
    restore(backup, folder / DATABASE)
    assert not log.exists()
    assert guidelines(folder) == "then"
    restore(folder / f"{DATABASE}.before-restore", folder / DATABASE)
    assert guidelines(folder) == "killed"


def test_a_log_without_its_database_is_not_replayed_either(backup: Path, tmp_path: Path) -> None:
    folder = tmp_path / "workspace"
    (folder / DATABASE).unlink()
    (folder / f"{DATABASE}.wal").write_bytes(b"of another time")
    restore(backup, folder / DATABASE)
    assert guidelines(folder) == "then"


def test_a_damaged_database_can_be_replaced_and_is_kept(backup: Path, tmp_path: Path) -> None:
    database = tmp_path / "workspace" / DATABASE
    damaged = b"\0" * 10_000
    database.write_bytes(damaged)
    restore(backup, database)
    assert guidelines(database.parent) == "then"
    assert database.with_name(f"{DATABASE}.before-restore").read_bytes() == damaged


@pytest.mark.parametrize("content", [None, b"", b"my diary", "a database of something else"])
def test_what_is_no_backup_is_refused(backup: Path, tmp_path: Path, content: bytes | str | None) -> None:
    source = tmp_path / "source"
    if isinstance(content, bytes):
        source.write_bytes(content)
    elif content:
        duckdb.connect(str(source)).close()
    with pytest.raises(InputError) as caught:
        restore(source, tmp_path / "workspace" / DATABASE)
    assert str(caught.value) == (f"{source}: not a backup of a workspace. Choose a file that `concord backup` wrote.")
    assert guidelines(tmp_path / "workspace") == "now"


def test_a_backup_of_a_newer_concord_is_refused(backup: Path, tmp_path: Path) -> None:
    with duckdb.connect(str(backup)) as connection:
        connection.execute("insert into migrations values (99, 'of tomorrow', now())")
    with pytest.raises(WorkspaceTooNew, match=r"a newer Concord wrote this workspace \(schema 99"):
        restore(backup, tmp_path / "workspace" / DATABASE)
    assert guidelines(tmp_path / "workspace") == "now"


def test_a_restore_over_an_open_database_is_refused(backup: Path, tmp_path: Path) -> None:
    folder = tmp_path / "workspace"
    database = folder / DATABASE
    opened = open_workspace(folder)
    with pytest.raises(WorkspaceBusy) as caught:
        restore(backup, database)
    assert str(caught.value) == f"{database}: this process has it open. Close the app and restore again."
    code = f"import pathlib, storage.upkeep as u; u.restore(*map(pathlib.Path, {[str(backup), str(database)]!r}))"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    message = f"WorkspaceBusy: {database}: another process has it open. Close the app and restore again."
    assert run.stderr.strip().endswith(message)
    assert opened.guidelines(opened.project("helpdesk").id).text == "now"
    opened.close()
    assert guidelines(folder) == "now"


# ---- verify


def test_a_sound_workspace_has_nothing_wrong(campaign) -> None:
    item = campaign.item("q1", "one", "two")
    campaign.rank(item, "ann", "d1 > d2")
    campaign.judge(item, "bob", Edit(None, "text"))
    campaign.judge(item, "cid", Labels({"tone": "kind"}))
    campaign.compare(item, "dan", "tie")
    assert wrong(campaign.store) == {}
    assert {check.name: check.looked_at for check in campaign.store.verify()} == {
        "every item from a row names a row": 0,
        "every skip, flag and comment names an item": 0,
        "nobody holds what they skipped": 0,
        "what was taken back is there": 0,
        "every correction shows again what was shown": 0,
        "every known answer names an item": 0,
        "every draft names an item": 2,
        "every annotation names an item": 4,
        "every annotation from the desk names its presentation": 0,
        "every annotation has its content": 4,
        "every ranking, edit and answer names an annotation": 5,
        "every comparison names its drafts": 0,
        "every item knows the text of its template": 0,
        "every saved template has its text": 0,
        "every decision names an item": 0,
        "every made prompt names its item, its sources and the decision that let it count": 0,
        "every item that wants a new prompt was asked for": 0,
        "every item is in the queue once, or retired": 1,
        "nobody has judged what is retired": 0,
        "the queue knows the arm of its items": 1,
        "places taken are those of its annotators": 1,
        "the queue knows how many different drafts an item has": 1,
    }


@pytest.mark.parametrize(
    ("damage", "found"),
    [
        ("update items set row_id = uuid()", "every item from a row names a row"),
        ("update drafts set item_id = uuid() where name = 'd3'", "every draft names an item"),
        ("update annotations set item_id = uuid()", "every annotation names an item"),
        ("update annotations set origin = 'desk'", "every annotation from the desk names its presentation"),
        (
            "update annotations set origin = 'desk', presentation_id = uuid()",
            "every annotation from the desk names its presentation",
        ),
        ("delete from answers", "every annotation has its content"),
        (
            "insert into answers select uuid(), project_id, id, 'eve', 'q', 'v', 'label' from items",
            "every ranking, edit and answer names an annotation",
        ),
        (
            "insert into comparisons select id, project_id, item_id, annotator, uuid(), uuid(), null from annotations",
            "every comparison names its drafts",
        ),
        ("update items set template_version = 'ab'", "every item knows the text of its template"),
        (
            "insert into saved_templates values (uuid(), 'ask', 'ab', '', '', 'studio', now())",
            "every saved template has its text",
        ),
        (
            "insert into adjudications select uuid(), project_id, uuid(), 'rae', 'reject', null, null, '', now() "
            "from items",
            "every decision names an item",
        ),
        (
            "insert into origins select id, project_id, 'reverse', '[]', null, uuid(), now() from items",
            "every made prompt names its item, its sources and the decision that let it count",
        ),
        ("update items set kind = 'prompt'", "every item that wants a new prompt was asked for"),
        ("update queue set taken = 0", "places taken are those of its annotators"),
        ("update queue set drafts = 1", "the queue knows how many different drafts an item has"),
        ("update queue set arm = 'canary'", "the queue knows the arm of its items"),
    ],
)
def test_planted_damage_is_found(campaign, damage: str, found: str) -> None:
    item = campaign.item("q1", "one", "two", "")
    campaign.judge(item, "ann", Comparison("tie"))
    campaign.store.engine.write(lambda query: query(damage))
    assert wrong(campaign.store) == {found: 1}


def test_a_retired_item_that_somebody_judged_is_found(campaign) -> None:
    campaign.judge(campaign.item("q1"), "ann", Edit(None, "text"))
    campaign.store.engine.write(
        lambda query: query("insert into retired select id, project_id, null, '', now() from items")
    )
    campaign.store.engine.write(lambda query: query("delete from queue"))
    assert wrong(campaign.store) == {"nobody has judged what is retired": 1}


def test_an_item_without_a_place_in_the_queue_is_found(campaign) -> None:
    campaign.item("q1")
    campaign.store.engine.write(lambda query: query("delete from queue"))
    assert wrong(campaign.store) == {"every item is in the queue once, or retired": 1}
