"""A workspace: the folder with the database, its secret, and the note by which a command finds the running app."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

import orjson

from concord.errors import DiskFull, StorageError
from concord.records.project import Served
from storage.engine import Engine
from storage.migrations import migrate
from storage.store import Store

DATABASE = "concord.duckdb"
LOOPBACK = ("127.0.0.1", "localhost", "::1")
"""Where the app may be served while there are no accounts: for this machine alone."""
_SERVE, _SECRET = "concord.serve", "concord.secret"


def open_workspace(folder: Path) -> Store:
    """Open the workspace, making or upgrading it as needed.

    Raises:
        WorkspaceBusy: another process has it open.
        WorkspaceTooNew: a newer Concord wrote it.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(f"{folder}: {error.strerror}. Choose another --workspace.") from error
    engine = Engine(folder / DATABASE)
    try:
        migrate(engine)
        return Store(engine, folder, _secret(folder / _SECRET))
    except StorageError:
        engine.close()
        raise


def publish(folder: Path, served: Served) -> None:
    """Leave a note, for this machine's owner alone, that the app serves this workspace."""
    _write_private(folder / _SERVE, orjson.dumps({"url": served.url, "token": served.token, "pid": served.pid}))


def unpublish(folder: Path) -> None:
    """Take the note away."""
    (folder / _SERVE).unlink(missing_ok=True)


def served(folder: Path) -> Served | None:
    """Where the workspace is served; what is left of a killed app does no harm, because the lock went with it."""
    try:
        return Served(**orjson.loads((folder / _SERVE).read_bytes()))
    except (OSError, orjson.JSONDecodeError, TypeError):
        return None


def _secret(path: Path) -> str:
    """The key that signs autosave tokens; outside the database, so that a backup does not carry it."""
    try:
        if not path.exists():
            _write_private(path, secrets.token_urlsafe(32).encode())
        return path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise StorageError(f"{path}: it cannot be read ({error}). Remove it and reload open pages.") from error


def _write_private(path: Path, content: bytes) -> None:
    partial = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
        partial.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            partial.unlink()
        raise DiskFull(f"{path}: {error.strerror}. Free some space and try again.") from error
