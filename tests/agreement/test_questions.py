from __future__ import annotations

from math import isnan

import numpy as np
import pytest

from concord.agreement.questions import MOST_STEPS, of_votes
from concord.agreement.votes import votes_of


def test_cannot_tell_is_a_value_for_percent_and_missing_for_alpha() -> None:
    rows = [("x", "1", "right"), ("y", "1", "cannot tell"), ("x", "2", "right"), ("y", "2", "right")]
    rows += [("x", "3", "wrong"), ("y", "3", "wrong")]
    ((_, group),) = of_votes(votes_of(rows), seed=0)
    assert group.statistics["percent_agreement"].value == pytest.approx(2 / 3)
    alpha = group.statistics["krippendorff_alpha"]
    assert (alpha.value, alpha.items) == (1, 2)
    assert "1 answer 'cannot tell' taken as missing" in str(alpha.note)


def test_ratings_with_many_values_are_a_measure() -> None:
    rng = np.random.default_rng(0)
    rows = [(who, str(i), str(i + int(rng.integers(5)))) for i in range(2 * MOST_STEPS) for who in "xy"]
    ((_, group),) = of_votes(votes_of(rows, kind="rating"), seed=0)
    assert next(iter(group.statistics)) == "krippendorff_alpha_interval"
    assert "krippendorff_alpha" not in group.statistics
    assert not isnan(group.statistics["icc_2_1"].value)


def test_two_annotators_have_scotts_pi() -> None:
    ((_, group),) = of_votes(votes_of([("x", "1", "a"), ("y", "1", "a"), ("x", "2", "b"), ("y", "2", "a")]), seed=0)
    assert group.statistics["scott_pi"] == group.statistics["fleiss_kappa"]
