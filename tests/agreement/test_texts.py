from __future__ import annotations

from itertools import product
from math import isnan

import pytest

from concord.agreement.texts import MOST_PAIRS, draft_similarity, edit_similarity, share_unchanged
from concord.records.report import EditedText


def edits(*answers: tuple[int, str, str | None, str]) -> list[EditedText]:
    return [EditedText(*answer) for answer in answers]


def test_similarity_is_1_less_the_distance_over_the_longer_length() -> None:
    # kitten and sitting: three edits, seven letters (Wikipedia, Levenshtein distance)
    found = edit_similarity(edits((1, "ann", None, "kitten"), (1, "ben", None, "sitting")), seed=0)
    assert found.value == pytest.approx(1 - 3 / 7)
    assert (found.items, found.annotations, found.annotators) == (1, 2, 2)


def test_similarity_is_the_mean_over_pairs_and_then_over_items() -> None:
    found = edit_similarity(
        edits(
            (1, "ann", None, "aaaa"),
            (1, "ben", None, "aaaa"),
            (1, "cat", None, "bbbb"),
            (2, "ann", None, "same"),
            (2, "ben", None, "same"),
            (3, "ann", None, "alone"),
        ),
        seed=0,
    )
    assert found.value == pytest.approx((1 / 3 + 1) / 2)
    assert (found.items, found.annotations, found.annotators) == (2, 5, 3)


def test_the_baseline_is_how_alike_draft_and_edit_are() -> None:
    given = edits((1, "ann", "abcd", "abcd"), (1, "ben", "abcd", "abxy"), (2, "ann", None, "free"))
    assert draft_similarity(given, seed=0).value == pytest.approx((1 + 0.5) / 2)
    assert share_unchanged(given, seed=0).value == 0.5
    assert (draft_similarity(given, seed=0).items, share_unchanged(given, seed=0).annotations) == (1, 2)


def test_two_empty_texts_are_equal() -> None:
    assert edit_similarity(edits((1, "ann", None, ""), (1, "ben", None, "")), seed=0).value == 1


def test_similarity_is_not_defined_when_no_item_was_edited_by_two() -> None:
    found = edit_similarity(edits((1, "ann", None, "a"), (2, "ben", None, "b")), seed=0)
    assert (isnan(found.value), found.note) == (True, "not defined: no item was judged by two annotators")


@pytest.mark.parametrize("baseline", [draft_similarity, share_unchanged])
def test_the_baseline_is_not_defined_without_drafts(baseline: type) -> None:
    found = baseline(edits((1, "ann", None, "written from nothing")), seed=0)
    assert (isnan(found.value), found.note) == (True, "not defined: no edit began from a draft")


def test_very_many_pairs_are_sampled_and_the_note_says_so() -> None:
    number = MOST_PAIRS["levenshtein"] + 1
    given = edits(*((i, who, None, f"{i}{who}\ud83d") for i, who in product(range(number), ("ann", "ben"))))
    found = edit_similarity(given, seed=0)
    assert found.note == f"sampled: {number - 1} of {number} items"
    renumbered = [EditedText(number - edit.item, edit.annotator, edit.draft, edit.text) for edit in reversed(given)]
    assert edit_similarity(renumbered, seed=0) == found
    assert edit_similarity(given, seed=1).low != found.low
