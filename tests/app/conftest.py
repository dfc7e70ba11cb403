"""The app as a process of its own, and the command line and HTTP beside it."""

import contextlib
import http.client
import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from concord.__main__ import main

ROOT = Path(__file__).parents[2]
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("OPENAI_")}


@dataclass
class App:
    """An app on a workspace of its own, on a port that the system chooses."""

    folder: Path
    process: subprocess.Popen[bytes] | None = None
    port: int = 0

    @property
    def workspace(self) -> Path:
        return self.folder / "workspace"

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def log(self) -> str:
        """What the process wrote."""
        return (self.folder / "log").read_text(encoding="utf-8")

    @property
    def note(self) -> dict[str, Any]:
        """What the app left for the command line."""
        return json.loads((self.workspace / "concord.serve").read_bytes())

    def start(self) -> None:
        """Start it, and wait until it answers."""
        (self.workspace / "concord.serve").unlink(missing_ok=True)
        command = [sys.executable, "-m", "concord", "serve", "--port", "0", "--workspace", str(self.workspace)]
        with (self.folder / "log").open("wb") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=ENVIRONMENT, stdout=log, stderr=subprocess.STDOUT)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and self.running:
            if (self.workspace / "concord.serve").exists():
                self.port = int(self.note["url"].rpartition(":")[2])
                # The socket listens already; the answer comes when the app has started.
                assert self.request("GET", "/_stcore/health") == (200, b"ok")
                return
            time.sleep(0.05)
        raise RuntimeError(f"the app did not start:\n{self.log[-4_000:]}")

    def stop(self) -> int:
        """End it in peace; gives its exit code."""
        assert self.process
        self.process.terminate()
        return self.process.wait(timeout=30)

    def kill(self) -> None:
        """End it as a power failure would."""
        assert self.process
        self.process.kill()
        self.process.wait()

    def request(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, bytes]:
        """The status and the content of an answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """A call of the API with the token."""
        status, content = self.request(method, f"/api/v1/{path}", body, Authorization=f"Bearer {self.note['token']}")
        assert status == 200, content
        return json.loads(content)

    def concord(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command on the app's workspace, in this process, from the folder beside the workspace."""
        out, err = io.StringIO(), io.StringIO()
        with contextlib.chdir(self.folder), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main(["--workspace", str(self.workspace), *words])
        return subprocess.CompletedProcess(words, code, out.getvalue(), err.getvalue())


@pytest.fixture(scope="module")
def new_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], App]]:
    """Makes apps, started by whoever wants one; none outlives the module."""
    made: list[App] = []

    def make() -> App:
        made.append(App(tmp_path_factory.mktemp("app")))
        return made[-1]

    yield make
    for app in made:
        if app.running:
            app.kill()


@pytest.fixture(scope="module")
def one_app(new_app: Callable[[], App]) -> App:
    """The app that the tests of a module share."""
    return new_app()


@pytest.fixture
def app(one_app: App) -> App:
    """A running app with its sample projects; whoever ends it leaves the next one to start it again."""
    if not one_app.running:
        one_app.start()
    return one_app
