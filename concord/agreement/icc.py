"""Intraclass correlations of ratings: six forms, which answer six questions and differ by a factor.

They need complete blocks: n items, each rated by the same k annotators. Mean squares: B between items, W within items,
J between annotators, E error (what items and annotators leave).
"""

from __future__ import annotations

from dataclasses import replace
from math import isnan
from typing import Literal, get_args

import numpy as np

from concord.agreement.groups import sizes_of
from concord.agreement.intervals import intervals, of_clusters
from concord.agreement.patterns import Blocks, total
from concord.agreement.quotient import divided
from concord.agreement.statistic import NOBODY_TWICE, Extent, Interval, Statistic, counted, statistic
from concord.agreement.units import clusters_of, drawn_units, lots_of, undrawn, units_of
from concord.agreement.votes import extent_of, numbers_of
from concord.records.kinds import Floats
from concord.records.report import Votes

Form = Literal["1_1", "2_1", "3_1", "1_k", "2_k", "3_k"]
FORMS: tuple[Form, ...] = get_args(Form)

_MEANINGS: dict[Form, str] = {
    "1_1": "ICC(1,1): one rating, annotators at random for each item",
    "2_1": "ICC(2,1): one rating, absolute agreement",
    "3_1": "ICC(3,1): one rating, consistency of these annotators",
    "1_k": "ICC(1,k): the mean of the ratings, annotators at random for each item",
    "2_k": "ICC(2,k): the mean of the ratings, absolute agreement",
    "3_k": "ICC(3,k): the mean of the ratings, consistency of these annotators",
}


def iccs(votes: Votes, *, seed: int) -> dict[Form, Statistic]:
    """All six intraclass correlations (Shrout & Fleiss 1979; McGraw & Wong 1996).

    Args:
        votes: canonical votes whose values are numbers.
        seed: of the resamples of items.

    Returns:
        At most 1; 0 or below where items do not differ more than ratings of one item do. NaN unless every item has a
        rating of every annotator, there are two of each, and the ratings are not all the same.

    >>> from concord.agreement.votes import votes_of
    >>> rows = {"ann": "123", "ben": "234"}
    >>> votes = votes_of(((who, str(i), x) for who, row in rows.items() for i, x in enumerate(row)), kind="rating")
    >>> found = iccs(votes, seed=0)
    >>> round(found["2_1"].value, 3), round(found["3_1"].value, 3)
    (0.667, 1.0)
    """
    extent = extent_of(votes)
    reason = _incomplete(votes, extent)
    if reason:
        undefined = statistic(np.nan, Interval(), extent, notes=[reason], level="interval")
        return {form: replace(undefined, note=f"{_MEANINGS[form]}; {reason}") for form in FORMS}
    x = numbers_of(votes)[votes.value].reshape(-1, extent.annotators)
    x = x - np.median(x)
    cluster = clusters_of(votes)
    unit = units_of(lots_of(votes, seed), cluster, seed=seed)
    values, drawn = _forms(x, undrawn(unit))[0], intervals(_forms(x, drawn_units(unit, seed=seed)))
    if cluster is not None:
        drawn = [of_clusters(one, len(np.unique(cluster))) for one in drawn]
    same = f"not defined: every value is {votes.values[int(votes.value[0])]}" if np.ptp(x) == 0 else None
    return {
        form: statistic(
            value,
            Interval() if isnan(value) else one,
            extent,
            notes=[_MEANINGS[form], same if isnan(value) else None],
            level="interval",
        )
        for form, value, one in zip(FORMS, values.tolist(), drawn, strict=True)
    }


def _incomplete(votes: Votes, extent: Extent) -> str | None:
    """Why there are no complete blocks; None where there are."""
    sizes = sizes_of(votes.item)
    if not extent.items:
        return NOBODY_TWICE
    lacking = int((sizes < extent.annotators).sum())
    if lacking:
        lack = "lacks" if lacking == 1 else "lack"
        return f"not defined: {counted(lacking, 'item')} {lack} a rating of some annotator; see alpha"
    return "not defined: there is one item" if len(sizes) == 1 else None


def _forms(x: Floats, weights: Blocks) -> Floats:
    """The six forms for each row of weights; x has the ratings, items x annotators. Shape (rows, 6)."""
    k = x.shape[1]
    n = total(weights, np.ones(len(x)))
    squares, of_items = total(weights, (x**2).sum(axis=1)), total(weights, x.sum(axis=1) ** 2)
    of_annotators = np.stack([total(weights, column) for column in x.T], axis=1)
    mean = of_annotators.sum(axis=1) ** 2 / np.maximum(n * k, 1)
    between, annotators = of_items / k - mean, (of_annotators**2).sum(axis=1) / np.maximum(n, 1) - mean
    b = divided(between, n - 1, where=n > 1)
    w = divided(squares - of_items / k, n * (k - 1), where=n > 0)
    j = annotators / (k - 1)
    e = divided(squares - mean - between - annotators, (n - 1) * (k - 1), where=n > 1)
    fractions = [
        (b - w, b + (k - 1) * w),
        (b - e, b + (k - 1) * e + k * (j - e) / np.maximum(n, 1)),
        (b - e, b + (k - 1) * e),
        (b - w, b),
        (b - e, b + (j - e) / np.maximum(n, 1)),
        (b - e, b),
    ]
    least = 1e-12 * np.maximum(squares, 1e-300)  # rounding must not leave a trace of variance where there is none
    return np.stack([divided(above, below, where=np.abs(below) > least) for above, below in fractions], axis=1)
