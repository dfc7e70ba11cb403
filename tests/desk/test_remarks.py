"""What is said beside judging: skips that free a place and never come back, flags, comments."""

from datetime import timedelta

import pytest

from concord.desk.autosave import make_token, save
from concord.desk.queue import Assignment, open_item
from concord.desk.remarks import comment_on_item, flag_item, skip_item
from concord.desk.submit import Submission, submit_edit, submit_ranking
from concord.errors import Conflict, InputError, NotFound
from concord.ids import new_id
from concord.records.annotation import Adjudication

HOUR = timedelta(hours=1)


def opened(campaign, annotator: str = "ann", *, late: timedelta = timedelta()) -> Assignment | None:
    return open_item(campaign.store, campaign.project, annotator, now=campaign.project.created_at + late)


def submission(task: Assignment | None, *, late: timedelta = timedelta()) -> Submission:
    assert task
    shown = task.presentation
    return Submission(shown.id, shown.annotator, 12.5, shown.created_at + late)


def skip(campaign, task: Assignment | None, reason: str | None = "unclear", note: str = "") -> str:
    return skip_item(campaign.store, submission(task), reason, note)


def rank(campaign, task: Assignment | None) -> str:
    assert task
    return submit_ranking(campaign.store, submission(task), [[draft.id] for draft in task.drafts])


@pytest.fixture
def ranking(new_campaign):
    """Two items of two drafts to rank, by one annotator each."""
    campaign = new_campaign(task="rank", overlap=1)
    campaign.items(2, "one", "two")
    return campaign


@pytest.fixture
def both(new_campaign):
    """One item of two drafts to rank and to edit, by one annotator."""
    campaign = new_campaign(task="rank+edit", overlap=1)
    campaign.items(1, "one", "two")
    return campaign


def test_a_skipped_item_goes_to_others_and_never_back(ranking) -> None:
    task = opened(ranking)
    assert skip(ranking, task, "beyond_me", " tax law ") == "stored"
    [kept] = ranking.store.skips(ranking.project.id)
    assert (kept.annotator, kept.item_id, kept.presentation_id) == ("ann", task.item.id, task.presentation.id)
    assert (kept.reason, kept.note, kept.seconds) == ("beyond_me", "tax law", 12.5)
    after = opened(ranking)
    assert after.item.name == "q2"
    assert opened(ranking, "bob").item == task.item
    rank(ranking, after)
    assert opened(ranking, late=HOUR) is None
    assert [check for check in ranking.store.verify() if check.wrong] == []


def test_a_skipped_item_counts_neither_as_open_nor_as_done(ranking) -> None:
    skip(ranking, opened(ranking))
    counts = ranking.store.queue_counts(ranking.project, "ann")
    assert (counts.done, counts.open, counts.waiting) == (0, 1, 0)
    assert ranking.store.queue_counts(ranking.project, "bob").open == 2


def test_a_skip_is_no_judgement(ranking) -> None:
    skip(ranking, opened(ranking))
    assert list(ranking.store.annotations(ranking.project.id)) == []
    assert ranking.store.counts(ranking.project.id).annotations == 0
    assert ranking.store.votes(ranking.project.id) == []


def test_skipping_twice_is_skipping_once(ranking) -> None:
    task = opened(ranking)
    assert [skip(ranking, task), skip(ranking, task, "broken")] == ["stored", "repeated"]
    assert [kept.reason for kept in ranking.store.skips(ranking.project.id)] == ["unclear"]
    assert ranking.store.queue_counts(ranking.project, "bob").open == 2


def test_a_skip_after_the_lease_ran_out_still_keeps_the_item_away(ranking) -> None:
    late = opened(ranking)
    assert opened(ranking, "bob", late=HOUR).item == late.item
    assert skip(ranking, late) == "stored"
    assert opened(ranking, late=HOUR).item != late.item
    assert [check for check in ranking.store.verify() if check.wrong] == []


def test_what_was_skipped_cannot_be_submitted_from_an_older_page(ranking) -> None:
    task = opened(ranking)
    skip(ranking, task)
    with pytest.raises(Conflict) as caught:
        rank(ranking, task)
    assert str(caught.value) == "You skipped this item, and that stays. Reload the desk."
    assert ranking.store.submitted(task.presentation.id) == []


def test_what_was_judged_cannot_be_skipped(ranking) -> None:
    task = opened(ranking)
    rank(ranking, task)
    with pytest.raises(Conflict) as caught:
        skip(ranking, task)
    assert str(caught.value) == "You have judged this item already. Reload the desk."
    assert ranking.store.skips(ranking.project.id) == []


