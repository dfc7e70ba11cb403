"""One annotator in Chromium: from the keystroke that submits to the next item painted, in milliseconds."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from bench.crowd import FILLED, SOON
from bench.desk import summary
from bench.served import served
from bench.workspace import PROJECT

Run = Callable[[], dict[str, Any]]
WARM = 5
CHROMIUM = next((path for name in ("chromium", "google-chrome") if (path := shutil.which(name))), None)

WATCH = """() => {
  const board = () => {
    const hosts = document.querySelectorAll("[data-testid=stBidiComponentIsolated]")
    return [...hosts].map(host => host.shadowRoot?.querySelector(".board")).find(Boolean)
  }
  const prompt = () => document.querySelector("[data-testid=stText]")?.innerText
  let before = null, begin = 0
  const look = () => {            // the next prompt is there, and a board with nothing ranked
    if (prompt() === before || board()?.querySelectorAll(".tray .chip").length !== 3) return setTimeout(look, 2)
    requestAnimationFrame(() => { const { port1, port2 } = new MessageChannel()
      port1.onmessage = () => { window.painted = performance.now() - begin }   // after the frame's paint
      port2.postMessage(0) })
  }
  window.addEventListener("keydown", event => {
    if (event.key !== "Enter" || !event.ctrlKey) return
    window.painted = null
    before = prompt()
    begin = performance.now()
    look()
  }, true)
}"""


def submits(folder: Path, number: int) -> Run:
    """So many rankings by keys, after a few to warm up."""

    def run() -> dict[str, Any]:
        with served(folder / FILLED) as app, sync_playwright() as playwright:
            arguments = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
            page = browser.new_page(viewport={"width": 1280, "height": 1000})
            page.goto(f"{app.url}/desk?project={PROJECT}&who=painter")
            page.locator(".tray .chip").nth(2).wait_for()
            page.evaluate(WATCH)
            took = [_submit(page) for _ in range(WARM + number)][WARM:]
            browser.close()
        return {"submit": summary(took, sum(took))}

    return run


def _submit(page: Page) -> float:
    """Rank the drafts as shown, wait as long as a submit must, and go on; the seconds until the next was painted."""
    for key in "123":
        page.keyboard.press(key)
    page.wait_for_timeout(SOON * 1e3)
    page.keyboard.press("Control+Enter")
    page.wait_for_function("window.painted !== null", polling=20)
    return page.evaluate("window.painted") / 1e3
