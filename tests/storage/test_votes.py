"""Votes as columns."""

import math

import numpy as np
import pyarrow as pa
import pytest

from concord.records.annotation import Labels, Ratings
from storage.votes import COMPARED, _sorted

NAMES = ("item", "packed")


def told(votes) -> set[tuple[int, str, str]]:
    """(item, annotator, value) of each vote."""
    dense = np.unique(votes.item, return_inverse=True)[1]
    return {
        (int(item), votes.annotators[annotator], votes.values[value])
        for item, annotator, value in zip(dense, votes.annotator, votes.value, strict=True)
    }


def test_answers_are_apart_for_each_question_and_arm(campaign) -> None:
    main, control = campaign.item("q1"), campaign.item("c1", arm="undrafted")
    for item, annotator, stars in ((main, "bob", 10), (main, "ann", 9), (control, "ann", 2)):
        campaign.judge(item, annotator, Ratings({"helpful": stars, "kind": 1}))
    campaign.judge(main, "ann", Labels({"tone": "kind"}))
    votes = campaign.store.votes(campaign.project.id)
    assert [(one.question, one.kind, one.arm) for one in votes] == [
        ("helpful", "rating", "drafted"),
        ("helpful", "rating", "undrafted"),
        ("kind", "rating", "drafted"),
        ("kind", "rating", "undrafted"),
        ("tone", "label", "drafted"),
    ]
    assert (votes[0].annotators, votes[0].values) == (("ann", "bob"), ("9", "10"))
    assert told(votes[0]) == {(0, "bob", "10"), (0, "ann", "9")}
    assert votes[0].item.dtype == votes[0].value.dtype == np.int64


def test_labels_that_look_like_numbers_and_some_that_do_not_have_an_order(campaign) -> None:
    for name, value in enumerate(("nan", "10", "inf", "9", "x", "-1")):
        campaign.judge(campaign.item(str(name)), "ann", Labels({"q": value}))
    [votes] = campaign.store.votes(campaign.project.id)
    assert votes.values == ("-1", "9", "10", "inf", "nan", "x")
    assert not any(math.isnan(code) for code in votes.value)


def test_superseded_answers_are_out(campaign) -> None:
    item = campaign.item("q1", "one", "two")
    for value in ("first", "second"):
        campaign.judge(item, "ann", Labels({"tone": value}))
        campaign.edit(item, "ann", value)
    campaign.rank(item, "ann", "d1 > d2")
    campaign.rank(item, "ann", "d2 > d1")
    project = campaign.project.id
    assert [told(votes) for votes in campaign.store.votes(project)] == [{(0, "ann", "second")}]
    assert [edit.text for edit in campaign.store.edits(project)] == ["second"]
    assert len(campaign.store.placements(project)[0].item) == 2


def test_the_two_sides_of_a_comparison_are_the_same_for_everybody(campaign) -> None:
    item = campaign.item("q1", "one", "two")
    for annotator, value in (("ann", "d1"), ("bob", "d1"), ("cid", "d2"), ("dan", "tie"), ("eve", "both_bad")):
        campaign.compare(item, annotator, value)
    [votes] = campaign.store.votes(campaign.project.id)
    given = {annotator: value for _, annotator, value in told(votes)}
    assert (votes.question, votes.kind, votes.values) == ("preference", "comparison", COMPARED)
    assert given["ann"] == given["bob"] != given["cid"]
    assert {given["ann"], given["cid"]} == {"first", "second"}
    assert (given["dan"], given["eve"]) == ("tie", "both_bad")


def test_a_draft_that_comes_later_changes_no_comparison(campaign) -> None:
    store, project = campaign.store, campaign.project
    items = campaign.items(20, "one", "two")
    for item in items:
        campaign.compare(item, "ann", "d1")
    before = told(store.votes(project.id)[0])
    for item in items:
        campaign.draft(item, "d3", "three", created_at=project.created_at.replace(year=2027))
    assert told(store.votes(project.id)[0]) == before


def test_where_all_comparisons_are_of_the_same_two_models_first_is_always_the_same_model(campaign) -> None:
    for number in range(8):
        item = campaign.item(f"q{number}")
        for name, model in (("d1", "tiny"), ("d2", "big")):
            campaign.draft(item, name, f"{name} {number}", model=model)
        campaign.compare(item, "ann", "d2")
    [votes] = campaign.store.votes(campaign.project.id)
    assert {value for _, _, value in told(votes)} == {"first"}  # big comes before tiny


def test_without_shared_prompts_there_are_no_clusters(campaign) -> None:
    for item in campaign.items(2):
        campaign.judge(item, "ann", Labels({"q": "yes"}))
    assert len(campaign.store.votes(campaign.project.id)[0].clusters) == 0


@pytest.mark.parametrize("close", [0, 1])
def test_answers_are_sorted_by_item_and_code_also_where_two_hashes_differ_in_the_last_bits_alone(close: int) -> None:
    rows = [(2**60, 3), (8, 1), (2**63 + 8, 2), (8, 0), (2**60 + close, 0), (16, 3), (2**60, 1)]
    packed = [(item & ~3) | code for item, code in rows]
    table = pa.table(
        {"item": [item for item, _ in rows], "packed": packed}, pa.schema(dict.fromkeys(NAMES, pa.uint64()))
    )
    found, code = _sorted(table, 3)
    assert list(zip(found.tolist(), code.tolist(), strict=True)) == sorted(rows)
