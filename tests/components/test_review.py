"""The review of what annotators disagree on: most first, with all that they said, and decided there."""

from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from components.widgets import case_picker
from components.widgets.judgements_table import in_words
from concord.records.annotation import Comparison, Edit, Labels, Ranking, Ratings
from concord.records.draft import Draft
from storage.store import Store

Open = Callable[..., AppTest]


def offered(app: AppTest) -> list[str]:
    """The lines of the disputed items that can be chosen."""
    [choice] = [one for one in app.selectbox if one.label.startswith("Item")]
    return choice.options


def decide(app: AppTest, button: str) -> AppTest:
    app.text_input[0].set_value("because")
    app.text_input[1].set_value("rae")
    return app.button(key=f"decide-{button}").click().run()


@pytest.fixture
def disputed(new_campaign: Callable[..., Any], store: Store) -> Any:
    """Three items of which two are disputed, the last one most."""
    campaign = new_campaign()
    for item, order in zip(campaign.items(3, "It rains.", "It pours."), ("d1 > d2", "d1 = d2", "d2 > d1"), strict=True):
        campaign.rank(item, "ann", "d1 > d2")
        campaign.rank(item, "bob", order)
        drafts = store.drafts(item.id)
        campaign.judge(item, "ann", Edit(drafts[0].id, "It snows."), seconds=12.4)
        campaign.judge(item, "bob", Edit(drafts[0].id, "It snows."))
        campaign.judge(item, "bob", Ratings({"helpful": 4}))
    return campaign


def test_the_most_disputed_item_is_on_top_with_all_that_was_said(disputed, open_screen: Open) -> None:
    app = open_screen("review", project=disputed.project.name)
    assert not app.exception
    assert offered(app) == [
        "q3 · disagreement 1.00 in rankings",
        "q2 · disagreement 0.50 in rankings",
    ]
    assert "What about q3?" in [text.value for text in app.text]
    rows = app.dataframe[0].value
    assert rows["Judgement"].tolist() == ["d1 > d2", "d2 > d1", "an edit of d1", "an edit of d1", "helpful 4"]
    assert rows["Annotator"].tolist() == ["ann", "bob", "ann", "bob", "bob"]
    assert rows["Kept"].dropna().tolist() == [0.5, 0.5]
    assert rows["Seconds"].dropna().tolist() == [12.4]
    assert any(">rains</del>" in str(html.value) for html in app.html)
    assert any(caption.value.startswith("Ranks run over all texts here") for caption in app.caption)


def test_a_decision_takes_the_item_off_the_list(disputed, open_screen: Open, store: Store) -> None:
    app = open_screen("review", project=disputed.project.name)
    second = store.drafts(store.named_item(disputed.project.id, "q3").id)[1]
    app.radio[0].set_value(str(second.id)).run()
    decide(app, "pick")
    assert not app.exception
    assert [line.split(" ")[0] for line in offered(app)] == ["q2"]
    [made] = store.adjudications(disputed.project.id)
    assert (made.decision, made.text, made.reason, made.reviewer) == ("pick", "It pours.", "because", "rae")


def test_where_all_agree_the_page_says_what_would_come_here(project, open_screen: Open) -> None:
    app = open_screen("review", project=project.name)
    assert [heading.value for heading in app.subheader] == ["Nothing waits for a decision"]
    app.segmented_control[0].set_value("disputed").run()
    assert not app.exception
    assert [heading.value for heading in app.subheader] == ["Nobody disagrees"]


def test_many_disputed_items_are_offered_in_pages(disputed, open_screen: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(case_picker, "PAGE", 1)
    app = open_screen("review", project=disputed.project.name)
    assert not app.exception
    assert [line.split(" ")[0] for line in offered(app)] == ["q3"]
    app.pagination[0].set_value(2).run()
    assert [line.split(" ")[0] for line in offered(app)] == ["q2"]


def test_drafts_with_the_same_text_are_told_apart_in_what_people_said(
    new_campaign: Callable[..., Any], open_screen: Open
) -> None:
    campaign = new_campaign()
    item = campaign.item("q1", "one", "one", "two")
    campaign.rank(item, "ann", "d2 > d3 > d1")
    campaign.rank(item, "bob", "d3 > d1 = d2")
    app = open_screen("review", project=campaign.project.name)
    assert not app.exception
    assert app.dataframe[0].value["Judgement"].tolist() == ["d2 > d3 > d1", "d3 > d1 = d2"]


def test_judgements_are_told_in_a_line(new_campaign: Callable[..., Any]) -> None:
    campaign = new_campaign()
    item = campaign.item("q1", "one", "two", "three")
    drafts: dict[Any, Draft] = {draft.id: draft for draft in campaign.store.drafts(item.id)}
    one, two, three = drafts
    said = [
        (Ranking(((two,), (three, one))), "d2 > d1 = d3"),
        (Comparison(one), "d1 is better"),
        (Comparison("both_bad"), "both bad"),
        (Comparison(two, (one, two), "much"), "d2 is much better than d1"),
        (Comparison("tie", (one, three)), "tie (d1 and d3)"),
        (Ratings({"helpful": 4.0, "kind": 2.5}), "helpful 4, kind 2.5"),
        (Labels({"tone": "warm"}), "tone: warm"),
        (Edit(one, "one"), "d1 left as it is"),
        (Edit(one, "won"), "an edit of d1"),
        (Edit(None, "won"), "an answer from nothing"),
    ]
    assert [in_words(judgement, drafts) for judgement, _ in said] == [line for _, line in said]
