"""Krippendorff's alpha over texts, whose distance is 1 less their similarity.

Letters: n texts on items with two or more, item i with m_i of them; d, the distance of two texts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations
from math import isnan

import numpy as np

from concord.agreement.intervals import intervals, of_clusters
from concord.agreement.quotient import divided
from concord.agreement.similarity import levenshtein
from concord.agreement.statistic import NOBODY_TWICE, Extent, Interval, Statistic, statistic
from concord.agreement.units import drawn_units
from concord.records.kinds import Floats, Ints
from concord.records.report import EditedText

MOST_TEXTS = 250
"""With more texts, disagreement between items is estimated from `SAMPLE` pairs of texts, and no interval is given."""

SAMPLE = 20_000


def alpha_of_texts(edits: Sequence[EditedText], *, seed: int) -> Statistic:
    """Krippendorff's alpha of edited texts, with d = 1 - Levenshtein similarity, not squared.

    1 - d_o / d_e with d_o = 1/n sum over items of sum over ordered pairs d / (m_i - 1), and d_e the mean of d over all
    ordered pairs of the n texts. It depends on the distance and is hard to read (Braylan, Alonso & Lease 2022,
    doi 10.1145/3485447.3512242); two texts of different items are seldom wholly unlike.

    Args:
        edits: those of one arm, at most one for an item and annotator.
        seed: of the resamples of items, and of the sample of pairs.

    Returns:
        1: edits of one item are the same; 0: they are as unlike as edits of different items. NaN when no item was
        edited by two, or all texts are the same.

    >>> edits = [EditedText(1, "ann", None, "ab"), EditedText(1, "ben", None, "ab"), EditedText(2, "ann", None, "cd"),
    ...          EditedText(2, "ben", None, "cd")]
    >>> alpha_of_texts(edits, seed=0).value
    1.0
    """
    items = _items(edits)
    texts = [edit.text for item in items for edit in item]
    extent = Extent(len(items), len(texts), len({edit.annotator for item in items for edit in item}))
    if not items:
        return statistic(np.nan, Interval(), extent, notes=[NOBODY_TWICE])
    if len(texts) > MOST_TEXTS:
        value, note = _sampled(items, texts, seed), f"sampled: {SAMPLE:,} pairs of texts, so no interval"
        return statistic(value, Interval(), extent, notes=[_undefined(value), note])
    within, between = _sums(items, texts)
    sizes = np.array([len(item) for item in items], dtype=float)
    value = float(_alpha(within, between, sizes, np.ones((1, len(items))))[0])
    cluster = _clusters(items)
    blocks = drawn_units(np.arange(len(items)) if cluster is None else cluster, seed=seed)
    (drawn,) = intervals(_alpha(within, between, sizes, blocks.drawn[:, blocks.block])[:, None])
    if cluster is not None:
        drawn = of_clusters(drawn, blocks.drawn.shape[1])
    return statistic(value, Interval() if isnan(value) else drawn, extent, notes=[_undefined(value)])


def _items(edits: Sequence[EditedText]) -> list[list[EditedText]]:
    """The edits of each item with two or more, in an order that what was written decides."""
    of: defaultdict[int, list[EditedText]] = defaultdict(list)
    for edit in sorted(edits, key=lambda edit: (edit.annotator, edit.text)):
        of[edit.item].append(edit)
    several = [item for item in of.values() if len(item) > 1]
    return sorted(several, key=lambda item: [(edit.annotator, edit.text) for edit in item])


def _clusters(items: list[list[EditedText]]) -> Ints | None:
    """The cluster of each item, from 0, in an order that what was written decides; None where every item is its own."""
    numbers: dict[int, int] = {}
    found = [item[0].cluster for item in items]
    cluster = [numbers.setdefault(one, len(numbers)) for one in found if one is not None]
    return np.array(cluster, dtype=np.int64) if None not in found and len(numbers) < len(items) else None


def _undefined(value: float) -> str | None:
    return "not defined: all texts are the same" if isnan(value) else None


def _sums(items: list[list[EditedText]], texts: list[str]) -> tuple[Floats, Floats]:
    """Of each item the sum of d over its ordered pairs; of each two items the sum of d over pairs of their texts."""
    pairs = list(combinations(range(len(texts)), 2))
    distance = 1 - levenshtein([(texts[i], texts[j]) for i, j in pairs])
    of = np.repeat(np.arange(len(items)), [len(item) for item in items])
    left, right = of[np.array(pairs).T]
    between = np.zeros((len(items), len(items)))
    np.add.at(between, (left, right), distance)
    between = between + between.T
    return between.diagonal().copy(), between


def _alpha(within: Floats, between: Floats, sizes: Floats, weights: Floats) -> Floats:
    """Alpha for each row of weights, which are how often each item is drawn."""
    n = weights @ sizes
    d_o = weights @ (within / (sizes - 1))
    d_e = np.einsum("bi,ij,bj->b", weights, between, weights)
    return 1 - divided((n - 1) * d_o, d_e, where=d_e > 0)


def _sampled(items: list[list[EditedText]], texts: list[str], seed: int) -> float:
    """Alpha from pairs drawn at random, within items and across all of them."""
    rng = np.random.default_rng(seed)
    order: list[int] = rng.permutation(len(items)).tolist()
    drawn = [items[i] for i in order[: SAMPLE // 10]]
    within = [(a.text, b.text) for item in drawn for a, b in combinations(item, 2)]
    share = np.concatenate([np.full(len(item) * (len(item) - 1) // 2, 2 / (len(item) - 1)) for item in drawn])
    d_o = float((share * (1 - levenshtein(within))).sum()) / sum(map(len, drawn))
    left = rng.integers(len(texts), size=SAMPLE)
    right = (left + 1 + rng.integers(len(texts) - 1, size=SAMPLE)) % len(texts)
    pairs: list[list[int]] = np.stack([left, right], axis=1).tolist()
    d_e = float((1 - levenshtein([(texts[i], texts[j]) for i, j in pairs])).mean())
    return 1 - d_o / d_e if d_e > 0 else np.nan
