"""The Check page: what to do when there is nothing, the findings with their links, the report that stays."""

from collections.abc import Callable
from typing import Any

from streamlit.testing.v1 import AppTest

Open = Callable[..., AppTest]


def test_without_items_the_page_says_where_they_come_from(open_screen: Open, new_campaign: Callable[..., Any]) -> None:
    app = open_screen("check", project=new_campaign().project.name)
    assert [one.value for one in app.subheader] == ["There is nothing to check yet"]
    assert not app.button


def test_findings_name_their_items_and_say_what_to_do(open_screen: Open, new_campaign: Callable[..., Any]) -> None:
    campaign = new_campaign()
    campaign.edit(campaign.item("q1"), "ana", "")
    campaign.edit(campaign.item("q2"), "ana", "So *it* is</s>.")
    app = open_screen("check", project=campaign.project.name)
    app.button(key="check").click().run()
    assert not app.exception
    assert [one.value for one in app.error] == ["1 error, 1 warning, 0 notes in 2 items with 2 responses\\."]
    labels = [one.label for one in app.expander if "badge" in one.label]
    assert labels[0].startswith(":red-badge[Error] A response is empty or blank\\.")
    assert labels[1].startswith(":orange-badge[Warning]")
    assert [frame.value["Item"].tolist() for frame in app.dataframe[:2]] == [["q1"], ["q2"]]
    assert any("2 items have an approved answer" in one.value for one in app.markdown)


def test_a_check_that_finds_nothing_says_so(open_screen: Open, new_campaign: Callable[..., Any]) -> None:
    campaign = new_campaign()
    campaign.edit(campaign.item("q1"), "ana", "It scatters blue light.")
    app = open_screen("check", project=campaign.project.name)
    app.button(key="check").click().run()
    assert "Nothing was found." in [one.value for one in app.caption]


def test_the_report_of_another_project_is_not_shown(open_screen: Open, new_campaign: Callable[..., Any]) -> None:
    first, second = new_campaign(), new_campaign()
    for campaign in (first, second):
        campaign.edit(campaign.item("q1"), "ana", "")
    app = open_screen("check", project=first.project.name)
    app.button(key="check").click().run()
    assert len(app.error) == 1
    app.selectbox(key="project-picker").set_value(second.project.name).run()
    assert len(app.error) == 0


def test_a_model_is_asked_about_missing_information_and_the_next_check_shows_it(
    open_screen: Open, new_campaign: Callable[..., Any]
) -> None:
    campaign = new_campaign()
    for number in range(10):
        campaign.edit(campaign.item(f"q{number}"), "ana", f"Refunds arrive within {number} days.")
    app = open_screen("check", project=campaign.project.name)
    [ask] = [one for one in app.button if one.label == "Ask the model"]
    ask.click().run()
    assert not app.exception
    assert [one.value for one in app.success] == [
        "10 responses asked about \\($0\\.00\\)\\. Check all items to see what was found\\.".replace("$", "\\$")
    ]
    app.button(key="check").click().run()
    assert any("claims what its prompt does not support" in one.label for one in app.expander)