def test_a_skip_after_the_ranking_leaves_the_ranking_and_its_place(both) -> None:
    task = opened(both)
    rank(both, task)
    assert skip(both, opened(both)) == "stored"
    assert len(both.store.submitted(task.presentation.id)) == 1
    assert opened(both) is None
    assert opened(both, "bob") is None
    with pytest.raises(Conflict):
        submit_edit(both.store, submission(task), "answer")
    assert [check for check in both.store.verify() if check.wrong] == []


def test_a_repeat_can_be_skipped_and_does_not_come_again(new_campaign) -> None:
    campaign = new_campaign(task="rank", overlap=1, repeat=1.0)
    repeated = campaign.item("q1", "one", "two", arm="repeat")
    campaign.item("q2", "one", "two")
    for _ in range(2):
        rank(campaign, opened(campaign))
    again = opened(campaign)
    assert again.item == repeated
    assert skip(campaign, again) == "stored"
    assert opened(campaign) is None
    assert len(list(campaign.store.annotations(campaign.project.id))) == 2


def test_what_is_entered_and_arrives_after_a_skip_is_not_kept(both) -> None:
    task = opened(both)
    token = make_token(both.store.secret, "ann", task.presentation.id, task.step)
    skip(both, task)
    assert not save(both.store, token, {"reason": "late words"}, now=task.presentation.created_at)
    assert both.store.history(task.presentation.id).unsaved == {}


@pytest.mark.parametrize(
    ("reason", "note", "message"),
    [
        (
            None,
            "",
            "No reason is chosen. Choose one: unclear what is asked, beyond my knowledge, not my language, "
            "prompt or drafts broken, other.",
        ),
        ("other", "  ", "Another reason needs a line. Write what is wrong."),
        ("other", "x" * 4_001, "The text has 4,001 characters; 4,000 are kept at most. Shorten it."),
    ],
)
def test_a_skip_without_a_reason_is_refused(ranking, reason: str | None, note: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        skip(ranking, opened(ranking), reason, note)
    assert str(caught.value) == message
    assert ranking.store.skips(ranking.project.id) == []


def test_nobody_skips_flags_or_comments_for_another(ranking) -> None:
    task = opened(ranking)
    shown = task.presentation
    foreign = Submission(shown.id, "bob", None, shown.created_at)
    for attempt in (
        lambda: skip_item(ranking.store, foreign, "unclear"),
        lambda: flag_item(ranking.store, foreign, "unsafe"),
        lambda: comment_on_item(ranking.store, foreign, "hm"),
    ):
        with pytest.raises(NotFound) as caught:
            attempt()
        assert str(caught.value) == "This item is not on the desk of 'bob'. Reload the desk."


def test_an_item_is_flagged_before_or_after_it_is_judged(ranking) -> None:
    task = opened(ranking)
    flag_item(ranking.store, submission(task), "unsafe")
    flag_item(ranking.store, submission(task), "unsafe", "again")
    rank(ranking, task)
    flag_item(ranking.store, submission(task, late=HOUR), "personal_data", "a phone number")
    found = ranking.store.open_flags(ranking.project.id)
    assert [(flag.reason, flag.note) for flag in found] == [("unsafe", ""), ("personal_data", "a phone number")]
    assert len(ranking.store.submitted(task.presentation.id)) == 1


def test_a_reviewer_s_approval_lifts_the_flags_before_it(ranking) -> None:
    task = opened(ranking)
    flag_item(ranking.store, submission(task), "unsafe")
    when = ranking.project.created_at + HOUR
    for decision in ("send_back", "pick"):
        assert len(ranking.store.open_flags(ranking.project.id)) == 1
        ranking.store.add_adjudication(
            Adjudication(
                new_id(), ranking.project.id, task.item.id, "rev", decision, task.drafts[0].id, "one", "fine", when
            )
        )
    assert ranking.store.open_flags(ranking.project.id) == []


def test_the_lead_sees_what_is_flagged_and_skipped_by_reason(ranking) -> None:
    first, other = opened(ranking), opened(ranking, "bob")
    for task in (first, other):
        flag_item(ranking.store, submission(task), "unsafe")
    flag_item(ranking.store, submission(other), "bad_prompt")
    skip(ranking, other, "language")
    assert ranking.store.remark_counts(ranking.project.id) == [
        ("flag", "unsafe", 2, 2),
        ("flag", "bad_prompt", 1, 1),
        ("skip", "language", 1, 1),
    ]


def test_a_comment_is_kept_once_and_in_order(ranking) -> None:
    task = opened(ranking)
    for text in ("Which year?", " Which year? ", "2024, see the guidelines."):
        comment_on_item(ranking.store, submission(task), text)
    said = {comment.text for comment in ranking.store.comments(task.item.id)}
    assert said == {"Which year?", "2024, see the guidelines."}
    with pytest.raises(InputError) as caught:
        comment_on_item(ranking.store, submission(task), " ")
    assert str(caught.value) == "The comment is empty. Write one, or cancel."
