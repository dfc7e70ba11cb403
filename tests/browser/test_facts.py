"""Facts before preference: each draft is checked, and a wrong one beats a right one only with a reason."""

import json
from pathlib import Path
from typing import Any

import pytest
from browser_app import App, unhurried
from playwright.sync_api import Page, expect

PROJECT = "Capitals"


@pytest.fixture(scope="module")
def checked(app: App, tmp_path_factory: pytest.TempPathFactory) -> App:
    """The app with a project that asks for factual checks."""
    folder: Path = tmp_path_factory.mktemp("facts")
    (folder / "settings.yaml").write_text("task: rank\noverlap: 1\nfactual_checks: true\n", encoding="utf-8")
    items = [
        {
            "item_id": f"c{number}",
            "prompt": "What is the capital of Australia?",
            "responses": [{"id": "a", "text": "Canberra."}, {"id": "b", "text": "Why, it is lovely Sydney!"}],
        }
        for number in range(3)
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
    page.keyboard.press("y")
    expect(rows.nth(1).get_by_role("radio", name="Right")).to_have_attribute("aria-checked", "true")
    page.keyboard.press("Control+Enter")
    why = page.get_by_label("Why does a draft marked wrong beat one marked right?")
    expect(why).to_be_focused()
    why.fill("The other one does not answer in a sentence.")
    why.press("Control+Enter")
    expect(page.get_by_text("1 of 3")).to_be_visible()
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
