"""Unpaired preferences: each judged draft with a label, good or bad.

A draft is good when it is better than another and worse than none. It is bad when it is worse than another, or both
were found bad, and it is better than none. What lies between is neither. Or ratings say what is good and bad, see
`export.rated`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa

from concord.curation.funnel import BETWEEN, NOT_ANNOTATED, NOT_COMPARED, OTHER_SPLIT, REASONS
from concord.curation.preference import BOTH_BAD, EMPTY, KEPT, PairDecision, PairVotes, Reasons
from concord.export.division import place
from concord.export.item_gates import item_reasons
from concord.export.manifest import Dropped
from concord.export.options import ExportOptions
from concord.export.preferences import decided_pairs, dropped_items
from concord.export.rated import Labelled, rated_drafts
from concord.export.row_gates import Rows, of_drafts, row_reasons
from concord.export.source import ExportSource, Selection, pair_votes
from concord.records.kinds import Floats, Ints


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
        self.reason = np.full(len(self.draft), len(REASONS), np.int64)
        np.minimum.at(self.reason, place, np.where(kept, len(REASONS), reason))

    def _count(self, place: Ints, which: Any) -> Ints:
        return np.bincount(place[which], minlength=len(self.draft))

    def _mean(self, place: Ints, won: Ints, total: Ints, which: Any) -> Floats:
        """The mean share of the votes that a draft's label rests on; NaN where nobody voted."""
        voted = which & (total > 0)
        shares = np.bincount(place[voted], won[voted] / total[voted], minlength=len(self.draft))
        with np.errstate(invalid="ignore"):
            return shares / self._count(place, voted)


def select_drafts(source: ExportSource, options: ExportOptions) -> Selection:
    """Choose the drafts that have a label; an item none of whose drafts were judged enters as a whole."""
    items, rated = source.items(), options.policies.rated
    held = item_reasons(source, items, options.gates)
    if rated:
        return _selection(source, items, rated_drafts(source, rated, held, options), options, held)
    votes = pair_votes(source.pair_votes())
    selection = _selection(source, items, _compared(votes, held, options), options, held)
    return replace(selection, ties=int(votes.ties.sum()))


def _compared(votes: PairVotes, held: Reasons, options: ExportOptions) -> Labelled:
    judged = _Drafts(votes, decided_pairs(votes, held, options))
    return Labelled(
        judged.item,
        judged.draft,
        judged.wins > 0,
        judged.people,
        judged.agreement,
        judged.adjudicated,
        _reasons(judged).astype(np.uint8),
    )


def _selection(
    source: ExportSource, items: pa.Table, judged: Labelled, options: ExportOptions, held: Reasons
) -> Selection:
    """The labelled drafts that pass the gates on texts, in their splits."""
    reason = judged.reason.copy()
    labelled = np.flatnonzero(reason == KEPT)
    rows = Rows(judged.item[labelled], (of_drafts(judged.draft[labelled]),))
    reason[labelled] = row_reasons(source, items, rows, options.gates)
    passed = np.flatnonzero(reason == KEPT)
    division = place(source, items, judged.item[passed], options)
    reason[passed[division.apart]] = OTHER_SPLIT
    kept = np.flatnonzero(reason == KEPT)
    columns: dict[str, Any] = {
        "item": judged.item[kept],
        "draft": judged.draft[kept],
        "label": judged.label[kept],
        "split": division.split[~division.apart],
        "n_annotators": judged.people[kept],
        "agreement": pa.array(judged.agreement[kept], from_pandas=True),
        "adjudicated": judged.adjudicated[kept],
    }
    missing = NOT_ANNOTATED if options.policies.rated else NOT_COMPARED
    dropped = (*_unlabelled(source, judged, reason), *dropped_items(items, judged.item, held, missing))
    entered = len(judged.draft) + len(items) - len(np.unique(judged.item))
    return Selection(pa.table(columns), entered, dropped, 0)


def _reasons(judged: _Drafts) -> Ints:
    """Why each draft has no label; 0 where it has one."""
    good, bad = judged.wins > 0, judged.losses > 0
    return np.select([judged.empty, good & bad, good | bad], [EMPTY, BETWEEN, KEPT], judged.reason)


def _share(votes: PairVotes, bad: Any) -> Ints:
    """The votes that a label rests on: the winner's, or where both are bad, those that said so."""
    return np.where(bad, np.tile(votes.both_bad, 2), np.tile(np.maximum(votes.first_wins, votes.second_wins), 2))


def _unlabelled(source: ExportSource, judged: Labelled, reason: Reasons) -> list[Dropped]:
    left = np.flatnonzero(reason != KEPT)
    names = source.candidate_names(judged.draft[left].tolist()) if len(left) else []
    reasons: list[int] = reason[left].tolist()
    return [Dropped(item, REASONS[why], (draft,)) for (item, draft), why in zip(names, reasons, strict=True)]
