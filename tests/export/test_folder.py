"""A folder that is there as a whole, or not at all, and never in the place of something else."""

import json
from pathlib import Path

import pytest

from concord.errors import DiskFull, InputError
from concord.export.folder import whole_folder


def write(out: Path, *names: str) -> None:
    """An export of these files."""
    with whole_folder(out) as folder:
        for name in names:
            (folder / name).write_text(name)
        manifest = {"files": [{"name": name} for name in names]}
        (folder / "manifest.json").write_text(json.dumps(manifest))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_folder_appears_when_it_is_whole(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "out"
    with whole_folder(out) as folder:
        (folder / "a").write_text("a")
        assert not out.exists()
    assert names(out) == ["a"]
    assert names(out.parent) == ["out"]


def test_an_earlier_export_is_replaced_as_a_whole(tmp_path: Path) -> None:
    write(tmp_path / "out", "train.jsonl", "test.jsonl")
    write(tmp_path / "out", "train.jsonl")
    assert names(tmp_path / "out") == ["manifest.json", "train.jsonl"]
    assert names(tmp_path) == ["out"]


def test_an_empty_folder_is_a_place(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    write(tmp_path / "out", "a")
    assert names(tmp_path / "out") == ["a", "manifest.json"]


def test_the_place_may_be_where_one_stands_or_a_link(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    write(Path(), "a")
    assert names(tmp_path / "here") == ["a", "manifest.json"]
    (tmp_path / "link").symlink_to(tmp_path / "here")
    write(tmp_path / "link", "b")
    assert (tmp_path / "link").is_symlink()
    assert names(tmp_path / "here") == ["b", "manifest.json"]


@pytest.mark.parametrize(
    "content",
    [
        {"notes.txt": "mine"},
        {"manifest.json": '{"name": "a web app"}'},
        {"manifest.json": "[]"},
        {"manifest.json": "not JSON"},
        {"manifest.json": '{"files": [{"name": "train.jsonl"}]}', "train.jsonl": "", "notes.txt": "mine"},
    ],
)
def test_something_else_is_never_replaced(tmp_path: Path, content: dict[str, str]) -> None:
    out = tmp_path / "out"
    out.mkdir()
    for name, text in content.items():
        (out / name).write_text(text)
    with pytest.raises(InputError) as caught:
        write(out, "a")
    assert str(caught.value) == f"{out}: there is something else in this place. Choose a new folder."
    assert {path.name: path.read_text() for path in out.iterdir()} == content
    assert names(tmp_path) == ["out"]


def test_a_file_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    with pytest.raises(InputError, match=r"out: there is something else in this place\. Choose a new folder\.$"):
        write(tmp_path / "out", "a")
    assert (tmp_path / "out").read_text() == "mine"


@pytest.mark.parametrize("error", [ZeroDivisionError(), KeyboardInterrupt(), InputError("no")])
def test_a_failure_leaves_the_earlier_export_as_it_was(tmp_path: Path, error: BaseException) -> None:
    write(tmp_path / "out", "a")
    with pytest.raises(type(error)), whole_folder(tmp_path / "out"):
        raise error
    assert names(tmp_path / "out") == ["a", "manifest.json"]
    assert names(tmp_path) == ["out"]


@pytest.mark.parametrize(
    ("error", "found"), [(OSError(28, "No space left on device"), "No space left on device"),
                         (DiskFull("elsewhere."), "the disk is full")]
)  # fmt: skip
def test_a_full_disk_is_said_with_the_place(tmp_path: Path, error: Exception, found: str) -> None:
    with pytest.raises(DiskFull) as caught, whole_folder(tmp_path / "out"):
        raise error
    assert str(caught.value) == (f"{tmp_path}/out: {found}, and nothing was written. Free some space and try again.")
    assert names(tmp_path) == []


def test_an_earlier_export_comes_back_when_its_place_cannot_be_taken(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write(out, "a")
    with pytest.raises(DiskFull), whole_folder(out) as folder:
        folder.rename(tmp_path / "lost")
    assert names(out) == ["a", "manifest.json"]


def test_a_place_that_cannot_be_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DiskFull, match=r"file/out: Not a directory, and nothing was written\."):
        write(tmp_path / "file" / "out", "a")
