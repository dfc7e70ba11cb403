"""Preferences, pair by pair."""

from concord.records.annotation import Comparison
from concord.records.gold import Known
from concord.records.item import Item, Message
from concord.records.report import Contradiction

PROMPT = (Message("user", "Why?"),)


def judged(campaign, name: str, texts: tuple[str, str], better: str, annotator: str = "ann") -> Item:
    """A comparison of two texts under one prompt, in an item of its own."""
    item = campaign.item(name, *texts, messages=PROMPT)
    campaign.compare(item, annotator, better)
    return item


def test_duels_are_the_pairs_of_different_models_in_comparisons_and_rankings(campaign) -> None:
    compared, ranked = campaign.item("q1"), campaign.item("q2")
    for item in (compared, ranked):
        for name, model in (("d1", "tiny"), ("d2", "big")):
            campaign.draft(item, name, f"{item.name} {name}", model=model)
    campaign.draft(ranked, "d3", "another of tiny", model="tiny")
    campaign.draft(ranked, "d4", "of nobody")
    campaign.compare(compared, "ann", "tie")
    campaign.rank(ranked, "ann", "d2 > d1 = d3 > d4")
    duels = campaign.store.duels(campaign.project.id)
    found = [
        (duels.models[one], duels.models[other], won) if one < other else (duels.models[other], duels.models[one], -won)
        for one, other, won in zip(duels.one.tolist(), duels.other.tolist(), duels.won.tolist(), strict=True)
    ]
    assert sorted(found) == [("big", "tiny", 0), ("big", "tiny", 1), ("big", "tiny", 1)]


def test_duels_leave_out_other_arms_and_superseded_judgements(campaign) -> None:
    for name, arm in (("q1", "drafted"), ("q2", "canary")):
        item = campaign.item(name, arm=arm)
        for draft, model in (("d1", "tiny"), ("d2", "big")):
            campaign.draft(item, draft, f"{name} {draft}", model=model)
        campaign.rank(item, "ann", "d1 > d2")
        campaign.rank(item, "ann", "d2 > d1")
    duels = campaign.store.duels(campaign.project.id)
    assert len(duels.won) == 1


def test_the_same_two_texts_judged_both_ways_round_are_a_contradiction(campaign) -> None:
    judged(campaign, "a", ("one", "two"), "d1")
    judged(campaign, "b", ("two", "one"), "d1")
    judged(campaign, "c", ("one", "three"), "d1")
    judged(campaign, "d", ("one", "three"), "d1")
    assert campaign.store.contradictions(campaign.project.id) == [Contradiction("ann", 2, 2, 1, 0, 0)]


def test_items_with_a_known_answer_are_no_part_of_contradictions(campaign) -> None:
    judged(campaign, "a", ("one", "two"), "d1")
    known = judged(campaign, "b", ("two", "one"), "d1")
    campaign.store.add_gold([Known(campaign.project.id, known.id, Comparison("tie"))], campaign.project.created_at)
    assert campaign.store.contradictions(campaign.project.id) == [Contradiction("ann", 1, 0, 0, 0, 0)]


def test_three_texts_that_beat_each_other_in_turn_are_a_cycle(campaign) -> None:
    for who, last in (("ann", "d1"), ("ben", "d2")):
        judged(campaign, f"{who} a", ("one", "two"), "d1", who)
        judged(campaign, f"{who} b", ("two", "three"), "d1", who)
        judged(campaign, f"{who} c", ("three", "one"), last, who)
    assert campaign.store.contradictions(campaign.project.id) == [
        Contradiction("ann", 3, 0, 0, 1, 1),
        Contradiction("ben", 3, 0, 0, 1, 0),
    ]


def test_ties_are_neither_contradictions_nor_parts_of_cycles(campaign) -> None:
    judged(campaign, "a", ("one", "two"), "tie")
    judged(campaign, "b", ("one", "two"), "d1")
    campaign.judge(campaign.item("c", "two", "three", messages=PROMPT), "ann", Comparison("both_bad"))
    assert campaign.store.contradictions(campaign.project.id) == [Contradiction("ann", 2, 1, 0, 0, 0)]
