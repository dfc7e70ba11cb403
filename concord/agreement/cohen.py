"""Cohen's kappa for every pair of annotators, and Light's mean of them.

Letters: n items that both annotators judged; r_j and c_j, how often the one and the other gave value j; d_jk, how far
apart values j and k are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import isnan
from typing import NamedTuple

import numpy as np

from concord.agreement.intervals import MOST_NUMBERS, RESAMPLES, intervals, of_clusters
from concord.agreement.quotient import divided
from concord.agreement.reservations import hindrance, left_out, reservation
from concord.agreement.statistic import Extent, Interval, Statistic, statistic
from concord.agreement.tallies import Distance, Tally, by_chance, tally
from concord.agreement.units import drawn_units
from concord.agreement.votes import extent_of, paired
from concord.records.kinds import Floats
from concord.records.report import Votes

_TOO_FEW = Interval(note="no interval: too few items for so many pairs and values")
_TOO_MANY = "not computed: too many pairs of annotators and values"


class _Drawn(NamedTuple):
    """The intervals of every pair's value, and of their mean."""

    pairs: Sequence[Interval]
    mean: Interval


def cohen_kappa(votes: Votes, *, seed: int, distance: Distance = "nominal") -> Statistic:
    """Light's kappa, the mean of Cohen's over pairs of annotators, with the kappa of each pair in `pairs`.

    Cohen 1960, 1968: kappa = 1 - n sum d_jk / sum r_j c_k d_jk, where the first sum is over the n items that both
    judged and the second over all values. Light 1971: the mean; a pair without a kappa is left out of it and counted in
    the note. It suits few annotators who each judge many items. Pairs that judged no item together are counted in the
    note, and not listed.

    Args:
        votes: canonical votes.
        seed: of the resamples. They are of items, so that each gives every kappa and the mean.
        distance: `nominal` compares names; `linear` and `quadratic` weigh by how many places on the scale lie between,
            not by the values, as scikit-learn, statsmodels and R's irr do.

    Returns:
        1 is full agreement, 0 what chance would give, and exactly 0 where one of the two used one value only; below 0
        is systematic disagreement. NaN for a pair that gave one value only between them, and where no pair has a kappa.

    >>> from concord.agreement.votes import votes_of
    >>> cells = {("yes", "yes"): 20, ("yes", "no"): 5, ("no", "yes"): 10, ("no", "no"): 15}
    >>> items = [pair for pair, n in cells.items() for _ in range(n)]
    >>> votes = votes_of((who, str(i), x) for i, pair in enumerate(items) for who, x in zip(("ann", "ben"), pair))
    >>> kappa = cohen_kappa(votes, seed=0)
    >>> round(kappa.value, 3), kappa.pairs[0].between
    (0.4, ('ann', 'ben'))
    """
    used = paired(votes)
    pairs = tally(used, seed=seed, distance=distance)
    level, weighting = ("nominal", None) if distance == "nominal" else ("ordinal", f"{distance} weights")
    if len(used.item) and not len(pairs.counts):
        return statistic(np.nan, Interval(), extent_of(used), notes=[_TOO_MANY, weighting], level=level)
    counts = pairs.counts.sum(axis=0, dtype=float)
    kappas, drawn = _kappas(counts, distance), _drawn(pairs, distance, seed)
    mean = replace(_mean(votes, counts, kappas, drawn.mean, weighting), level=level)
    between = zip(pairs.pairs.tolist(), kappas.tolist(), counts, drawn.pairs, strict=True)
    found = [_pair(used, pair, kappa, count, one) for pair, kappa, count, one in between]
    if distance != "nominal":
        found = [replace(one, percent=None) for one in found]
    return replace(mean, pairs=tuple(replace(one, level=level) for one in found))


