"""The novelty curve: hand-counted, bounded, and blind to the order of the texts."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concord.curation.novelty import STEPS, novelty
from concord.curation.shingles import shingle_sets


def test_texts_that_share_nothing_stay_new_to_the_end() -> None:
    assert novelty(shingle_sets([f"a{n} b{n} c{n} d{n}" for n in range(40)])) == [1.0] * STEPS


def test_copies_bring_nothing_after_the_first() -> None:
    curve = novelty(shingle_sets(["one two three four"] * 40))
    assert curve == [0.5] + [0.0] * (STEPS - 1)


def test_half_of_each_text_known_is_half_new() -> None:
    # Of the three shingles of each text the first is that of all, the others hold its number.
    curve = novelty(shingle_sets([f"all the same {n} {n}x" for n in range(2_000)]))
    assert curve[-1] == pytest.approx(2 / 3)


@pytest.mark.parametrize("count", [0, STEPS - 1])
def test_under_twenty_texts_there_is_no_curve(count: int) -> None:
    assert novelty(shingle_sets([f"text {n}" for n in range(count)])) == []


@settings(max_examples=20)
@given(st.lists(st.lists(st.sampled_from("abcdef"), min_size=1, max_size=6).map(" ".join), min_size=20), st.randoms())
def test_the_curve_does_not_depend_on_the_order_of_the_texts(texts: list[str], random) -> None:
    shuffled = list(texts)
    random.shuffle(shuffled)
    assert novelty(shingle_sets(shuffled)) == novelty(shingle_sets(texts))
