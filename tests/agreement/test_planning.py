from __future__ import annotations

from dataclasses import replace
from math import nan, sqrt

import numpy as np
import pytest

from concord.agreement.planning import SIZES, items_for_alpha, plan
from concord.agreement.statistic import Extent, Interval, statistic
from concord.agreement.votes import votes_of
from concord.records.report import Votes

HEADLINE = statistic(0.6, Interval(0.5, 0.7), Extent(200, 400, 2))


def mixed(items: int, *, seed: int = 0) -> Votes:
    """Items with two or three of many annotators, who say yes with a chance that is the item's own."""
    rng = np.random.default_rng(seed)
    rows = []
    for item in range(items):
        chance = rng.beta(0.5, 0.5)
        rows += [(f"r{who}", str(item), "yes" if rng.random() < chance else "no") for who in range(2 + item % 2)]
    return votes_of(rows)


@pytest.mark.parametrize(("smallest", "q", "items"), [(0.667, 4, 81), (0.8, 4, 139), (0.667, 2, 60), (0.8, 5, 164)])
def test_the_items_that_an_alpha_wants_are_the_published_ones(smallest: float, q: int, items: int) -> None:
    # the manual of ATLAS.ti prints the first two, after Krippendorff
    assert items_for_alpha(smallest, q) == items


def test_widths_shrink_with_the_root_of_the_number_of_items() -> None:
    found = plan(HEADLINE, votes_of([]))
    assert found.half_widths == pytest.approx({n: 0.1 * sqrt(200 / n) for n in SIZES})
    assert found.items_wanted == 800


def test_without_an_interval_there_is_no_plan() -> None:
    found = plan(replace(HEADLINE, low=nan, high=nan), mixed(400))
    assert (found.half_widths, found.items_wanted, found.overlap) == ({}, None, {})


def test_more_annotators_an_item_want_fewer_items_down_to_what_items_differ() -> None:
    found = plan(HEADLINE, mixed(4000)).overlap
    assert list(found) == [2, 3, 4, 5]
    assert found[2] > found[3] > found[4] > found[5] > 1
    # two answers agree with chance 3/4 here, which is a coin of variance 3/16
    assert found[2] == pytest.approx(3 / 16 * (1.96 / 0.05) ** 2, rel=0.05)


def test_what_overlap_buys_is_unknown_if_all_items_have_as_many_answers() -> None:
    votes = votes_of([(who, str(i), "a" if i % 3 else who) for i in range(90) for who in "xy"])
    assert plan(HEADLINE, votes).overlap == {}
