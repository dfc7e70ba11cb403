"""Every page can be read, and the desk worked at, by whoever sees little or has no mouse; nothing is excused."""

import json
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser_app import App, rank, take_seat, unhurried
from playwright.sync_api import Page, expect

SUPPORT, REVIEWS = "Support replies (sample)", "Review replies (sample, simulated annotators)"
AXE = Axe()
PAGES = {
    "projects": (f"projects?project={SUPPORT}", "New project"),
    "import": (f"import?project={SUPPORT}", "Larger files"),
    "try a template": (f"templates?project={SUPPORT}", "Apply to all rows"),
    "edit a template": (f"templates?project={SUPPORT}&activity=Edit", "Save"),
    "check a template": (f"templates?project={SUPPORT}&activity=Check", "Check"),
    "versions of a template": (f"templates?project={SUPPORT}&activity=Versions", "Versions"),
    "propose a template": (f"templates?project={SUPPORT}&activity=Propose with a model", "Propose"),
    "draft": (f"draft?project={SUPPORT}", "Nothing is missing"),
    "enrich": (f"enrich?project={SUPPORT}", "Paraphrase"),
    "seat": (f"desk?project={SUPPORT}", "Who is judging?"),
    "empty desk": (f"desk?project={REVIEWS}&who=axe", "There is nothing for you to judge now"),
    "review": (f"review?project={REVIEWS}", "Approve"),
    "annotators": (f"annotators?project={REVIEWS}", "Assign items"),
    "my work": (f"my-work?project={REVIEWS}&who=axe", "You have judged nothing yet"),
    "agreement": (f"agreement?project={REVIEWS}", "Download as page (HTML)"),
    "check": (f"check?project={REVIEWS}", "Check all items"),
    "export": (f"export?project={REVIEWS}", "What is left out is counted"),
}

BOARDS = {
    "compare": "task: compare\ncandidates: 2\n",
    "rate": "task: rate\nrubric:\n  - {name: helpful, low_word: not at all, high_word: very much}\n",
    "label": "task: label\nquestions:\n  - {name: about, choices: [light, air, water], multi: true}\n",
}
"""The other boards of the desk, each by the settings of a project."""

STOP = """() => {
  let at = document.activeElement
  while (at.shadowRoot?.activeElement) at = at.shadowRoot.activeElement
  if (at === document.body) return null
  const near = [at, at.parentElement, at.parentElement?.parentElement, ...at.children].filter(Boolean)
  const look = () => near.map(node => {
    const { outline, boxShadow, borderColor, backgroundColor, textDecoration } = getComputedStyle(node)
    return [outline, boxShadow, borderColor, backgroundColor, textDecoration].join()
  }).join()
  for (const moving of document.getAnimations()) moving.finish()
  const focused = look()
  at.blur()
  for (const moving of document.getAnimations()) moving.finish()
  const seen = focused !== look()
  at.focus()
  return { name: at.getAttribute("aria-label") || at.innerText || at.id, seen }
}"""
"""What has the keyboard's focus, through shadow roots, and whether it looks otherwise than without; null on none."""


def findings(page: Page) -> list[str]:
    """What axe finds serious or critical, in light and dark, with the place and the reason."""
    found: list[str] = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        expect(page.get_by_test_id("stApp")).to_have_css("color-scheme", scheme)
        expect(page.locator("[data-stale=true]")).to_have_count(0)
        violations = AXE.run(page).response["violations"]
        grave = [one for one in violations if one["impact"] in ("serious", "critical")]
        found += [f"{scheme}: {one['id']}: {said(node)}" for one in grave for node in one["nodes"]]
    return found


def said(node: dict[str, Any]) -> str:
    return f"{node['html'][:200]}: {node['failureSummary']} ({node['target']})"


@pytest.mark.parametrize("name", PAGES)
def test_no_page_has_a_serious_finding(page: Page, app: App, name: str) -> None:
    address, text = PAGES[name]
    page.goto(f"{app.url}/{address}")
    expect(page.get_by_text(text).last).to_be_visible()
    expect(page.locator("[data-test-script-state=notRunning]")).to_be_visible()
    assert findings(page) == []


