from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from concord.agreement.coefficients import alpha_interval, alpha_nominal, alpha_ordinal, fleiss, gwet_ac1, percent
from concord.agreement.intervals import RESAMPLES, intervals, resamples
from concord.agreement.patterns import Patterns, Weights, count_patterns, each_item, observed
from concord.agreement.units import MOST_UNITS, clusters_of, drawn_units, lots_of, units_of
from concord.agreement.votes import numbers_of, votes_of
from concord.records.kinds import Floats
from concord.records.report import Votes


def ratings(items: int, *, seed: int = 0) -> Votes:
    """Three annotators; two in three give the item's own rating."""
    rng = np.random.default_rng(seed)
    own = rng.integers(1, 6, size=items)
    given = np.where(rng.random((3, items)) < 2 / 3, own, rng.integers(1, 6, size=(3, items)))
    rows = [(f"r{who}", f"i{i:05d}", str(given[who, i])) for who in range(3) for i in range(items)]
    return votes_of(rows, kind="rating")


def interval(patterns: Patterns, weights: Weights) -> Floats:
    return alpha_interval(patterns, weights, np.arange(1.0, 6))


@pytest.mark.parametrize("formula", [alpha_nominal, alpha_ordinal, interval, fleiss, gwet_ac1, percent])
def test_blocks_and_patterns_give_one_value_and_like_intervals(formula) -> None:
    votes = ratings(3000)
    patterns, items = count_patterns(votes), each_item(votes)
    blocks = drawn_units(units_of(lots_of(votes, 0), None, seed=0), seed=0)
    (exact,) = intervals(
        np.concatenate([formula(patterns, w) for w in resamples(patterns.items, seed=0, cells=1)])[:, None]
    )
    (dealt,) = intervals(formula(items, blocks)[:, None])
    assert formula(items, observed(items)) == pytest.approx(formula(patterns, observed(patterns)), abs=1e-12)
    assert [dealt.low, dealt.high] == pytest.approx([exact.low, exact.high], abs=0.004)


def test_few_items_are_a_unit_each_in_an_order_that_the_answers_decide() -> None:
    votes = ratings(40)
    unit = units_of(lots_of(votes, 0), None, seed=0)
    assert sorted(unit.tolist()) == list(range(40))
    backwards = replace(votes, item=39 - votes.item[::-1], annotator=votes.annotator[::-1], value=votes.value[::-1])
    assert sorted(lots_of(backwards, 0)) == sorted(lots_of(votes, 0))


def test_many_items_are_dealt_evenly_and_clusters_whole() -> None:
    lots = np.random.default_rng(0).integers(2**64, size=6000, dtype=np.uint64)
    assert set(np.bincount(units_of(lots, None, seed=0)).tolist()) == {6000 // MOST_UNITS}
    cluster = np.arange(6000) // 2
    unit = units_of(lots, cluster, seed=0)
    assert unit.max() == MOST_UNITS - 1
    assert (unit[::2] == unit[1::2]).all()


def test_a_resample_has_as_many_units_as_the_data() -> None:
    drawn = drawn_units(np.arange(50), seed=0).drawn
    assert drawn.shape == (RESAMPLES, 50)
    assert set(drawn.sum(axis=1).tolist()) == {50.0}
    assert drawn.var(axis=0).mean() == pytest.approx(0.98, rel=0.05)  # binomial: n p (1 - p)


def test_votes_without_shared_clusters_have_none() -> None:
    votes = ratings(3)
    assert clusters_of(votes) is None
    assert clusters_of(replace(votes, clusters=np.array([5, 6, 7]))) is None
    shared = clusters_of(replace(votes, clusters=np.array([5, 6, 5])))
    assert shared is not None
    assert shared.tolist() == [5, 6, 5]


def test_numbers_with_decimals_need_no_categories() -> None:
    rng = np.random.default_rng(0)
    own = rng.normal(size=4000)
    rows = [(f"r{who}", str(i), str(own[i] + rng.normal())) for who in range(2) for i in range(4000)]
    votes = votes_of(rows, kind="rating")
    blocks = drawn_units(units_of(lots_of(votes, 0), None, seed=0), seed=0)
    values = alpha_interval(each_item(votes), blocks, numbers_of(votes))
    # for two annotators and a normal measure the standard error is that of a correlation: (1 - r^2) / sqrt(n)
    assert values.std() == pytest.approx(0.75 / np.sqrt(4000), rel=0.1)
