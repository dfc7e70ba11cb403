from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concord.agreement.similarity import SIMILARITIES, Measure, rouge_l

MEASURES = sorted(SIMILARITIES)
TEXTS = st.text("abc  ", max_size=12)


@given(TEXTS, TEXTS, st.sampled_from(MEASURES))
def test_every_measure_is_symmetric_between_0_and_1_and_1_for_equal_texts(a: str, b: str, measure: Measure) -> None:
    there, back, same = SIMILARITIES[measure]([(a, b), (b, a), (a, a)]).tolist()
    assert there == pytest.approx(back)
    assert -1e-9 <= there <= 1 + 1e-9
    assert same == 1


@given(st.lists(st.sampled_from("abc"), max_size=6), st.lists(st.sampled_from("abc"), max_size=6))
def test_rouge_l_is_its_definition(a: list[str], b: list[str]) -> None:
    @cache
    def lcs(i: int, j: int) -> int:
        if not i or not j:
            return 0
        return lcs(i - 1, j - 1) + 1 if a[i - 1] == b[j - 1] else max(lcs(i - 1, j), lcs(i, j - 1))

    expected = 2 * lcs(len(a), len(b)) / (len(a) + len(b)) if a or b else 1
    assert rouge_l([(" ".join(a), " ".join(b))])[0] == pytest.approx(expected)


@pytest.mark.parametrize("measure", MEASURES)
def test_texts_with_nothing_in_common_are_not_alike(measure: Measure) -> None:
    assert SIMILARITIES[measure]([("aaaa", "zz")])[0] == pytest.approx(0, abs=0.01)
