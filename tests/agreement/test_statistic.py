from __future__ import annotations

from math import nan

import pytest

from concord.agreement.statistic import FEW_ITEMS, Extent, Interval, statistic


def test_notes_are_joined_in_the_order_reason_interval_few_items() -> None:
    interval = Interval(note="no interval: all 3 pairs agree")
    assert statistic(1.0, interval, Extent(3, 6, 2), notes=["S1", None]).note == (
        "S1; no interval: all 3 pairs agree; indicative: fewer than 50 items"
    )


@pytest.mark.parametrize(("value", "items"), [(0.5, FEW_ITEMS), (nan, 3)])
def test_a_value_from_enough_items_or_none_needs_no_word(value: float, items: int) -> None:
    assert statistic(value, Interval(0.4, 0.6), Extent(items, 2 * items, 2)).note is None
