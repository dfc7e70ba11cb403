"""Undo of the last submit: what was judged counts no more, and its page comes back as it was left."""

from datetime import timedelta

import pytest

from concord.desk.queue import Assignment, open_item
from concord.desk.remarks import skip_item
from concord.desk.submit import Submission, annotation_id, submit_edit, submit_ranking
from concord.desk.undo import undo_submit
from concord.errors import Conflict, NotFound
from concord.records.annotation import Edit, Ranking

MINUTE = timedelta(minutes=1)


@pytest.fixture
def both(new_campaign):
    """Two items of two drafts to rank and to edit, by one annotator each."""
    campaign = new_campaign(task="rank+edit", overlap=1)
    campaign.items(2, "one", "two")
    return campaign


@pytest.fixture
def ranking(new_campaign):
    """Three items of two drafts to rank, by one annotator each."""
    campaign = new_campaign(task="rank", overlap=1)
    campaign.items(3, "one", "two")
    return campaign


def opened(campaign, annotator: str = "ann", *, minutes: int = 0) -> Assignment:
    task = open_item(campaign.store, campaign.project, annotator, now=campaign.project.created_at + minutes * MINUTE)
    assert task
    return task


def submit(campaign, task: Assignment, *, minutes: int = 0, text: str = "answer", reverse: bool = False) -> str:
    shown = task.presentation
    submission = Submission(shown.id, shown.annotator, 9.0, shown.created_at + minutes * MINUTE, task.attempt)
    if task.step == "edit":
        return submit_edit(campaign.store, submission, text)
    order = reversed(task.drafts) if reverse else task.drafts
    return submit_ranking(campaign.store, submission, [[draft.id] for draft in order])


def undo(campaign, task: Assignment, annotator: str = "ann", *, minutes: int = 0) -> str:
    made = annotation_id(task.presentation.id, task.step, task.attempt)
    now = campaign.project.created_at + minutes * MINUTE
    return undo_submit(campaign.store, campaign.project, annotator, made, now=now)


def current(campaign) -> list:
    return [annotation.judgement for annotation in campaign.store.annotations(campaign.project.id)]


def wrong(campaign) -> list:
    return [check for check in campaign.store.verify() if check.wrong]


def test_the_same_page_comes_back_before_the_one_that_was_opened_since(ranking) -> None:
    first = opened(ranking)
    submit(ranking, first)
    second = opened(ranking)
    assert undo(ranking, first) == "stored"
    again = opened(ranking)
    assert again.presentation == first.presentation
    assert again.entered == Ranking(tuple((draft.id,) for draft in first.drafts))
    submit(ranking, again, reverse=True)
    assert opened(ranking).presentation == second.presentation
    assert current(ranking) == [Ranking(tuple((draft.id,) for draft in reversed(first.drafts)))]
    assert wrong(ranking) == []


def test_an_edit_comes_back_with_its_text(both) -> None:
    submit(both, opened(both))
    edit = opened(both)
    submit(both, edit, minutes=1, text="half right")
    undo(both, edit)
    again = opened(both)
    assert (again.presentation, again.step, again.entered) == (
        edit.presentation,
        "edit",
        Edit(edit.best.id, "half right"),
    )
    submit(both, again, minutes=2, text="right")
    assert [edit.text for edit in both.store.edits(both.project.id)] == ["right"]


def test_undoing_twice_is_undoing_once(ranking) -> None:
    task = opened(ranking)
    submit(ranking, task)
    assert [undo(ranking, task), undo(ranking, task)] == ["stored", "repeated"]
    submit(ranking, opened(ranking), minutes=1)
    assert undo(ranking, task) == "repeated"
    assert len(current(ranking)) == 1


def test_what_was_taken_back_counts_nowhere_and_is_kept(ranking) -> None:
    task = opened(ranking)
    submit(ranking, task)
    undo(ranking, task)
    assert current(ranking) == []
    assert ranking.store.counts(ranking.project.id).annotations == 0
    assert ranking.store.placements(ranking.project.id) == []
    assert [kept.annotator for kept in ranking.store.history(task.presentation.id).undone] == ["ann"]