def test_the_desk_has_no_serious_finding_at_any_step(page: Page, app: App) -> None:
    take_seat(page, app, SUPPORT, "steps")
    for key in "12=3":
        page.keyboard.press(key)
    assert findings(page) == []
    page.keyboard.press("f")
    expect(page.get_by_text("Flag this item: what is wrong?")).to_be_visible()
    assert findings(page) == []
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Keys").click()
    expect(page.get_by_text("rank that draft next, best first")).to_be_visible()
    assert findings(page) == []
    page.reload()
    expect(page.locator(".tier .chip")).to_have_count(3)  # as they were left
    unhurried(page)
    page.keyboard.press("Control+Enter")
    page.locator("textarea#answer").fill("Another answer.")
    expect(page.locator("ins").first).to_be_visible()
    assert findings(page) == []


def test_what_a_check_found_has_no_serious_finding(page: Page, app: App) -> None:
    page.goto(f"{app.url}/check?project={REVIEWS}")
    page.get_by_role("button", name="Check all items").click()
    expect(page.get_by_role("button", name="Download as JSON")).to_be_visible()
    expect(page.locator("[data-test-script-state=notRunning]")).to_be_visible()
    assert findings(page) == []


@pytest.mark.parametrize("board", BOARDS)
def test_no_board_has_a_serious_finding_and_tab_is_seen_on_it(page: Page, app: App, tmp_path: Path, board: str) -> None:
    settings, items = tmp_path / "settings.yaml", tmp_path / "items.jsonl"
    settings.write_text(BOARDS[board])
    responses = [{"id": "a", "text": "It scatters."}, {"id": "b", "text": "It is paint."}]
    items.write_text(json.dumps({"item_id": "q", "prompt": "Why is the sky blue?", "responses": responses}) + "\n")
    app.concord("project", "create", board, "--settings", str(settings))
    app.concord("import", board, str(items))
    page.goto(f"{app.url}/desk?project={board}&who=axe")
    expect(page.locator(".option").first).to_be_visible()
    page.keyboard.press("1")
    expect(page.locator(".option[aria-pressed=true]")).not_to_have_count(0)
    assert findings(page) == []
    assert [stop["name"] for stop in walk(page) if not stop["seen"]] == []


def walk(page: Page, most: int = 80) -> list[dict[str, Any]]:
    """All that Tab stops at, from the top of the page until it leaves it or begins anew."""
    stops: list[dict[str, Any]] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if stop is None or (stops and stop["name"] == stops[0]["name"]):
            return stops
        stops.append(stop)
    raise AssertionError(f"Tab never leaves the page: {[stop['name'] for stop in stops[-5:]]}")


def test_tab_goes_through_the_ranking_and_out_and_is_seen_at_every_stop(page: Page, app: App) -> None:
    take_seat(page, app, SUPPORT, "tab")
    stops = walk(page)
    names = [stop["name"] for stop in stops if len(stop["name"]) < 80]  # the page as a whole scrolls, and is one too
    order = ["Guidelines", "Keys", *(f"Draft {name}, not ranked" for name in "ABC"), "Submit and next", "Flag"]
    places = [next(place for place, found in enumerate(names) if name in found) for name in order]
    assert places == sorted(places)
    assert [stop["name"] for stop in stops if not stop["seen"]] == []


def test_tab_leaves_the_editor_as_it_came(page: Page, app: App) -> None:
    take_seat(page, app, SUPPORT, "editor")
    rank(page, "123")
    expect(page.locator("textarea#answer")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(page.locator("textarea#answer")).not_to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("textarea#answer")).to_be_focused()
    stops = walk(page)
    assert any(stop["name"].startswith("Submit and next") for stop in stops)
    assert [stop["name"] for stop in stops if not stop["seen"]] == []
