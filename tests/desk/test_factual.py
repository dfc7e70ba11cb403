"""Facts before preference: every draft is checked, and a wrong one beats a right one only with a reason."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concord.desk.corrections import open_correction
from concord.desk.factual import Facts, beats_the_facts
from concord.desk.queue import Assignment, open_item
from concord.desk.submit import Submission, annotation_id, submit_edit, submit_ranking
from concord.desk.undo import undo_submit
from concord.errors import Conflict, InputError, ReasonMissing
from concord.records.annotation import FactualChecks, Ranking

MINUTE = timedelta(minutes=1)
A, B, C = (UUID(int=n) for n in (1, 2, 3))


@pytest.fixture
def campaign(new_campaign):
    """Two items of two drafts to check, rank and edit, by one annotator each."""
    made = new_campaign(task="rank+edit", overlap=1, factual_checks=True)
    made.items(2, "one", "two")
    return made


def opened(campaign, *, minutes: int = 0) -> Assignment:
    task = open_item(campaign.store, campaign.project, "ann", now=campaign.project.created_at + minutes * MINUTE)
    assert task
    return task


def submission(task: Assignment, *, minutes: int = 1) -> Submission:
    shown = task.presentation
    return Submission(shown.id, shown.annotator, 9.0, shown.created_at + minutes * MINUTE, task.attempt)


def kinds(campaign, task: Assignment) -> list[str]:
    return [type(one.judgement).__name__ for one in campaign.store.item_annotations(task.item.id)]


def test_checks_are_stored_with_the_ranking_once_however_often_it_is_submitted(campaign) -> None:
    task = opened(campaign)
    first, second = task.to_check
    facts = Facts({first: "right", second: "cannot_tell"})
    outcomes = [submit_ranking(campaign.store, submission(task), [[first], [second]], facts=facts) for _ in range(2)]
    assert outcomes == ["stored", "repeated"]
    checks, ranking = campaign.store.item_annotations(task.item.id)
    assert checks.judgement == FactualChecks(facts.values)
    assert ranking.judgement == Ranking(((first,), (second,)))
    assert (checks.presentation_id, checks.seconds, ranking.seconds) == (task.presentation.id, None, 9.0)
    assert [check for check in campaign.store.verify() if check.wrong] == []


def test_other_checks_under_the_same_submit_are_a_conflict(new_campaign) -> None:
    campaign = new_campaign(task="rank", overlap=1, factual_checks=True)
    campaign.item("q1", "one", "two")
    task = opened(campaign)
    first, second = task.to_check
    submit_ranking(
        campaign.store, submission(task), [[first], [second]], facts=Facts(dict.fromkeys((first, second), "right"))
    )
    with pytest.raises(Conflict):
        submit_ranking(
            campaign.store, submission(task), [[first], [second]], facts=Facts(dict.fromkeys((first, second), "wrong"))
        )
    assert kinds(campaign, task) == ["FactualChecks", "Ranking"]


def test_nothing_is_ranked_before_every_draft_is_checked(campaign) -> None:
    task = opened(campaign)
    first, second = task.to_check
    with pytest.raises(InputError) as caught:
        submit_ranking(campaign.store, submission(task), [[first], [second]], facts=Facts({first: "right"}))
    assert str(caught.value) == (
        "1 of 2 drafts are not checked yet. Say first: factually right, wrong, or cannot tell."
    )
    assert kinds(campaign, task) == []


def test_a_draft_marked_wrong_beats_one_marked_right_with_a_reason_alone(campaign) -> None:
    task = opened(campaign)
    wrong, right = task.to_check
    tiers, facts = [[wrong], [right]], Facts({wrong: "wrong", right: "right"}, " ")
    with pytest.raises(ReasonMissing) as caught:
        submit_ranking(campaign.store, submission(task), tiers, facts=facts)
    assert str(caught.value) == (
        "A draft marked factually wrong is ranked above one marked right. Write why, or change the ranking."
    )
    assert kinds(campaign, task) == []
    submit_ranking(campaign.store, submission(task), tiers, facts=replace(facts, reason=" It is kinder. "))
    _, ranking = campaign.store.item_annotations(task.item.id)
    assert ranking.reason == "It is kinder."


def test_a_reason_that_nothing_asked_for_is_not_kept(campaign) -> None:
    task = opened(campaign)
    right, wrong = task.to_check
    facts = Facts({wrong: "wrong", right: "right"}, "It is kinder.")
    submit_ranking(campaign.store, submission(task), [[right], [wrong]], facts=facts)
    assert [one.reason for one in campaign.store.item_annotations(task.item.id)] == ["", ""]


def test_undo_takes_back_the_checks_and_gives_them_back_with_the_reason(campaign) -> None:
    task = opened(campaign)
    wrong, right = task.to_check
    facts = Facts({wrong: "wrong", right: "right"}, "It is kinder.")
    submit_ranking(campaign.store, submission(task), [[wrong], [right]], facts=facts)
    made = annotation_id(task.presentation.id, "ranking")
    now = task.presentation.created_at + 2 * MINUTE
    assert undo_submit(campaign.store, campaign.project, "ann", made, now=now) == "stored"
    assert campaign.store.item_annotations(task.item.id) == []
    assert campaign.store.factual_counts(campaign.project.id) == {}
    again = opened(campaign, minutes=3)
    assert (again.attempt, again.step, again.to_check, again.said) == (1, "ranking", task.to_check, facts)
    submit_ranking(campaign.store, submission(again, minutes=4), [[right], [wrong]], facts=facts)
    assert kinds(campaign, task) == ["FactualChecks", "Ranking"]
    assert opened(campaign, minutes=5).step == "edit"


def test_where_nothing_is_ranked_the_draft_that_is_edited_is_checked(new_campaign) -> None:
    campaign = new_campaign(task="edit", overlap=1, factual_checks=True)
    campaign.item("q1", "one", "two")
    task = opened(campaign)
    assert task.best
    assert task.to_check == (task.best.id,)
    with pytest.raises(InputError) as caught:
        submit_edit(campaign.store, submission(task), "one, and more")
    assert str(caught.value) == "The draft is not checked yet. Say first: factually right, wrong, or cannot tell."
    assert submit_edit(campaign.store, submission(task), "one", facts=Facts({task.best.id: "right"})) == "stored"
    assert kinds(campaign, task) == ["FactualChecks", "Edit"]


def test_what_has_no_drafts_or_does_not_ask_is_judged_without_checks(new_campaign) -> None:
    control = new_campaign(task="edit", overlap=1, factual_checks=True, control=1.0)
    control.item("q1", arm="undrafted")
    plain = new_campaign(task="edit", overlap=1)
    plain.item("q1", "one")
    for campaign in (control, plain):
        task = opened(campaign)
        assert task.to_check == ()
        assert submit_edit(campaign.store, submission(task), "answer") == "stored"
        assert kinds(campaign, task) == ["Edit"]


@given(
    st.fixed_dictionaries(dict.fromkeys((A, B, C), st.sampled_from(("right", "wrong", "cannot_tell")))),
    st.lists(st.integers(0, 2), min_size=3, max_size=3),
)
def test_the_rule_is_broken_exactly_where_some_wrong_draft_is_in_a_better_tier_than_some_right_one(
    facts, tier_of
) -> None:
    tiers = tuple(tuple(d for d, at in zip((A, B, C), tier_of, strict=True) if at == tier) for tier in range(3))
    rank = {draft: n for n, tier in enumerate(tiers) for draft in tier}
    broken = any(facts[x] == "wrong" and facts[y] == "right" and rank[x] < rank[y] for x in facts for y in facts)
    assert beats_the_facts(Ranking(tiers), FactualChecks(facts)) == broken


def test_a_correction_begins_with_what_was_said_of_the_facts_and_supersedes_it(campaign) -> None:
    task = opened(campaign)
    wrong, right = task.to_check
    facts = Facts({wrong: "wrong", right: "right"}, "It is kinder.")
    submit_ranking(campaign.store, submission(task), [[wrong], [right]], facts=facts)
    submit_edit(campaign.store, submission(opened(campaign), minutes=2), "answer")
    now = task.presentation.created_at + 3 * MINUTE
    open_correction(campaign.store, campaign.project, "ann", task.presentation.id, now=now)
    again = opened(campaign, minutes=3)
    assert (again.to_check, again.said) == (task.to_check, facts)
    mended = Facts({wrong: "right", right: "right"})
    submit_ranking(campaign.store, submission(again), [[wrong], [right]], facts=mended)
    submit_edit(campaign.store, submission(opened(campaign, minutes=4), minutes=5), "answer")
    counts = campaign.store.factual_counts(campaign.project.id)
    assert [counts[draft].right for draft in task.to_check] == [1, 1]
    assert [counts[draft].wrong for draft in task.to_check] == [0, 0]
