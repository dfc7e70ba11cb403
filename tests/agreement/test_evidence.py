from __future__ import annotations

import numpy as np
import pytest

from concord.agreement.evidence import Evidence, evidence, kept_of_drafts, style_against_substance
from concord.records.report import EditChanges, EditedText, Paces, Pulls, Substance

NONE = np.empty(0, dtype=np.int64)
NO_PULLS = Pulls(NONE, NONE, NONE, NONE, NONE, ())
NO_PACES = Paces(NONE, NONE, NONE.astype(float), NONE.astype(float), ())


def found(
    pulls: Pulls = NO_PULLS, paces: Paces = NO_PACES, edits: list[EditedText] | None = None
) -> dict[str, Evidence]:
    return {one.name: one for one in evidence(pulls, paces, edits or [], seed=0)}


def test_the_share_of_pairs_that_a_side_won_has_an_interval_and_a_sentence() -> None:
    key = np.arange(100)
    side = np.where(key % 4 == 0, -1, 1)
    pulls = Pulls(key, key % 2, side, np.zeros(100, dtype=np.int64), np.zeros(100, dtype=np.int64), ("ann", "ben"))
    one = found(pulls)["first_shown"]
    assert (one.all.value, one.neutral) == (0.75, 0.5)
    assert one.all.low < 0.75 < one.all.high
    assert {name: person.value for name, person in one.people.items()} == {"ann": 0.5, "ben": 1.0}
    assert one.sentence.startswith("The draft that was shown first was preferred in 75 % (95 % interval ")
    assert one.sentence.endswith("; without a pull it would be 50 %.")


def test_style_against_substance_is_how_often_a_draft_marked_wrong_won() -> None:
    key = np.arange(40)
    one = style_against_substance(Substance(key, key % 2, (key % 4 == 0).astype(np.int64), ("ann", "ben")), seed=0)
    assert one
    assert (one.all.value, one.neutral, one.all.annotations) == (0.25, 0.0, 40)
    assert one.all.low < 0.25 < one.all.high
    assert one.sentence.startswith(
        "Of two drafts of which the same person marked one factually right and the other wrong"
    )
    assert ", the wrong one was preferred in 25 % (95 % interval " in one.sentence
    assert one.people["ben"].value == 0
    assert np.isnan(one.people["ben"].high)
    assert one.people["ben"].note == "no interval: all 20 pairs went one way"


def test_without_a_right_and_a_wrong_draft_nothing_is_said_of_substance() -> None:
    assert style_against_substance(Substance(NONE, NONE, NONE, ()), seed=0) is None


def test_what_edits_keep_of_their_drafts_has_an_interval_and_a_sentence() -> None:
    key, kept = np.arange(40), np.where(np.arange(40) % 2 == 0, 0.5, 1.0)
    one = kept_of_drafts(EditChanges(key, key % 2, key, kept, kept, ("ann", "ben")), seed=0)
    assert one
    assert one.all.value == 0.75
    assert {who: person.value for who, person in one.people.items()} == {"ann": 0.5, "ben": 1.0}
    assert one.sentence.startswith("Edits keep 75 % (95 % interval ")


def test_drafts_without_words_have_nothing_to_keep() -> None:
    one = np.zeros(1, dtype=np.int64)
    nothing = np.full(1, np.nan)
    assert kept_of_drafts(EditChanges(one, one, one, nothing, nothing, ("ann",)), seed=0) is None


def test_pairs_without_a_side_say_nothing() -> None:
    assert (
        set(found(Pulls(np.arange(3), np.zeros(3, dtype=np.int64), *[np.zeros(3, dtype=np.int64)] * 3, ("ann",))))
        == set()
    )


def test_judgements_quicker_than_reading_are_counted() -> None:
    paces = Paces(
        np.arange(4), np.zeros(4, dtype=np.int64), np.array([1.0, 2.0, 30.0, 40.0]), np.full(4, 600.0), ("ann",)
    )
    one = found(paces=paces)["below_reading_time"]
    assert (one.all.value, one.all.items) == (0.5, 4)
    assert "took less time than reading all that was shown" in one.sentence


def test_edits_are_measured_beside_those_of_others_on_the_same_items() -> None:
    edits = [
        EditedText(item, who, "abcdefghij", text)
        for item in range(10)
        for who, text in (("ann", "abcdefghij"), ("ben", "abcdefghXX"), ("cat", "abcdefghXX"))
    ]
    one = found(edits=[*edits, EditedText(99, "dan", "abc", "xyz")])["changes_beyond_peers"]
    assert {name: person.value for name, person in one.people.items()} == pytest.approx(
        {"ann": -0.2, "ben": 0.1, "cat": 0.1}
    )


def test_without_data_there_is_no_evidence() -> None:
    assert found() == {}
