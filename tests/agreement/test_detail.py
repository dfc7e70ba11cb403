"""What lies behind a question's numbers, on a real store."""

from __future__ import annotations

from datetime import timedelta
from math import isnan

import pytest

from concord.agreement.report import Report, report
from concord.records.annotation import Labels, Ranking
from concord.records.item import Message


def judged(campaign, *, days: int = 10) -> Report:
    """Forty items by three people; cid says "no" to everything, and from the second half of the time also ben does."""
    items = [
        campaign.item(f"q{i:02d}", template_id="reply", template_version=f"v{i % 2}", row_id=None) for i in range(40)
    ]
    for i, item in enumerate(items):
        given = {"ann": "yes" if i % 2 else "no", "ben": "yes" if i % 2 and i < 20 else "no", "cid": "no"}
        for who, value in given.items():
            at = campaign.project.created_at + timedelta(days=i * days // 40)
            campaign.judge(item, who, Labels({"polite": value}), created_at=at, seconds=4.0 + i % 3)
    return report(campaign.store, campaign.project)


def test_each_person_has_agreement_pace_drift_and_confusions(campaign) -> None:
    [detail] = judged(campaign).details
    people = {person.name: person for person in detail.people}
    assert (people["ben"].answers, people["ben"].seconds) == (40, 5.0)
    assert people["ann"].earlier.value > people["ann"].later.value
    assert people["cid"].confusions[0] == ("yes", "no", 10)
    assert people["ann"].confusions[0] == ("no", "yes", 10)


def test_disputed_items_are_named(campaign) -> None:
    result = judged(campaign)
    [detail] = result.details
    assert len(detail.disputed) == 20
    assert {result.items[one.key].name for one in detail.disputed} == {f"q{i:02d}" for i in range(1, 40, 2)}


def test_agreement_is_split_by_what_items_differ_in(campaign) -> None:
    [detail] = judged(campaign).details
    assert [(layer.by, layer.name) for layer in detail.layers] == [("version", "v0"), ("version", "v1")]
    even, odd = (layer.statistics["percent_agreement"] for layer in detail.layers)
    assert (even.value, odd.value, even.items) == (1.0, pytest.approx(1 / 3), 20)


def test_agreement_over_time_is_in_stretches_of_days(campaign) -> None:
    [detail] = judged(campaign).details
    assert len(detail.periods) == 10
    assert (detail.periods[0].first, detail.periods[0].last) == ("2026-05-04", "2026-05-04")
    assert [period.agreement.value for period in detail.periods] == pytest.approx([2 / 3] * 10)
    assert sum(period.agreement.annotations for period in detail.periods) == 120


def test_answers_of_one_moment_have_no_course_and_no_drift(campaign) -> None:
    for i in range(4):
        item = campaign.item(f"q{i}")
        for who in ("ann", "ben"):
            campaign.judge(item, who, Labels({"polite": "yes" if i else who}))
    [detail] = report(campaign.store, campaign.project).details
    assert detail.periods == ()
    assert isnan(detail.people[0].earlier.value)


def test_questions_of_other_arms_have_no_detail(campaign) -> None:
    campaign.judge(campaign.item("c1", arm="canary"), "ann", Labels({"polite": "yes"}))
    result = report(campaign.store, campaign.project)
    assert [group.arm for group in result.groups] == ["canary"]
    assert result.details == ()


def ranked(campaign) -> Report:
    """Forty items of two prompts, four days apart: ann and ben rank alike, cid the other way round on the second."""
    for i in range(40):
        item = campaign.item(f"q{i:02d}", "one", "two", "three", messages=(Message("user", f"What of {i % 2}?"),))
        for who in ("ann", "ben", "cid"):
            order = "d3 > d2 > d1" if who == "cid" and i % 2 else "d1 > d2 > d3"
            drafts = {draft.name: draft.id for draft in campaign.store.drafts(item.id)}
            tiers = tuple((drafts[name],) for name in order.split(" > "))
            at = campaign.project.created_at + timedelta(days=4 * (i % 2))
            campaign.judge(item, who, Ranking(tiers), created_at=at, seconds=9.0)
    return report(campaign.store, campaign.project)


def test_rankings_have_people_pairs_and_disputed_items_too(campaign) -> None:
    result = ranked(campaign)
    [detail], [group] = result.details, result.groups
    assert detail.measure == "kendall_tau_b"
    people = {person.name: (person.agreement.value, person.answers, person.seconds) for person in detail.people}
    assert people == {"ann": (0.5, 40, 9.0), "ben": (0.5, 40, 9.0), "cid": (0.0, 40, 9.0)}
    pairs = {pair.between: pair.value for pair in group.statistics["kendall_tau_b"].pairs}
    assert pairs == {("ann", "ben"): 1.0, ("ann", "cid"): 0.0, ("ben", "cid"): 0.0}
    assert {result.items[one.key].name for one in detail.disputed} == {f"q{i:02d}" for i in range(1, 40, 2)}
    assert detail.plan.items_wanted is None  # two clusters give no interval


def test_rankings_are_split_by_cluster_and_over_time(campaign) -> None:
    [detail] = ranked(campaign).details
    layers = {(layer.by, layer.name): layer.statistics["kendall_tau_b"] for layer in detail.layers}
    assert {name: (round(one.value, 9), one.items) for name, one in layers.items()} == {
        ("cluster", "like q00"): (1.0, 20),
        ("cluster", "like q01"): (round(-1 / 3, 9), 20),
    }
    assert [round(period.agreement.value, 9) for period in detail.periods] == [1.0, round(-1 / 3, 9)]
    assert detail.people[2].earlier.value > detail.people[2].later.value


def test_edits_have_people_and_pairs_too(campaign) -> None:
    for i in range(3):
        item = campaign.item(f"q{i}")
        for who, text in (("ann", "kitten"), ("ben", "kitten"), ("cid", "sitting")):
            campaign.edit(item, who, f"{text}{i}")
    result = report(campaign.store, campaign.project)
    [detail], [group] = result.details, result.groups
    assert (detail.measure, detail.consensus) == ("edit_similarity", None)
    assert [person.name for person in detail.people] == ["ann", "ben", "cid"]
    assert detail.people[0].agreement.value == pytest.approx((1 + 5 / 8) / 2)
    assert [pair.items for pair in group.statistics["edit_similarity"].pairs] == [3, 3, 3]
    assert len(detail.disputed) == 3


def test_each_label_of_a_set_has_a_detail(campaign) -> None:
    for i in range(4):
        item = campaign.item(f"q{i}")
        for who in ("ann", "ben"):
            campaign.judge(item, who, Labels({"topic": '["a"]' if i % 2 else '["a", "b"]'}))
    details = report(campaign.store, campaign.project).details
    assert [detail.question for detail in details] == ["topic: a", "topic: b"]
