"""The order of the queue: as items came, by chance, or what is in doubt first."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from concord.desk.queue import open_item
from concord.desk.strategy import bring_up_to_date
from concord.desk.submit import Submission, annotation_id, submit_ranking
from concord.desk.undo import undo_submit
from concord.ids import new_id
from concord.records.opinion import Opinion


def names(campaign, annotator: str = "zoe") -> list[str]:
    """The items in the order in which somebody is given all of them."""
    given, now = [], campaign.project.created_at + timedelta(hours=1)
    while task := open_item(campaign.store, campaign.project, annotator, now=now):
        given.append(task.item.name)
        submission = Submission(task.presentation.id, annotator, 1.0, now)
        submit_ranking(campaign.store, submission, [[draft.id] for draft in task.drafts])
    return given


def by_seed(campaign, seed: int):
    """The same campaign under another seed."""
    settings = replace(campaign.project.settings, seed=seed)
    campaign.store.save_settings(campaign.project.id, settings)
    return replace(campaign, project=campaign.store.project(campaign.project.name))


def doubts(campaign) -> dict[str, float]:
    found = campaign.store.engine.read(
        "select i.name, q.doubt from queue q join items i on i.id = q.item_id where q.doubt is not null"
    )
    return dict(found)


def test_without_a_wish_items_come_as_they_came(new_campaign) -> None:
    campaign = new_campaign(task="rank", overlap=1)
    campaign.items(5, "one", "two")
    assert names(campaign) == ["q1", "q2", "q3", "q4", "q5"]


def test_chance_is_the_seed_s_and_is_drawn_anew_with_another(new_campaign) -> None:
    campaign = new_campaign(task="rank", overlap=9, order="random", seed=1)
    campaign.items(12, "one", "two")
    first, again = names(campaign), names(campaign, "ann")
    assert sorted(first) == sorted(f"q{n}" for n in range(1, 13))
    assert first == again != [f"q{n}" for n in range(1, 13)]
    other = by_seed(campaign, 2)
    assert names(other, "bob") != first
    assert names(by_seed(other, 1), "cid") == first


def test_items_that_come_later_take_their_turns_among_the_others(new_campaign) -> None:
    campaign = new_campaign(task="rank", overlap=2, order="random")
    campaign.items(6, "one", "two")
    before = names(campaign)
    for number in range(7, 13):
        campaign.item(f"q{number}", "one", "two")
    after = names(campaign, "ann")
    assert [name for name in after if name in before] == before
    assert after[:6] != before


@pytest.fixture
def doubted(new_campaign):
    """Five items that want a third annotator; two annotators of q2 and q4 disagree, on q4 more."""
    campaign = new_campaign(task="rank", overlap=3, order="disagreement")
    for item, order in zip(
        campaign.items(5, "one", "two", "three"),
        ("d1 > d2 > d3", "d1 > d3 > d2", "d1 > d2 > d3", "d3 > d2 > d1", ""),
        strict=True,
    ):
        if order:
            campaign.rank(item, "ann", "d1 > d2 > d3")
            campaign.rank(item, "bob", order)
    return campaign


def test_what_annotators_disagree_on_comes_first(doubted) -> None:
    assert names(doubted) == ["q4", "q2", "q1", "q3", "q5"]


def test_what_the_judge_contradicts_itself_on_comes_first_too(doubted) -> None:
    item = doubted.item("q6", "one", "two")
    one, two = (draft.id for draft in doubted.store.drafts(item.id))
    now = doubted.project.created_at
    bring_up_to_date(doubted.store, doubted.project)
    opinion = Opinion(new_id(), doubted.project.id, item.id, one, two, "model", "tie", True, now)
    doubted.store.add_opinions([opinion])
    assert names(doubted)[:3] == ["q4", "q6", "q2"]


def test_doubt_is_that_of_what_counts_now(doubted) -> None:
    bring_up_to_date(doubted.store, doubted.project)
    assert doubts(doubted) == {"q1": 0.0, "q2": pytest.approx(1 / 3), "q3": 0.0, "q4": 1.0}
    now = doubted.project.created_at + timedelta(minutes=1)
    task = open_item(doubted.store, doubted.project, "zoe", now=now)
    assert task
    submit_ranking(
        doubted.store, Submission(task.presentation.id, "zoe", 1.0, now), [[draft.id] for draft in task.drafts]
    )
    assert "q4" not in doubts(doubted)  # all of its annotators have had it
    undo_submit(doubted.store, doubted.project, "zoe", annotation_id(task.presentation.id, "ranking"), now=now)
    item: UUID = doubted.store.item_keys(doubted.project.id)["q2"][0]
    doubted.rank(doubted.store.item(item), "bob", "d1 > d2 > d3")
    bring_up_to_date(doubted.store, doubted.project)
    assert doubts(doubted)["q2"] == 0.0
