"""Lint leads to the rows that show what it found."""

import json
from pathlib import Path

from browser_app import App
from playwright.sync_api import Page, expect


def test_a_finding_leads_to_the_whole_row_that_shows_it(page: Page, app: App, tmp_path: Path) -> None:
    text = "The hinge broke on day two. " * 40 + "It was a gift for my aunt."
    rows = tmp_path / "rows.jsonl"
    rows.write_text(json.dumps({"product": "Fan", "stars": None, "text": text}) + "\n", encoding="utf-8")
    app.concord("project", "create", "lint")
    app.concord("import", "lint", str(rows))

    page.goto(f"{app.url}/templates?project=lint&activity=Check")
    page.get_by_label("Template").click()
    page.get_by_role("option", name="review-reply").click()
    page.get_by_role("button", name="Look at all rows").click()
    expect(page.get_by_text("0 errors, 1 warning, 3 notes in 1 row.")).to_be_visible()
    page.get_by_text("The column 'stars' is null in 1 row.").click()
    table = page.get_by_test_id("stDataFrame").filter(visible=True)
    shown = page.get_by_text("It was a gift for my aunt.").filter(visible=True)
    expect(shown).to_have_count(0)
    table.scroll_into_view_if_needed()
    table.click(position={"x": 16, "y": 52})
    expect(shown).to_have_count(2)  # as the row and as its prompt
