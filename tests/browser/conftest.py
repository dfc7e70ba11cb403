import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser_app import App
from playwright.sync_api import Browser, Page, expect, sync_playwright

CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
expect.set_options(timeout=20_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if CHROMIUM is None:
        for item in items:
            if Path(__file__).parent in item.path.parents:
                item.add_marker(pytest.mark.skip(reason="there is no Chromium on this machine"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The machine's own Chromium, without a window; while it lives, this thread has an event loop that others meet."""
    arguments = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield launched
        launched.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A tab of a visitor who was never here before."""
    context = browser.new_context(viewport={"width": 1280, "height": 1000}, accept_downloads=True)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The app with its two sample projects."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    running = App(tmp_path_factory.mktemp("app"), port)
    running.start()
    yield running
    running.stop()


@pytest.fixture
def foreign_requests(page: Page, app: App) -> list[str]:
    """What the page asked of any other host."""
    found: list[str] = []

    def look(url: str) -> None:
        if not url.startswith((app.url, f"ws://127.0.0.1:{app.port}", "data:", "blob:")):
            found.append(url)

    page.on("request", lambda request: look(request.url))
    return found
