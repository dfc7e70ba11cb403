"""How much each further text adds: the share of its shingles that none before it has.

The curve is the rate at which a vocabulary grows with its text (Heaps 1978), over runs of three words in place of
words; that the share of different runs measures diversity is from Li et al. (2016, distinct-n). Texts come in an order
that looks random and depends on nothing but the texts, so that the curve says nothing of the order of a file.
"""

from __future__ import annotations

import numpy as np

from concord.curation.shingles import ShingleSets, set_hashes

STEPS = 20
"""Points of the curve; each is the mean over as many texts."""
MOST = 200_000
"""Texts that are looked at; of more, so many that look randomly chosen."""


def novelty(sets: ShingleSets) -> list[float]:
    """The mean share of new shingles in each twentieth of the texts, first to last; empty for under twenty texts.

    Copies of a text have nothing new. A last value of 0.9 says that the texts hardly repeat each other, and that
    further ones of their kind bring as much; near 0 that they bring nothing.

    >>> from concord.curation.shingles import shingle_sets
    >>> curve = novelty(shingle_sets([f"number {n} of a long row" for n in range(100)]))
    >>> len(curve), curve[0] > curve[-1]
    (20, True)
    """
    worded = np.flatnonzero(sets.size)
    if len(worded) < STEPS:
        return []
    chosen = worded[np.argsort(set_hashes(sets)[worded], kind="stable")[:MOST]]
    rank = np.full(len(sets.size), -1, np.int64)
    rank[chosen] = np.arange(len(chosen))
    place = rank[sets.text]
    order = np.argsort(place[place >= 0], kind="stable")
    shingle, place = sets.shingle[place >= 0][order], place[place >= 0][order]
    _, first = np.unique(shingle, return_index=True)
    share = np.bincount(place[first], minlength=len(chosen)) / sets.size[chosen]
    return [float(part.mean()) for part in np.array_split(share, STEPS)]
