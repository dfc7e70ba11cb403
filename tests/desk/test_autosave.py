from datetime import UTC, datetime, timedelta

import pytest

from concord.desk.autosave import MOST_CHARACTERS, make_token, save
from concord.desk.queue import open_item
from concord.desk.submit import Submission, submit_edit
from concord.errors import InputError
from concord.ids import new_id


@pytest.fixture
def campaign(new_campaign):
    """One item to edit."""
    made = new_campaign(task="edit", overlap=1)
    made.item("q1", "draft")
    return made


@pytest.fixture
def now(campaign):
    """The time by which tokens are made: the signer has a clock of its own."""
    return datetime.now(UTC)


def opened(campaign, now, annotator: str = "ann"):
    return open_item(campaign.store, campaign.project, annotator, now=now)


def test_the_text_is_there_after_a_reload(campaign, now) -> None:
    task = opened(campaign, now)
    assert task.unsaved is None
    token = make_token(campaign.store.secret, "ann", task.presentation.id)
    for text in ("one", "one two", ""):
        assert save(campaign.store, token, text, now=now)
        assert opened(campaign, now).unsaved == text


def test_a_text_that_comes_after_the_submit_is_dropped(campaign, now) -> None:
    task = opened(campaign, now)
    token = make_token(campaign.store.secret, "ann", task.presentation.id)
    save(campaign.store, token, "unsaved", now=now)
    submit_edit(campaign.store, Submission(task.presentation.id, "ann", None, now), "final")
    assert campaign.store.unsaved(task.presentation.id) is None
    assert not save(campaign.store, token, "too late", now=now)
    assert campaign.store.unsaved(task.presentation.id) is None


def test_the_text_is_kept_after_the_lease_ran_out_and_the_item_was_given_on(campaign, now) -> None:
    task = opened(campaign, now)
    token = make_token(campaign.store.secret, "ann", task.presentation.id)
    later = now + timedelta(hours=1)
    assert opened(campaign, later, "bob").item == task.item
    assert save(campaign.store, token, "still typing", now=later)
    assert campaign.store.unsaved(task.presentation.id) == "still typing"


def test_a_token_is_good_for_a_week(campaign, now) -> None:
    token = make_token(campaign.store.secret, "ann", opened(campaign, now).presentation.id)
    assert save(campaign.store, token, "text", now=now + timedelta(days=6))
    with pytest.raises(InputError) as caught:
        save(campaign.store, token, "text", now=now + timedelta(days=8))
    assert str(caught.value) == ("This page is too old to save to. Reload it; the text is kept in the browser.")


@pytest.mark.parametrize("token", ["", "forged", "W10.aaaa.bbbb", make_token("another secret", "ann", new_id())])
def test_a_forged_token_saves_nothing(campaign, now, token: str) -> None:
    with pytest.raises(InputError) as caught:
        save(campaign.store, token, "text", now=now)
    assert str(caught.value) == "This page has no right to save here. Reload it; the text is kept in the browser."


def test_a_text_beyond_all_measure_is_refused(campaign, now) -> None:
    token = make_token(campaign.store.secret, "ann", opened(campaign, now).presentation.id)
    with pytest.raises(InputError) as caught:
        save(campaign.store, token, "x" * (MOST_CHARACTERS + 1), now=now)
    assert str(caught.value) == "The text has 400,001 characters; 400,000 are kept at most. Shorten it."
