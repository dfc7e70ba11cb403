"""A full disk, by the operating system's own limit on the size of files: a clear word, and nothing half done."""

import json
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from concord.desk.queue import open_item
from concord.desk.submit import Submission, submit_edit
from concord.errors import DiskFull
from concord.export.options import ExportOptions
from concord.export.run import export
from concord.imports.ready import import_items
from concord.imports.rows import import_rows
from concord.imports.sieve import ImportOptions
from storage.upkeep import restore
from storage.workspace import DATABASE, open_workspace

SFT = ExportOptions("trl-sft")


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """No file may grow beyond `size` bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def full(store) -> str:
    database = store.engine.path
    return f"{database}: the disk is full, and nothing of this step was stored. Free some space and try again."


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def lines(path: Path, rows: list) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_an_import_without_room_stores_none_and_goes_through_once_there_is(campaign, tmp_path: Path) -> None:
    store, project = campaign.store, campaign.project
    import_rows(store, project, lines(tmp_path / "before.jsonl", [{"n": -1}]))
    path = lines(tmp_path / "rows.jsonl", [{"n": n, "text": os.urandom(500).hex()} for n in range(3_000)])
    with room_for(100_000), pytest.raises(DiskFull) as caught:
        import_rows(store, project, path)
    assert str(caught.value) == full(store)
    assert [row.data["n"] for row in store.rows(project.id)] == [-1]
    assert import_rows(store, project, path).stored == 3_000


def test_an_import_of_items_without_room_stores_none(campaign, tmp_path: Path) -> None:
    path = lines(
        tmp_path / "items.jsonl",
        [
            {"item_id": n, "prompt": f"q{n}", "responses": [{"id": "a", "text": os.urandom(500).hex()}]}
            for n in range(500)
        ],
    )
    with room_for(100_000), pytest.raises(DiskFull) as caught:
        import_items(campaign.store, campaign.project, path)
    assert str(caught.value) == full(campaign.store)
    assert campaign.store.counts(campaign.project.id).items == 0
    assert import_items(campaign.store, campaign.project, path).stored == 500


@pytest.mark.parametrize("missing", [1, 15_000])
def test_without_room_for_the_rejects_nothing_is_stored(campaign, new_campaign, tmp_path: Path, missing: int) -> None:
    path = lines(tmp_path / "rows.jsonl", [{"text": "good"}, *([[]] * 300)])
    rejects = tmp_path / "rejects.jsonl"
    elsewhere = new_campaign()
    import_rows(elsewhere.store, elsewhere.project, path, options=ImportOptions(rejects=rejects))
    size = rejects.stat().st_size
    rejects.unlink()
    with room_for(size - missing), pytest.raises(DiskFull) as caught:
        import_rows(campaign.store, campaign.project, path, options=ImportOptions(rejects=rejects))
    assert str(caught.value) == f"{rejects}: File too large. Free some space or choose another place."
    assert list(campaign.store.rows(campaign.project.id)) == []
    assert list(tmp_path.glob("rejects*")) == []


def test_a_submit_without_room_can_be_repeated_once_there_is(new_campaign) -> None:
    campaign = new_campaign(task="edit", overlap=1)
    campaign.item("q1", "draft")
    now = campaign.project.created_at
    opened = open_item(campaign.store, campaign.project, "ann", now=now)
    submission = Submission(opened.presentation.id, "ann", 9.0, now)
    with room_for(0), pytest.raises(DiskFull) as caught:
        submit_edit(campaign.store, submission, "edited")
    assert str(caught.value) == full(campaign.store)
    assert campaign.store.submitted(opened.presentation.id) == []
    assert submit_edit(campaign.store, submission, "edited") == "stored"


def test_an_export_without_room_leaves_the_earlier_one_as_it_was(campaign, tmp_path: Path) -> None:
    item = campaign.item("q1")
    campaign.edit(item, "ann", "answer")
    out = tmp_path / "out"
    export(campaign.store, campaign.project, SFT, out)
    before = contents(out)
    for number in range(40):
        campaign.edit(campaign.item(f"more {number}"), "ann", os.urandom(10_000).hex())
    with room_for(1_000), pytest.raises(DiskFull) as caught:
        export(campaign.store, campaign.project, SFT, out)
    assert str(caught.value) == f"{out}: File too large, and nothing was written. Free some space and try again."
    assert contents(out) == before
    assert [path.name for path in tmp_path.iterdir()] == ["workspace", "out"]
    assert len(campaign.store.exports(campaign.project.id)) == 1


def test_a_database_that_died_of_a_full_disk_lives_again_once_there_is_room(campaign) -> None:
    store, project = campaign.store, campaign.project
    store.save_guidelines(project.id, "before")
    with room_for(0):
        with pytest.raises(DiskFull) as caught:
            store.engine.alone(lambda query: query("checkpoint"))
        assert str(caught.value) == full(store)
        assert store.guidelines(project.id).text == "before"
        with pytest.raises(DiskFull):
            store.save_guidelines(project.id, "meanwhile")
    assert store.save_guidelines(project.id, "after").version == 2
    assert [check for check in store.verify() if check.wrong] == []


def test_no_acknowledged_write_is_lost_when_the_log_cannot_be_folded_in(campaign) -> None:
    store, project = campaign.store, campaign.project
    for _ in range(10):
        store.save_guidelines(project.id, os.urandom(100_000).hex())
    store.engine.alone(lambda query: query("checkpoint"))
    store.engine.alone(lambda query: query("set checkpoint_threshold = '300KB'"))
    acknowledged = [0]
    with room_for(store.engine.path.stat().st_size):
        with pytest.raises(DiskFull) as caught:
            acknowledged.extend(store.save_guidelines(project.id, os.urandom(50_000).hex()).version for _ in range(20))
        assert store.guidelines(project.id).version >= acknowledged[-1]
    assert str(caught.value) == full(store)
    assert "checkpoint" in str(caught.value.__cause__)
    assert store.guidelines(project.id).version >= acknowledged[-1]
    assert store.save_guidelines(project.id, "after").text == "after"


def test_closing_on_a_full_disk_keeps_what_was_acknowledged(campaign) -> None:
    with room_for(0):
        campaign.store.close()
    reopened = open_workspace(campaign.store.folder)
    assert reopened.project("helpdesk") == campaign.project
    reopened.close()


def test_a_backup_without_room_leaves_the_earlier_one_as_it_was(campaign, tmp_path: Path) -> None:
    target = tmp_path / "backup.duckdb"
    campaign.store.backup(target)
    before = target.read_bytes()
    campaign.store.save_guidelines(campaign.project.id, "more")
    campaign.store.engine.alone(lambda query: query("checkpoint"))
    with room_for(10_000), pytest.raises(DiskFull) as caught:
        campaign.store.backup(target)
    assert str(caught.value) == f"{target}: File too large. Choose another place or free some space."
    assert target.read_bytes() == before
    assert list(tmp_path.glob("backup*")) == [target]


def test_a_restore_without_room_leaves_the_database_as_it_was(campaign, tmp_path: Path) -> None:
    backup = tmp_path / "backup.duckdb"
    campaign.store.backup(backup)
    campaign.store.close()
    database = campaign.store.folder / DATABASE
    before = contents(campaign.store.folder)
    with room_for(10_000), pytest.raises(DiskFull) as caught:
        restore(backup, database)
    assert str(caught.value) == (f"{database}.restored: File too large. Choose another place or free some space.")
    assert contents(campaign.store.folder) == before


def test_a_workspace_cannot_be_made_without_room(tmp_path: Path) -> None:
    database = tmp_path / "new" / DATABASE
    with room_for(10), pytest.raises(DiskFull) as caught:
        open_workspace(tmp_path / "new")
    assert str(caught.value) == (
        f"{database}: the disk is full, and nothing of this step was stored. Free some space and try again."
    )
    opened = open_workspace(tmp_path / "new")
    assert opened.projects() == []
    opened.close()
