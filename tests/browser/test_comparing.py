"""Comparing two drafts at the desk, by keys and by mouse."""

import re
from pathlib import Path

import pytest
from browser_app import App, edit, unhurried
from playwright.sync_api import Page, expect

ITEM = """{{"item_id": "q{n}", "prompt": "Why is the sky blue ({n})?",
 "responses": [{{"id": "a", "text": "It scatters."}}, {{"id": "b", "text": "It is paint."}}]}}"""


@pytest.fixture
def comparing(app: App, page: Page, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """A project of three items whose two drafts are compared, the better one edited; somebody sits at its desk."""
    name = request.node.name
    settings, items = tmp_path / "settings.yaml", tmp_path / "items.jsonl"
    settings.write_text("task: compare+edit\ncandidates: 2\noverlap: 1\n")
    items.write_text("".join(ITEM.format(n=n).replace("\n", "") + "\n" for n in range(3)))
    app.concord("project", "create", name, "--settings", str(settings))
    app.concord("import", name, str(items))
    page.goto(f"{app.url}/desk?project={name}&who=ana")
    expect(page.locator(".option")).to_have_count(8)
    unhurried(page)
    return name


def chosen(page: Page) -> str:
    """What the one pressed button says."""
    pressed = page.locator(".option[aria-pressed=true]")
    expect(pressed).to_have_count(1)
    return pressed.get_attribute("aria-label") or pressed.inner_text()


def test_keys_choose_the_side_and_how_strongly(page: Page, app: App, comparing: str) -> None:
    for keys, words in (
        ("2", "Draft B is slightly better"),
        ("2", "Draft B is clearly better"),
        ("1", "Draft A is slightly better"),
        ("ArrowLeft", "Draft A is clearly better"),
        ("ArrowLeft ArrowLeft", "Draft A is much better"),
        ("ArrowRight ArrowRight ArrowRight", "Equally good"),
        ("0", "Both bad"),
        ("=", "Equally good"),
        ("1 1", "Draft A is clearly better"),
    ):
        for key in keys.split():
            page.keyboard.press(key)
        assert words in chosen(page)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Edit draft A")).to_be_visible()
    edit(page, "It scatters short waves.")
    expect(page.get_by_text(re.compile(r"^1 of 3"))).to_be_visible()
    assert app.count(comparing, "annotations") == 2


def test_the_mouse_chooses_both_at_once_and_undo_brings_it_back(page: Page, app: App, comparing: str) -> None:
    page.get_by_role("button", name="Submit and next").click()
    expect(page.get_by_text("The drafts are not compared yet.")).to_be_visible()
    page.get_by_role("button", name="Draft B is much better").click()
    unhurried(page)
    page.get_by_role("button", name="Submit and next").click()
    expect(page.locator("textarea#answer")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Draft B is much better", pressed=True)).to_be_visible()
    page.get_by_role("button", name="Both bad").click()
    unhurried(page)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Write the answer")).to_be_visible()
    assert app.count(comparing, "annotations") == 1
