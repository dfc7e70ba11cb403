"""Credit of judgements: means, halves and stretches of days."""

from __future__ import annotations

from math import isnan

import numpy as np
import pytest

from concord.agreement.credit import Credited, halves, mean_of_items, periods
from concord.agreement.votes import votes_of

DAY = 86_400


def credited(days: list[int], credit: list[float], *, people: int = 2) -> Credited:
    """Judgements by two people of as many items as there are days; both are given on that day, with that credit."""
    votes = votes_of((who, f"{i:02d}", "x") for i in range(len(days)) for who in ("ann", "ben")[:people])
    at = np.repeat([day * DAY for day in days], people)
    return Credited(votes, at, np.repeat(np.array(credit, dtype=float), people), votes.item)


def test_the_mean_is_over_items_and_counts_what_it_rests_on() -> None:
    one = mean_of_items(credited([0, 0, 0], [1, 0, 0.5]), seed=0)
    assert (one.value, one.items, one.annotations, one.annotators) == (0.5, 3, 6, 2)


def test_a_persons_halves_follow_the_clock_and_not_the_order_of_items() -> None:
    earlier, later = halves(credited([3, 2, 1, 0], [0, 0, 1, 1], people=1), seed=0)
    assert (earlier.value, later.value) == (1.0, 0.0)


def test_judgements_of_one_moment_have_no_halves_and_no_course() -> None:
    one = credited([5, 5], [1, 0])
    assert all(isnan(half.value) for half in halves(one, seed=0))
    assert periods(one, seed=0) == []


def test_a_long_time_is_cut_into_stretches_of_whole_days() -> None:
    found = periods(credited(list(range(24)), [i / 23 for i in range(24)]), seed=0)
    assert len(found) == 12
    assert (found[0].first, found[0].last, found[-1].last) == ("1970-01-01", "1970-01-02", "1970-01-24")
    assert found[0].agreement.value == pytest.approx(0.5 / 23)
