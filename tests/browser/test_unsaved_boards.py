"""A board that was left half way is there again: after a reload, in another tab, after the server was killed."""

import json
from collections.abc import Callable, Iterator

import pytest
from browser_app import App, unhurried
from line import Line
from playwright.sync_api import Browser, Error, Page, Route, expect

LETTERS = "abcdefgh"
RANKED = "task: rank\noverlap: 1\n"
COMPARED = "task: compare\ncandidates: 2\noverlap: 1\nfactual_checks: true\n"
RATED = "task: rate\noverlap: 1\nrubric: [{name: helpful}, {name: brief, low: 0, high: 2}]\n"
LABELLED = """task: label
overlap: 1
questions: [{name: about, choices: [light, air, water], multi: true}, {name: tone, choices: [warm, cold]}]
"""

Lay = Callable[..., str]


@pytest.fixture
def lay(app: App, request: pytest.FixtureRequest) -> Lay:
    """Make a project of two items with these settings, and give the path to its desk."""

    def laid(settings: str, drafts: int = 2) -> str:
        name = request.node.name
        written, items = app.folder / f"{name}.yaml", app.folder / f"{name}.jsonl"
        responses = [{"id": letter, "text": f"Draft {letter} says so."} for letter in LETTERS[:drafts]]
        lines = [{"item_id": f"q{n}", "prompt": f"Why ({n})?", "responses": responses} for n in range(2)]
        written.write_text(settings, encoding="utf-8")
        items.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
        app.concord("project", "create", name, "--settings", str(written))
        app.concord("import", name, str(items))
        return f"/desk?project={name}&who=ana"

    return laid


@pytest.fixture
def line(app: App) -> Iterator[Line]:
    laid = Line(app.port)
    yield laid
    laid.close()


def press(page: Page, keys: str) -> None:
    expect(page.locator(".board :is(.chip, .option)").first).to_be_visible()
    for key in keys.split():
        page.keyboard.press(key)


def saved(page: Page, said: str = "Saved") -> None:
    expect(page.locator(".saved")).to_have_text(said)


def expect_tiers(page: Page, *tiers: str) -> None:
    """The letters in each tier of the rank board, best first."""
    expect(page.locator(".tier")).to_have_count(len(tiers))
    for number, letters in enumerate(tiers):
        expect(page.locator(".tier").nth(number).locator(".chip b")).to_have_text(list(letters))


def expect_pressed(page: Page, *names: str) -> None:
    """The options that are chosen, by their whole names, in the order on the screen."""
    pressed = page.locator(".option[aria-pressed=true]")
    expect(pressed).to_have_count(len(names))
    for number, name in enumerate(names):
        expect(pressed.nth(number)).to_have_accessible_name(name)


def expect_copies(page: Page, number: int) -> None:
    """So many boards are kept in this browser."""
    kept = "Object.keys(localStorage).filter(name => name.startsWith('concord:rank-')).length"
    page.wait_for_function(f"{kept} === {number}")


def test_a_half_made_ranking_survives_a_reload_a_closed_tab_and_another_browser(
    browser: Browser, app: App, lay: Lay
) -> None:
    desk = app.url + lay(RANKED, drafts=8)
    first = browser.new_context()
    page = first.new_page()
    page.goto(desk)
    press(page, "3 1 = 4 2 l")
    page.get_by_role("link", name="My work").click()  # before it was saved
    page.get_by_role("link", name="Back to the desk").click()
    expect_tiers(page, "C", "AD", "B")
    page.reload()
    expect_tiers(page, "C", "AD", "B")
    expect(page.locator(".tray")).to_contain_text("Left out")
    press(page, "8")
    page.close()  # before it was saved
    for context in (first, browser.new_context()):
        page = context.new_page()
        page.goto(desk)
        expect_tiers(page, "C", "AD", "B", "H")
        expect(page.locator(".tray .chip")).to_have_count(3)
        expect(page.locator(".restore")).to_be_hidden()
    second = first.new_page()
    second.goto(desk)
    press(second, "7")
    saved(second)
    page.reload()
    expect_tiers(page, "C", "AD", "B", "H", "G")
    press(page, "5 6")
    unhurried(page)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("1 of 2")).to_be_visible()
    expect_tiers(page)
    for context in browser.contexts:
        context.close()


