"""What a reviewer decided beats votes, and leaves as decided; nothing is lost, and nothing leaves that nobody saw."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concord.agreement.report import report
from concord.errors import InputError

ORDERS = ("d1 > d2 > d3", "d3 > d1 = d2", "d2 > d3", "d1 = d2 = d3")
REJECTED = "rejected by a reviewer"


def answers(written) -> dict[str, tuple[str, str]]:
    """Text and source of the answer to each item."""
    return {row["item_id"]: (row["completion"][0]["content"], row["source"]) for row in written.rows()}


def pairs(written) -> dict[tuple[str, str], tuple[str, int]]:
    """Source and annotators of each pair, by the names of its drafts."""
    return {(row["chosen_id"], row["rejected_id"]): (row["source"], row["n_annotators"]) for row in written.rows()}


def test_the_text_that_was_decided_on_is_the_answer(campaign, exported) -> None:
    edited, picked, voted = campaign.items(3, "one", "two", "three")
    for item in (edited, picked, voted):
        campaign.edit(item, "ann", "by ann")
        campaign.edit(item, "bob", "by bob")
    campaign.decide(edited, "edit", "d1", "by rae")
    campaign.decide(picked, "pick", "d2")
    written = exported(campaign, "trl-sft")
    assert answers(written) == {
        "q1": ("by rae", "adjudicated"),
        "q2": ("two", "adjudicated"),
        "q3": ("by ann", "edit"),
    }
    assert [(row["n_annotators"], row["agreement"]) for row in written.rows()[:2]] == [(2, None), (2, None)]
    assert written.manifest["adjudicated"] == 2
    assert "- Rows that rest on a reviewer's decision, whatever the votes: 2.\n" in (
        written.folder / "README.md"
    ).read_text(encoding="utf-8")


def test_a_decision_needs_no_votes_and_passes_the_gates(campaign, exported) -> None:
    campaign.decide(campaign.item("q1", "one", "two"), "pick", "d2")
    gates = {"min_votes": 3, "min_agreement": 0.9}
    assert answers(exported(campaign, "trl-sft", **gates)) == {"q1": ("two", "adjudicated")}
    assert pairs(exported(campaign, "trl-dpo", **gates)) == {("d2", "d1"): ("adjudicated", 0)}


def test_a_rejected_item_stays_behind_with_its_reason(campaign, exported) -> None:
    kept, voted, bare = campaign.items(3, "one", "two")
    for item in (kept, voted):
        campaign.rank(item, "ann", "d1 > d2")
    for item in (voted, bare):
        campaign.decide(item, "reject")
    assert exported(campaign, "trl-sft").manifest["dropped"] == [
        {"item": "q2", "reason": REJECTED},
        {"item": "q3", "reason": REJECTED},
    ]
    assert exported(campaign, "trl-dpo").manifest["dropped"] == [
        {"item": "q2", "drafts": ["d1", "d2"], "reason": REJECTED},
        {"item": "q3", "reason": REJECTED},
    ]


def test_an_item_that_was_sent_back_is_open_as_if_nobody_had_decided(campaign, exported) -> None:
    item = campaign.item("q1", "one", "two")
    campaign.rank(item, "ann", "d1 > d2")
    campaign.decide(item, "pick", "d2")
    campaign.decide(item, "send_back")
    assert answers(exported(campaign, "trl-sft")) == {"q1": ("one", "draft")}
    assert pairs(exported(campaign, "trl-dpo")) == {("d1", "d2"): ("votes", 1)}


def test_a_picked_draft_is_chosen_over_every_other_and_votes_decide_between_the_others(campaign, exported) -> None:
    item = campaign.item("q1", "one", "two", "three", "four")
    for annotator in ("ann", "bob"):
        campaign.rank(item, annotator, "d1 > d2 > d3")
    campaign.decide(item, "pick", "d3")
    written = exported(campaign, "trl-dpo")
    assert pairs(written) == {
        ("d1", "d2"): ("votes", 2),
        ("d3", "d1"): ("adjudicated", 2),
        ("d3", "d2"): ("adjudicated", 2),
        ("d3", "d4"): ("adjudicated", 0),
    }
    assert [row["agreement"] for row in written.rows()] == [1.0, None, None, None]
    assert written.manifest["adjudicated"] == 3


def test_a_draft_that_came_after_the_decision_was_not_passed_over(campaign, exported) -> None:
    item = campaign.item("q1", "one", "two")
    decided = campaign.decide(item, "pick", "d2")
    campaign.draft(item, "d0", "late", created_at=decided.created_at + timedelta(seconds=1))
    assert list(pairs(exported(campaign, "trl-dpo"))) == [("d2", "d1")]


def test_a_text_of_the_reviewer_s_own_leaves_the_votes_on_the_drafts(campaign, exported) -> None:
    item = campaign.item("q1", "one", "two")
    campaign.rank(item, "ann", "d1 > d2")
    campaign.decide(item, "edit", "d2", "by rae")
    assert pairs(exported(campaign, "trl-dpo")) == {("d1", "d2"): ("votes", 1)}


def test_a_picked_draft_without_text_is_no_answer(campaign, exported) -> None:
    item = campaign.item("q1", " ", "two")
    campaign.decide(item, "pick", "d1")
    for kind in ("trl-sft", "trl-dpo"):
        with pytest.raises(InputError, match=r"There is nothing to export \(1 empty response\)"):
            exported(campaign, kind)


def test_agreement_knows_nothing_of_decisions(campaign) -> None:
    items = campaign.items(4, "one", "two")
    for number, item in enumerate(items):
        campaign.rank(item, "ann", "d1 > d2")
        campaign.rank(item, "bob", "d1 > d2" if number % 2 else "d2 > d1")
        campaign.edit(item, "ann", f"by ann {number}")
        campaign.edit(item, "bob", f"by bob {number}")
    before = report(campaign.store, campaign.project)
    campaign.decide(items[0], "pick", "d1")
    campaign.decide(items[1], "edit", "d1", "by rae")
    campaign.decide(items[2], "reject")
    campaign.decide(items[3], "send_back")
    after = report(campaign.store, campaign.project)
    assert after.adjudicated  # people beside the reviewer, apart from their agreement with each other
    assert repr(replace(after, adjudicated=())) == repr(before)


TEXTS = {"d1": "one", "d2": "two", "d3": "three"}
decisions = st.sampled_from(
    [None, None, ("pick", "d1"), ("pick", "d3"), ("edit", "d2", "by rae"), ("reject",), ("send_back",)]
)
orders = st.lists(st.sampled_from(ORDERS), max_size=3)
edits = st.lists(st.text("ab ", max_size=3), max_size=2)
items = st.lists(st.tuples(orders, edits, decisions), min_size=1, max_size=4)


def fill(campaign, items) -> dict[str, tuple[str, ...]]:
    """Items with these rankings, edits and decisions; the decision on each that has one."""
    campaign.rank(campaign.item("sure", *TEXTS.values()), "ann", "d1 > d2 > d3")
    for number, (orders, edits, decision) in enumerate(items):
        item = campaign.item(f"q{number}", *TEXTS.values())
        for who, order in enumerate(orders):
            campaign.rank(item, f"annotator {who}", order)
        for who, text in enumerate(edits):
            campaign.edit(item, f"annotator {who}", text)
        if decision:
            campaign.decide(item, *decision)
    return {f"q{number}": decision for number, (_, _, decision) in enumerate(items) if decision}


@settings(max_examples=12)
@given(items)
def test_each_item_leaves_with_the_text_that_was_decided_on_or_stays_with_a_reason(
    new_campaign, exported, items
) -> None:
    campaign = new_campaign()
    decided = fill(campaign, items)
    written = exported(campaign, "trl-sft", out=str(campaign.project.id))
    left = {name: text for name, (text, _) in answers(written).items()}
    dropped = {one["item"]: one["reason"] for one in written.manifest["dropped"]}
    assert sorted([*left, *dropped]) == sorted(["sure", *(f"q{number}" for number in range(len(items)))])
    texts = {name: TEXTS.get(rest[-1], rest[-1]) for name, (what, *rest) in decided.items() if what in ("pick", "edit")}
    assert {name: left[name] for name in texts} == texts
    assert [name for name, reason in dropped.items() if reason == REJECTED] == [
        name for name, decision in decided.items() if decision == ("reject",)
    ]


@settings(max_examples=12)
@given(items)
def test_each_pair_leaves_as_it_was_on_the_screen_or_stays_with_a_reason(new_campaign, exported, items) -> None:
    campaign = new_campaign()
    decided = fill(campaign, items)
    written = exported(campaign, "trl-dpo", out=str(campaign.project.id))
    rows = written.rows()
    assert all(row[side][0]["content"] == TEXTS[row[f"{side}_id"]] for row in rows for side in ("chosen", "rejected"))
    left = [(row["item_id"], *sorted((row["chosen_id"], row["rejected_id"]))) for row in rows]
    dropped = [(one["item"], *one.get("drafts", ())) for one in written.manifest["dropped"]]
    assert max(Counter(left + dropped).values()) == 1
    picks = {(name, rest[0]) for name, (what, *rest) in decided.items() if what == "pick"}
    assert {
        (row["item_id"], row["chosen_id"], row["rejected_id"]) for row in rows if row["source"] == "adjudicated"
    } == {(name, draft, other) for name, draft in picks for other in TEXTS if other != draft}
    assert not {name for name, decision in decided.items() if decision == ("reject",)} & {
        row["item_id"] for row in rows
    }
