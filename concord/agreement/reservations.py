"""What is said beside a value, or in place of it or of its interval."""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan

import numpy as np

from concord.agreement.statistic import NOBODY_TWICE, counted
from concord.records.kinds import Floats

LEAST_OTHERS = 10
"""Where all values but the commonest occur less often, the bootstrap's interval is far too narrow."""


def reservation(value: float, items: int, n_c: Floats, values: Sequence[str]) -> str | None:
    """Why a value is not defined, or says little because all answers are the same; None otherwise.

    Args:
        value: of a statistic.
        items: items judged by two or more annotators.
        n_c: the answers that it used in each category, shape (q,).
        values: the categories.

    >>> reservation(np.nan, 38, np.array([0.0, 76.0]), ["2", "3"])
    'not defined: every value is 3'
    """
    if not items:
        return NOBODY_TWICE
    if np.count_nonzero(n_c) > 1:
        return None
    same = f"every value is {values[int(n_c.argmax())]}"
    return f"not defined: {same}" if isnan(value) else same


def hindrance(pairs: int, agreeing: int, n_c: Floats, values: Sequence[str]) -> str | None:
    """Why the bootstrap would give no interval, or a deceptive one; None when it may be used.

    Args:
        pairs: pairs of answers to one item.
        agreeing: those that agree.
        n_c: answers in each category, on items judged twice, shape (q,).
        values: the categories.

    >>> hindrance(38, 38, np.array([20.0, 56.0]), ["no", "yes"])
    'no interval: all 38 pairs agree'
    >>> hindrance(38, 30, np.array([68.0, 8.0]), ["no", "yes"])
    'no interval: values other than no occur only 8 times'
    """
    if pairs == agreeing:
        return "no interval: the only pair agrees" if pairs == 1 else f"no interval: all {pairs} pairs agree"
    others = int(n_c.sum() - n_c.max())
    if others >= LEAST_OTHERS:
        return None
    times = "once" if others == 1 else f"{others} times"
    return f"no interval: values other than {values[int(n_c.argmax())]} occur only {times}"


def left_out(items: int) -> str | None:
    """That items with one answer do not count, where there are any.

    >>> left_out(12)
    '12 items with one answer left out'
    """
    return f"{counted(items, 'item')} with one answer left out" if items else None
