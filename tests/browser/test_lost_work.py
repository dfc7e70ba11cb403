"""What people wrote outlives closed tabs, dropped connections and second tabs; where it is, is said."""

import json
import re
from collections.abc import Iterator

import pytest
from browser_app import App, Held, unhurried
from line import Line
from playwright.sync_api import Browser, Error, Page, expect

PROJECT = "answers"
ITEMS = [
    {"item_id": name, "prompt": f"What is {name}?", "responses": [{"id": "d1", "text": f"A draft about {name}."}]}
    for name in ("alpha", "beta", "gamma")
]
LISTEN = """element => {
  window.said = []
  new MutationObserver(() => said.push(element.textContent)).observe(element, { childList: true })
}"""


@pytest.fixture(scope="module", autouse=True)
def project(app: App) -> None:
    """A small project of drafts to edit, with room for the annotators of all tests."""
    settings, items = app.folder / "settings.yaml", app.folder / "items.jsonl"
    settings.write_text("task: edit\noverlap: 20\ncandidates: 1\n", encoding="utf-8")
    items.write_text("".join(json.dumps(item) + "\n" for item in ITEMS), encoding="utf-8")
    app.concord("project", "create", PROJECT, "--settings", str(settings))
    app.concord("import", PROJECT, str(items))


@pytest.fixture
def line(app: App) -> Iterator[Line]:
    laid = Line(app.port)
    yield laid
    laid.close()


def sit_down(page: Page, url: str, annotator: str) -> None:
    page.goto(f"{url}/desk?project={PROJECT}&who={annotator}")
    expect(editor(page)).to_be_visible()


def editor(page: Page):
    return page.locator("textarea#answer")


def saved_state(page: Page):
    return page.locator(".saved")


def done(page: Page, number: int) -> None:
    expect(page.get_by_text(f"{number} of {len(ITEMS)}")).to_be_visible()


def answers_of(app: App, annotator: str) -> list[str]:
    """The texts that are stored as this annotator's answers."""
    written = app.folder / f"{annotator}.jsonl"
    app.concord("annotations", "export", PROJECT, str(written))
    items = map(json.loads, written.read_text(encoding="utf-8").splitlines())
    return [made["text"] for item in items for made in item["annotations"] if made["annotator"] == annotator]


def test_words_in_a_tab_that_was_closed_are_there_again(browser: Browser, app: App) -> None:
    for annotator in ("same browser", "other browser"):
        first = browser.new_context()
        page = first.new_page()
        sit_down(page, app.url, annotator)
        editor(page).fill("Half a sentence, and then the tab")
        page.close()
        second = first if annotator == "same browser" else browser.new_context()
        page = second.new_page()
        sit_down(page, app.url, annotator)
        expect(editor(page)).to_have_value("Half a sentence, and then the tab")
        first.close()
        second.close()


def test_the_state_of_the_text_is_said_at_every_step(page: Page, app: App) -> None:
    held = Held(page, "**/api/v1/autosave")
    sit_down(page, app.url, "watching")
    saved_state(page).evaluate(LISTEN)
    editor(page).press("S")
    held.first().continue_()
    expect(saved_state(page)).to_have_text("Saved")
    editor(page).press("o")
    held.first().fulfill(status=503)
    held.first().continue_()
    expect(saved_state(page)).to_have_text("Saved")
    assert page.evaluate("said") == [
        *("Unsaved", "Saving…", "Saved"),
        *("Unsaved", "Saving…", "Not saved yet: trying again", "Saving…", "Saved"),
    ]


def test_a_dropped_connection_is_said_and_costs_no_word(page: Page, app: App, line: Line) -> None:
    sit_down(page, line.url, "dropped")
    line.cut()
    editor(page).fill("Typed while the line was cut.")
    expect(saved_state(page)).to_have_text("Offline: kept in this browser")
    line.mend()
    expect(saved_state(page)).to_have_text("Saved")
    expect(editor(page)).to_have_value("Typed while the line was cut.")
    expect(page.get_by_role("button", name="Submit and next")).to_be_enabled()
    page.get_by_role("button", name="Submit and next").click()
    done(page, 1)
    assert answers_of(app, "dropped") == ["Typed while the line was cut."]


def test_words_that_only_the_browser_has_are_offered_on_return(page: Page, line: Line) -> None:
    sit_down(page, line.url, "tunnel")
    line.cut()
    editor(page).fill("Typed in a tunnel.")
    expect(saved_state(page)).to_have_text("Offline: kept in this browser")
    with page.expect_event("crash"), pytest.raises(Error, match="ERR_ABORTED"):
        page.goto("chrome://crash")  # unlike a tab that is closed, it cannot send anything once it is online again
    line.mend()
    again = page.context.new_page()
    sit_down(again, line.url, "tunnel")
    again.get_by_role("button", name="Restore it").click()
    expect(editor(again)).to_have_value("Typed in a tunnel.")
    expect(saved_state(again)).to_have_text("Saved")
    again.reload()
    expect(editor(again)).to_have_value("Typed in a tunnel.")


def test_a_double_click_does_not_answer_the_next_item(page: Page, app: App) -> None:
    sit_down(page, app.url, "double")
    unhurried(page)
    editor(page).fill("Meant once.")
    page.get_by_role("button", name="Submit and next").dblclick()
    done(page, 1)
    unhurried(page)
    editor(page).fill("Meant for the next.")
    page.keyboard.press("Control+Enter")
    done(page, 2)
    assert sorted(answers_of(app, "double")) == ["Meant for the next.", "Meant once."]


def test_of_two_tabs_the_first_answer_stays_and_the_second_hears_of_it(page: Page, app: App) -> None:
    other = page.context.new_page()
    for tab in (page, other):
        sit_down(tab, app.url, "two tabs")
    unhurried(page)
    editor(page).fill("From the first tab.")
    page.keyboard.press("Control+Enter")
    done(page, 1)
    editor(other).fill("From the second tab.")
    expect(saved_state(other)).to_have_text(
        "Not kept: you submitted this before. Copy what you need, then reload the page."
    )
    other.keyboard.press("Control+Enter")
    expect(
        other.get_by_text(
            "You answered this before, perhaps in another tab; that answer stays. Go on with what you see."
        )
    ).to_be_visible()
    done(other, 1)
    expect(editor(other)).to_have_value(re.compile("^A draft about"))
    assert answers_of(app, "two tabs") == ["From the first tab."]


def test_the_same_answer_from_two_tabs_is_one_answer(page: Page, app: App) -> None:
    other = page.context.new_page()
    for tab in (page, other):
        sit_down(tab, app.url, "twice")
    unhurried(page)
    for tab in (page, other):
        tab.keyboard.press("Control+Enter")
        done(tab, 1)
    expect(other.get_by_text("Stored before")).to_be_visible()
    assert len(answers_of(app, "twice")) == 1
