"""Conger's kappa: agreement of a small fixed panel, where chance follows each annotator's own habits.

Letters: r annotators; pbar_k and S_kl, mean and covariance (divisor r - 1) of the annotators' shares of value k.
"""

from __future__ import annotations

from dataclasses import replace
from math import isnan

import numpy as np

from concord.agreement.coefficients import percent
from concord.agreement.intervals import intervals, of_clusters
from concord.agreement.patterns import Blocks, each_item, per_category
from concord.agreement.quotient import divided
from concord.agreement.reservations import reservation
from concord.agreement.statistic import Interval, Statistic, statistic
from concord.agreement.units import clusters_of, drawn_units, lots_of, undrawn, units_of
from concord.agreement.votes import extent_of, paired
from concord.records.kinds import Floats
from concord.records.report import Votes

MOST_ANNOTATORS = 10
"""A panel that is larger is no small one, and the shares of each member are thin."""


def conger_kappa(votes: Votes, *, seed: int) -> Statistic:
    """Conger's kappa (Conger 1980, "Integration and generalization of kappas for multiple raters").

    (p_a - p_e) / (1 - p_e) with p_e = sum_k (pbar_k^2 - S_kk / r); for two annotators it is Cohen's kappa. Answers may
    be missing: a share is among what the annotator answered.

    Returns:
        1 is full agreement, 0 what chance would give; NaN when no item has two answers, or all answers are the same.

    >>> from concord.agreement.votes import votes_of
    >>> rows = {"ann": "aabb", "ben": "abbb"}
    >>> votes = votes_of((who, str(i), x) for who, row in rows.items() for i, x in enumerate(row))
    >>> conger_kappa(votes, seed=0).value
    0.5
    """
    cluster, every, used = clusters_of(votes), extent_of(votes), paired(votes)
    unit = units_of(lots_of(votes, seed), cluster, seed=seed)
    value, drawn = float(_conger(votes, undrawn(unit))[0]) if len(unit) else np.nan, Interval()
    if not isnan(value):
        (drawn,) = intervals(_conger(votes, drawn_units(unit, seed=seed))[:, None])
        drawn = drawn if cluster is None else of_clusters(drawn, len(np.unique(cluster)))
    n_c = np.bincount(used.value, minlength=len(votes.values)).astype(float)
    return statistic(value, drawn, every, notes=[reservation(value, every.items, n_c, votes.values)], level="nominal")


def _conger(votes: Votes, weights: Blocks) -> Floats:
    """One value for each row of weights."""
    patterns, r, q = each_item(votes), len(votes.annotators), len(votes.values)
    own = each_item(replace(votes, value=votes.annotator * q + votes.value, values=votes.values * r))
    counts = per_category(own, weights, np.ones(len(own.m))).reshape(-1, r, q)
    answers = counts.sum(axis=2, keepdims=True)
    present: Floats = (answers[:, :, 0] > 0).sum(axis=1, dtype=float)[:, None]
    shares = counts / np.maximum(answers, 1)
    pbar = shares.sum(axis=1) / np.maximum(present, 1)
    s_kk = ((shares**2).sum(axis=1) - present * pbar**2) / np.maximum(present - 1, 1)
    p_e = (pbar**2 - s_kk / np.maximum(present, 1)).sum(axis=1)
    p_a = percent(patterns, weights)
    # rounding must not leave a trace of chance to correct for where all answers are the same
    return divided(p_a - p_e, 1 - p_e, where=1 - p_e > 1e-12)
