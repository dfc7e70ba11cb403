"""Submitting: checked against what was shown, stored once, and settled when it comes late."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from concord.desk.queue import Assignment, open_item
from concord.desk.submit import Submission, submit_edit, submit_ranking
from concord.errors import Conflict, InputError, NotFound
from concord.ids import new_id
from concord.records.annotation import Change, Edit, Ranking

HOUR = timedelta(hours=1)
RANK_THEM = "Rank them (ties are welcome), leave the rest unranked, or call all bad."


def opened(campaign, annotator: str = "ann", *, late: timedelta = timedelta()) -> Assignment:
    task = open_item(campaign.store, campaign.project, annotator, now=campaign.project.created_at + late)
    assert task
    return task


def submission(task: Assignment, *, late: timedelta = timedelta()) -> Submission:
    shown = task.presentation
    return Submission(shown.id, shown.annotator, 12.5, shown.created_at + late)


def ids(task: Assignment) -> list:
    return [draft.id for draft in task.drafts]


@pytest.fixture
def ranking(new_campaign):
    """Two items of three drafts to rank, by one annotator each."""
    campaign = new_campaign(task="rank", overlap=1)
    campaign.items(2, "one", "two", "three")
    return campaign


@pytest.fixture
def both(new_campaign):
    """Two items of two drafts to rank and to edit, by one annotator each."""
    campaign = new_campaign(task="rank+edit", overlap=1)
    campaign.items(2, "one", "two")
    return campaign


def test_a_ranking_is_stored_with_what_it_judges(ranking) -> None:
    task = opened(ranking)
    a, b, c = ids(task)
    assert submit_ranking(ranking.store, submission(task), [[c], [], [b, a]]) == "stored"
    [annotation] = ranking.store.submitted(task.presentation.id)
    assert annotation.judgement == Ranking(((c,), tuple(sorted((a, b)))))
    assert (annotation.annotator, annotation.origin, annotation.seconds) == ("ann", "desk", 12.5)
    assert annotation.presentation_id == task.presentation.id


@pytest.mark.parametrize(
    ("tiers", "message"),
    [
        (lambda a, b, c: [[a], [b]], f"1 of 3 drafts are not ranked yet. {RANK_THEM}"),
        (lambda a, b, c: [], f"3 of 3 drafts are not ranked yet. {RANK_THEM}"),
        (
            lambda a, b, c: [[a, b], [c, a]],
            "The ranking names a draft twice, or one that was not shown. Rank the drafts on the screen.",
        ),
        (
            lambda a, b, c: [[a, b], [c, new_id()]],
            "The ranking names a draft twice, or one that was not shown. Rank the drafts on the screen.",
        ),
    ],
)
def test_a_ranking_of_other_drafts_than_those_shown_is_refused(ranking, tiers, message: str) -> None:
    task = opened(ranking)
    with pytest.raises(InputError) as caught:
        submit_ranking(ranking.store, submission(task), tiers(*ids(task)))
    assert str(caught.value) == message
    assert ranking.store.submitted(task.presentation.id) == []


def test_an_empty_answer_is_refused(both) -> None:
    task = opened(both)
    submit_ranking(both.store, submission(task), [ids(task)])
    with pytest.raises(InputError) as caught:
        submit_edit(both.store, submission(task), " \n")
    assert str(caught.value) == "The answer is empty. Write one, or restore the draft."


def test_the_rest_is_unranked_only_where_that_is_said(ranking) -> None:
    task = opened(ranking)
    a, b, _ = ids(task)
    assert submit_ranking(ranking.store, submission(task), [[b], [a]], rest="unranked") == "stored"
    [annotation] = ranking.store.submitted(task.presentation.id)
    assert annotation.judgement == Ranking(((b,), (a,)))


@pytest.mark.parametrize(
    ("tiers", "rest", "message"),
    [
        (lambda a: [], "unranked", f"3 of 3 drafts are not ranked yet. {RANK_THEM}"),
        (
            lambda a: [[a]],
            "all_bad",
            "All drafts are called bad, and some are ranked. Rank them, or call all of them bad.",
        ),
    ],
)
def test_what_contradicts_itself_is_no_ranking(ranking, tiers, rest, message: str) -> None:
    task = opened(ranking)
    with pytest.raises(InputError) as caught:
        submit_ranking(ranking.store, submission(task), tiers(ids(task)[0]), rest=rest)
    assert str(caught.value) == message


def test_an_edit_is_stored_with_how_far_it_went_from_its_draft(both) -> None:
    task = opened(both)
    submit_ranking(both.store, submission(task), [[draft] for draft in ids(task)])
    best = opened(both).best
    assert best
    submit_edit(both.store, submission(task, late=HOUR), f"{best.text} more")
    edit = both.store.item_annotations(task.item.id)[-1].judgement
    assert edit.change == Change(5, 1.0)


def test_after_all_bad_the_answer_is_written_from_nothing(both) -> None:
    task = opened(both)
    assert submit_ranking(both.store, submission(task), [], rest="all_bad") == "stored"
    again = opened(both)
    assert (again.step, again.best) == ("edit", None)
    assert submit_edit(both.store, submission(again, late=HOUR), "my own") == "stored"
    ranked, edit = both.store.item_annotations(task.item.id)
    assert ranked.judgement == Ranking((), tuple(sorted(ids(task))))
    assert edit.judgement == Edit(None, "my own")
    assert edit.judgement.change is None


def test_an_edit_before_the_ranking_is_refused(both) -> None:
    with pytest.raises(InputError) as caught:
        submit_edit(both.store, submission(opened(both)), "answer")
    assert str(caught.value) == "The drafts are not ranked yet. Rank them, then edit the best."


def test_a_step_that_the_item_does_not_ask_for_is_refused(ranking, new_campaign) -> None:
    with pytest.raises(InputError) as caught:
        submit_edit(ranking.store, submission(opened(ranking)), "answer")
    assert str(caught.value) == "This item does not ask for the step 'edit'. Reload the desk."
    editing = new_campaign(task="edit")
    editing.item("q1", "one", "two")
    task = opened(editing)
    with pytest.raises(InputError) as caught:
        submit_ranking(editing.store, submission(task), [ids(task)])
    assert str(caught.value) == "This item does not ask for the step 'ranking'. Reload the desk."


def test_nobody_submits_for_another(ranking) -> None:
    task = opened(ranking)
    with pytest.raises(NotFound) as caught:
        submit_ranking(ranking.store, replace(submission(task), annotator="bob"), [ids(task)])
    assert str(caught.value) == "This item is not on the desk of 'bob'. Reload the desk."


def test_what_was_never_shown_cannot_be_judged(ranking) -> None:
    unknown = Submission(new_id(), "ann", None, ranking.project.created_at)
    with pytest.raises(NotFound) as caught:
        submit_ranking(ranking.store, unknown, [])
    assert str(caught.value) == f"There is no presentation {unknown.presentation_id}. Reload the desk."


# ---- twice equals once


def test_submitting_again_changes_nothing_at_any_later_time(both) -> None:
    task = opened(both)
    first, again = submission(task), submission(task, late=9 * HOUR)
    assert submit_ranking(both.store, first, [ids(task)]) == "stored"
    assert submit_ranking(both.store, again, [ids(task)]) == "repeated"
    assert submit_edit(both.store, first, "answer") == "stored"
    assert submit_edit(both.store, again, "answer") == "repeated"
    assert submit_ranking(both.store, again, [list(reversed(ids(task)))]) == "repeated"  # one tier has no order
    assert both.store.counts(both.project.id).annotations == 2
    assert [one.created_at for one in both.store.submitted(task.presentation.id)] == [first.now] * 2


def test_another_judgement_under_the_same_id_is_a_conflict(both) -> None:
    task = opened(both)
    a, b = ids(task)
    submit_ranking(both.store, submission(task), [[a], [b]])
    with pytest.raises(Conflict) as caught:
        submit_ranking(both.store, submission(task), [[b], [a]])
    assert (
        str(caught.value)
        == "You answered this before, perhaps in another tab; that answer stays. Go on with what you see."
    )
    submit_edit(both.store, submission(task, late=HOUR), "answer")
    with pytest.raises(Conflict):
        submit_edit(both.store, submission(task), "another answer")
    assert [one.judgement for one in both.store.submitted(task.presentation.id)] == [
        Ranking(((a,), (b,))),
        Edit(a, "answer"),
    ]


def test_of_many_tabs_that_submit_at_once_one_wins(both) -> None:
    task = opened(both)
    with ThreadPoolExecutor(12) as pool:
        outcomes = list(pool.map(lambda _: submit_ranking(both.store, submission(task), [ids(task)]), range(24)))
    assert sorted(outcomes) == ["repeated"] * 23 + ["stored"]


# ---- late


def test_a_late_submit_is_stored_while_nobody_took_the_item(ranking) -> None:
    task = opened(ranking)
    assert submit_ranking(ranking.store, submission(task, late=9 * HOUR), [ids(task)]) == "stored"


def test_a_late_submit_takes_the_item_again_when_there_is_a_place(new_campaign) -> None:
    campaign = new_campaign(task="rank", overlap=2)
    campaign.items(1, "one", "two")
    task = opened(campaign)
    opened(campaign, "bob", late=HOUR)
    assert campaign.store.engine.read("select taken from queue") == [(1,)]
    assert submit_ranking(campaign.store, submission(task, late=HOUR), [ids(task)]) == "stored"
    assert campaign.store.engine.read("select taken from queue") == [(2,)]
    assert open_item(campaign.store, campaign.project, "ann", now=campaign.project.created_at + HOUR) is None


def test_a_late_submit_of_an_item_that_was_given_on_lapses(ranking) -> None:
    task = opened(ranking)
    given_on = opened(ranking, "bob", late=HOUR)
    assert given_on.item == task.item
    for _ in range(2):
        assert submit_ranking(ranking.store, submission(task, late=HOUR), [ids(task)]) == "lapsed"
    assert ranking.store.submitted(task.presentation.id) == []
    assert submit_ranking(ranking.store, submission(given_on), [ids(given_on)]) == "stored"
    assert submit_ranking(ranking.store, submission(task, late=2 * HOUR), [ids(task)]) == "lapsed"


def test_a_submit_of_an_older_presentation_lapses_when_the_item_was_given_anew(ranking) -> None:
    old = opened(ranking)
    opened(ranking, "bob", late=HOUR)
    other = opened(ranking, "ann", late=HOUR)
    assert other.item != old.item
    submit_ranking(ranking.store, submission(other), [ids(other)])
    anew = opened(ranking, "ann", late=3 * HOUR)
    assert (anew.item, anew.presentation != old.presentation) == (old.item, True)
    assert submit_ranking(ranking.store, submission(old, late=3 * HOUR), [ids(old)]) == "lapsed"
    assert submit_ranking(ranking.store, submission(anew), [ids(anew)]) == "stored"


def test_after_a_late_first_step_the_older_item_is_finished_first(new_campaign) -> None:
    campaign = new_campaign(task="rank+edit", overlap=2)
    first, _ = campaign.items(2, "one", "two")
    campaign.edit(first, "zed", "answer")
    old = opened(campaign)
    assert opened(campaign, "bob", late=HOUR).item == old.item == first
    held = opened(campaign, late=HOUR)
    opened(campaign, late=HOUR * 1.4)
    opened(campaign, "zed", late=HOUR * 1.6)  # sets free what bob let go
    assert submit_ranking(campaign.store, submission(old, late=HOUR * 1.6), [ids(old)]) == "stored"
    editing = opened(campaign, late=HOUR * 1.6)
    assert (editing.presentation, editing.step) == (old.presentation, "edit")
    assert submit_edit(campaign.store, submission(editing, late=HOUR * 1.6), "answer") == "stored"
    assert opened(campaign, late=HOUR * 1.6).presentation == held.presentation
