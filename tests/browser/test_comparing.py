"""Comparing two drafts, rating and labelling at the desk, by keys and by mouse."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from browser_app import App, edit, unhurried
from playwright.sync_api import Page, expect

ITEM = """{{"item_id": "q{n}", "prompt": "Why is the sky blue ({n})?",
 "responses": [{{"id": "a", "text": "It scatters."}}, {{"id": "b", "text": "It is paint."}}]}}"""


RATED = """task: rate
overlap: 1
rubric:
  - {name: helpful, question: "Does it help?", low_word: not at all, high_word: very much}
  - {name: brief, low: 0, high: 2}
"""
LABELLED = """task: label
overlap: 1
questions:
  - {name: about, choices: [light, air, water], multi: true}
  - {name: tone, choices: [warm, cold]}
"""


@pytest.fixture
def take_desk(app: App, page: Page, tmp_path: Path, request: pytest.FixtureRequest) -> Callable[[str], str]:
    """Make a project of three items with two drafts, with these settings, and sit down at its desk."""

    def made(settings: str) -> str:
        name = request.node.name
        (tmp_path / "settings.yaml").write_text(settings)
        (tmp_path / "items.jsonl").write_text("".join(ITEM.format(n=n).replace("\n", "") + "\n" for n in range(3)))
        app.concord("project", "create", name, "--settings", str(tmp_path / "settings.yaml"))
        app.concord("import", name, str(tmp_path / "items.jsonl"))
        page.goto(f"{app.url}/desk?project={name}&who=ana")
        expect(page.locator(".option").first).to_be_visible()
        unhurried(page)
        return name

    return made


@pytest.fixture
def comparing(take_desk: Callable[[str], str]) -> str:
    """Two drafts are compared, and the better one is edited."""
    return take_desk("task: compare+edit\ncandidates: 2\noverlap: 1\n")


def chosen(page: Page) -> str:
    """What the one pressed button says."""
    pressed = page.locator(".option[aria-pressed=true]")
    expect(pressed).to_have_count(1)
    return pressed.get_attribute("aria-label") or pressed.inner_text()


def test_keys_choose_the_side_and_how_strongly(page: Page, app: App, comparing: str) -> None:
    for keys, words in (
        ("2", "Draft B is slightly better"),
        ("2", "Draft B is clearly better"),
        ("1", "Draft A is slightly better"),
        ("ArrowLeft", "Draft A is clearly better"),
        ("ArrowLeft ArrowLeft", "Draft A is much better"),
        ("ArrowRight ArrowRight ArrowRight", "Equally good"),
        ("0", "Both bad"),
        ("=", "Equally good"),
        ("1 1", "Draft A is clearly better"),
    ):
        for key in keys.split():
            page.keyboard.press(key)
        assert words in chosen(page)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Edit draft A")).to_be_visible()
    edit(page, "It scatters short waves.")
    expect(page.get_by_text(re.compile(r"^1 of 3"))).to_be_visible()
    assert app.count(comparing, "annotations") == 2


def test_the_mouse_chooses_both_at_once_and_undo_brings_it_back(page: Page, app: App, comparing: str) -> None:
    page.get_by_role("button", name="Submit and next").click()
    expect(page.get_by_text("The drafts are not compared yet.")).to_be_visible()
    page.get_by_role("button", name="Draft B is much better").click()
    unhurried(page)
    page.get_by_role("button", name="Submit and next").click()
    expect(page.locator("textarea#answer")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Draft B is much better", pressed=True)).to_be_visible()
    page.get_by_role("button", name="Both bad").click()
    unhurried(page)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Write the answer")).to_be_visible()
    assert app.count(comparing, "annotations") == 1


def pressed(page: Page) -> list[str | None]:
    """What is chosen, by its whole name."""
    return [one.get_attribute("aria-label") for one in page.locator(".option[aria-pressed=true]").all()]


def test_a_draft_is_rated_by_keys_that_lead_from_scale_to_scale(
    page: Page, app: App, take_desk: Callable[[str], str]
) -> None:
    project = take_desk(RATED)
    for key in ("4", "0"):
        page.keyboard.press(key)
    assert pressed(page) == ["helpful: 4", "brief: 0"]
    page.keyboard.press("Backspace")
    expect(page.locator(".question.current")).to_contain_text("brief")
    assert pressed(page) == ["helpful: 4"]
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("1 of 2 questions have no answer yet")).to_be_visible()
    page.get_by_role("button", name="brief: 2").click()
    page.get_by_role("button", name="helpful: 5").click()
    unhurried(page)
    page.get_by_role("button", name="Submit and next").click()
    expect(page.get_by_text(re.compile(r"^1 of 3"))).to_be_visible()
    assert b'{"brief":2.0,"helpful":5.0}' in exported(app, project)


def test_a_scale_of_five_stays_in_one_row_on_a_narrow_screen(page: Page, take_desk: Callable[[str], str]) -> None:
    page.set_viewport_size({"width": 900, "height": 1000})
    take_desk(RATED)
    steps = page.locator(".question").first.locator(".option")
    expect(steps).to_have_count(5)
    boxes = [step.bounding_box() for step in steps.all()]
    assert len({box["y"] for box in boxes if box}) == 1


def test_a_prompt_is_labelled_by_keys_with_several_choices(
    page: Page, app: App, take_desk: Callable[[str], str]
) -> None:
    project = take_desk(LABELLED)
    for key in ("1", "2", "3", "2", "Enter", "2"):
        page.keyboard.press(key)
    assert pressed(page) == ["about: light", "about: water", "tone: cold"]
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text(re.compile(r"^1 of 3"))).to_be_visible()
    assert rb'''"about":"[\"light\",\"water\"]","tone":"cold"''' in exported(app, project)


def exported(app: App, project: str) -> bytes:
    """What was judged, in the interchange format."""
    target = app.folder / f"{project}.jsonl"
    app.concord("annotations", "export", project, str(target))
    return target.read_bytes()


def test_a_wrong_draft_is_preferred_with_a_reason(page: Page, app: App, take_desk: Callable[[str], str]) -> None:
    project = take_desk("task: compare\ncandidates: 2\noverlap: 1\nfactual_checks: true\n")
    expect(page.locator(".facts")).to_have_count(2)
    for key in ("n", "y", "1"):
        page.keyboard.press(key)
    page.keyboard.press("Control+Enter")
    reason = page.get_by_label("Why does a draft marked wrong beat one marked right?")
    expect(reason).to_be_focused()
    reason.fill("It is wrong in 1 word.")
    assert "Draft A is slightly better" in chosen(page)
    unhurried(page)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text(re.compile(r"^1 of 3"))).to_be_visible()
    assert b'"reason":"It is wrong in 1 word."' in exported(app, project)
