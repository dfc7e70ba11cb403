"""What an edit changed: characters by Levenshtein, and the share of the draft's words that are still there in order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concord.desk.change import change_of
from concord.records.annotation import Change

texts = st.text("ab ,\n", max_size=20)


@pytest.mark.parametrize(
    ("draft", "text", "change"),
    [
        ("one two three four", "one two three four", Change(0, 1.0)),
        ("one two three four", "four one two three", Change(10, 0.75)),
        ("one two three four", "one, two! (three) four?", Change(5, 1.0)),
        ("cat", "dog", Change(3, 0.0)),
        ("one two", "two one two", Change(4, 1.0)),
        ("\N{BLACK HEART SUIT}", "love", Change(4, None)),
    ],
)
def test_edits_are_measured_as_by_hand(draft: str, text: str, change: Change) -> None:
    assert change_of(draft, text) == change


@given(texts, texts)
def test_the_distance_is_a_metric_and_the_share_a_share(draft: str, text: str) -> None:
    distance, kept = change_of(draft, text)
    assert distance == change_of(text, draft).distance
    assert (distance == 0) == (draft == text)
    assert distance <= max(len(draft), len(text))
    assert kept is None or 0 <= kept <= 1


@given(texts, texts)
def test_all_words_are_kept_where_something_is_only_added_behind(draft: str, text: str) -> None:
    assert change_of(draft, f"{draft} {text}").kept in (1.0, None)
