"""Makes the pictures of the README from the sample projects: `.venv/bin/python -m docs.pictures`."""

from __future__ import annotations

import shutil
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from bench.served import served
from concord.sample.build import REVIEWS, SUPPORT

HERE = Path(__file__).parent
CHROMIUM = next((path for name in ("chromium", "google-chrome") if (path := shutil.which(name))), None)
ANSWER = "I have refunded the £6.99 today; it is on your card within three days."


def main() -> None:
    """Rank in the light, edit in the dark, and review."""
    with TemporaryDirectory() as folder, served(Path(folder) / "workspace") as app, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        rank(opened(browser, f"{app.url}/desk?project={SUPPORT}&who=Mia", "light"))
        edit(opened(browser, f"{app.url}/desk?project={SUPPORT}&who=Mia", "dark"))
        review(opened(browser, f"{app.url}/review?project={REVIEWS}", "light"))
        browser.close()


def rank(page: Page) -> None:
    """Three drafts on the board, two of them tied; then they are submitted."""
    expect(page.locator(".tray .chip")).to_have_count(3)
    for key in "31=2":
        page.keyboard.press(key)
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    keep(page, "desk.png")
    page.keyboard.press("Control+Enter")
    expect(page.locator("textarea#answer")).to_be_visible()


def edit(page: Page) -> None:
    """The best of them with another last sentence, beside what changed."""
    editor = page.locator("textarea#answer")
    editor.fill(f"{editor.input_value().rpartition('. ')[0]}. {ANSWER}")
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    keep(page, "desk-edit.png")


def review(page: Page) -> None:
    """What two people made of an item, and the decision on it."""
    expect(page.get_by_role("button", name="Approve")).to_be_visible()
    keep(page, "review.png")


def opened(browser: Browser, address: str, scheme: Literal["light", "dark"]) -> Page:
    """A page in that colour scheme."""
    page = browser.new_page(viewport={"width": 1280, "height": 900}, color_scheme=scheme, reduced_motion="reduce")
    page.goto(address)
    return page


def keep(page: Page, name: str) -> None:
    """Write the picture once the page is at rest; 128 colours are enough, and a quarter of the size."""
    expect(page.locator("[data-test-script-state=notRunning]")).to_be_visible()
    picture = Image.open(BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
    picture.quantize(128, dither=Image.Dither.NONE).save(HERE / name, optimize=True)


if __name__ == "__main__":
    main()
