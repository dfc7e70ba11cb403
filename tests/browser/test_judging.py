"""Judging at the desk: facts before preference, all bad, formatted drafts that do nothing, and keys for everything."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from browser_app import App, edit, rank, take_seat, unhurried
from playwright.sync_api import Locator, Page, expect

PROJECT = "Capitals"
SAMPLE = "Support replies (sample)"
HOSTILE = """# Why, it is lovely **Sydney**!

![i](http://127.0.0.9/1.png) \\![j](http://127.0.0.9/2.png) ![k][r] \\[l](http://127.0.0.9/l) [m](http://127.0.0.9/m)

<http://127.0.0.9/n> http://127.0.0.9/o www.example.org p@example.org <img src="http://127.0.0.9/3.png"> :red[q] $r^2$

| s |
|---|
| ![t](http://127.0.0.9/4.png) |

[r]: http://127.0.0.9/5.png
"""


@pytest.fixture(scope="module")
def checked(app: App, tmp_path_factory: pytest.TempPathFactory) -> App:
    """The app with a project that asks for factual checks."""
    folder: Path = tmp_path_factory.mktemp("facts")
    (folder / "settings.yaml").write_text("task: rank\noverlap: 1\nfactual_checks: true\n", encoding="utf-8")
    items = [
        {
            "item_id": f"c{number}",
            "prompt": "What is the capital of Australia?",
            "responses": [{"id": "a", "text": "**Canberra.**"}, {"id": "b", "text": HOSTILE}],
        }
        for number in range(6)
    ]
    (folder / "items.jsonl").write_text("".join(f"{json.dumps(item)}\n" for item in items), encoding="utf-8")
    app.concord("project", "create", PROJECT, "--settings", str(folder / "settings.yaml"))
    app.concord("annotations", "import", PROJECT, str(folder / "items.jsonl"))
    return app


def judgements(app: App, target: Path, annotator: str) -> list[dict[str, Any]]:
    """What an annotator has judged, as it is exported."""
    app.concord("annotations", "export", PROJECT, str(target))
    items = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    return [one for item in items for one in item["annotations"] if one["annotator"] == annotator]


def test_a_wrong_draft_is_preferred_with_a_reason_all_by_keys(page: Page, checked: App, tmp_path: Path) -> None:
    page.goto(f"{checked.url}/desk?project={PROJECT}&who=facts")
    rows = page.locator(".facts")
    expect(rows).to_have_count(2)
    unhurried(page)
    page.keyboard.press("1")
    page.keyboard.press("2")
    expect(page.locator(".tier .chip")).to_have_count(2)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("2 of 2 drafts are not checked yet.")).to_be_visible()
    expect(page.locator(".why")).to_be_hidden()
    expect(rows.nth(0)).to_have_class("facts next")
    page.keyboard.press("n")
    expect(rows.nth(0).get_by_role("radio", name="Wrong")).to_have_attribute("aria-checked", "true")
    expect(rows.nth(1)).to_have_class("facts next")
    rows.nth(0).get_by_role("radio", name="Cannot tell").click()
    rows.nth(0).get_by_role("radio", name="Wrong").click()
    page.keyboard.press("y")  # of the next draft: a click does not keep the keys at its own
    expect(rows.nth(1).get_by_role("radio", name="Right")).to_have_attribute("aria-checked", "true")
    page.keyboard.press("Control+Enter")
    why = page.get_by_label("Why does a draft marked wrong beat one marked right?")
    expect(why).to_be_focused()
    why.fill("The other one does not answer in a sentence.")
    why.press("Control+Enter")
    expect(page.get_by_text("1 of 6")).to_be_visible()
    facts, ranking = judgements(checked, tmp_path / "out.jsonl", "facts")
    assert (facts["kind"], ranking["kind"]) == ("factual", "ranking")
    assert sorted(facts["facts"].values()) == ["right", "wrong"]
    assert {facts["facts"][draft]: rank for draft, rank in ranking["ranks"].items()} == {"wrong": 1, "right": 2}
    assert ranking["reason"] == "The other one does not answer in a sentence."


def test_all_bad_and_the_rest_unranked_are_said_by_keys_and_taken_back(
    page: Page, checked: App, tmp_path: Path
) -> None:
    page.goto(f"{checked.url}/desk?project={PROJECT}&who=bad")
    expect(page.locator(".facts")).to_have_count(2)
    unhurried(page)
    for key in ("n", "n", "1", "l", "0"):
        page.keyboard.press(key)
    expect(page.locator(".tray")).to_contain_text("All bad")
    expect(page.locator(".tray .chip")).to_have_count(2)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("1 of")).to_be_visible()
    _, ranking = judgements(checked, tmp_path / "out.jsonl", "bad")
    assert sorted(ranking["all_bad"]) == ["a", "b"]
    page.keyboard.press("u")
    expect(page.locator(".tray")).to_contain_text("All bad")
    expect(page.get_by_role("radio", name="Wrong", checked=True)).to_have_count(2)
    page.keyboard.press("2")
    expect(page.locator(".tray")).to_contain_text("Not ranked")
    page.keyboard.press("l")
    expect(page.locator(".tray")).to_contain_text("Left out")
    unhurried(page)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("1 of")).to_be_visible()
    _, ranking = judgements(checked, tmp_path / "again.jsonl", "bad")
    assert list(ranking["ranks"].values()) == [1]


def expect_inert(shown: Locator) -> None:
    """Formatted, and nothing in it that is fetched or can be followed, but the heading's own anchor."""
    expect(shown.locator("h1 strong")).to_have_text("Sydney")
    expect(shown.locator("img, a:not([href^='#']), .katex")).to_have_count(0)
    expect(shown).to_contain_text("![i](")


def test_formatted_drafts_fetch_and_open_nothing_and_keep_the_ranking(
    page: Page, checked: App, foreign_requests: list[str]
) -> None:
    page.goto(f"{checked.url}/desk?project={PROJECT}&who=formatted")
    expect(page.locator(".facts")).to_have_count(2)
    expect(page.get_by_text("**Canberra.**", exact=True)).to_be_visible()
    for key in ("y", "1", "2", "p"):
        page.keyboard.press(key)
    expect(page.locator("strong", has_text="Canberra.")).to_be_visible()
    expect_inert(page.locator("[data-testid=stMarkdown]", has=page.locator("h1")))
    expect(page.locator(".tier .chip")).to_have_count(2)
    expect(page.get_by_role("radio", name="Right", checked=True)).to_have_count(1)
    page.keyboard.press("p")
    expect(page.get_by_text("**Canberra.**", exact=True)).to_be_visible()
    assert foreign_requests == []


def test_an_answer_is_previewed_and_its_changes_can_be_hidden(
    page: Page, app: App, foreign_requests: list[str]
) -> None:
    take_seat(page, app, SAMPLE, "preview")
    rank(page, "123")
    editor = page.locator("textarea#answer")
    expect(editor).to_be_visible()
    editor.fill(HOSTILE)
    page.get_by_role("button", name="Formatted").click()
    page.get_by_role("button", name="Look again").click()
    expect_inert(page.locator(".st-key-preview"))
    expect(editor).to_have_value(HOSTILE)
    expect(page.locator(".diff")).to_be_visible()
    page.get_by_role("button", name="Hide changes").click()
    expect(page.locator(".diff")).to_be_hidden()
    page.reload()
    expect(editor).to_have_value(HOSTILE)
    expect(page.locator(".diff")).to_be_hidden()
    page.get_by_role("button", name="Restore the draft").click()
    expect(editor).not_to_have_value(HOSTILE)
    page.get_by_role("button", name="Hide changes").click()
    expect(page.locator(".diff")).to_be_visible()
    edit(page, "Done.")
    expect(page.locator(".tray .chip")).to_have_count(3)
    assert foreign_requests == []


def test_the_sheet_of_keys_keeps_keys_from_the_page_and_gives_the_focus_back(page: Page, app: App) -> None:
    take_seat(page, app, SAMPLE, "sheet")
    first = page.locator(".chip").first
    first.focus()
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Keys")
    expect(sheet).to_be_visible()
    expect(sheet).to_contain_text("rank that draft next")
    for key in ("1", "k", "0"):
        page.keyboard.press(key)
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    expect(first).to_be_focused()
    expect(page.locator(".tray .chip")).to_have_count(3)
    expect(page.get_by_role("button", name="All bad")).to_have_attribute("aria-pressed", "false")
    expect(page.get_by_text("Skip this item: why?")).to_be_hidden()


def test_a_skip_is_confirmed_by_keys_right_after_its_reason_was_chosen_by_mouse(page: Page, app: App) -> None:
    take_seat(page, app, SAMPLE, "skips")
    unhurried(page)
    page.keyboard.press("k")
    page.get_by_text("unclear what is asked", exact=True).click()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text(re.compile("Skipped$"))).to_be_visible()
