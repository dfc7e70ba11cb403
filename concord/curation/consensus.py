"""Which answer an item gives for supervised fine-tuning, when several people edited or ranked."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz.distance import Indel
from rapidfuzz.process import cdist

from concord.curation.preference import (
    CYCLE,
    EMPTY,
    KEPT,
    NO_MAJORITY,
    PAIR_REASONS,
    PairDecision,
    PairVotes,
    Reasons,
)
from concord.records.kinds import Ints


@dataclass(frozen=True)
class Medoid:
    """The text that stands for the others.

    Attributes:
        index: its place among the texts.
        similarity: its mean similarity to the others, from 0 to 1; NaN when it is the only text.
    """

    index: int
    similarity: float


@dataclass(frozen=True)
class Winners:
    """The best draft of each item.

    Attributes:
        item: the items that have a compared pair, ascending.
        draft: the winner, or -1.
        reason: index into `PAIR_REASONS`; 0 where there is a winner.
    """

    item: Ints
    draft: Ints
    reason: Reasons


def medoid(texts: Sequence[str], among: Sequence[int] | None = None) -> Medoid:
    """The text that is on average most similar to the others; the first of several such.

    Similarity is the share of characters that insertions and deletions leave in place (Indel, normalised).

    Args:
        texts: one or more answers to one item.
        among: the places of those that may stand for the others; None for all.

    >>> medoid(["It rains.", "It rains today.", "It rains, today."]).index
    1
    """
    others = len(texts) - 1
    if not others:
        return Medoid(0, math.nan)
    similarity = cdist(texts, texts, scorer=Indel.normalized_similarity, dtype=np.float64)
    np.fill_diagonal(similarity, 0.0)
    sums = [math.fsum(row) for row in similarity]  # rounded once, so that equal sums are equal
    best = max(among or range(len(texts)), key=sums.__getitem__)
    return Medoid(best, sums[best] / others)


def winner(votes: PairVotes, decided: PairDecision) -> Winners:
    """The draft of each item that no other draft beats, when there is exactly one.

    A draft beats another by a majority that passes the gates. Of drafts with equal texts, the one with the
    lowest number stands for all. Without a single unbeaten draft there is no winner: "cycle" when every draft is
    beaten; else what keeps the unbeaten ones apart ("tie", "too few votes", …), or "no majority" when nobody
    compared them. An unbeaten draft without text does not win either: "empty response".
    """
    item, row = np.unique(votes.item, return_inverse=True)
    both = np.concatenate([votes.first, votes.second])
    drafts = int(both.max(initial=-1)) + 1
    home = np.full(drafts, -1)  # the place of the draft's item in `item`
    home[both] = np.tile(row, 2)
    blank = np.zeros(drafts, dtype=np.bool_)
    blank[both] = np.concatenate([votes.first_empty, votes.second_empty])
    beaten = np.zeros(drafts, dtype=np.bool_)
    beaten[_losers(votes, decided)] = True

    unbeaten = np.flatnonzero((home >= 0) & ~beaten)
    number = np.bincount(home[unbeaten], minlength=len(item))
    draft = np.full(len(item), -1)
    draft[home[unbeaten]] = unbeaten
    between = ~beaten[votes.first] & ~beaten[votes.second]
    apart = _first_reason(row[between], decided.reason[between], len(item))
    reason = np.select(
        [number == 0, number > 1, blank[draft]], [np.uint8(CYCLE), apart, np.uint8(EMPTY)], np.uint8(KEPT)
    )
    return Winners(item, np.where(reason == KEPT, draft, -1), reason)


def _losers(votes: PairVotes, decided: PairDecision) -> Ints:
    """The drafts that another draft beats or stands for, one for each pair that says so."""
    majority = (decided.reason == KEPT) | (decided.reason >= EMPTY)
    worse = np.where(decided.first_chosen, votes.second, votes.first)
    loser = np.where(votes.equal, np.maximum(votes.first, votes.second), worse)
    return loser[majority | votes.equal]


def _first_reason(item: Ints, reason: Reasons, items: int) -> Reasons:
    """For each item the first of its pairs' reasons, by precedence; without a pair, there is no majority."""
    none = np.uint8(len(PAIR_REASONS))
    first = np.full(items, none)
    np.minimum.at(first, item, reason)
    return np.where(first == none, np.uint8(NO_MAJORITY), first)
