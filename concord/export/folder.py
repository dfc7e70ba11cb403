"""A folder that is there as a whole, or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson

from concord.errors import DiskFull, InputError
from concord.ids import new_id


@contextmanager
def whole_folder(out: Path) -> Generator[Path]:
    """A folder beside `out` that takes its place when the block ends well, and is gone when it does not."""
    place = out.resolve()
    partial = place.with_name(f".{place.name}.partial-{new_id().hex[-8:]}")
    try:
        if place.exists() and not _is_ours(place):
            raise InputError(f"{out}: there is something else in this place. Choose a new folder.")
        partial.mkdir(parents=True)
        yield partial
        _move(partial, place)
    except (OSError, DiskFull) as error:
        found = error.strerror if isinstance(error, OSError) else "the disk is full"
        raise DiskFull(f"{out}: {found}, and nothing was written. Free some space and try again.") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _is_ours(folder: Path) -> bool:
    """Whether a folder is empty, or holds an earlier export and nothing else."""
    if not folder.is_dir():
        return False
    present = {entry.name for entry in folder.iterdir()}
    return not present or ("manifest.json" in present and present <= _written(folder / "manifest.json"))


def _written(manifest: Path) -> set[str]:
    """The names of the files that a manifest speaks of, with its own and the card's."""
    try:
        content: Any = orjson.loads(manifest.read_bytes())
        return {manifest.name, "README.md", *(file["name"] for file in content["files"])}
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return set()


def _move(folder: Path, place: Path) -> None:
    """Move the folder to its place; what was there is gone afterwards, or back if that fails."""
    replaced = folder.with_name(f"{folder.name}-old")
    if place.exists():
        place.rename(replaced)
    try:
        folder.rename(place)
    except OSError:
        if replaced.exists():
            replaced.rename(place)
        raise
    shutil.rmtree(replaced, ignore_errors=True)
