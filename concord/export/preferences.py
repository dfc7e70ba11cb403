"""Preference pairs: every strict preference between two drafts of an item, and why the other pairs stay behind.

A draft that a reviewer picked is chosen over every other draft that was there when it was picked; between the others
the votes stay. Such a row has no agreement: nobody voted for it. A decision for a text of the reviewer's own says
nothing about the drafts.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from concord.curation.gates import Gates
from concord.curation.preference import KEPT, PAIR_REASONS, REJECTED, Reasons, decide_pairs
from concord.export.manifest import Dropped
from concord.export.options import ExportOptions
from concord.export.source import ExportSource, Selection, column, pair_votes, split_names
from concord.records.kinds import Ints

NOT_COMPARED = "not compared"


def select_pairs(source: ExportSource, options: ExportOptions) -> Selection:
    """Choose the pairs; an item none of whose drafts were compared enters as a whole, and is dropped."""
    items, table = source.items(), source.pair_votes()
    votes = pair_votes(table)
    decision = decide_pairs(votes, Gates(options.min_votes, options.min_agreement))
    kept = np.flatnonzero(decision.reason == KEPT)
    item = votes.item[kept]
    leaving, place, pairs = np.unique(item, return_inverse=True, return_counts=True)
    first_chosen = decision.first_chosen[kept]
    total = (votes.first_wins + votes.second_wins + votes.ties + votes.both_bad)[kept]
    adjudicated = (votes.first_picked | votes.second_picked)[kept]
    share = np.maximum(votes.first_wins, votes.second_wins)[kept] / np.maximum(total, 1)
    columns: dict[str, Any] = {
        "pair": kept,
        "item": item,
        "chosen": np.where(first_chosen, votes.first[kept], votes.second[kept]),
        "rejected": np.where(first_chosen, votes.second[kept], votes.first[kept]),
        "split": split_names(source, items, leaving, options)[place],
        "n_annotators": total,
        "agreement": pa.array(share, mask=adjudicated),
        "pair_weight": 1 / pairs[place],
        "adjudicated": adjudicated,
    }
    uncompared = np.setdiff1d(column(items, "item"), votes.item)
    dropped = (
        *_dropped_pairs(source, decision.reason),
        *dropped_items(source, items, uncompared),
    )
    return Selection(pa.table(columns), len(votes.item) + len(uncompared), dropped, int(votes.ties.sum()))


def dropped_items(source: ExportSource, items: pa.Table, uncompared: Ints) -> list[Dropped]:
    """Items of which no two drafts were compared, each with its reason."""
    decisions = source.decisions()
    rejected = np.isin(uncompared, column(decisions, "item")[column(decisions, "rejected").astype(np.bool_)])
    names: list[str] = column(items, "name")[uncompared].tolist()
    reasons = np.where(rejected, PAIR_REASONS[REJECTED], NOT_COMPARED).tolist()
    return [Dropped(name, reason) for name, reason in zip(names, reasons, strict=True)]


def _dropped_pairs(source: ExportSource, reason: Reasons) -> list[Dropped]:
    pairs = np.flatnonzero(reason != KEPT)
    if not len(pairs):
        return []
    return [
        Dropped(item, PAIR_REASONS[reason[pair]], (first, second))
        for pair, item, first, second in source.draft_names(pairs.tolist())
    ]
