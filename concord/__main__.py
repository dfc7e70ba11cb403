"""`python -m concord`: the command line, wired to the store and to the running app."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Generator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from concord import cli
from concord.errors import InputError, WorkspaceBusy
from concord.local import LocalVerbs
from concord.records.project import Served
from concord.remote import RemoteVerbs, answers
from concord.verbs import Result, Verbs
from storage.store import Store
from storage.upkeep import restore
from storage.workspace import DATABASE, LOOPBACK, open_workspace, served

ROOT = Path(__file__).resolve().parents[1]
_SECONDS_TO_WAIT = 10


class _Openers:
    """How commands reach the workspace."""

    @contextmanager
    def verbs(self, workspace: Path) -> Generator[Verbs]:
        """The verbs on the workspace itself, or, when the app has it open, those of the app."""
        opened = _opened(workspace)
        if isinstance(opened, Served):
            yield RemoteVerbs(opened)
            return
        with closing(opened):
            yield LocalVerbs(opened, ROOT / "prompts")

    def serve(self, workspace: Path, host: str, port: int) -> int:
        """Become the app."""
        if host not in LOOPBACK:
            raise InputError(f"--host {host}: without accounts the app serves this machine alone. Use 127.0.0.1.")
        os.environ["CONCORD_WORKSPACE"] = str(workspace.resolve())
        command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py")]
        options = ["--server.address", host, "--server.port", str(port)]
        os.chdir(ROOT)  # where the app's settings are
        os.execv(sys.executable, command + options)

    def restore(self, workspace: Path, source: Path) -> Result:
        """Put a backup in the place of the database."""
        database = workspace / DATABASE
        kept = f"{database}.before-restore" if database.exists() else None
        restore(source, database)
        return {"file": str(source), "kept": kept}


def _opened(workspace: Path) -> Store | Served:
    """The workspace, or the app that has it open; another command that has it open is waited for."""
    deadline = time.monotonic() + _SECONDS_TO_WAIT
    while True:
        try:
            return open_workspace(workspace)
        except WorkspaceBusy:
            # A note may be left from an app that was killed, or not be there yet while the app starts.
            if (note := served(workspace)) and answers(note):
                return note
            if time.monotonic() > deadline:
                raise
        time.sleep(0.1)


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command: the given one, or the one that the process was started with."""
    return cli.main(sys.argv[1:] if argv is None else argv, _Openers())


if __name__ == "__main__":
    sys.exit(main())
