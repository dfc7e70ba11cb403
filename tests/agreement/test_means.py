from __future__ import annotations

from math import isnan

import numpy as np
import pytest

from concord.agreement.means import mean_over_items
from concord.agreement.statistic import Extent

EXTENT = Extent(100, 200, 2)


def test_the_mean_of_items_has_the_interval_of_a_mean() -> None:
    values = np.random.default_rng(0).normal(size=400)
    mean = mean_over_items(values, EXTENT, seed=0)
    error = values.std() / 20
    assert mean.value == pytest.approx(values.mean())
    assert [mean.low, mean.high] == pytest.approx([mean.value - 1.96 * error, mean.value + 1.96 * error], abs=0.015)


def test_the_mean_does_not_depend_on_the_order_of_the_items() -> None:
    values = np.random.default_rng(0).normal(size=100)
    assert mean_over_items(values, EXTENT, seed=0) == mean_over_items(values[::-1], EXTENT, seed=0)


def test_the_mean_of_no_items_is_not_defined() -> None:
    mean = mean_over_items(np.array([]), Extent(0, 0, 0), seed=0, notes=["not defined: nothing", "S1"])
    assert isnan(mean.value)
    assert isnan(mean.low)
    assert mean.note == "not defined: nothing; S1"


def test_one_item_has_no_interval() -> None:
    mean = mean_over_items(np.array([0.5]), Extent(1, 2, 2), seed=0)
    assert (mean.value, isnan(mean.high)) == (0.5, True)
    assert mean.note == "no interval: the resamples do not differ; indicative: fewer than 50 items"


def test_very_many_different_values_have_the_interval_of_a_mean_too() -> None:
    values = np.random.default_rng(0).normal(size=6000)
    mean = mean_over_items(values, EXTENT, seed=0)
    assert (mean.high - mean.low) / 2 == pytest.approx(1.96 * values.std() / np.sqrt(6000), rel=0.1)


def test_items_of_one_cluster_are_not_independent() -> None:
    values, clusters = np.repeat(np.random.default_rng(0).normal(size=100), 9), np.repeat(np.arange(100), 9)
    alone, together = (mean_over_items(values, EXTENT, seed=0, clusters=of) for of in (None, clusters))
    assert (together.high - together.low) / (alone.high - alone.low) == pytest.approx(3, rel=0.2)
    assert together.note == "clusters of items resampled: 100"
