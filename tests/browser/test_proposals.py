"""A data set becomes prompts by a template that a model proposed and people chose, in the browser."""

import json
import re
from pathlib import Path

from browser_app import App, open_page, project_with_rows, rank, unhurried
from playwright.sync_api import Page, expect

ROWS = [
    {"review": "The kettle hums and drips on the table. I would not buy it again.", "label": "bad"},
    {"review": "Quiet, quick and pretty. The lamp is a joy.", "label": "good"},
    {"review": "It broke.", "label": "bad"},
    {"review": "Exactly what I wanted, and a day early.", "label": "good"},
    {"review": "The sound is fine, the buttons are too small.", "label": None},
]
MINE = "Is the customer of this review happy?"


def propose(page: Page) -> None:
    """Three templates by the demo drafter."""
    open_page(page, "Templates")
    page.get_by_text("Propose with a model").click()
    page.get_by_label("What the prompts should teach").fill("Say whether the customer is happy")
    page.get_by_role("button", name="Propose", exact=True).click()
    expect(page.get_by_text("3 templates proposed, as drafts of item kettles.")).to_be_visible()


def judge(page: Page, app: App, annotator: str, keys: str) -> None:
    """Rank the three proposals after a look at another row."""
    page.goto(f"{app.url}/desk?project=kettles&who={annotator}")
    expect(page.locator(".tray .chip")).to_have_count(3)
    page.keyboard.press(keys[0])
    page.get_by_role("tab", name="Row 2").click()
    expect(page.locator(".tier .chip")).to_have_count(1)  # what was ranked stays
    page.keyboard.press("Backspace")
    rank(page, keys)
    expect(page.locator("textarea#answer")).to_be_visible()


def edit_one(page: Page) -> None:
    """Write another question into the template: first so that it cannot be read, then well."""
    area = page.locator("textarea#answer")
    expect(area).to_have_value(re.compile("user:"))
    source = area.input_value()
    head, _, tail = source.partition("user:\n")
    area.fill(f"{head}user:\n{{% if review %}}{MINE}\n{tail}")
    unhurried(page)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Unexpected end of template")).to_have_count(2)  # at the button and at the result
    area.fill(f"{head}user:\n{MINE}\n{tail}")
    page.get_by_role("button", name="Show my changes").click()
    expect(page.get_by_text(re.compile(re.escape(MINE))).first).to_be_visible()
    unhurried(page)
    area.press("Control+Enter")
    expect(page.get_by_text("You have judged everything there is for you")).to_be_visible()


def test_a_model_proposes_people_choose_and_items_appear(
    page: Page, app: App, tmp_path: Path, foreign_requests: list[str]
) -> None:
    rows = tmp_path / "kettles.jsonl"
    rows.write_text("".join(json.dumps(row) + "\n" for row in ROWS), encoding="utf-8")
    project_with_rows(page, app, "kettles", rows)
    propose(page)
    judge(page, app, "Ana", "312")
    edit_one(page)
    judge(page, app, "Ben", "3=12")
    unhurried(page)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("You have judged everything there is for you")).to_be_visible()

    open_page(page, "Review")
    page.get_by_test_id("stRadio").get_by_text("Edit of").click()
    page.get_by_label("Reason").fill("It asks as a person would")
    page.get_by_label("Reviewer").fill("Rae")
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("Approved with edits: kettles.")).to_be_visible()
    page.get_by_role("button", name="Apply to all 5 rows").click()
    expect(page.get_by_text("5 new items")).to_be_visible()
    assert app.count("kettles", "items") == 5

    open_page(page, "Draft")
    expect(page.get_by_text("5 items, 0 drafts so far")).to_be_visible()
    assert foreign_requests == []
