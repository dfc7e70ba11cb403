"""Which pairs of drafts are strict preferences, and why the others are not.

A pair is kept when one draft has more votes than the other and than "tie" and "both bad" together, the gates are
met, both texts are there and differ, and the preference does not run in a circle with others that would be kept.
A reviewer's decision beats votes and gates: a draft that was picked is above every other, and of an item that was
rejected no pair is kept.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from concord.curation.gates import Gates
from concord.records.kinds import Ints

Bools = npt.NDArray[np.bool_]
Reasons = npt.NDArray[np.uint8]

PAIR_REASONS = (
    "kept",
    "rejected by a reviewer",
    "too few votes",
    "tie",
    "both bad",
    "no majority",
    "below agreement",
    "empty response",
    "equal responses",
    "cycle",
)
"""Why a pair is not kept, in order of precedence; a reason is an index into this table."""

KEPT, REJECTED, TOO_FEW, TIE, BOTH_BAD, NO_MAJORITY, BELOW_AGREEMENT, EMPTY, EQUAL, CYCLE = range(len(PAIR_REASONS))


@dataclass(frozen=True)
class PairVotes:
    """The votes for each pair of drafts that somebody compared or decided, one element for each unordered pair.

    A comparison gives its pair one vote, and a ranking gives one to each pair of drafts that it ranks, or, where it
    finds all of them bad, one "both bad" to each pair of them. A draft that it leaves unranked has no part in any.

    Attributes:
        item: dense item number; non-decreasing.
        first: dense draft number, counted over all items, so that a number names one draft.
        second: the other draft of the pair.
        first_wins: votes for the first draft.
        second_wins: votes for the second draft.
        ties: votes that found them equally good.
        both_bad: votes that found both of no use.
        first_empty: the first draft's text is blank.
        second_empty: the second draft's text is blank.
        equal: the two texts are the same after NFC and blank folding.
        first_picked: a reviewer decided that the first draft counts.
        second_picked: a reviewer decided that the second draft counts.
        rejected: a reviewer rejected the item.
    """

    item: Ints
    first: Ints
    second: Ints
    first_wins: Ints
    second_wins: Ints
    ties: Ints
    both_bad: Ints
    first_empty: Bools
    second_empty: Bools
    equal: Bools
    first_picked: Bools
    second_picked: Bools
    rejected: Bools


@dataclass(frozen=True)
class PairDecision:
    """What the votes say about each pair.

    Attributes:
        first_chosen: the first draft is the better one; meaningful where the pair is kept.
        reason: index into `PAIR_REASONS`; 0 is kept.
    """

    first_chosen: Bools
    reason: Reasons


def decide_pairs(votes: PairVotes, gates: Gates) -> PairDecision:
    """Decide each pair; every pair that is not kept has exactly one reason, the first that applies.

    Preferences that run in a circle (A over B over C over A) contradict each other: all pairs between the drafts
    of such a circle are left out. Only preferences that pass everything else can close a circle.
    """
    reason = _pair_reasons(votes, gates)
    first_chosen = votes.first_picked | ~votes.second_picked & (votes.first_wins > votes.second_wins)
    better = np.where(first_chosen, votes.first, votes.second)
    worse = np.where(first_chosen, votes.second, votes.first)
    kept = np.flatnonzero(reason == KEPT)
    sides = kept[np.bincount(votes.item[kept])[votes.item[kept]] >= 3]  # a circle has three
    reason[sides[_circular(better[sides], worse[sides])]] = CYCLE
    return PairDecision(first_chosen, reason)


def _pair_reasons(votes: PairVotes, gates: Gates) -> Reasons:
    """The reason of each pair looked at alone."""
    undecided = votes.ties + votes.both_bad
    wins = np.maximum(votes.first_wins, votes.second_wins)
    total = votes.first_wins + votes.second_wins + undecided
    voted = ~(votes.first_picked | votes.second_picked)
    checks = [
        (REJECTED, votes.rejected),
        (TOO_FEW, voted & (total < gates.min_votes)),
        (TIE, voted & (undecided > wins) & (votes.ties >= votes.both_bad)),
        (BOTH_BAD, voted & (undecided > wins)),
        (NO_MAJORITY, voted & ((votes.first_wins == votes.second_wins) | (undecided == wins))),
        (BELOW_AGREEMENT, voted & (wins / np.maximum(total, 1) < gates.min_agreement)),
        (EMPTY, votes.first_empty | votes.second_empty),
        (EQUAL, votes.equal),
    ]
    return np.select([failed for _, failed in checks], [np.uint8(code) for code, _ in checks], np.uint8(KEPT))


def _circular(better: Ints, worse: Ints) -> Bools:
    """Which preferences lie on a circle: from the worse draft, a way leads back up to the better one.

    Drafts of one circle have the same drafts above them and the same below, so the highest draft number above
    (or below) labels them alike, and a preference between two labels is on no circle. Where nothing more falls
    away, the highest number of each connected piece is above all of it and below all of it, so every preference
    that is left lies on a circle.
    """
    left = np.arange(len(better))
    before = -1
    while len(left) != before:
        before = len(left)
        for source, target in ((better, worse), (worse, better)):
            label = _highest_before(source[left], target[left])
            left = left[label[source[left]] == label[target[left]]]
    found = np.zeros(len(better), dtype=np.bool_)
    found[left] = True
    return found


def _highest_before(source: Ints, target: Ints) -> Ints:
    """For each draft the highest number among itself and all that lead to it."""
    label = np.arange(int(np.concatenate([source, target]).max(initial=-1)) + 1)
    rising = label[source] > label[target]
    while rising.any():
        np.maximum.at(label, target[rising], label[source[rising]])
        rising = label[source] > label[target]
    return label
