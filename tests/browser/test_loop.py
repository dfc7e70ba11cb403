"""A new user takes raw rows all the way to a data set, in the browser."""

import json
import zipfile
from pathlib import Path

from browser_app import App, edit, open_page, project_with_rows, rank
from playwright.sync_api import Page, expect

ROWS = [
    {"item_id": f"t{number}", "product": product, "channel": "chat", "dialogue": f"Customer: {text}"}
    for number, (product, text) in enumerate(
        [
            ("Kettle", "The lid does not close any more. I have had it for two weeks. Can you send a new one?"),
            ("Lamp", "The lamp flickers when I dim it. The bulb is the one you sold me. What can I do?"),
            ("Radio", "The radio loses its stations overnight. The battery is new. Is there a reset button?"),
            ("Clock", "The clock is ten minutes late each week. I set it every Sunday. Is that normal?"),
        ],
        1,
    )
]


def test_a_new_user_takes_rows_to_a_data_set(page: Page, app: App, tmp_path: Path, foreign_requests: list[str]) -> None:
    rows = tmp_path / "tickets.jsonl"
    rows.write_text("".join(json.dumps(row) + "\n" for row in ROWS), encoding="utf-8")

    project_with_rows(page, app, "tickets", rows)

    open_page(page, "Templates")
    page.get_by_label("Template").click()
    page.get_by_role("option", name="support-reply").click()
    expect(page.get_by_text("The lid does not close any more").first).to_be_visible()
    page.get_by_role("button", name="Apply to all rows").click()
    expect(page.get_by_text("4 new items")).to_be_visible()

    open_page(page, "Draft")
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_text("12 of 12")).to_be_visible()

    for annotator in ("Ana", "Ben"):
        judge_one(page, annotator)

    open_page(page, "Agreement")
    expect(page.get_by_role("heading", name="Ranking")).to_be_visible()

    open_page(page, "Export")
    expect(page.get_by_text("Would be written", exact=True)).to_be_visible()
    page.get_by_role("button", name="Export", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download as zip").click()
    with zipfile.ZipFile(download.value.path()) as archive:
        [name] = [name for name in archive.namelist() if name.endswith("/train.jsonl")]
        [line] = archive.read(name).decode().splitlines()
    assert json.loads(line)["completion"] == [{"role": "assistant", "content": "A new lid is on its way."}]
    assert foreign_requests == []


def judge_one(page: Page, annotator: str) -> None:
    """Rank the three drafts of the first item, then replace the best by an answer of one's own."""
    page.get_by_role("link", name="Desk", exact=True).first.click()
    if annotator != "Ana":
        page.get_by_role("button", name="Ana").first.click()
        page.get_by_role("button", name="Change name").click()
    page.get_by_label("Your name").fill(annotator)
    page.get_by_role("button", name="Start").click()
    rank(page, "21=3")
    edit(page, "A new lid is on its way.")
    expect(page.get_by_text("1 of 4")).to_be_visible()
