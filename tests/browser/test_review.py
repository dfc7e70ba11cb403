"""Two annotators disagree at the desk, a reviewer decides, and the data set on the disk holds the reviewer's text."""

import json
from pathlib import Path

from browser_app import App, edit, open_page, rank
from playwright.sync_api import Page, expect

OURS = "The reviewer's own words."


def test_what_annotators_disagree_on_is_decided_and_leaves_as_decided(
    page: Page, app: App, tmp_path: Path, foreign_requests: list[str]
) -> None:
    items = tmp_path / "items.jsonl"
    items.write_text(
        "".join(
            json.dumps(
                {
                    "item_id": name,
                    "prompt": f"What is {name}?",
                    "responses": [{"id": f"d{number}", "text": f"{name} is {number}."} for number in (1, 2, 3)],
                }
            )
            + "\n"
            for name in ("alpha", "beta")
        ),
        encoding="utf-8",
    )
    app.concord("project", "create", "disputed")
    app.concord("import", "disputed", str(items))
    for annotator, order in (("Ana", (1, 2, 3)), ("Ben", (3, 2, 1))):
        page.goto(f"{app.url}/desk?project=disputed&who={annotator}")
        judge(page, f"alpha by {annotator}", "alpha", order)
        judge(page, f"beta by {annotator}", "beta", (1, 2, 3))
        expect(page.get_by_text("You have judged everything there is for you")).to_be_visible()

    open_page(page, "Review")
    expect(page.get_by_text("Disagree · 2")).to_be_visible()
    offered = page.get_by_role("combobox", name="Item, most disagreement first")
    expect(offered).to_have_value("alpha · disagreement 1.00 in rankings")
    expect(page.get_by_text("What is alpha?")).to_be_visible()
    expect(page.locator("ins", has_text="Ana")).to_be_visible()
    page.get_by_text("Edit it first").click()
    page.get_by_label("The text that counts").fill(OURS)
    page.get_by_label("Reason").fill("Neither says what it is")
    page.get_by_label("Reviewer").fill("Rae")
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("Approved with edits: alpha.")).to_be_visible()
    expect(page.get_by_text("Disagree · 1")).to_be_visible()

    app.concord("export", "disputed", "--format", "trl-sft", "--out", str(tmp_path / "out"))
    rows = [json.loads(line) for line in (tmp_path / "out" / "train.jsonl").read_text(encoding="utf-8").splitlines()]
    answers = {row["item_id"]: (row["completion"][0]["content"], row["source"]) for row in rows}
    assert answers["alpha"] == (OURS, "adjudicated")
    assert answers["beta"][1] == "edit"
    assert foreign_requests == []


def judge(page: Page, answer: str, name: str, order: tuple[int, ...]) -> None:
    """Rank the three drafts of an item in this order of their numbers, wherever they are shown, and edit the best."""
    expect(page.get_by_text(f"What is {name}?")).to_be_visible()
    shown = [text for text in page.get_by_test_id("stText").all_inner_texts() if text.startswith(f"{name} is ")]
    rank(page, "".join(str(shown.index(f"{name} is {number}.") + 1) for number in order))
    edit(page, answer)
