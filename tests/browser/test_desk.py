"""The desk keeps what people do: by mouse and keys, after a closed tab, a double click and a killed server."""

import re

import pytest
from browser_app import App, edit, rank, take_seat, unhurried
from playwright.sync_api import Page, expect

SAMPLE = "Support replies (sample)"


def test_a_drag_onto_a_rank_ties_and_a_drag_away_unties(page: Page, app: App) -> None:
    take_seat(page, app, SAMPLE, "drag")
    for key in "12":
        page.keyboard.press(key)
    page.locator(".chip", has_text="B").drag_to(page.locator(".tier").first)
    expect(page.locator(".tier").first.locator(".chip")).to_have_count(2)
    page.locator(".chip", has_text="B").press("ArrowDown")
    expect(page.locator(".tier")).to_have_count(2)


def test_an_incomplete_ranking_is_refused_and_stays(page: Page, app: App) -> None:
    take_seat(page, app, SAMPLE, "incomplete")
    unhurried(page)
    for key in ("1", "2", "Control+Enter"):
        page.keyboard.press(key)
    expect(page.get_by_text("1 of 3 drafts are not ranked yet.")).to_be_visible()
    expect(page.locator(".tier")).to_have_count(2)


def test_the_drafts_do_not_say_which_model_wrote_them(page: Page, app: App) -> None:
    take_seat(page, app, SAMPLE, "blind")
    assert "concord-demo" not in page.content()


def test_a_double_click_submits_once(page: Page, app: App) -> None:
    take_seat(page, app, SAMPLE, "double")
    before = app.count(SAMPLE, "annotations")
    for key in "123":
        page.keyboard.press(key)
    page.get_by_role("button", name="Submit and next").dblclick()
    expect(page.locator("textarea#answer")).to_be_visible()
    assert app.count(SAMPLE, "annotations") == before + 1


def test_words_typed_just_before_leaving_are_there_again(page: Page, app: App) -> None:
    take_seat(page, app, SAMPLE, "leaving")
    rank(page, "123")
    page.locator("textarea#answer").fill("Half a sentence, and then the")
    page.reload()
    expect(page.locator("textarea#answer")).to_have_value("Half a sentence, and then the")


def test_an_edit_outlives_a_killed_server(page: Page, app: App) -> None:
    take_seat(page, app, SAMPLE, "killed")
    rank(page, "321")
    page.locator("textarea#answer").fill("Written before the power went.")
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    app.kill()
    app.start()
    page.goto(f"{app.url}/desk?project={SAMPLE}&who=killed")
    expect(page.locator("textarea#answer")).to_have_value("Written before the power went.")
    edit(page, "Written before the power went, and finished after.")
    expect(page.get_by_text(re.compile(r"^1 of \d+"))).to_be_visible()


def test_an_open_page_works_on_when_the_server_comes_back(page: Page, app: App) -> None:
    take_seat(page, app, SAMPLE, "reconnect")
    rank(page, "123")
    page.locator("textarea#answer").fill("Typed while nobody listened.")
    app.kill()
    app.start()
    expect(page.get_by_text("Saved", exact=True)).to_be_visible(timeout=60_000)
    expect(page.locator("textarea#answer")).to_have_value("Typed while nobody listened.")
    before = app.count(SAMPLE, "annotations")
    unhurried(page)
    page.get_by_role("button", name="Submit and next").click()
    expect(page.locator(".tray .chip")).to_have_count(3, timeout=60_000)
    assert app.count(SAMPLE, "annotations") == before + 1


def test_skip_flag_and_undo_by_keys_that_mean_letters_in_a_text(page: Page, app: App) -> None:
    take_seat(page, app, SAMPLE, "remarks")
    unhurried(page)
    page.keyboard.press("f")
    page.get_by_text("bad prompt", exact=True).click()
    page.get_by_label("In a line").fill("skip u k f")  # letters, while somebody types
    page.get_by_label("In a line").press("Control+Enter")
    expect(page.get_by_text(re.compile("Flagged$"))).to_be_visible()
    rank(page, "312")
    editor = page.locator("textarea#answer")
    expect(editor).to_be_visible()
    editor.blur()
    page.keyboard.press("u")
    expect(page.get_by_text(re.compile("Taken back$"))).to_be_visible()
    expect(page.locator(".tier")).to_have_count(3)
    unhurried(page)
    page.keyboard.press("Control+Enter")
    expect(editor).to_be_visible()
    before = editor.input_value()
    editor.press("k")
    expect(editor).not_to_have_value(before)
    edit(page, "Typed with k, f and u.")
    expect(page.locator(".tray .chip")).to_have_count(3)
    prompt = page.locator("[data-testid=stText]").first.inner_text()
    page.keyboard.press("k")
    page.get_by_text("unclear what is asked", exact=True).click()
    page.get_by_role("button", name="Skip Shortcut Ctrl + Enter").click()
    expect(page.get_by_text(re.compile("Skipped$"))).to_be_visible()
    expect(page.locator("[data-testid=stText]").first).not_to_have_text(prompt)


@pytest.mark.parametrize("width", [900, 1280, 1920])
def test_drafts_board_and_submit_are_on_one_screen_of_any_width(page: Page, app: App, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    take_seat(page, app, SAMPLE, f"wide-{width}")
    submit, draft = page.get_by_role("button", name="Submit and next"), page.get_by_text("Draft A", exact=True)
    for shown in (draft, submit, *page.locator(".tray .chip").all()):
        expect(shown).to_be_in_viewport(ratio=1)
    rank(page, "123")
    expect(page.locator("textarea#answer")).to_be_in_viewport()
    expect(submit).to_be_in_viewport(ratio=1)
