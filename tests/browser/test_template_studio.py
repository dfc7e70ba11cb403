"""A template is written beside what it makes, saved, applied, changed; what is of the older version is marked."""

import json
import re
from pathlib import Path

from browser_app import App
from playwright.sync_api import Locator, Page, expect

ROWS = [{"question": f"Why is the {thing} blue?", "answer": "It is dyed."} for thing in ("sky", "sea", "lamp")]


def studio(page: Page, app: App, folder: Path, project: str) -> Locator:
    """A project with three rows, and the editor with a template that begins from their columns."""
    rows = folder / "rows.jsonl"
    rows.write_text("".join(json.dumps(row) + "\n" for row in ROWS), encoding="utf-8")
    app.concord("project", "create", project)
    app.concord("import", project, str(rows))
    page.goto(f"{app.url}/templates?project={project}")
    page.get_by_role("button", name="New", exact=True).click()
    page.get_by_role("button", name="From the columns of the data").click()
    expect(page.locator("textarea#source")).to_have_value(re.compile(r"Question: \{\{ question \}\}"))
    return page.locator("textarea#source")


def type_at_end(editor: Locator, text: str) -> None:
    editor.focus()
    editor.press("Control+End")
    editor.press_sequentially(text)


def save(page: Page, note: str) -> None:
    page.get_by_label("Note").fill(note)
    page.get_by_label("Your name").fill("Ada")
    page.get_by_role("button", name="Save version").click()
    expect(page.get_by_text("As saved")).to_be_visible()


def test_a_template_is_written_applied_changed_and_rendered_anew(
    page: Page, app: App, tmp_path: Path, foreign_requests: list[str]
) -> None:
    editor = studio(page, app, tmp_path, "colours")
    made = page.get_by_test_id("stText")
    expect(made.first).to_contain_text("Question: Why is the sky blue?")
    type_at_end(editor, "Answer in {{ words }} words.")
    expect(page.get_by_text("Line 10: The text uses ['words'], which inputs does not name.")).to_be_visible()
    for _ in "{{ words }} words.":
        editor.press("Backspace")
    type_at_end(editor, "a sentence.")
    expect(made.first).to_contain_text("Answer in a sentence.")
    save(page, "the first")

    page.get_by_text("Try and apply", exact=True).click()
    page.get_by_role("button", name="Apply to all rows").click()
    expect(page.get_by_text("3 new items")).to_be_visible()

    page.get_by_text("Edit", exact=True).click()
    type_at_end(editor, " Be kind.")
    expect(made.first).to_contain_text("Be kind.")
    save(page, "kinder")
    page.get_by_text("Versions", exact=True).click()
    expect(page.get_by_text("+Answer in a sentence. Be kind.")).to_be_visible()

    page.get_by_text("Try and apply", exact=True).click()
    expect(page.get_by_text("This one is not applied yet.")).to_be_visible()
    page.get_by_role("button", name="Apply to all rows").click()
    expect(page.get_by_text("3 items and 0 answers")).to_be_visible()
    page.get_by_role("button", name="Re-render 3 items").click()
    expect(page.get_by_text("3 of an older version replaced")).to_be_visible()
    expect(page.get_by_text("3 items and 0 answers")).to_have_count(0)
    assert app.count("colours", "items") == 3
    assert foreign_requests == []


def test_a_text_that_is_not_saved_survives_a_reload_and_a_bomb_does_not_stop_the_app(
    page: Page, app: App, tmp_path: Path
) -> None:
    editor = studio(page, app, tmp_path, "reloaded")
    bomb = "{% for a in range(9999) %}{% for b in range(9999) %}{{ a }}{% endfor %}{% endfor %}"
    editor.focus()
    editor.press("Control+End")
    page.keyboard.insert_text(bomb)
    expect(page.get_by_text(re.compile("The template works for longer|The text is longer"))).to_be_visible()
    page.reload()
    expect(editor).to_have_value(re.compile(re.escape(bomb)))
    page.get_by_role("button", name="Discard the changes").click()
    expect(page.get_by_test_id("stText").first).to_contain_text("Question: Why is the sky blue?")