def test_nobody_undoes_for_another(ranking) -> None:
    task = opened(ranking)
    submit(ranking, task)
    with pytest.raises(NotFound) as caught:
        undo(ranking, task, "bob")
    assert str(caught.value) == "'bob' has submitted nothing that could be undone here. Reload the desk."
    assert len(current(ranking)) == 1


def test_only_the_last_submit_is_undone(ranking, both) -> None:
    first = opened(ranking)
    submit(ranking, first)
    submit(ranking, opened(ranking), minutes=1)
    with pytest.raises(Conflict) as caught:
        undo(ranking, first)
    assert str(caught.value) == "Only your last submit can be undone. Reload the desk."
    order = opened(both)
    submit(both, order)
    submit(both, opened(both))
    with pytest.raises(Conflict):
        undo(both, order)


def test_a_ranking_is_not_undone_once_the_rest_of_its_item_was_skipped(both) -> None:
    task = opened(both)
    submit(both, task)
    shown = task.presentation
    skip_item(both.store, Submission(shown.id, "ann", None, shown.created_at), "beyond_me")
    with pytest.raises(Conflict):
        undo(both, task)


def test_a_submit_that_was_taken_back_is_not_stored_by_its_late_repetition(ranking) -> None:
    task = opened(ranking)
    submit(ranking, task)
    undo(ranking, task)
    with pytest.raises(Conflict) as caught:
        submit(ranking, task)
    assert str(caught.value) == "You took this back since. Reload the desk and submit it there."
    assert current(ranking) == []


def test_what_was_taken_back_is_a_lease_again_and_goes_to_others_when_it_runs_out(ranking) -> None:
    task = opened(ranking)
    submit(ranking, task)
    undo(ranking, task)
    assert opened(ranking, "bob", minutes=31).item == task.item
    assert submit(ranking, opened(ranking, minutes=31), minutes=31) == "stored"
    assert wrong(ranking) == []


def test_an_undone_edit_keeps_the_place_that_its_ranking_has(both) -> None:
    submit(both, opened(both))
    edit = opened(both)
    submit(both, edit, minutes=1)
    undo(both, edit)
    assert opened(both, "bob", minutes=90).item != edit.item
    assert opened(both, minutes=90).presentation == edit.presentation


def test_a_repeat_is_undone_like_any_other(new_campaign) -> None:
    campaign = new_campaign(task="rank", overlap=1, repeat=0.5)
    repeated = campaign.item("q1", "one", "two", arm="repeat")
    campaign.item("q2", "one", "two")
    for minutes in range(2):
        submit(campaign, opened(campaign), minutes=minutes)
    again = opened(campaign)
    assert again.item == repeated
    submit(campaign, again, minutes=3)
    undo(campaign, again)
    assert campaign.store.ranked_twice(campaign.project.id) == []
    back = opened(campaign)
    assert back.presentation == again.presentation
    submit(campaign, back, minutes=4)
    [twice] = campaign.store.ranked_twice(campaign.project.id)
    assert (twice.annotator, abs(twice.first), twice.again) == ("ann", 1, -twice.first)  # shown in the opposite order


def test_what_a_judgement_had_superseded_counts_again_when_that_is_taken_back(campaign) -> None:
    item = campaign.item("q1", "one", "two")
    before = campaign.rank(item, "ann", "d1 > d2")
    after = campaign.rank(item, "ann", "d2 > d1")
    assert current(campaign) == [after.judgement]
    now = campaign.project.created_at
    campaign.store.engine.write(lambda query: query("insert into undone values ($1, $2)", after.id, now))
    assert current(campaign) == [before.judgement]
    [placed] = campaign.store.placements(campaign.project.id)
    assert len(placed.tier) == 2
