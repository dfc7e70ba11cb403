"""The columns that the statistics compute on."""

from dataclasses import replace

import numpy as np

from concord.ids import new_id
from concord.records.annotation import Edit, Labels
from concord.records.item import Message
from concord.records.report import EditedText


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


def test_the_models_of_ranked_drafts_are_named(campaign) -> None:
    item = campaign.item("q1", "of nobody")
    campaign.draft(item, "d2", "of tiny", model="tiny")
    campaign.rank(item, "ann", "d2 > d1")
    [placements] = campaign.store.placements(campaign.project.id)
    assert placements.models == ("tiny",)
    assert sorted(zip(placements.tier.tolist(), placements.model.tolist(), strict=True)) == [(1, 0), (2, -1)]
