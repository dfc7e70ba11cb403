from __future__ import annotations

from math import nan

import numpy as np
import pytest

from concord.agreement.reservations import hindrance, left_out, reservation

VALUES = ["neg", "pos"]


@pytest.mark.parametrize(
    ("value", "items", "n_c", "expected"),
    [
        (nan, 0, [3.0, 0.0], "not defined: no item was judged by two annotators"),
        (nan, 5, [0.0, 10.0], "not defined: every value is pos"),
        (1.0, 5, [0.0, 10.0], "every value is pos"),
        (0.5, 5, [4.0, 6.0], None),
    ],
)
def test_a_value_is_reserved_in_words(value: float, items: int, n_c: list[float], expected: str | None) -> None:
    assert reservation(value, items, np.array(n_c), VALUES) == expected


@pytest.mark.parametrize(
    ("agreeing", "n_c", "expected"),
    [
        (50, [60.0, 40.0], "no interval: all 50 pairs agree"),
        (49, [1.0, 99.0], "no interval: values other than pos occur only once"),
        (49, [91.0, 9.0], "no interval: values other than neg occur only 9 times"),
        (49, [90.0, 10.0], None),
    ],
)
def test_an_interval_that_would_deceive_is_hindered(agreeing: int, n_c: list[float], expected: str | None) -> None:
    assert hindrance(50, agreeing, np.array(n_c), VALUES) == expected


def test_one_agreeing_pair_is_spoken_of_as_one() -> None:
    assert hindrance(1, 1, np.array([1.0, 1.0]), VALUES) == "no interval: the only pair agrees"


def test_nothing_left_out_is_not_mentioned() -> None:
    assert left_out(0) is None
