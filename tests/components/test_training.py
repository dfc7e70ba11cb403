"""Training at the desk, gold from a decision, and what annotators made of known answers."""

from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from components import session
from concord.records.annotation import Edit, Ranking
from concord.records.gold import Known
from storage.store import Store

Open = Callable[..., AppTest]


def view(app: AppTest) -> session.View:
    return app.session_state["view"]


def words(app: AppTest) -> str:
    said = (*app.success, *app.warning, *app.info, *app.markdown, *app.caption, *app.subheader)
    return "\n".join(one.value for one in said)


def submit(app: AppTest, *order: str) -> AppTest:
    """Rank the drafts on the screen by their names, after some thought."""
    task = view(app).task
    assert task
    ids = {draft.name: str(draft.id) for draft in task.drafts}
    app.session_state[session.rank_key(task.presentation.id)] = {"tiers": [[ids[name]] for name in order]}
    view(app).since -= 5.0
    return app.button(key="submit").click().run()


@pytest.fixture
def trained(new_campaign: Callable[..., Any], store: Store) -> Any:
    """One item whose second draft is known to be best, for training, and one for real work."""
    campaign = new_campaign(task="rank", overlap=1, training=1)
    item = campaign.item("g", "It *rains*.", "It pours.")
    d1, d2 = (draft.id for draft in store.drafts(item.id))
    store.add_gold([Known(campaign.project.id, item.id, Ranking(((d2,), (d1,))))], campaign.project.created_at)
    campaign.item("q1", "one", "two")
    return campaign


@pytest.mark.parametrize(("order", "said"), [(("d2", "d1"), "**As known:**"), (("d1", "d2"), "**It differs:**")])
def test_training_says_what_is_known_before_the_next_item(trained, open_screen: Open, order, said: str) -> None:
    app = open_screen("desk", project=trained.project.name, who="ann")
    assert not app.exception
    assert "Training, 1 of 1" in words(app)
    submit(app, *order)
    assert not app.exception
    assert said in words(app)
    assert view(app).task is None
    app.button(key="go-on").click().run()
    task = view(app).task
    assert task
    assert (task.item.name, task.training) == ("q1", False)
    assert "Training" not in words(app)


def test_what_is_known_is_shown_after_a_reload_until_it_was_seen(trained, open_screen: Open) -> None:
    desk = {"project": trained.project.name, "who": "ann"}
    submit(open_screen("desk", **desk), "d1", "d2")
    again = open_screen("desk", **desk)
    assert "**It differs:**" in words(again)
    again.button(key="go-on").click().run()
    for app in (again, open_screen("desk", **desk)):
        task = view(app).task
        assert task
        assert task.item.name == "q1"


def test_a_training_text_is_shown_beside_the_known_one(new_campaign, open_screen: Open, store: Store) -> None:
    campaign = new_campaign(task="edit", overlap=1, training=1)
    item = campaign.item("g", "It rains.")
    known = Known(campaign.project.id, item.id, Edit(None, "It snows."))
    store.add_gold([known], campaign.project.created_at)
    app = open_screen("desk", project=campaign.project.name, who="ann")
    view(app).since -= 5.0
    app.button(key="submit").click().run()
    assert any(">rains</del>" in str(html.value) and ">snows</ins>" in str(html.value) for html in app.html)


def test_annotators_stand_beside_known_answers_on_their_page(trained, open_screen: Open) -> None:
    submit(open_screen("desk", project=trained.project.name, who="ann"), "d1", "d2")
    app = open_screen("annotators", project=trained.project.name)
    assert not app.exception
    [line] = app.dataframe[0].value.to_dict("records")
    assert (line["Annotator"], line["Finished"], line["Training"]) == ("ann", 0, "0 of 1")
    assert "Gold" not in line


def test_what_a_reviewer_approves_can_be_used_as_gold(disputed, open_screen: Open, store: Store) -> None:
    app = open_screen("review", project=disputed.project.name)
    app.text_input[0].set_value("because")
    app.text_input[1].set_value("rae")
    app.button(key="decide-pick").click().run()
    app.button(key="use-as-gold").click().run()
    assert not app.exception
    assert [toast.value for toast in app.toast] == [
        "q1 is gold now: it trains and tests annotators, and is in no data set."
    ]
    item = store.named_item(disputed.project.id, "q1")
    assert len(store.known(disputed.project.id, item.id)) == 3
    assert store.counts(disputed.project.id).items == 0


@pytest.fixture
def disputed(new_campaign: Callable[..., Any]) -> Any:
    """An item on which two annotators disagree."""
    campaign = new_campaign()
    item = campaign.item("q1", "It rains.", "It pours.")
    campaign.rank(item, "ann", "d1 > d2")
    campaign.rank(item, "bob", "d2 > d1")
    return campaign
