"""Factual checks for gates and reports: by current annotations, each annotator once, beside what was preferred."""

from datetime import timedelta

import pytest

from concord.records.annotation import FactualChecks, Ranking
from concord.records.kinds import Fact
from concord.records.report import FactualCounts
from storage.factual import FACTS


@pytest.fixture
def said(new_campaign):
    """Two items that two people checked and ranked, the wrong draft first."""
    campaign = new_campaign()
    for item in campaign.items(2, "one", "two", "three"):
        for who in ("ann", "bob"):
            check(campaign, item, who, "right", "wrong", "cannot_tell")
            campaign.rank(item, who, "d2 > d1 > d3" if who == "ann" else "d1 > d2 = d3")
    return campaign


def check(campaign, item, who: str, *facts: Fact, **fields: object) -> None:
    drafts = sorted(campaign.store.drafts(item.id), key=lambda draft: draft.name)
    values = {draft.id: fact for draft, fact in zip(drafts, facts, strict=True)}
    campaign.judge(item, who, FactualChecks(dict(sorted(values.items()))), **fields)


def items(campaign) -> list:
    return campaign.store.items(campaign.project.id)


def test_each_draft_has_the_counts_of_what_people_said_last(said) -> None:
    first, _ = items(said)
    check(said, first, "bob", "wrong", "wrong", "right", created_at=said.project.created_at + timedelta(days=1))
    counts = said.store.factual_counts(said.project.id)
    by_name = {draft.name: counts[draft.id] for draft in said.store.drafts(first.id)}
    assert by_name == {
        "d1": FactualCounts(right=1, wrong=1, cannot_tell=0),
        "d2": FactualCounts(right=0, wrong=2, cannot_tell=0),
        "d3": FactualCounts(right=1, wrong=0, cannot_tell=1),
    }


def test_each_draft_is_an_item_of_the_votes(said) -> None:
    [votes] = said.store.factual_votes(said.project.id)
    assert (votes.question, votes.kind, votes.arm) == ("factual check", "factual", "drafted")
    assert (votes.values, votes.annotators) == (FACTS, ("ann", "bob"))
    assert votes.item.tolist() == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
    assert sorted(votes.value.tolist()) == [0] * 4 + [1] * 4 + [2] * 4
    assert len(set(votes.clusters.tolist())) == 2


def test_a_wrong_draft_is_held_against_a_right_one_of_the_same_person_alone(said) -> None:
    substance = said.store.substance(said.project.id)
    won = dict(zip(substance.annotator.tolist(), substance.wrong_won.tolist(), strict=True))
    assert len(substance.key) == 4
    assert {substance.annotators[who]: won[who] for who in won} == {"ann": 1, "bob": 0}


def test_without_checks_there_is_nothing_to_report(campaign) -> None:
    campaign.rank(campaign.item("q1", "one", "two"), "ann", "d1 > d2")
    assert campaign.store.factual_votes(campaign.project.id) == []
    assert len(campaign.store.substance(campaign.project.id).key) == 0
    assert campaign.store.factual_counts(campaign.project.id) == {}


def test_all_bad_votes_both_bad_for_each_pair_and_what_is_unranked_votes_for_none(campaign) -> None:
    item = campaign.item("q1", "one", "two", "three")
    ids = tuple(sorted(draft.id for draft in campaign.store.drafts(item.id)))
    campaign.judge(item, "ann", Ranking((), ids))
    campaign.rank(item, "bob", "d2 > d1")
    with campaign.store.export_source(campaign.project.id) as source:
        votes = source.pair_votes().to_pydict()
    columns = zip(*(votes[name] for name in ("first_wins", "second_wins", "ties", "both_bad")), strict=True)
    assert list(columns) == [(0, 1, 0, 1), (0, 0, 0, 1), (0, 0, 0, 1)]
    assert campaign.store.placements(campaign.project.id)[0].tier.tolist() in ([1, 2], [2, 1])
