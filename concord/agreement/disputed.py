"""The items that annotators agree least on."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from concord.agreement.coefficients import pair_agreement
from concord.agreement.groups import numbered, starts_of
from concord.agreement.likenesses import Likenesses
from concord.agreement.patterns import each_item
from concord.records.report import Votes

MOST_DISPUTED = 20


class Disputed(NamedTuple):
    """One item that was judged twice or more.

    Attributes:
        key: by which the store knows it.
        measure: the name of the statistic of which the next is the item's own value.
        agreement: the share of its pairs of answers that are equal, 0 to 1; or how alike its rankings or edits are.
        answers: how often each value was given; empty for rankings and edits.
    """

    key: int
    measure: str
    agreement: float
    answers: dict[str, int]


def most_disputed(votes: Votes, *, most: int = MOST_DISPUTED) -> list[Disputed]:
    """The items with the smallest share of equal pairs; among equals those with more answers come first.

    Args:
        votes: canonical votes with the store's keys; items that all agree on are not listed.
        most: items at most.
    """
    patterns = each_item(votes)
    agreement = pair_agreement(patterns)
    candidates = np.flatnonzero((patterns.m > 1) & (agreement < 1))
    starts = starts_of(votes.item)
    keys = votes.keys[votes.item[starts]]
    order = candidates[np.lexsort((keys[candidates], -patterns.m[candidates], agreement[candidates]))][:most]
    found: list[Disputed] = []
    for item in order.tolist():
        begin, end = int(starts[item]), int(starts[item] + patterns.m[item])
        counts = np.bincount(votes.value[begin:end], minlength=len(votes.values)).tolist()
        answers = {value: count for value, count in zip(votes.values, counts, strict=True) if count}
        found.append(Disputed(int(keys[item]), "percent_agreement", float(agreement[item]), answers))
    return found


def least_alike(likenesses: Likenesses, measure: str, *, most: int = MOST_DISPUTED) -> list[Disputed]:
    """The items whose rankings or edits are least alike, in the mean over pairs; among equals those with more pairs.

    Args:
        likenesses: with the store's keys; items whose judgements are all the same are not listed.
        measure: what they are called.
        most: items at most.
    """
    if not len(likenesses.keys):
        return []
    items, item = numbered(likenesses.item)
    pairs = np.bincount(item, minlength=len(items))
    alike = np.bincount(item, likenesses.value, minlength=len(items)) / pairs
    keys = likenesses.keys[items]
    order = np.lexsort((keys, -pairs, alike))[:most]
    return [Disputed(int(keys[i]), measure, float(alike[i]), {}) for i in order.tolist() if alike[i] < 1]