def _mean(votes: Votes, counts: Floats, kappas: Floats, drawn: Interval, weighting: str | None) -> Statistic:
    """Light's kappa, still without its pairs."""
    used, every = paired(votes), extent_of(votes)
    value, possible = float(_light(kappas)), every.annotators * (every.annotators - 1) // 2
    missing = possible - int((~np.isnan(kappas)).sum())
    n_c = np.bincount(used.value, minlength=len(used.values)).astype(float)
    n = int(counts[:, 1:].sum()) // 2
    agreeing = n if not counts[:, 0].any() else 0
    return statistic(
        value,
        _printed(drawn, value, hindrance(n, agreeing, n_c, votes.values)),
        extent_of(used),
        notes=[
            reservation(value, every.items, n_c, votes.values),
            f"{missing} of {possible} pairs not defined" if missing else None,
            weighting,
            left_out(len(votes.item) - len(used.item)),
        ],
    )


def _pair(votes: Votes, pair: Sequence[int], kappa: float, counts: Floats, drawn: Interval) -> Statistic:
    """The kappa of one pair, from its sum of d_jk, r_j and c_j."""
    between = votes.annotators[pair[0]], votes.annotators[pair[1]]
    marginals = counts[1:].reshape(2, -1)
    n, n_c = int(marginals[0].sum()), marginals.sum(axis=0)
    constant = (np.count_nonzero(marginals, axis=1) == 1).tolist()
    notes = [f"{who!r} used one value only" for who, once in zip(between, constant, strict=True) if once]
    same = reservation(kappa, n, n_c, votes.values)
    one = statistic(
        kappa,
        _printed(drawn, kappa, hindrance(n, n if not counts[0] else 0, n_c, votes.values)),
        Extent(n, 2 * n, 2),
        notes=[same] if same else notes,
    )
    return replace(one, between=between, percent=1 - float(counts[0]) / n)


def _printed(drawn: Interval, kappa: float, note: str | None) -> Interval:
    """The interval that was drawn, unless it would deceive."""
    if isnan(kappa):
        return Interval()
    return Interval(note=note) if note else drawn


def _kappas(counts: Floats, distance: Distance) -> Floats:
    """Cohen's kappa from the sum of d_jk, r_j and c_j, which lie along the last axis; NaN where it is not defined.

    Whole numbers until the division, so that 0 is exactly 0.
    """
    q = counts.shape[-1] // 2
    r, c = counts[..., 1 : 1 + q], counts[..., 1 + q :]
    expected = by_chance(r, c, distance)
    return divided(expected - r.sum(axis=-1) * counts[..., 0], expected, where=expected > 0)


def _light(kappas: Floats) -> Floats:
    """The mean along the last axis of the kappas that are defined; NaN where none is."""
    defined = ~np.isnan(kappas)
    number: Floats = defined.sum(axis=-1, dtype=float)
    total: Floats = np.where(defined, kappas, 0.0).sum(axis=-1)
    return divided(total, number, where=number > 0)


def _drawn(pairs: Tally, distance: Distance, seed: int) -> _Drawn:
    """The intervals of every kappa and of their mean, from the same resamples."""
    units, number, columns = pairs.counts.shape
    if units < 2:
        return _Drawn([_TOO_FEW] * number, _TOO_FEW)
    weights = drawn_units(np.arange(units), seed=seed).drawn.astype(np.float32)
    step = max(1, MOST_NUMBERS // (RESAMPLES * columns))
    kappas = np.empty((RESAMPLES, number))
    for start in range(0, number, step):
        counts = pairs.counts[:, start : start + step].reshape(units, -1)
        resampled = (weights @ counts).reshape(RESAMPLES, -1, columns).astype(float)
        kappas[:, start : start + step] = _kappas(resampled, distance)
    several, (mean,) = intervals(kappas), intervals(_light(kappas)[:, None])
    if pairs.clusters is None:
        return _Drawn(several, mean)
    return _Drawn([of_clusters(one, pairs.clusters) for one in several], of_clusters(mean, pairs.clusters))
