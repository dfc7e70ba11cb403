"""Listwise rankings: each item with the drafts that a strict preference orders, best first.

A draft's rank is one more than the longest chain of preferences above it, so that every preference that is kept runs
from a lower rank to a higher; its score is the share of these preferences that it won.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from concord.curation.funnel import OTHER_SPLIT, REASONS
from concord.curation.preference import KEPT, PairDecision, PairVotes
from concord.export.division import divide
from concord.export.item_gates import item_reasons
from concord.export.manifest import Dropped
from concord.export.options import ExportOptions
from concord.export.preferences import decided_pairs, dropped_items
from concord.export.row_gates import Rows, of_drafts, row_reasons
from concord.export.source import ExportSource, Selection, names_of, pair_votes
from concord.records.kinds import Ints


def select_rankings(source: ExportSource, options: ExportOptions) -> Selection:
    """Choose the items that have an order; the others are left out with the reason of their pairs."""
    items, votes = source.items(), pair_votes(source.pair_votes())
    held = item_reasons(source, items, options.gates)
    decision = _of_texts_that_pass(source, items, votes, decided_pairs(votes, held, options), options)
    ordered = np.unique(votes.item[decision.reason == KEPT])
    division = divide(source, items, ordered, options)
    apart = np.isin(votes.item, ordered[division.apart]) & (decision.reason == KEPT)
    decision = PairDecision(decision.first_chosen, np.where(apart, OTHER_SPLIT, decision.reason))
    kept = decision.reason == KEPT
    leaving, place = np.unique(votes.item[kept], return_inverse=True)
    total = (votes.first_wins + votes.second_wins + votes.ties + votes.both_bad)[kept]
    picked = (votes.first_picked | votes.second_picked)[kept]
    people = np.zeros(len(leaving), np.int64)
    np.maximum.at(people, place, total)
    share = np.maximum(votes.first_wins, votes.second_wins)[kept] / np.maximum(total, 1)
    voted = np.bincount(place[~picked], minlength=len(leaving))
    with np.errstate(invalid="ignore"):
        agreement = np.bincount(place[~picked], share[~picked], minlength=len(leaving)) / voted
    columns: dict[str, Any] = {
        "item": leaving,
        "split": division.split[~division.apart],
        "n_annotators": people,
        "agreement": pa.array(agreement, from_pandas=True),
        "adjudicated": np.bincount(place[picked], minlength=len(leaving)) > 0,
        **_orders(votes, decision, leaving),
    }
    dropped = (*_unordered(items, votes, decision, leaving), *dropped_items(items, votes.item, held))
    return Selection(pa.table(columns), len(items), dropped, int(votes.ties.sum()))


def _of_texts_that_pass(
    source: ExportSource, items: pa.Table, votes: PairVotes, decision: PairDecision, options: ExportOptions
) -> PairDecision:
    """The same, without the pairs that a draft is in which the gates on texts hold back."""
    kept = np.flatnonzero(decision.reason == KEPT)
    sides = (of_drafts(votes.first[kept]), of_drafts(votes.second[kept]))
    reason = decision.reason.copy()
    reason[kept] = row_reasons(source, items, Rows(votes.item[kept], sides), options.gates)
    return PairDecision(decision.first_chosen, reason)


def _orders(votes: PairVotes, decision: PairDecision, leaving: Ints) -> dict[str, Any]:
    """Of each item that leaves its drafts, their ranks and scores."""
    kept = decision.reason == KEPT
    first, second, chosen = votes.first[kept], votes.second[kept], decision.first_chosen[kept]
    better, worse = np.where(chosen, first, second), np.where(chosen, second, first)
    draft, place = np.unique(np.concatenate([better, worse]), return_inverse=True)
    above, below = np.split(place, 2)
    item = np.zeros(len(draft), np.int64)
    item[above] = item[below] = votes.item[kept]
    wins, losses = np.bincount(above, minlength=len(draft)), np.bincount(below, minlength=len(draft))
    ends = np.searchsorted(item, leaving, side="right")  # drafts are numbered item by item
    offsets = pa.array(np.concatenate([[0], ends]), pa.int32())
    values = {"drafts": draft, "ranks": _levels(above, below, len(draft)), "scores": wins / (wins + losses)}
    return {name: pa.ListArray.from_arrays(offsets, pa.array(value)) for name, value in values.items()}


def _levels(above: Ints, below: Ints, drafts: int) -> Ints:
    """One more than the longest chain above each draft; the preferences run in no circle.

    >>> _levels(np.array([0, 0, 1]), np.array([1, 2, 2]), 3).tolist()
    [1, 2, 3]
    """
    level = np.ones(drafts, np.int64)
    while (low := level[below] <= level[above]).any():
        np.maximum.at(level, below[low], level[above[low]] + 1)
    return level


def _unordered(items: pa.Table, votes: PairVotes, decision: PairDecision, leaving: Ints) -> list[Dropped]:
    reason = np.full(len(items), len(REASONS), np.int64)
    np.minimum.at(reason, votes.item, np.where(decision.reason == KEPT, len(REASONS), decision.reason))
    left = np.setdiff1d(votes.item, leaving)
    names = names_of(items, left)
    reasons: list[int] = reason[left].tolist()
    return [Dropped(name, REASONS[why]) for name, why in zip(names, reasons, strict=True)]
