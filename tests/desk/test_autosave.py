from datetime import UTC, datetime, timedelta

import pytest

from concord.desk.autosave import MOST_CHARACTERS, make_token, save
from concord.desk.queue import open_item
from concord.desk.submit import Submission, annotation_id, submit_edit, submit_ranking
from concord.desk.undo import undo_submit
from concord.errors import InputError
from concord.ids import new_id


@pytest.fixture
def campaign(new_campaign):
    """One item of two drafts to rank and to edit."""
    made = new_campaign(task="rank+edit", overlap=1)
    made.item("q1", "one", "two")
    return made


@pytest.fixture
def now(campaign):
    """The time by which tokens are made: the signer has a clock of its own."""
    return datetime.now(UTC)


def opened(campaign, now, annotator: str = "ann"):
    return open_item(campaign.store, campaign.project, annotator, now=now)


def token_of(campaign, task) -> str:
    return make_token(campaign.store.secret, "ann", task.presentation.id, task.step)


def ranked(campaign, task, now) -> None:
    submission = Submission(task.presentation.id, "ann", None, now, task.attempt)
    submit_ranking(campaign.store, submission, [[draft.id] for draft in task.drafts])


def test_what_is_entered_is_there_after_a_reload(campaign, now) -> None:
    task = opened(campaign, now)
    assert task.unsaved == {}
    for state in ({"tiers": [["d1"]]}, {"tiers": [["d1"]], "rest": "unranked"}, {"tiers": []}):
        assert save(campaign.store, token_of(campaign, task), state, now=now)
        assert opened(campaign, now).unsaved == state


def test_each_step_of_a_page_has_what_was_entered_for_it(campaign, now) -> None:
    ranking = opened(campaign, now)
    save(campaign.store, token_of(campaign, ranking), {"tiers": []}, now=now)
    ranked(campaign, ranking, now)
    edit = opened(campaign, now)
    assert edit.unsaved == {}
    save(campaign.store, token_of(campaign, edit), {"text": "half"}, now=now)
    undo_submit(campaign.store, campaign.project, "ann", annotation_id(ranking.presentation.id, "ranking"), now=now)
    again = opened(campaign, now)
    assert (again.step, again.unsaved) == ("ranking", {})
    ranked(campaign, again, now)
    assert opened(campaign, now).unsaved == {"text": "half"}


def test_what_comes_after_the_submit_of_its_step_is_dropped(campaign, now) -> None:
    ranking = opened(campaign, now)
    ranked(campaign, ranking, now)
    assert not save(campaign.store, token_of(campaign, ranking), {"tiers": []}, now=now)
    edit = opened(campaign, now)
    token = token_of(campaign, edit)
    save(campaign.store, token, {"text": "unsaved"}, now=now)
    submit_edit(campaign.store, Submission(edit.presentation.id, "ann", None, now), "final")
    assert not save(campaign.store, token, {"text": "too late"}, now=now)
    assert campaign.store.engine.read("select * from unsaved") == []


def test_it_is_kept_after_the_lease_ran_out_and_the_item_was_given_on(campaign, now) -> None:
    task = opened(campaign, now)
    later = now + timedelta(hours=1)
    assert opened(campaign, later, "bob").item == task.item
    assert save(campaign.store, token_of(campaign, task), {"tiers": []}, now=later)
    assert campaign.store.history(task.presentation.id).unsaved == {task.step: {"tiers": []}}


def test_a_token_is_good_for_a_week(campaign, now) -> None:
    token = token_of(campaign, opened(campaign, now))
    assert save(campaign.store, token, {}, now=now + timedelta(days=6))
    with pytest.raises(InputError) as caught:
        save(campaign.store, token, {}, now=now + timedelta(days=8))
    assert str(caught.value) == "This page is too old to save to. Reload it; what you entered is kept in the browser."


@pytest.mark.parametrize(
    "token", ["", "forged", "W10.aaaa.bbbb", make_token("another secret", "ann", new_id(), "edit")]
)
def test_a_forged_token_saves_nothing(campaign, now, token: str) -> None:
    with pytest.raises(InputError) as caught:
        save(campaign.store, token, {}, now=now)
    assert str(caught.value) == (
        "This page has no right to save here. Reload it; what you entered is kept in the browser."
    )


def test_what_is_beyond_all_measure_is_refused(campaign, now) -> None:
    token = token_of(campaign, opened(campaign, now))
    text = "x" * (MOST_CHARACTERS - len('{"text":""}'))
    assert save(campaign.store, token, {"text": text}, now=now)
    with pytest.raises(InputError) as caught:
        save(campaign.store, token, {"text": f"{text}x"}, now=now)
    assert str(caught.value) == "What is entered has 400,001 characters as JSON; 400,000 are kept at most. Shorten it."
