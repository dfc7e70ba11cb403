"""The app as a process of its own, and what an annotator does at its desk."""

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, Route, expect

ROOT = Path(__file__).parents[2]


@dataclass
class App:
    """The app as a process of its own, on a workspace of its own."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def workspace(self) -> Path:
        return self.folder / "workspace"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("OPENAI_")}
        command = [sys.executable, "-m", "concord", "serve", "--port", str(self.port)]
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=environment | {"CONCORD_WORKSPACE": str(self.workspace)},
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=1) as answer:
                    if answer.read() == b"ok":
                        return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise RuntimeError(f"the app did not start:\n{(self.folder / 'server.log').read_text()[-4000:]}")

    def kill(self) -> None:
        """End it as a power failure would."""
        assert self.process
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """End it in peace."""
        assert self.process
        self.process.terminate()
        try:
            self.process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self.kill()

    def count(self, project: str, what: str) -> int:
        """A count of a project, asked on the command line while the app is open."""
        return json.loads(self.concord("project", "show", project, "--json"))["counts"][what]

    def concord(self, *words: str) -> bytes:
        """A command while the app is open."""
        command = [sys.executable, "-m", "concord", *words]
        environment = os.environ | {"CONCORD_WORKSPACE": str(self.workspace)}
        return subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True).stdout


def open_page(page: Page, name: str) -> None:
    """Go to a page by its link on top."""
    page.get_by_role("link", name=name, exact=True).first.click()
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()


def project_with_rows(page: Page, app: App, project: str, rows: Path) -> None:
    """Create a project and import a file of rows into it."""
    page.goto(app.url)
    page.get_by_role("button", name="New project").click()
    page.get_by_role("dialog").get_by_label("Name").fill(project)
    page.get_by_role("dialog").get_by_role("button", name="Create").click()
    expect(page.get_by_role("heading", name=project)).to_be_visible()
    open_page(page, "Import")
    page.locator("input[type=file]").set_input_files(rows)
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_text(f"{rows.read_text(encoding='utf-8').count(chr(10))} stored")).to_be_visible()


def unhurried(page: Page) -> None:
    """Wait as a person does: what comes within 400 ms of a new task is refused, because it cannot be meant."""
    page.wait_for_timeout(600)


def take_seat(page: Page, app: App, project: str, annotator: str) -> None:
    """Sit down at the desk of a project."""
    page.goto(f"{app.url}/desk?project={project}&who={annotator}")
    expect(page.locator(".tray .chip")).to_have_count(3)


def rank(page: Page, keys: str) -> None:
    """Rank the drafts by keys, and submit."""
    expect(page.locator(".tray .chip")).to_have_count(len(keys.replace("=", "")))
    unhurried(page)
    for key in keys:
        page.keyboard.press(key)
    page.keyboard.press("Control+Enter")


def edit(page: Page, text: str) -> None:
    """Replace the draft by this text, and submit."""
    expect(page.locator("textarea#answer")).to_be_visible()
    unhurried(page)
    page.locator("textarea#answer").fill(text)
    page.keyboard.press("Control+Enter")


class Held:
    """Requests to one address, each kept back until the test says what becomes of it."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.waiting: list[Route] = []
        page.route(address, lambda route: self.waiting.append(route))

    def first(self) -> Route:
        """The oldest request kept back, waited for: a page says that it sends before the request can be caught."""
        deadline = time.monotonic() + 30
        while not self.waiting and time.monotonic() < deadline:
            self.page.wait_for_timeout(20)
        return self.waiting.pop(0)
