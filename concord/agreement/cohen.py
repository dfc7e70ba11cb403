"""Cohen's kappa for every pair of annotators, and Light's mean of them.

Letters: n items that both annotators judged; r_j and c_j, how often the one and the other gave value j; p_o and p_e,
the observed and the expected share of agreement.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import isnan
from typing import NamedTuple

import numpy as np

from concord.agreement.intervals import MOST_NUMBERS, RESAMPLES, intervals, resamples
from concord.agreement.quotient import divided
from concord.agreement.reservations import hindrance, left_out, reservation
from concord.agreement.statistic import Extent, Interval, Statistic, statistic
from concord.agreement.tallies import Tally, tally
from concord.agreement.votes import extent_of, paired
from concord.records import Floats, Votes

_TOO_FEW = Interval(note="no interval: too few items for so many pairs and values")


class _Drawn(NamedTuple):
    """The intervals of every pair's kappa, and of their mean."""

    pairs: Sequence[Interval]
    mean: Interval


def cohen_kappa(votes: Votes, *, seed: int) -> Statistic:
    """Light's kappa, the mean of Cohen's over pairs of annotators, with the kappa of each pair in `pairs`.

    Cohen 1960: kappa = (p_o - p_e) / (1 - p_e), p_e = sum r_j c_j / n^2, over the items that both judged. Light 1971:
    the mean; a pair without a kappa is left out of it and counted in the note. It suits few annotators who each judge
    many items. Pairs that judged no item together are counted in the note, and not listed.

    Args:
        votes: canonical votes; values are compared as names.
        seed: of the resamples. They are of items, so that each gives every kappa and the mean.

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
    pairs = tally(used, seed=seed)
    if len(used.item) and not len(pairs.counts):
        too_many = "not computed: too many pairs of annotators and values"
        return statistic(np.nan, Interval(), extent_of(used), notes=[too_many], level="nominal")
    counts = pairs.counts.sum(axis=0, dtype=float)
    kappas, drawn = _kappas(counts), _drawn(pairs, seed)
    between = zip(pairs.pairs.tolist(), kappas.tolist(), counts, drawn.pairs, strict=True)
    return replace(
        _mean(votes, counts, kappas, drawn.mean),
        pairs=tuple(_pair(used, pair, kappa, count, one) for pair, kappa, count, one in between),
    )


def _mean(votes: Votes, counts: Floats, kappas: Floats, drawn: Interval) -> Statistic:
    """Light's kappa, still without its pairs."""
    used, every = paired(votes), extent_of(votes)
    value, possible = float(_light(kappas)), every.annotators * (every.annotators - 1) // 2
    missing = possible - int((~np.isnan(kappas)).sum())
    n_c = np.bincount(used.value, minlength=len(used.values)).astype(float)
    n, agreeing = int(counts[:, 1:].sum()) // 2, int(counts[:, 0].sum())
    return statistic(
        value,
        _printed(drawn, value, hindrance(n, agreeing, n_c, votes.values)),
        extent_of(used),
        notes=[
            reservation(value, every.items, n_c, votes.values),
            f"{missing} of {possible} pairs not defined" if missing else None,
            left_out(len(votes.item) - len(used.item)),
        ],
        level="nominal",
    )


def _pair(votes: Votes, pair: Sequence[int], kappa: float, counts: Floats, drawn: Interval) -> Statistic:
    """The kappa of one pair, from its agreements, r_j and c_j."""
    between = votes.annotators[pair[0]], votes.annotators[pair[1]]
    marginals = counts[1:].reshape(2, -1)
    n, n_c = int(marginals[0].sum()), marginals.sum(axis=0)
    constant = (np.count_nonzero(marginals, axis=1) == 1).tolist()
    notes = [f"{who!r} used one value only" for who, once in zip(between, constant, strict=True) if once]
    same = reservation(kappa, n, n_c, votes.values)
    one = statistic(
        kappa,
        _printed(drawn, kappa, hindrance(n, int(counts[0]), n_c, votes.values)),
        Extent(n, 2 * n, 2),
        notes=[same] if same else notes,
        level="nominal",
    )
    return replace(one, between=between)


def _printed(drawn: Interval, kappa: float, note: str | None) -> Interval:
    """The interval that was drawn, unless it would deceive."""
    if isnan(kappa):
        return Interval()
    return Interval(note=note) if note else drawn


def _kappas(counts: Floats) -> Floats:
    """Cohen's kappa from agreements, r_j and c_j, which lie along the last axis; NaN where it is not defined.

    (n sum agree - sum r_j c_j) / (n^2 - sum r_j c_j): whole numbers until the division, so that 0 is exactly 0.
    """
    q = counts.shape[-1] // 2
    r, c = counts[..., 1 : 1 + q], counts[..., 1 + q :]
    n: Floats = r.sum(axis=-1)
    by_chance: Floats = (r * c).sum(axis=-1)
    return divided(n * counts[..., 0] - by_chance, n**2 - by_chance, where=n**2 > by_chance)


def _light(kappas: Floats) -> Floats:
    """The mean along the last axis of the kappas that are defined; NaN where none is."""
    defined = ~np.isnan(kappas)
    number: Floats = defined.sum(axis=-1, dtype=float)
    total: Floats = np.where(defined, kappas, 0.0).sum(axis=-1)
    return divided(total, number, where=number > 0)


def _drawn(pairs: Tally, seed: int) -> _Drawn:
    """The intervals of every kappa and of their mean, from the same resamples."""
    units, number, columns = pairs.counts.shape
    if units < 2:
        return _Drawn([_TOO_FEW] * number, _TOO_FEW)
    drawn = resamples(np.ones(units, dtype=np.int64), seed=seed, cells=units)
    weights = np.concatenate(list(drawn)).astype(np.float32)
    step = max(1, MOST_NUMBERS // (RESAMPLES * columns))
    kappas = np.empty((RESAMPLES, number))
    for start in range(0, number, step):
        counts = pairs.counts[:, start : start + step].reshape(units, -1)
        resampled = (weights @ counts).reshape(RESAMPLES, -1, columns).astype(float)
        kappas[:, start : start + step] = _kappas(resampled)
    (mean,) = intervals(_light(kappas)[:, None])
    return _Drawn(intervals(kappas), mean)
