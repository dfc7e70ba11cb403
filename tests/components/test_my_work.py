"""My work: what was judged is listed, and comes back to the desk to be corrected."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from components import session
from concord.desk.queue import open_item
from concord.desk.submit import Submission, submit_ranking
from concord.records.annotation import Ranking
from concord.records.item import Item
from storage.store import Store

Open = Callable[..., AppTest]


@pytest.fixture
def judged(new_campaign: Callable[..., Any], store: Store) -> tuple[Any, Item]:
    """Two of three items ranked by ana, the first shown best; with the item that she ranked last."""
    campaign = new_campaign(task="rank", overlap=1)
    campaign.items(3, "It rains.", "It pours.")
    item = None
    for minute in range(2):
        now = campaign.project.created_at + timedelta(minutes=minute)
        task = open_item(store, campaign.project, "ana", now=now)
        assert task
        item = task.item
        submission = Submission(task.presentation.id, "ana", 9.0, now)
        submit_ranking(store, submission, [[draft.id] for draft in task.drafts])
    return campaign, item


def cards(app: AppTest) -> list[str]:
    return [text.value for text in app.text]


def view(app: AppTest) -> session.View:
    return app.session_state["view"]


def correct(app: AppTest, place: int = 0) -> AppTest:
    """Open the correction of one of the items listed; the test's browser follows to the desk."""
    buttons = [button for button in app.button if button.label == "Correct"]
    buttons[place].click().run()
    return app.switch_page("screens/desk.py").run()


def test_what_i_judged_is_listed_newest_first_and_found_by_its_words(judged, open_screen: Open) -> None:
    app = open_screen("my_work", project=judged[0].project.name, who="ana")
    assert not app.exception
    assert cards(app) == ["What about q2?", "What about q1?"]
    app.text_input[0].set_value("q1").run()
    assert cards(app) == ["What about q1?"]
    app.text_input[0].set_value("q3").run()
    assert cards(app) == []


def test_a_correction_comes_to_the_desk_and_supersedes(judged, open_screen: Open, store: Store) -> None:
    campaign, item = judged
    app = correct(open_screen("my_work", project=campaign.project.name, who="ana"))
    task = view(app).task
    assert not app.exception
    assert task
    assert (task.item, task.entered) == (item, Ranking(tuple((draft.id,) for draft in task.drafts)))
    assert any("What you submit now takes its place." in one.value for one in app.info)
    order = [[str(draft.id)] for draft in reversed(task.drafts)]
    app.session_state[session.rank_key(task.presentation.id)] = {"tiers": order}
    view(app).since -= 5.0
    app.button(key="submit").click().run()
    [counts] = store.item_annotations(item.id)
    assert counts.judgement == Ranking(tuple((draft.id,) for draft in reversed(task.drafts)))
    assert store.counts(campaign.project.id).annotations == 2
    assert not app.info


def test_a_correction_can_be_left(judged, open_screen: Open, store: Store) -> None:
    campaign, item = judged
    app = correct(open_screen("my_work", project=campaign.project.name, who="ana"))
    app.button(key="leave-correction").click().run()
    task = view(app).task
    assert task
    assert (task.item.name, task.corrects) == ("q3", None)
    assert len(store.item_annotations(item.id)) == 1


def test_what_a_reviewer_decided_cannot_be_corrected(judged, open_screen: Open) -> None:
    campaign, item = judged
    campaign.decide(item, "pick", "d1")
    app = open_screen("my_work", project=campaign.project.name, who="ana")
    assert [button.disabled for button in app.button if button.label == "Correct"] == [True, False]


def test_without_a_name_the_page_leads_to_the_desk(judged, open_screen: Open) -> None:
    app = open_screen("my_work", project=judged[0].project.name)
    assert "Nobody sits at the desk" in [heading.value for heading in app.subheader]
