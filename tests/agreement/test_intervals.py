from __future__ import annotations

from math import isnan, nan

import numpy as np
import pytest

from concord.agreement.coefficients import alpha_nominal
from concord.agreement.intervals import RESAMPLES, intervals, percentiles, resamples
from concord.agreement.patterns import count_patterns
from concord.agreement.votes import votes_of
from concord.records.kinds import Floats, Ints


def drawn(items: Ints, *, seed: int = 0, cells: int = 1) -> Floats:
    return np.concatenate(list(resamples(items, seed=seed, cells=cells)))


def test_a_resample_has_as_many_items_as_the_data() -> None:
    rows = drawn(np.array([3, 0, 7]))
    assert rows.shape == (RESAMPLES, 3)
    assert set(rows.sum(axis=1).tolist()) == {10.0}
    assert rows.mean(axis=0).tolist() == pytest.approx([3, 0, 7], abs=0.2)


def test_the_size_of_the_chunks_does_not_change_the_draw() -> None:
    items = np.array([5, 4, 1])
    assert drawn(items, cells=3).tolist() == drawn(items, cells=1_000_000).tolist()


def test_another_seed_gives_other_resamples() -> None:
    assert drawn(np.array([5, 5]), seed=1).tolist() != drawn(np.array([5, 5]), seed=2).tolist()


def test_percentiles_are_numpys_with_nan_left_out() -> None:
    column = np.random.default_rng(0).normal(size=200)
    column[::7] = nan
    low, high = percentiles(column[:, None])
    assert [low[0], high[0]] == pytest.approx(np.nanpercentile(column, [2.5, 97.5]).tolist())


def test_up_to_5_percent_of_the_resamples_may_be_undefined_and_are_counted() -> None:
    column = np.arange(1000.0)
    column[:50] = nan
    (interval,) = intervals(column[:, None])
    assert not isnan(interval.low)
    assert interval.note == "50 of 1000 resamples not defined"


def test_more_undefined_resamples_give_no_interval() -> None:
    column = np.arange(1000.0)
    column[:51] = nan
    (interval,) = intervals(column[:, None])
    assert isnan(interval.low)
    assert interval.note == "no interval: 51 of 1000 resamples not defined"


def test_the_interval_of_krippendorffs_table_is_that_of_the_item_bootstrap() -> None:
    # Krippendorff 2011, data C: the item bootstrap gives [.41, 1.00], where KALPHA's, with expected disagreement
    # fixed, gives [.57, .85]
    rows = ("123321412***", "12332241253*", "*333234225*1", "1233244125*1")
    answers = [(f"r{who}", str(i), x) for who, row in enumerate(rows) for i, x in enumerate(row) if x != "*"]
    patterns = count_patterns(votes_of(answers))
    weights = np.concatenate([drawn(patterns.items, seed=seed) for seed in range(10)])
    (interval,) = intervals(alpha_nominal(patterns, weights)[:, None])
    assert interval.low == pytest.approx(0.41, abs=0.03)
    assert interval.high == pytest.approx(1, abs=0.005)
