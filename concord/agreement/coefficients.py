"""Coefficients of agreement for any number of interchangeable annotators, with answers missing.

Each is a function of the patterns and of weights, a row for each resample: how many items of each pattern there are, as
shape (rows, p) or by blocks. It gives one value a row, NaN where it is not defined. `observed(patterns)` weighs the
data as they are. Items with one answer count in the marginals of Fleiss and Gwet, and nowhere else.

Letters as in the sources: item i has counts c_ik of category k and m_i answers; q is the number of categories in the
schema; pi_k the mean over items of c_ik / m_i; w_kl the weight of a pair of answers (1 when they agree fully) and T_w
the sum of all weights; p_a and p_e observed and expected agreement; d_o and d_e observed and expected disagreement;
n_c the answers c among the n on items with two or more. A sum of squared differences over all ordered pairs of m
numbers x is 2 (m sum x^2 - (sum x)^2), so that no q x q matrix of coincidences or weights is ever made.

The examples use Krippendorff 2011, example A:

>>> from concord.agreement.patterns import count_patterns, observed
>>> from concord.agreement.votes import votes_of
>>> rows = {"ann": "0100000010", "ben": "1110010000"}
>>> patterns = count_patterns(votes_of((who, str(i), x) for who, row in rows.items() for i, x in enumerate(row)))
>>> alpha_nominal(patterns, observed(patterns)).round(3).tolist()
[0.095]
>>> percent(patterns, observed(patterns)).round(3).tolist()
[0.6]
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from concord.agreement.groups import all_pairs_within, starts_of, summed
from concord.agreement.patterns import Patterns, Weights, per_category, per_pattern, total
from concord.agreement.quotient import divided
from concord.records.kinds import Floats


def alpha_nominal(patterns: Patterns, weights: Weights) -> Floats:
    """Krippendorff's alpha, nominal: categories differ or they do not.

    1 - (n - 1) sum o_ck d_ck / sum n_c n_k d_ck with d_ck = [c != k] and coincidences o_ck = sum over items of
    (c_ic c_ik - [c = k] c_ic) / (m_i - 1) (Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability", part C).

    Returns:
        Shape (rows,). 1 is full agreement, 0 what chance would give, below 0 systematic disagreement; NaN when no
        item has two answers, or all answers on such items are the same.
    """
    n_c = _answers_on_pairs(patterns, weights)
    n = n_c.sum(axis=1)
    d_o = total(weights, (patterns.m**2 - _squares(patterns)) / np.maximum(patterns.m - 1, 1))
    return _alpha(n, d_o, n**2 - (n_c**2).sum(axis=1), several=(n_c > 0).sum(axis=1) > 1)


def alpha_ordinal(patterns: Patterns, weights: Weights) -> Floats:
    """Krippendorff's alpha, ordinal: categories in their order differ by how many answers lie between them.

    As `alpha_nominal` with d_ck = (mid_c - mid_k)^2, mid_c = n_1 + … + n_c - n_c / 2 (Krippendorff 2011, part D). The
    distances depend on the data and are found anew in every row.

    Returns:
        Shape (rows,); range and NaN as for `alpha_nominal`.
    """
    n_c = _answers_on_pairs(patterns, weights)
    mid = n_c.cumsum(axis=1) - n_c / 2
    x = mid - n_c.sum(axis=1, keepdims=True) / 2
    d_e = 2 * (n_c.sum(axis=1) * (n_c * x**2).sum(axis=1) - (n_c * x).sum(axis=1) ** 2)
    d_o = np.zeros(len(x))
    for c, k, o_ck in _coincidences(patterns, weights):
        d_o += 2 * o_ck * (x[:, c] - x[:, k]) ** 2
    return _alpha(n_c.sum(axis=1), d_o, d_e, several=(n_c > 0).sum(axis=1) > 1)


def alpha_interval(patterns: Patterns, weights: Weights, numbers: Floats) -> Floats:
    """Krippendorff's alpha, interval: categories differ by the square of their difference.

    As `alpha_nominal` with d_ck = (c - k)^2 (Krippendorff 2011, part D).

    Args:
        patterns: counts of q categories.
        weights: items of each pattern, shape (rows, p).
        numbers: the number that each category stands for, shape (q,).

    Returns:
        Shape (rows,); range and NaN as for `alpha_nominal`.
    """
    x = _centred(numbers)
    paired = patterns.m > 1
    n = total(weights, patterns.m * paired)
    sums = total(weights, per_pattern(patterns, x)[0] * paired)
    squares = total(weights, per_pattern(patterns, x**2)[0] * paired)
    d_o = total(weights, _squared_differences(patterns, x)[0] / np.maximum(patterns.m - 1, 1))
    d_e = 2 * (n * squares - sums**2)
    # rounding must not leave a trace of disagreement where all values are the same
    return _alpha(n, d_o, d_e, several=d_e > 1e-12 * n * squares)


def percent(patterns: Patterns, weights: Weights) -> Floats:
    """Percent agreement: the share of an item's pairs of answers that are equal, averaged over items.

    p_a = mean over items with m_i >= 2 of sum_k c_ik (c_ik - 1) / (m_i (m_i - 1)) (Fleiss 1971, equation 2). Nothing
    is taken off for chance, so a value is comparable only at the same number and spread of categories.

    Returns:
        Shape (rows,); 0 to 1, NaN when no item has two answers.
    """
    return _mean_of_pairs(patterns, weights, pair_agreement(patterns))


def pair_agreement(patterns: Patterns) -> Floats:
    """The share of the pairs of answers to an item of each pattern that are equal, shape (p,); 0 without pairs."""
    return (_squares(patterns) - patterns.m) / _pairs(patterns)


def percent_pooled(patterns: Patterns, weights: Weights) -> Floats:
    """Percent agreement with every pair of answers counting alike: an item with more answers counts more.

    sum c_ik (c_ik - 1) / sum m_i (m_i - 1), as in the MT-bench study (Zheng et al. 2023, arXiv:2306.05685, table 5).

    Returns:
        Shape (rows,); 0 to 1, NaN when no item has two answers.
    """
    pairs = total(weights, patterns.m * (patterns.m - 1))
    return divided(total(weights, _squares(patterns) - patterns.m), pairs, where=pairs > 0)


def fleiss(patterns: Patterns, weights: Weights) -> Floats:
    """Fleiss' kappa, with answers missing (Fleiss 1971; Gwet 2014); for two annotators it is Scott's pi.

    (p_a - p_e) / (1 - p_e) with p_e = sum pi_k^2, where items with one answer count in pi.

    Returns:
        Shape (rows,). 1 is full agreement, 0 what chance would give, below 0 systematic disagreement; NaN when no
        item has two answers, or all answers are the same.
    """
    pi = _marginals(patterns, weights)
    return _beyond_chance(percent(patterns, weights), (pi**2).sum(axis=1))


def gwet_ac1(patterns: Patterns, weights: Weights) -> Floats:
    """Gwet's AC1, which skewed prevalence pulls down less than it does alpha and kappa.

    (p_a - p_e) / (1 - p_e) with p_e = sum pi_k (1 - pi_k) / (q - 1) (Gwet 2008, "Computing inter-rater reliability and
    its variance in the presence of high agreement"). q is the number of categories of the question, used or not.

    Returns:
        Shape (rows,). 1 is full agreement, also when all answers are the same; NaN when no item has two answers, or
        the question has one category.
    """
    pi, q = _marginals(patterns, weights), patterns.q
    p_e = (pi * (1 - pi)).sum(axis=1) / (q - 1) if q > 1 else np.ones(len(pi))
    return _beyond_chance(percent(patterns, weights), p_e)


def brennan_prediger(patterns: Patterns, weights: Weights) -> Floats:
    """Brennan and Prediger's kappa, also Randolph's free-marginal kappa and S: chance spreads answers evenly.

    (p_a - p_e) / (1 - p_e) with p_e = 1 / q (Brennan & Prediger 1981, "Coefficient kappa: some uses, misuses, and
    alternatives"). q is the number of categories of the question, used or not.

    Returns:
        Shape (rows,); range and NaN as for `gwet_ac1`.
    """
    p_a = percent(patterns, weights)
    return _beyond_chance(p_a, np.full_like(p_a, 1 / max(1, patterns.q)))


def percent_within(patterns: Patterns, weights: Weights, *, steps: int = 1) -> Floats:
    """Percent agreement where answers that lie at most so many categories apart count as equal.

    As `percent`, over the positions of the categories in the order of the scale.

    Returns:
        Shape (rows,); 0 to 1, NaN when no item has two answers.
    """
    left, right = all_pairs_within(patterns.pattern)
    near = patterns.category[right] - patterns.category[left] <= steps
    pairs = 2 * (patterns.count[left] * patterns.count[right])[near]
    agreeing = _squares(patterns) - patterns.m
    agreeing = agreeing + np.bincount(patterns.pattern[left[near]], pairs, minlength=len(patterns.items))
    return _mean_of_pairs(patterns, weights, agreeing / _pairs(patterns))


def gwet_ac2(patterns: Patterns, weights: Weights, numbers: Floats) -> Floats:
    """Gwet's AC2 with quadratic weights over the categories' numbers: a near miss counts as nearly agreed.

    (p_a - p_e) / (1 - p_e) with w_kl = 1 - ((k - l) / range)^2 and p_e = T_w / (q (q - 1)) sum pi_k (1 - pi_k)
    (Gwet 2014, "Handbook of Inter-Rater Reliability", 4th edition).

    Args:
        patterns: counts of q categories.
        weights: items of each pattern, shape (rows, p).
        numbers: the number that each category stands for, all different, shape (q,).

    Returns:
        Shape (rows,); range and NaN as for `gwet_ac1`.
    """
    q, pi = patterns.q, _marginals(patterns, weights)
    if q < 2:
        return np.full(len(pi), np.nan)
    x = _centred(numbers)
    range_squared = float(np.ptp(numbers)) ** 2
    p_i = 1 - _squared_differences(patterns, x)[0] / (range_squared * _pairs(patterns))
    t_w = q**2 - 2 * (q * float((x**2).sum()) - float(x.sum()) ** 2) / range_squared
    p_e = t_w / (q * (q - 1)) * (pi * (1 - pi)).sum(axis=1)
    return _beyond_chance(_mean_of_pairs(patterns, weights, p_i), p_e)


def _alpha(n: Floats, d_o: Floats, d_e: Floats, *, several: npt.NDArray[np.bool_]) -> Floats:
    """1 - (n - 1) d_o / d_e where there are several values, NaN elsewhere."""
    return 1 - divided((n - 1) * d_o, d_e, where=several & (d_e > 0))


def _coincidences(patterns: Patterns, weights: Weights) -> Iterator[tuple[int, int, Floats]]:
    """Two categories and o_ck, for those that meet in an item; shape (rows,) each."""
    left, right = all_pairs_within(patterns.pattern)
    meeting = patterns.category[left] * patterns.q + patterns.category[right]
    o_i = patterns.count[left] * patterns.count[right] / (patterns.m[patterns.pattern[left]] - 1)
    order = np.argsort(meeting, kind="stable")
    places = starts_of(meeting[order])
    for cells in np.split(order, places[1:]) if len(order) else ():
        terms = summed(patterns.pattern[left[cells]], o_i[cells], len(patterns.items))
        c, k = divmod(int(meeting[cells[0]]), patterns.q)
        yield c, k, total(weights, terms)


def _answers_on_pairs(patterns: Patterns, weights: Weights) -> Floats:
    """n_c: the answers in each category, without those of items that have one answer."""
    return per_category(patterns, weights, (patterns.m > 1).astype(float))


def _marginals(patterns: Patterns, weights: Weights) -> Floats:
    """pi_k: the mean over all items of c_ik / m_i, shape (rows, q)."""
    items = total(weights, np.ones(len(patterns.m)))
    return per_category(patterns, weights, 1 / patterns.m) / np.maximum(items, 1)[:, None]


def _squares(patterns: Patterns) -> Floats:
    """sum_k c_k^2 for each pattern, shape (p,)."""
    squares = np.bincount(patterns.pattern, patterns.count**2, minlength=len(patterns.items))
    return np.asarray(squares, dtype=float)


def _pairs(patterns: Patterns) -> Floats:
    """The ordered pairs of answers to an item of each pattern, m (m - 1); 1 where there are none."""
    return np.maximum(patterns.m * (patterns.m - 1), 1)


def _squared_differences(patterns: Patterns, x: Floats) -> Floats:
    """The sum of (x_c - x_k)^2 over ordered pairs of answers to an item of each pattern, shape (rows of x, p)."""
    sums = 2 * (patterns.m * per_pattern(patterns, x**2) - per_pattern(patterns, x) ** 2)
    # rounding must not leave a trace of disagreement where there is none
    return np.where(_squares(patterns) < patterns.m**2, sums, 0.0)


def _mean_of_pairs(patterns: Patterns, weights: Weights, p_i: Floats) -> Floats:
    """The mean of p_i over items with two or more answers, shape (rows,)."""
    paired = (patterns.m > 1).astype(float)
    items = total(weights, paired)
    return divided(total(weights, paired * p_i), items, where=items > 0)


def _centred(numbers: Floats) -> Floats:
    """The numbers less their mean, which keeps the sums of squares exact, shape (1, q)."""
    return (numbers - numbers.sum() / max(1, len(numbers)))[None]


def _beyond_chance(p_a: Floats, p_e: Floats) -> Floats:
    return divided(p_a - p_e, 1 - p_e, where=p_e < 1)
