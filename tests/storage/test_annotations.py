"""Judgements of every kind, and corrections that supersede them."""

from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concord.ids import new_id
from concord.records.annotation import Annotation, Comparison, Edit, Judgement, Labels, Ranking, Ratings

A, B, C = sorted(new_id() for _ in range(3))
NUMBERS = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**6), 10**6).map(float)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


def current(campaign) -> list[Annotation]:
    return list(campaign.store.annotations(campaign.project.id))


@pytest.mark.parametrize(
    "judgement",
    [
        Edit(A, "edited"),
        Edit(None, "written \x00\u2028 🚉"),
        Ranking(((C,), (A, B))),
        Comparison(A),
        Comparison("tie"),
        Comparison("both_bad"),
        Ratings({"helpful": 4.0, "kind": 0.1 + 0.2, "long": 12_345_678.0, "small": -1e-9}),
        Labels({"tone": "kind", "topic": "a / b"}),
    ],
)
def test_a_judgement_comes_back_as_it_went_in(campaign, judgement: Judgement) -> None:
    annotation = campaign.judge(campaign.item(), "ann", judgement, seconds=12.5)
    assert campaign.store.annotation(annotation.id) == annotation
    assert current(campaign) == [annotation]


@settings(max_examples=40)
@given(st.dictionaries(TEXT, NUMBERS, min_size=1), st.dictionaries(TEXT, TEXT, min_size=1), TEXT)
def test_numbers_and_texts_are_kept_to_the_last_digit(campaign, ratings, labels, text) -> None:
    made = [
        annotation(campaign, new_id(), text, judgement)
        for judgement in (Ratings(ratings), Labels(labels), Edit(A, text))
    ]
    campaign.store.add_annotations(made)
    assert [campaign.store.annotation(one.id) for one in made] == made


def annotation(campaign, item_id: UUID, annotator: str, judgement: Judgement) -> Annotation:
    return Annotation(new_id(), campaign.project.id, item_id, annotator, judgement, "file", campaign.project.created_at)


def test_a_correction_supersedes_and_the_first_word_is_kept(campaign) -> None:
    item = campaign.item("q1", "one", "two")
    first = campaign.edit(item, "ann", "first")
    second, third = campaign.edit(item, "ann", "second"), campaign.edit(item, "ann", "third")
    other_kind, other_person = campaign.rank(item, "ann", "d1 > d2"), campaign.edit(item, "bob", "first")
    assert {one.id for one in current(campaign)} == {third.id, other_kind.id, other_person.id}
    assert campaign.store.annotation(first.id) == first
    assert campaign.store.engine.read("select supersedes from annotations where id = $1", third.id) == [(second.id,)]


def test_the_same_annotation_again_changes_nothing(campaign) -> None:
    annotation = campaign.edit(campaign.item(), "ann", "text")
    assert campaign.store.add_annotations([annotation, replace(annotation, id=new_id(), annotator="bob")]) == 1
    assert campaign.store.add_annotations([]) == 0
    assert len(current(campaign)) == 2


def test_corrections_in_one_call_count_in_their_order(campaign) -> None:
    item = campaign.item()
    made = [annotation(campaign, item.id, "ann", Edit(None, text)) for text in ("first", "second", "third")]
    assert campaign.store.add_annotations([*made, made[0]]) == 3
    assert current(campaign) == [made[-1]]


def test_who_judged_elsewhere_has_taken_a_place(new_campaign) -> None:
    campaign = new_campaign(overlap=2)
    item = campaign.item()
    for annotator in ("ann", "ann", "bob", "cid"):
        campaign.edit(item, annotator, "text")
    assert campaign.store.engine.read("select wanted, taken from queue") == [(2, 3)]
    assert [check for check in campaign.store.verify() if check.wrong] == []


def test_a_thousand_annotations_are_stored_in_one_call(campaign) -> None:
    item = campaign.item()
    made = [annotation(campaign, item.id, f"a{n}", Labels({"tone": "kind"})) for n in range(1_000)]
    assert campaign.store.add_annotations(made) == 1_000
    assert len(current(campaign)) == 1_000
