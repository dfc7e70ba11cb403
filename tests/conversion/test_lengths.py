"""Distributions of lengths that were counted."""

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from concord.conversion.lengths import Spread, spread


def test_nothing_has_no_length():
    assert spread({}) == Spread(0, 0, 0, 0)


@given(st.lists(st.integers(0, 50), min_size=1, max_size=200))
def test_a_spread_is_that_of_the_numbers_themselves(numbers: list[int]):
    p50, p95 = (int(np.percentile(numbers, percent, method="inverted_cdf")) for percent in (50, 95))
    assert spread(Counter(numbers)) == Spread(min(numbers), p50, p95, max(numbers))
