"""Unpaired preferences: each judged draft with a label, good or bad.

A draft is good when it is better than another and worse than none. It is bad when it is worse than another, or both
were found bad, and it is better than none. What lies between is neither.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from concord.curation.funnel import OTHER_SPLIT, REASONS
from concord.curation.preference import BOTH_BAD, EMPTY, KEPT, Bools, PairDecision, PairVotes
from concord.export.division import divide
from concord.export.judged import judged, people
from concord.export.manifest import Dropped
from concord.export.options import ExportOptions
from concord.export.source import ExportSource, Selection
from concord.records.kinds import Floats, Ints

BETWEEN = "neither good nor bad"
_BETWEEN = len(REASONS)


class _Drafts:
    """What the pairs say of each draft that takes part in one, one element for each."""

    def __init__(self, votes: PairVotes, decision: PairDecision) -> None:
        self.draft, self._place = np.unique(np.concatenate([votes.first, votes.second]), return_inverse=True)
        reason = np.tile(decision.reason, 2).astype(np.int64)
        chosen = np.concatenate([decision.first_chosen, ~decision.first_chosen])
        kept, bad = reason == KEPT, reason == BOTH_BAD
        self.item = np.zeros(len(self.draft), np.int64)
        self.item[self._place] = np.tile(votes.item, 2)
        self.wins = self._count(kept & chosen)
        self.losses = self._count(kept & ~chosen) + self._count(bad)
        self.adjudicated = self._count(kept & np.tile(votes.first_picked | votes.second_picked, 2)) > 0
        self.people = np.zeros(len(self.draft), np.int64)
        np.maximum.at(self.people, self._place, np.tile(people(votes), 2))
        self.agreement = self._mean(_share(votes), kept | bad)
        self.reason = self._why_not(reason, kept, np.concatenate([votes.first_empty, votes.second_empty]))

    def _count(self, which: Bools) -> Ints:
        return np.bincount(self._place[which], minlength=len(self.draft))

    def _mean(self, share: Floats, which: Bools) -> Floats:
        """The mean share of the votes that a draft's label rests on; NaN where nobody voted."""
        voted = which & ~np.isnan(share)
        with np.errstate(invalid="ignore"):
            return np.bincount(self._place[voted], share[voted], minlength=len(self.draft)) / self._count(voted)

    def _why_not(self, reason: Ints, kept: Bools, empty: Bools) -> Ints:
        """Why a draft has no label, as an index into `REASONS` or `_BETWEEN`; 0 where it has one."""
        first = np.full(len(self.draft), _BETWEEN)
        np.minimum.at(first, self._place, np.where(kept, _BETWEEN, reason))
        labelled = (self.wins > 0) != (self.losses > 0)
        between = (self.wins > 0) & (self.losses > 0)
        return np.select([self._count(empty) > 0, labelled, between], [EMPTY, KEPT, _BETWEEN], first)


def select_drafts(source: ExportSource, options: ExportOptions) -> Selection:
    """Choose the drafts that have a label; an item none of whose drafts were compared enters as a whole."""
    found = judged(source, options)
    drafts = _Drafts(found.votes, found.decision)
    kept = np.flatnonzero(drafts.reason == KEPT)
    leaving, place = np.unique(drafts.item[kept], return_inverse=True)
    division = divide(source, found.items, leaving, options)
    drafts.reason[kept[division.apart[place]]] = OTHER_SPLIT
    stays = ~division.apart[place]
    kept, split = kept[stays], division.split[place[stays]]
    columns: dict[str, Any] = {
        "item": drafts.item[kept],
        "draft": drafts.draft[kept],
        "label": drafts.wins[kept] > 0,
        "split": split,
        "n_annotators": drafts.people[kept],
        "agreement": pa.array(drafts.agreement[kept], from_pandas=True),
        "adjudicated": drafts.adjudicated[kept],
    }
    dropped = (*_unlabelled(source, drafts), *found.apart)
    return Selection(pa.table(columns), len(drafts.draft) + len(found.apart), dropped, int(found.votes.ties.sum()))


def _share(votes: PairVotes) -> Floats:
    """For both drafts of each pair, the share of the votes that its outcome rests on; NaN where nobody voted."""
    most = np.max([votes.first_wins, votes.second_wins, votes.both_bad], axis=0)
    total = people(votes)
    return np.tile(np.where(total > 0, most / np.maximum(total, 1), np.nan), 2)


def _unlabelled(source: ExportSource, drafts: _Drafts) -> list[Dropped]:
    left = np.flatnonzero(drafts.reason != KEPT)
    names = source.candidate_names(drafts.draft[left].tolist()) if len(left) else []
    reasons: list[int] = drafts.reason[left].tolist()
    said = (*REASONS, BETWEEN)
    return [Dropped(item, said[reason], (draft,)) for (item, draft), reason in zip(names, reasons, strict=True)]
