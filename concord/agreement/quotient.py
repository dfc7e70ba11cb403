"""Division that knows where it is not defined."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from concord.records.kinds import Floats


def divided(numerator: Floats, denominator: Floats, *, where: npt.NDArray[np.bool_]) -> Floats:
    """The quotients where they are defined, NaN elsewhere; all arrays have one shape.

    >>> divided(np.array([1.0, 0.0]), np.array([4.0, 0.0]), where=np.array([True, False])).tolist()
    [0.25, nan]
    """
    undefined = np.full_like(denominator, np.nan, dtype=float)
    return np.divide(numerator, denominator, out=undefined, where=where)
