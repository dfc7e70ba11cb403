from __future__ import annotations

import numpy as np

from concord.agreement.quotient import divided


def test_what_is_not_defined_is_nan_and_no_warning() -> None:
    assert np.isnan(divided(np.array([1.0]), np.array([0.0]), where=np.array([False])))


def test_a_whole_number_is_divided_as_a_fraction() -> None:
    assert divided(np.array([1.0]), np.array([2]).astype(float), where=np.array([True])).tolist() == [0.5]
