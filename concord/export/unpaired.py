"""Unpaired preferences: each judged draft with a label, good or bad.

A draft is good when it is better than another and worse than none. It is bad when it is worse than another, or both
were found bad, and it is better than none. What lies between is neither.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from concord.curation.gates import Gates
from concord.curation.preference import BOTH_BAD, EMPTY, KEPT, PAIR_REASONS, PairDecision, PairVotes, decide_pairs
from concord.export.manifest import Dropped
from concord.export.options import ExportOptions
from concord.export.preferences import dropped_items
from concord.export.source import ExportSource, Selection, column, pair_votes, split_names
from concord.records.kinds import Floats, Ints

BETWEEN = "neither good nor bad"


class _Drafts:
    """What the pairs say of each draft that takes part in one, one element for each."""

    def __init__(self, votes: PairVotes, decision: PairDecision) -> None:
        sides = np.concatenate([votes.first, votes.second])
        self.draft, place = np.unique(sides, return_inverse=True)
        item, reason = np.tile(votes.item, 2), np.tile(decision.reason, 2)
        chosen = np.concatenate([decision.first_chosen, ~decision.first_chosen])
        kept, bad = reason == KEPT, reason == BOTH_BAD
        empty = np.concatenate([votes.first_empty, votes.second_empty])
        self.item = np.zeros(len(self.draft), np.int64)
        self.item[place] = item
        self.wins = self._count(place, kept & chosen)
        self.losses = self._count(place, kept & ~chosen) + self._count(place, bad)
        self.empty = self._count(place, empty) > 0
        self.adjudicated = self._count(place, kept & np.tile(votes.first_picked | votes.second_picked, 2)) > 0
        total = np.tile(votes.first_wins + votes.second_wins + votes.ties + votes.both_bad, 2)
        self.people = np.zeros(len(self.draft), np.int64)
        np.maximum.at(self.people, place, total)
        self.agreement = self._mean(place, _share(votes, bad), total, kept | bad)
        self.reason = np.full(len(self.draft), len(PAIR_REASONS), np.int64)
        np.minimum.at(self.reason, place, np.where(kept, len(PAIR_REASONS), reason))

    def _count(self, place: Ints, which: Any) -> Ints:
        return np.bincount(place[which], minlength=len(self.draft))

    def _mean(self, place: Ints, won: Ints, total: Ints, which: Any) -> Floats:
        """The mean share of the votes that a draft's label rests on; NaN where nobody voted."""
        voted = which & (total > 0)
        shares = np.bincount(place[voted], won[voted] / total[voted], minlength=len(self.draft))
        with np.errstate(invalid="ignore"):
            return shares / self._count(place, voted)


def select_drafts(source: ExportSource, options: ExportOptions) -> Selection:
    """Choose the drafts that have a label; an item none of whose drafts were compared enters as a whole."""
    items, votes = source.items(), pair_votes(source.pair_votes())
    decision = decide_pairs(votes, Gates(options.min_votes, options.min_agreement))
    judged = _Drafts(votes, decision)
    labelled = ((judged.wins > 0) != (judged.losses > 0)) & ~judged.empty
    kept = np.flatnonzero(labelled)
    leaving, place = np.unique(judged.item[kept], return_inverse=True)
    columns: dict[str, Any] = {
        "item": judged.item[kept],
        "draft": judged.draft[kept],
        "label": judged.wins[kept] > 0,
        "split": split_names(source, items, leaving, options)[place],
        "n_annotators": judged.people[kept],
        "agreement": pa.array(judged.agreement[kept], from_pandas=True),
        "adjudicated": judged.adjudicated[kept],
    }
    uncompared = np.setdiff1d(column(items, "item"), votes.item)
    dropped = (*_unlabelled(source, judged, np.flatnonzero(~labelled)), *dropped_items(source, items, uncompared))
    return Selection(pa.table(columns), len(judged.draft) + len(uncompared), dropped, int(votes.ties.sum()))


def _share(votes: PairVotes, bad: Any) -> Ints:
    """The votes that a label rests on: the winner's, or where both are bad, those that said so."""
    return np.where(bad, np.tile(votes.both_bad, 2), np.tile(np.maximum(votes.first_wins, votes.second_wins), 2))


def _unlabelled(source: ExportSource, judged: _Drafts, left: Ints) -> list[Dropped]:
    names = source.candidate_names(judged.draft[left].tolist()) if len(left) else []
    between: list[bool] = ((judged.wins[left] > 0) & (judged.losses[left] > 0)).tolist()
    reasons: list[int] = np.where(judged.empty[left], EMPTY, judged.reason[left]).tolist()
    said = [*PAIR_REASONS, BETWEEN]
    return [
        Dropped(item, BETWEEN if halfway else said[reason], (draft,))
        for (item, draft), reason, halfway in zip(names, reasons, between, strict=True)
    ]
