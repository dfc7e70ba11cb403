"""Texts as sets of shingles."""

import re
from unicodedata import normalize

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concord.curation.shingles import shingle_sets

WORDS = st.lists(st.sampled_from(("a", "b", "c", "dé", "字")), max_size=9).map(" ".join)


def by_hand(text: str, words: int) -> set[tuple[str, ...]]:
    """The shingles as tuples of words."""
    found = re.findall(r"字|[a-zé]+", normalize("NFKC", text).casefold())
    if len(found) < words:
        return {tuple(found)} if found else set()
    return {tuple(found[place : place + words]) for place in range(len(found) - words + 1)}


@settings(max_examples=40)
@given(st.lists(WORDS, max_size=6), st.integers(1, 4))
def test_texts_share_as_many_shingles_as_runs_of_words(texts: list[str], words: int) -> None:
    sets = shingle_sets(texts, words)
    parts = [set(sets.shingle[sets.text == number].tolist()) for number in range(len(texts))]
    expected = [by_hand(text, words) for text in texts]
    for one in range(len(texts)):
        for other in range(len(texts)):
            assert len(parts[one] & parts[other]) == len(expected[one] & expected[other])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The sky, at noon!", "the SKY at\nnoon"),
        ("caf\u00e9 au lait", "cafe\u0301 au lait"),
        ("ＡＢＣ one two", "abc one two"),
        ("Straße in Köln", "STRASSE IN KÖLN"),
        ("晴天很好", "晴 天 很 好"),
    ],
)
def test_case_signs_blanks_and_composition_play_no_part(one: str, other: str) -> None:
    first, second = (shingle_sets([text]).shingle.tolist() for text in (one, other))
    assert first == second


@pytest.mark.parametrize(("one", "other"), [("a b c", "c b a"), ("ab c d", "a bc d"), ("a", "a a"), ("क", "कि")])
def test_order_borders_and_marks_of_words_count(one: str, other: str) -> None:
    assert shingle_sets([one]).shingle.tolist() != shingle_sets([other]).shingle.tolist()


def test_a_text_without_words_has_no_shingle() -> None:
    assert shingle_sets(["?!", "", "a", " \x00\ud800"]).size.tolist() == [0, 0, 1, 0]


def test_batches_make_no_difference() -> None:
    texts = [f"text number {number} of many" for number in range(2_500)]
    together = shingle_sets(texts)
    apart = [shingle_sets([text]).shingle.tolist() for text in texts[1_000:1_050]]
    assert [together.shingle[together.text == number].tolist() for number in range(1_000, 1_050)] == apart
