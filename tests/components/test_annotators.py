"""The annotators' page: items are assigned there, and flags and skips lead to their items."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from concord.desk.queue import open_item
from concord.desk.remarks import flag_item, skip_item
from concord.desk.submit import Submission
from storage.store import Store

Open = Callable[..., AppTest]


@pytest.fixture
def crew(new_campaign: Callable[..., Any]) -> Any:
    """Three items of two drafts, which want two annotators."""
    campaign = new_campaign(task="rank", overlap=2)
    campaign.items(3, "one", "two")
    return campaign


def said(app: AppTest) -> str:
    return "\n".join([*(one.value for one in app.caption), *(one.value for one in app.markdown)])


def assigned(store: Store) -> list[tuple[str, str]]:
    """(item, annotator) of what is assigned."""
    return store.engine.read("select i.name, n.annotator from named n join items i on i.id = n.item_id order by all")


def test_who_saw_planted_faults_stands_beside_what_they_did(crew, open_screen: Open) -> None:
    item = crew.item("c1", "It is 3 days.", arm="canary")
    planted = {"kind": "number", "at": 6, "before": "3", "after": "9"}
    crew.draft(item, "d2", "It is 9 days.", params={"planted": planted, "copy_of": "d1"})
    crew.rank(item, "ann", "d1 > d2")
    crew.rank(item, "bob", "d2 > d1")
    table = open_screen("annotators", project=crew.project.name).dataframe[0].value
    assert dict(zip(table["Annotator"], table["Faults seen"], strict=True)) == {"ann": "1 of 1", "bob": "0 of 1"}
    assert not {"Alike again", "Gold"} & set(table.columns)


def test_the_next_items_are_assigned_and_opened_again(crew, open_screen: Open, store: Store) -> None:
    app = open_screen("annotators", project=crew.project.name)
    assert not app.exception
    app.multiselect(key="assign-names").set_value(["ann"])
    app.number_input(key="assign-limit").set_value(2)
    app.button(key="assign-submit").click().run()
    assert "2 items assigned, of which 2 want more annotators than are named" in said(app)
    assert assigned(store) == [("q1", "ann"), ("q2", "ann")]
    app.button(key="unassign-submit").click().run()
    assert "2 items opened to everybody" in said(app)
    assert assigned(store) == []


def test_listed_items_are_assigned_and_what_is_refused_is_said(crew, open_screen: Open, store: Store) -> None:
    app = open_screen("annotators", project=crew.project.name)
    app.text_area(key="assign-items").set_value("q3\n\nq9")
    app.button(key="assign-submit").click().run()
    assert "Nobody is named\\." in said(app)
    app.multiselect(key="assign-names").set_value(["ann", "bob"])
    app.button(key="assign-submit").click().run()
    assert "has no item 'q9'" in said(app).replace("\\", "")
    app.text_area(key="assign-items").set_value("q3")
    app.button(key="assign-submit").click().run()
    assert assigned(store) == [("q3", "ann"), ("q3", "bob")]


def test_flags_and_skips_are_listed_and_flags_go_when_they_are_lifted(crew, open_screen: Open, store: Store) -> None:
    now = crew.project.created_at - timedelta(minutes=1)
    task = open_item(store, crew.project, "ann", now=now)
    assert task
    shown = Submission(task.presentation.id, "ann", None, now)
    flag_item(store, shown, "other", "*upside* down")
    skip_item(store, shown, "unclear")
    app = open_screen("annotators", project=crew.project.name)
    words = said(app).replace("\\", "")
    assert "ann flagged it: other. “*upside* down” · 4 May 2026, 11:59 UTC" in words
    assert "ann skipped it: unclear what is asked." in words
    crew.decide(task.item, "pick", "d1")
    words = said(app.run()).replace("\\", "")
    assert "flagged it" not in words
    assert "skipped it" in words
