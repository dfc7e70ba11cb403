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
from concord.export.judged import Judged, judged, people
from concord.export.manifest import Dropped
from concord.export.options import ExportOptions
from concord.export.source import ExportSource, Selection, column
from concord.records.kinds import Ints


def select_rankings(source: ExportSource, options: ExportOptions) -> Selection:
    """Choose the items that have an order; the others are left out with the reason of their pairs."""
    found = judged(source, options)
    reason = _reasons(found)
    leaving: Ints = np.flatnonzero(reason == KEPT)
    division = divide(source, found.items, leaving, options)
    reason[leaving[division.apart]] = OTHER_SPLIT
    leaving, split = leaving[~division.apart], division.split[~division.apart]
    counted = np.isin(found.votes.item, leaving) & (found.decision.reason == KEPT)
    columns: dict[str, Any] = {
        "item": leaving,
        "split": split,
        **_support(found.votes, counted, leaving),
        **_orders(found.votes, found.decision, counted, leaving),
    }
    names: list[str] = column(found.items, "name").tolist()
    compared: list[int] = np.unique(found.votes.item).tolist()
    said: list[int] = reason.tolist()
    dropped = (Dropped(names[item], REASONS[said[item]]) for item in compared if said[item] != KEPT)
    return Selection(pa.table(columns), len(found.items), (*dropped, *found.apart), int(found.votes.ties.sum()))


def _reasons(found: Judged) -> Ints:
    """Of each item why it stays here, 0 where one of its pairs is kept; for items without pairs one past the last."""
    reason = np.full(len(found.items), len(REASONS))
    np.minimum.at(reason, found.votes.item, found.decision.reason)
    return reason


def _support(votes: PairVotes, counted: Any, leaving: Ints) -> dict[str, Any]:
    """Of each item that leaves how many people its order rests on, and how much they agree."""
    place = np.searchsorted(leaving, votes.item[counted])
    total = people(votes)[counted]
    picked = (votes.first_picked | votes.second_picked)[counted]
    annotators = np.zeros(len(leaving), np.int64)
    np.maximum.at(annotators, place, total)
    share = np.maximum(votes.first_wins, votes.second_wins)[counted] / np.maximum(total, 1)
    voted = np.bincount(place[~picked], minlength=len(leaving))
    with np.errstate(invalid="ignore"):
        agreement = np.bincount(place[~picked], share[~picked], minlength=len(leaving)) / voted
    return {
        "n_annotators": annotators,
        "agreement": pa.array(agreement, from_pandas=True),
        "adjudicated": np.bincount(place[picked], minlength=len(leaving)) > 0,
    }


def _orders(votes: PairVotes, decision: PairDecision, counted: Any, leaving: Ints) -> dict[str, Any]:
    """Of each item that leaves its drafts, their ranks and scores."""
    first, second, chosen = votes.first[counted], votes.second[counted], decision.first_chosen[counted]
    better, worse = np.where(chosen, first, second), np.where(chosen, second, first)
    draft, place = np.unique(np.concatenate([better, worse]), return_inverse=True)
    above, below = np.split(place, 2)
    item = np.zeros(len(draft), np.int64)
    item[above] = item[below] = votes.item[counted]
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
