"""The columns that the statistics compute on."""

import math
from dataclasses import replace

import numpy as np

from concord.ids import new_id
from concord.records.annotation import Edit, Labels, Ratings
from concord.records.item import Message
from concord.records.report import EditedText
from storage.reports import COMPARED, _sorted


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


def test_rankings_are_one_element_for_each_ranked_draft(campaign) -> None:
    first, second = campaign.item("q1", "one", "two", "three"), campaign.item("q2", "one", "two")
    campaign.rank(second, "bob", "d2 > d1")
    campaign.rank(first, "ann", "d3 > d1 = d2")
    [placements] = campaign.store.placements(campaign.project.id)
    assert placements.annotators == ("ann", "bob")
    assert list(placements.item) == sorted(placements.item)
    assert sorted(placements.tier.tolist()) == [1, 1, 2, 2, 2]
    assert len(set(placements.draft.tolist())) == 5


def test_rankings_are_apart_for_each_arm(campaign) -> None:
    for name, arm in (("q1", "drafted"), ("q2", "canary")):
        campaign.rank(campaign.item(name, "one", "two", arm=arm), "ann", "d1 > d2")
    assert [placements.arm for placements in campaign.store.placements(campaign.project.id)] == ["drafted", "canary"]


def test_edits_come_with_the_draft_they_began_from(campaign) -> None:
    first, second = campaign.item("q1", "draft"), campaign.item("q2", arm="undrafted")
    [draft] = campaign.store.drafts(first.id)
    campaign.judge(first, "bob", Edit(draft.id, "edited by bob"))
    campaign.judge(first, "ann", Edit(draft.id, "edited by ann"))
    campaign.edit(second, "ann", "written")
    found = campaign.store.edits(campaign.project.id)
    named = campaign.store.named_items(campaign.project.id, [edit.item for edit in found])
    numbers = {one.name: key for key, one in named.items()}
    assert [replace(edit, cluster=None) for edit in found] == [
        EditedText(numbers["q1"], "ann", "draft", "edited by ann", "drafted"),
        EditedText(numbers["q1"], "bob", "draft", "edited by bob", "drafted"),
        EditedText(numbers["q2"], "ann", None, "written", "undrafted"),
    ]


def test_edits_of_items_with_one_prompt_share_a_cluster(campaign) -> None:
    for name in ("q1", "q2", "q3"):
        prompt = (Message("user", "The same?"),) if name != "q3" else (Message("user", "Another?"),)
        campaign.edit(campaign.item(name, messages=prompt), "ann", name)
    cluster = {edit.text: edit.cluster for edit in campaign.store.edits(campaign.project.id)}
    assert cluster["q1"] == cluster["q2"] != cluster["q3"]


def test_a_project_without_answers_has_no_columns(campaign) -> None:
    campaign.item("q1", "one", "two")
    for project in (campaign.project.id, new_id()):
        assert campaign.store.votes(project) == []
        assert campaign.store.placements(project) == []
        assert campaign.store.edits(project) == []


def test_where_all_comparisons_are_of_the_same_two_models_first_is_always_the_same_model(campaign) -> None:
    for number in range(8):
        item = campaign.item(f"q{number}")
        for name, model in (("d1", "tiny"), ("d2", "big")):
            campaign.draft(item, name, f"{name} {number}", model=model)
        campaign.compare(item, "ann", "d2")
    [votes] = campaign.store.votes(campaign.project.id)
    assert {value for _, _, value in told(votes)} == {"first"}  # big comes before tiny


def test_items_of_one_prompt_or_row_share_a_cluster(campaign) -> None:
    prompt, row = (Message("user", "Why?"),), new_id()
    items = [
        campaign.item("a", messages=prompt),
        campaign.item("b", messages=prompt),
        campaign.item("c", row_id=row),
        campaign.item("d", row_id=row),
        campaign.item("e"),
    ]
    for item in items:
        campaign.judge(item, "ann", Labels({"q": "yes"}))
        campaign.rank(campaign.item(f"{item.name} ranked", "one", "two", messages=prompt), "ann", "d1 > d2")
    [votes] = campaign.store.votes(campaign.project.id)
    assert sorted(np.unique(votes.clusters, return_counts=True)[1].tolist()) == [1, 2, 2]
    [placements] = campaign.store.placements(campaign.project.id)
    assert len(set(placements.clusters.tolist())) == 1


def test_without_shared_prompts_there_are_no_clusters(campaign) -> None:
    for item in campaign.items(2):
        campaign.judge(item, "ann", Labels({"q": "yes"}))
    assert len(campaign.store.votes(campaign.project.id)[0].clusters) == 0


def test_the_models_of_ranked_drafts_are_named(campaign) -> None:
    item = campaign.item("q1", "of nobody")
    campaign.draft(item, "d2", "of tiny", model="tiny")
    campaign.rank(item, "ann", "d2 > d1")
    [placements] = campaign.store.placements(campaign.project.id)
    assert placements.models == ("tiny",)
    assert sorted(zip(placements.tier.tolist(), placements.model.tolist(), strict=True)) == [(1, 0), (2, -1)]


def test_keys_that_differ_in_their_last_bits_alone_are_sorted_too() -> None:
    keys = np.array([2**60 + 3, 5, 2**60 + 1, 2**60 + 2, 2**63 + 7, 4, 5], dtype=np.uint64)
    found, order = _sorted(keys)
    assert found.view(np.uint64).tolist() == sorted(keys.tolist())
    assert keys[order].tolist() == found.view(np.uint64).tolist()
