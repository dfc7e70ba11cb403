import stat
from pathlib import Path

import pytest

from concord.errors import StorageError
from concord.records.project import Served
from storage.store import Store
from storage.workspace import open_workspace, publish, served, unpublish


def test_the_note_of_a_running_app_is_for_its_owner_alone(tmp_path: Path) -> None:
    assert served(tmp_path) is None
    note = Served("http://127.0.0.1:8501", "secret", 4711)
    publish(tmp_path, note)
    assert served(tmp_path) == note
    assert stat.S_IMODE((tmp_path / "concord.serve").stat().st_mode) == 0o600
    unpublish(tmp_path)
    unpublish(tmp_path)
    assert served(tmp_path) is None


def test_a_note_replaces_an_older_one_that_others_could_read(tmp_path: Path) -> None:
    path = tmp_path / "concord.serve"
    path.write_text("{}")
    path.chmod(0o644)
    publish(tmp_path, Served("http://127.0.0.1:1", "secret"))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("content", ["", "{", "[]", '{"port": 1}', "null"])
def test_a_note_that_cannot_be_read_is_none(tmp_path: Path, content: str) -> None:
    (tmp_path / "concord.serve").write_text(content)
    assert served(tmp_path) is None


def test_the_secret_stays_the_same_and_is_for_its_owner_alone(store: Store) -> None:
    store.close()
    reopened = open_workspace(store.folder)
    assert reopened.secret == store.secret
    assert len(store.secret) >= 32
    assert store.secret not in repr(store)
    assert stat.S_IMODE((store.folder / "concord.secret").stat().st_mode) == 0o600
    reopened.close()


def test_a_place_that_cannot_be_a_workspace_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError) as caught:
        open_workspace(tmp_path / "file" / "workspace")
    assert str(caught.value) == f"{tmp_path}/file/workspace: Not a directory. Choose another --workspace."