def test_a_choice_its_facts_and_its_reason_survive_a_reload(page: Page, app: App, lay: Lay) -> None:
    page.goto(app.url + lay(COMPARED))
    expect(page.get_by_role("radio")).to_have_count(6)
    unhurried(page)
    press(page, "n y 1 1 Control+Enter")
    page.get_by_label("Why does a draft marked wrong beat one marked right?").fill("It is kinder.")
    saved(page)
    page.reload()
    expect_pressed(page, "Draft A is clearly better")
    for place, fact in enumerate(("Wrong", "Right")):
        checked = page.locator(".facts").nth(place).get_by_role("radio", name=fact)
        expect(checked).to_have_attribute("aria-checked", "true")
    unhurried(page)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("1 of 2")).to_be_visible()


def test_ratings_survive_a_reload(page: Page, app: App, lay: Lay) -> None:
    page.goto(app.url + lay(RATED, drafts=1))
    press(page, "4 0 Backspace")
    saved(page)
    page.reload()
    expect_pressed(page, "helpful: 4")
    expect(page.locator(".question.current")).to_contain_text("brief")


def test_labels_survive_a_reload(page: Page, app: App, lay: Lay) -> None:
    page.goto(app.url + lay(LABELLED, drafts=1))
    press(page, "3 1 Enter 2")
    saved(page)
    page.reload()
    expect_pressed(page, "about: light", "about: water", "tone: cold")
    expect(page.locator(".restore")).to_be_hidden()


def test_what_is_submitted_or_left_leaves_no_copy_in_the_browser(page: Page, app: App, lay: Lay) -> None:
    held: list[Route] = []
    page.route("**/api/v1/autosave", lambda route: held.append(route))
    page.goto(app.url + lay(RANKED))
    press(page, "1 2")
    saved(page, "Saving…")
    expect_copies(page, 1)
    unhurried(page)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("1 of 2")).to_be_visible()
    for route in held:
        route.continue_()
    page.unroute("**/api/v1/autosave")
    expect_copies(page, 0)
    expect(page.locator(".tray .chip")).to_have_count(2)
    press(page, "1")
    page.get_by_role("button", name="ana").click()
    page.get_by_role("button", name="Change name or project").click()
    expect(page.get_by_text("Who is judging?")).to_be_visible()
    expect_copies(page, 0)


def test_a_board_that_only_the_browser_has_is_offered_on_return(page: Page, lay: Lay, line: Line) -> None:
    desk = line.url + lay(COMPARED)
    page.goto(desk)
    expect(page.get_by_role("radio")).to_have_count(6)
    line.cut()
    press(page, "x y 2")
    saved(page, "Offline: kept in this browser")
    with page.expect_event("crash"), pytest.raises(Error, match="ERR_ABORTED"):
        page.goto("chrome://crash")  # unlike a tab that is closed, it cannot send anything once it is online again
    line.mend()
    again = page.context.new_page()
    again.goto(desk)
    again.get_by_role("button", name="Restore it").click()
    expect_pressed(again, "Draft B is slightly better")
    expect(again.get_by_role("radio", checked=True)).to_have_count(2)
    saved(again)
    unhurried(again)
    again.keyboard.press("Control+Enter")
    expect(again.get_by_text("1 of 2")).to_be_visible()


def test_a_ranking_goes_on_after_the_server_was_killed(page: Page, app: App, lay: Lay) -> None:
    desk = app.url + lay(RANKED, drafts=4)
    page.goto(desk)
    press(page, "2")
    saved(page)
    app.kill()
    press(page, "4")
    saved(page, "Offline: kept in this browser")
    app.start()
    saved(page)
    page.reload()
    expect_tiers(page, "B", "D")
