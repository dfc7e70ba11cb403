"""How far each annotator agrees with the others: each answer against what most others gave to the same item.

The answer gets credit 1 when it is the others' most frequent value, 1/k when it is one of k that are level, else 0: the
expectation of AlpacaEval's comparison with a mode drawn at random (README, "human agreement").
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from concord.agreement.groups import sizes_of, starts_of
from concord.agreement.shares import Scores, means_by_group
from concord.agreement.statistic import NOBODY_TWICE, Statistic
from concord.agreement.units import clusters_of, lots_of, spread, units_of
from concord.agreement.votes import paired
from concord.records.kinds import Floats
from concord.records.report import Votes


class LeaveOneOut(NamedTuple):
    """The mean credit over all answers, and over those of each annotator by name."""

    all: Statistic
    annotators: dict[str, Statistic]


def leave_one_out(votes: Votes, *, seed: int) -> LeaveOneOut:
    """The agreement of each answer with the mode of the item's other answers.

    Args:
        votes: canonical votes.
        seed: of the resamples of items.

    Returns:
        0 to 1, where chance gives about 1/q. NaN where no item has two answers. The note has the share of answers whose
        others are level, as they often are with two or three annotators: each such answer counts 1/k at most.

    >>> from concord.agreement.votes import votes_of
    >>> rows = [("ann", "1", "a"), ("ben", "1", "a"), ("cat", "1", "b"), ("dan", "1", "b"), ("eve", "1", "a")]
    >>> found = leave_one_out(votes_of(rows), seed=0)
    >>> found.annotators["ann"].value, found.annotators["cat"].value
    (0.5, 0.0)
    """
    used = paired(votes)
    credit, level = credits(used)
    unit = spread(units_of(lots_of(used, seed), clusters_of(used), seed=seed), used)
    scores = Scores(credit, used.annotator, unit, used.item, used.annotator)
    note = f"the others are level for {level.mean():.0%} of the answers" if len(level) else NOBODY_TWICE
    means = means_by_group(scores, len(used.annotators), seed=seed, note=note)
    people = {name: one for name, one in zip(used.annotators, means.groups, strict=True) if one.annotations}
    return LeaveOneOut(means.all, people)


def credits(votes: Votes) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """The credit of each answer, and whether the others' values are level; canonical votes, each item with two or more.

    With c answers like it, where the most frequent value has M and n more values have M - 1: an answer is among the
    others' modes only if c = M and no other value has M. Then it stands alone, or level with those n.
    """
    if not len(votes.item):
        return np.empty(0), np.empty(0, dtype=np.bool_)
    cell, _, of_vote, count = np.unique(
        votes.item * len(votes.values) + votes.value,
        return_index=True,  # which makes the sort a stable one: that is quick on what is nearly sorted
        return_inverse=True,
        return_counts=True,
    )
    starts, sizes = starts_of(cell // len(votes.values)), sizes_of(cell // len(votes.values))
    most = np.maximum.reduceat(count, starts)
    at_most = np.add.reduceat(count == np.repeat(most, sizes), starts, dtype=np.int64)
    just_below = np.add.reduceat(count == np.repeat(most - 1, sizes), starts, dtype=np.int64)
    most, at_most, just_below = (spread(column, votes) for column in (most, at_most, just_below))
    top = count[of_vote] == most
    alone = top & (at_most == 1)
    credit = np.where(alone, 1 / (1 + just_below), 0.0)
    level = np.where(alone, just_below > 0, at_most - top > 1)
    return credit, level
