from __future__ import annotations

from math import isnan

import numpy as np
import pytest

from concord.agreement.text_alpha import MOST_TEXTS, alpha_of_texts
from concord.records.report import EditedText


def edits(items: int) -> list[EditedText]:
    """Two edits of each item: the item's number written out, and the same with one letter changed."""
    return [EditedText(i, who, None, f"{i:06b}{end}") for i in range(items) for who, end in (("x", "a"), ("y", "b"))]


def test_a_sample_gives_about_what_all_pairs_give() -> None:
    all_pairs = alpha_of_texts(edits(MOST_TEXTS // 2), seed=0)
    sampled = alpha_of_texts(edits(MOST_TEXTS // 2 + 1), seed=0)
    assert not isnan(all_pairs.low)
    assert sampled.value == pytest.approx(all_pairs.value, abs=0.02)
    assert (isnan(sampled.low), "sampled: 20,000 pairs of texts, so no interval" in str(sampled.note)) == (True, True)


def test_the_order_of_the_edits_changes_nothing() -> None:
    given = edits(20)
    shuffled = [given[i] for i in np.random.default_rng(0).permutation(len(given))]
    assert alpha_of_texts(shuffled, seed=0) == alpha_of_texts(given, seed=0)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ([EditedText(1, "x", None, "a"), EditedText(2, "y", None, "a")], "no item was judged by two annotators"),
        ([EditedText(i, who, None, "a") for i in range(3) for who in "xy"], "all texts are the same"),
    ],
)
def test_undefined_says_why(given: list[EditedText], reason: str) -> None:
    found = alpha_of_texts(given, seed=0)
    assert isnan(found.value)
    assert str(found.note).startswith(f"not defined: {reason}")
