"""How far annotators are apart on one item: for ordering what a reviewer looks at, not for reports.

Kendall's distance with penalty 1/2 for ties is that of Fagin, Kumar, Mahdian, Sivakumar and Vee (2004), "Comparing and
aggregating rankings with ties".
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
from rapidfuzz.distance import Indel
from rapidfuzz.process import cpdist

from concord.records.dispute import Choices, EditPairs, Judged, Orders
from concord.records.kinds import Floats, Ints

By = Literal["rankings", "choices", "edits"]
BY: tuple[By, ...] = ("rankings", "choices", "edits")


class Disagreement(NamedTuple):
    """How far apart they are on each item.

    Attributes:
        value: from 0 to 1, shape (items,).
        by: what they are furthest apart in, an index into `BY`, shape (items,).
    """

    value: Floats
    by: Ints


def disagreement(judged: Judged) -> Disagreement:
    """The greatest of three distances between the annotators of an item.

    - rankings: the share of discordant pairs of drafts, which two annotators order the other way round, of all pairs
      that both ranked; one tied by one of them alone counts half. 0 for equal rankings, 1 for two opposite ones.
    - choices (comparisons, labels, and whether all drafts are bad, where somebody who was to rank them said so):
      1 - the share of the most frequent answer; of several questions the greatest.
    - edits: 1 - the mean similarity of two edits, which is the share of characters that insertions and deletions leave
      in place (Indel, normalised), as where an export chooses among edits.

    Ratings do not count: neighbours on a scale are no dispute.

    Returns:
        From 0 (of one mind) to 1. NaN where no two annotators answered the same question.

    >>> orders = Orders(np.array([0, 0, 0]), np.array([1, 2, 1]), np.array([1, 0, 0]), np.array([0, 0, 1]))
    >>> none = np.array([], np.int64)
    >>> found = disagreement(Judged(("q1",), orders, Choices(none, none, none), EditPairs(none, [], [])))
    >>> found.value.tolist(), BY[found.by[0]]
    ([0.5], 'rankings')
    """
    items = len(judged.names)
    distances = np.stack(
        [_of_rankings(judged.orders, items), _of_choices(judged.choices, items), _of_edits(judged.edits, items)]
    )
    known = np.where(np.isnan(distances), -1.0, distances)
    value = known.max(axis=0)
    return Disagreement(np.where(value < 0, np.nan, value), known.argmax(axis=0))


def _of_rankings(orders: Orders, items: int) -> Floats:
    first, second, ties = orders.first_wins, orders.second_wins, orders.ties
    n = first + second + ties
    return _ratio(orders.item, first * second + (first + second) * ties / 2, n * (n - 1) / 2, items)


def _of_choices(choices: Choices, items: int) -> Floats:
    found = np.full(items, np.nan)
    np.fmax.at(found, choices.item, 1 - choices.most / np.maximum(choices.votes, 1))
    return found


def _of_edits(edits: EditPairs, items: int) -> Floats:
    distance = cpdist(edits.one, edits.other, scorer=Indel.normalized_distance, dtype=np.float64, workers=-1)
    return _ratio(edits.item, distance, np.ones(len(distance)), items)


def _ratio(item: Ints, part: Floats, whole: Floats, items: int) -> Floats:
    """For each item, the sum of the parts over the sum of the wholes; NaN where there are none."""
    with np.errstate(invalid="ignore"):
        return np.bincount(item, part, minlength=items) / np.bincount(item, whole, minlength=items)
