"""Agreement of rankings with ties and unranked drafts: Kendall's tau-b and W, for each item and then on average.

A ranking is one annotator's placing of an item's drafts in tiers: drafts in one tier are tied, a draft in none is
unranked. Letters: m annotators rank n drafts; t is the number of drafts in a tier; s_d the sum of a draft's ranks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import erfc, exp, pi, sqrt
from typing import NamedTuple

import numpy as np

from concord.agreement.coefficients import alpha_ordinal
from concord.agreement.estimate import Coefficient, estimate
from concord.agreement.groups import all_pairs_within, numbered, sizes_of, starts_of
from concord.agreement.likenesses import Likenesses
from concord.agreement.means import mean_over_items
from concord.agreement.statistic import NOBODY_TWICE, Extent, Statistic
from concord.agreement.votes import canonical
from concord.records.kinds import Floats, Ints
from concord.records.report import Placements, Votes

SIGNIFICANT = 0.05

_NO_TAU = "not defined: in every pair one ranking is all tied, or fewer than two drafts are common"
_NO_W = "not defined: no item was ranked completely, and not all tied, by two annotators"


class _Scores(NamedTuple):
    """The items that have a value, ascending, and their values."""

    item: Ints
    value: Floats


class _Concordances(NamedTuple):
    """The items that have a W, ascending, their W, annotators and drafts."""

    item: Ints
    value: Floats
    m: Ints
    n: Ints


def kendall_tau_b(placements: Placements, *, seed: int) -> Statistic:
    """Kendall's tau-b between two annotators' rankings of an item: the mean over pairs, then over items.

    For each pair of drafts that both ranked, x and y are -1, 0 or 1 as each annotator placed the first draft before,
    level with or after the second: tau-b = sum x y / sqrt(sum |x| sum |y|) (Kendall 1945, "The treatment of ties in
    ranking problems").

    Args:
        placements: the rankings of one arm.
        seed: of the interval's resamples.

    Returns:
        1 where rankings are equal, -1 where they are opposite, 0 on average by chance. A pair of annotators with
        fewer than two drafts in common, or with one side all tied, has no tau: it is left out and counted in the note.
        NaN where no pair has one.

    >>> ann, ben = [1, 2, 3], [1, 3, 2]  # the tiers of three drafts
    >>> kendall_tau_b(Placements(
    ...     "drafted", item=np.zeros(6, int), annotator=np.repeat([0, 1], 3), draft=np.tile([0, 1, 2], 2),
    ...     tier=np.array(ann + ben), annotators=("ann", "ben")), seed=0).value
    0.3333333333333333
    """
    ranked = _canonical(placements)
    pairs = _taus(ranked)
    items, item = numbered(pairs.item)
    means = _Scores(items, np.bincount(item, pairs.value) / np.bincount(item))
    annotators = _annotators_of_items(ranked)
    possible = int((annotators * (annotators - 1)).sum()) // 2
    missing = possible - len(pairs.item)
    notes = [f"{missing} of {possible} pairs not defined"] if missing else []
    return _mean(ranked, means, seed=seed, undefined=_NO_TAU, notes=notes)


def kendall_w(placements: Placements, *, seed: int) -> Statistic:
    """Kendall's coefficient of concordance W, corrected for ties: the mean over items.

    W = 12 S / (m^2 (n^3 - n) - m sum (t^3 - t)), where S is the sum of squared deviations of the s_d from their mean
    and tied drafts share the mean of their ranks (Kendall & Babington Smith 1939, "The problem of m rankings").
    It takes the items whose annotators all ranked the same drafts.

    Args:
        placements: the rankings of one arm.
        seed: of the interval's resamples.

    Returns:
        0 to 1, and never below 0: rankings made by chance give 1/m on average, so that 0.5 says nothing for two
        annotators. NaN where no item has a W; items without one are counted in the note.

    >>> ann, ben = [1, 2, 3], [1, 3, 2]  # the tiers of three drafts
    >>> kendall_w(Placements(
    ...     "drafted", item=np.zeros(6, int), annotator=np.repeat([0, 1], 3), draft=np.tile([0, 1, 2], 2),
    ...     tier=np.array(ann + ben), annotators=("ann", "ben")), seed=0).value
    0.75
    """
    ranked = _canonical(placements)
    scores = _concordances(ranked)
    twice = int((_annotators_of_items(ranked) > 1).sum())
    missing = twice - len(scores.item)
    notes = [f"{missing} of {twice} items not ranked completely by all, or all tied"] if missing else []
    return _mean(ranked, scores, seed=seed, undefined=_NO_W, notes=notes)


def share_significant(placements: Placements, *, seed: int) -> Statistic:
    """The share of items whose W is larger than chance gives in one item of twenty, by Friedman's test.

    chi2 = m (n - 1) W with n - 1 degrees of freedom (Friedman 1937); an approximation that is cautious for few drafts
    and annotators: with two annotators and three drafts no item can reach it.

    Args:
        placements: the rankings of one arm.
        seed: of the interval's resamples.

    Returns:
        0 to 1; about .05 or less for rankings made by chance. NaN where no item has a W.
    """
    ranked = _canonical(placements)
    found = _concordances(ranked)
    chi2, freedom = (found.m * (found.n - 1) * found.value).tolist(), (found.n - 1).tolist()
    tails = [chi_square_tail(one, degrees) for one, degrees in zip(chi2, freedom, strict=True)]
    significant = np.array([tail < SIGNIFICANT for tail in tails], dtype=float)
    return _mean(ranked, _Scores(found.item, significant), seed=seed, undefined=_NO_W, notes=["p < .05"])


def chi_square_tail(x: float, freedom: int) -> float:
    """The chance that chi-square of so many degrees of freedom is larger than x.

    A finite sum for whole degrees of freedom (Abramowitz & Stegun 1964, 26.4.4 and 26.4.5).

    >>> round(chi_square_tail(5.991, 2), 3), round(chi_square_tail(7.815, 3), 3)
    (0.05, 0.05)
    """
    first = freedom % 2
    tail = erfc(sqrt(x / 2)) if first else 0.0
    term = exp(-x / 2) * (sqrt(2 * x / pi) if first else 1.0)
    for step in range(first, freedom, 2):
        tail += term
        term *= x / (step + 2)
    return tail


def alpha_of_ranks(placements: Placements, *, seed: int) -> Statistic | None:
    """Krippendorff's ordinal alpha over the ranks of each draft; tied drafts share the mean of their ranks.

    Only where the same models stand in every item and everybody ranks all of them; a rank then means the same
    everywhere. Items are drawn whole.

    Args:
        placements: the rankings of one arm, with the models of the drafts.
        seed: of the interval's resamples.

    Returns:
        As `alpha_ordinal`; None where the models differ between items, or are not known.
    """
    ranked = _canonical(placements)
    k, models = len(ranked.models), ranked.model
    rankings = _rankings(ranked)
    if not len(models) or models.min() < 0 or set(sizes_of(rankings).tolist()) != {k}:
        return None
    if len(np.unique(rankings * k + models)) < len(models):
        return None
    order = np.lexsort((ranked.tier, rankings))
    rank, _ = _mean_ranks(rankings[order], ranked.tier[order])
    ranks, value = numbered(np.rint(2 * rank).astype(np.int64))
    item = ranked.item[order] * k + models[order]
    votes = canonical(
        Votes(
            "ranking",
            "rating",
            ranked.arm,
            item,
            ranked.annotator[order],
            value,
            ranked.annotators,
            tuple(f"{half / 2:g}" for half in ranks.tolist()),
            clusters=np.arange(int(item.max()) + 1) // k,
        )
    )
    return estimate(votes, {"ranks": Coefficient(alpha_ordinal, level="ordinal", note="over ranks")}, seed=seed)[
        "ranks"
    ]


def _canonical(placements: Placements) -> Placements:
    """Annotators by name, drafts numbered from 0 within each item, all sorted by item, annotator and draft."""
    by_name = sorted(range(len(placements.annotators)), key=placements.annotators.__getitem__)
    place = np.empty(len(by_name), dtype=np.int64)
    place[by_name] = np.arange(len(by_name))
    drafts = placements.draft.max(initial=0) + 1
    distinct, draft = numbered(placements.item * drafts + placements.draft)
    draft = draft - np.searchsorted(distinct // drafts, placements.item)
    annotator = place[placements.annotator]
    order = np.lexsort((draft, annotator, placements.item))
    return replace(
        placements,
        item=placements.item[order],
        annotator=annotator[order],
        draft=draft[order],
        tier=placements.tier[order],
        model=placements.model[order] if len(placements.model) else placements.model,
        annotators=tuple(placements.annotators[i] for i in by_name),
    )


def _rankings(ranked: Placements) -> Ints:
    """One number for each ranking, ascending in canonical order: item x annotators + annotator."""
    return ranked.item * len(ranked.annotators) + ranked.annotator


def _annotators_of_items(ranked: Placements) -> Ints:
    """How many annotators ranked each item."""
    rankings = _rankings(ranked)
    return sizes_of(ranked.item[starts_of(rankings)])


def taus(placements: Placements) -> Likenesses:
    """Tau-b for each item and two annotators that have one.

    >>> ann, ben = [1, 2, 3], [1, 3, 2]  # the tiers of three drafts
    >>> taus(Placements(
    ...     "drafted", item=np.zeros(6, int), annotator=np.repeat([0, 1], 3), draft=np.tile([0, 1, 2], 2),
    ...     tier=np.array(ann + ben), annotators=("ann", "ben"))).value.tolist()
    [0.3333333333333333]
    """
    return _taus(_canonical(placements))


def _taus(ranked: Placements) -> Likenesses:
    a, n = max(1, len(ranked.annotators)), int(ranked.draft.max(initial=0)) + 1
    left, right = all_pairs_within(_rankings(ranked))
    drafts = (ranked.item[left] * n + ranked.draft[left]) * n + ranked.draft[right]
    order = np.lexsort((ranked.annotator[left], drafts))
    drafts, annotator = drafts[order], ranked.annotator[left][order]
    sign = np.sign(ranked.tier[left] - ranked.tier[right])[order]
    left, right = all_pairs_within(drafts)
    between = (drafts[left] // n**2 * a + annotator[left]) * a + annotator[right]
    key, pair = numbered(between)
    x, y = sign[left], sign[right]
    xy, xx, yy = (np.bincount(pair, terms, minlength=len(key)) for terms in (x * y, np.abs(x), np.abs(y)))
    defined = (xx > 0) & (yy > 0)
    key, value = key[defined], xy[defined] / np.sqrt(xx[defined] * yy[defined])
    names, keys, clusters = ranked.annotators, ranked.keys, ranked.clusters
    return Likenesses(key // a**2, key // a % a, key % a, value, names, keys, clusters)


def _concordances(ranked: Placements) -> _Concordances:
    """W for each item that has one, ascending by item."""
    order = np.lexsort((ranked.tier, ranked.annotator, ranked.item))
    item = np.repeat(np.arange(len(starts_of(ranked.item))), sizes_of(ranked.item))
    rank, t = _mean_ranks(_rankings(ranked)[order], ranked.tier[order])
    m, sum_t = _annotators_of_items(ranked), np.bincount(item, t**2 - 1)  # over drafts, as t of them make a tier
    most_drafts = ranked.draft.max(initial=0) + 1
    drafts, draft = numbered(item * most_drafts + ranked.draft[order])
    s_d, of = np.bincount(draft, rank), drafts // most_drafts
    n = np.bincount(of)
    s = np.bincount(of, s_d**2) - np.bincount(of, s_d) ** 2 / n
    complete = np.bincount(of, np.bincount(draft) != m[of]) == 0
    most = m**2 * (n**3 - n) - m * sum_t
    defined = complete & (m > 1) & (most > 0)
    items = ranked.item[starts_of(ranked.item)][defined]
    return _Concordances(items, 12 * s[defined] / most[defined], m[defined], n[defined])


def _mean_ranks(ranking: Ints, tier: Ints) -> tuple[Floats, Ints]:
    """The rank of each draft, the mean one within a tier, and its tier's size; sorted by ranking, then tier."""
    tiers = ranking * (tier.max(initial=0) + 1) + tier
    t = np.repeat(sizes_of(tiers), sizes_of(tiers))
    before = np.repeat(starts_of(tiers), sizes_of(tiers)) - np.repeat(starts_of(ranking), sizes_of(ranking))
    return before + (t + 1) / 2, t


def _mean(
    ranked: Placements, scores: _Scores | _Concordances, *, seed: int, undefined: str, notes: Sequence[str]
) -> Statistic:
    """The mean over items with a value, and what it rests on."""
    twice = _annotators_of_items(ranked) > 1
    rankings = starts_of(_rankings(ranked))
    used = rankings[np.isin(ranked.item[rankings], scores.item)]
    extent = Extent(len(scores.item), len(used), len(np.unique(ranked.annotator[used])))
    single = int((~twice).sum())
    once = [f"{single} of {len(twice)} items not ranked by two"] if single and twice.any() else []
    reason = None if len(scores.value) else undefined if twice.any() else NOBODY_TWICE
    return mean_over_items(
        scores.value,
        extent,
        seed=seed,
        clusters=ranked.clusters[scores.item] if len(ranked.clusters) else None,
        notes=[reason, *notes, *once],
    )
