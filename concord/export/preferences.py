"""Preference pairs: strict preferences between the texts of an item, and why the other pairs stay behind.

A draft that a reviewer picked is chosen over every other draft that was there when it was picked; between the others
the votes stay. Such a row has no agreement: nobody voted for it. A decision for a text of the reviewer's own says
nothing about the drafts. An edit may be chosen over the draft that it began from (`Policies.edit_pairs`): it rests on
those who wrote it so, and has no agreement either.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from concord.curation.funnel import NOT_COMPARED, NOT_OF_POLICY, OTHER_SPLIT, OVER_CAP, REASONS
from concord.curation.gates import Gates
from concord.curation.policies import Policies, of_policy, within_cap
from concord.curation.preference import (
    EMPTY,
    EQUAL,
    KEPT,
    TOO_FEW,
    Bools,
    PairDecision,
    PairVotes,
    Reasons,
    decide_pairs,
)
from concord.export.division import place
from concord.export.edit_pairs import EditPairs, edit_pairs, length_note
from concord.export.item_gates import item_reasons
from concord.export.manifest import Dropped
from concord.export.options import ExportOptions
from concord.export.row_gates import Rows, Side, of_drafts, row_reasons
from concord.export.source import ExportSource, Selection, column, names_of, pair_votes
from concord.records.kinds import Floats, Ints


@dataclass(frozen=True)
class _Pairs:
    """All pairs of texts that could become rows: first those of drafts, then those of edits over drafts.

    `chosen` is a draft, or where `edit` is 0 or more, that edit, which has a number of its own among the drafts here.
    """

    item: Ints
    chosen: Ints
    rejected: Ints
    edit: Ints
    people: Ints
    agreement: Floats
    adjudicated: Bools
    reason: Reasons


def select_pairs(source: ExportSource, options: ExportOptions) -> Selection:
    """Choose the pairs; an item none of whose drafts were compared enters as a whole, and is dropped."""
    items, votes = source.items(), pair_votes(source.pair_votes())
    held = item_reasons(source, items, options.gates)
    edits = edit_pairs(source, options)
    pairs = _pairs(votes, edits, options, held)
    _hold_by_text(pairs, source, items, options)
    _hold_by_policy(pairs, column(items, "prompt").view(np.int64), options.policies)
    split = _place(pairs, source, items, options)
    kept = np.flatnonzero(pairs.reason == KEPT)
    uncompared = dropped_items(items, pairs.item, held)
    dropped = (
        *_dropped_pairs(source, pairs.reason[: len(votes.item)]),
        *_dropped_edits(pairs, edits, items),
        *uncompared,
    )
    entered = len(pairs.item) + len(uncompared)
    notes = length_note(source, pairs.edit[kept], pairs.rejected[kept])
    return Selection(_chosen(pairs, kept, split, options), entered, dropped, int(votes.ties.sum()), notes)


def dropped_items(items: pa.Table, compared: Ints, held: Reasons, missing: int = NOT_COMPARED) -> list[Dropped]:
    """Items of which no two texts were compared, or nothing else was done that rows need, each with its reason.

    Args:
        items: all of them.
        compared: numbers of the items that are in a pair.
        held: why each item is held back, see `export.item_gates`.
        missing: what was not done.
    """
    left = np.setdiff1d(column(items, "item").astype(np.int64), compared)
    reasons: list[int] = np.where(held[left] == KEPT, missing, held[left]).tolist()
    return [Dropped(name, REASONS[reason]) for name, reason in zip(names_of(items, left), reasons, strict=True)]


def decided_pairs(votes: PairVotes, held: Reasons, options: ExportOptions) -> PairDecision:
    """What the votes say of each pair of drafts, where no gate holds its item back."""
    decision = decide_pairs(votes, Gates(options.min_votes, options.min_agreement))
    return PairDecision(decision.first_chosen, np.where(held[votes.item] == KEPT, decision.reason, held[votes.item]))


def _pairs(votes: PairVotes, edits: EditPairs, options: ExportOptions, held: Reasons) -> _Pairs:
    decision = decided_pairs(votes, held, options)
    adjudicated = votes.first_picked | votes.second_picked
    total = votes.first_wins + votes.second_wins + votes.ties + votes.both_bad
    share = np.where(adjudicated, np.nan, np.maximum(votes.first_wins, votes.second_wins) / np.maximum(total, 1))
    first, second = votes.first, votes.second
    number, none = len(edits.item), np.full(len(votes.item), -1)
    drafts = int(np.concatenate([first, second, edits.draft]).max(initial=-1)) + 1
    few = np.where(edits.people < options.min_votes, TOO_FEW, KEPT)
    unlike = np.select([few == TOO_FEW, edits.blank, edits.same], [TOO_FEW, EMPTY, EQUAL], KEPT).astype(np.uint8)
    reason = np.concatenate([decision.reason, unlike])
    item = np.concatenate([votes.item, edits.item])
    return _Pairs(
        item=item,
        chosen=np.concatenate([np.where(decision.first_chosen, first, second), edits.edit + drafts]),
        rejected=np.concatenate([np.where(decision.first_chosen, second, first), edits.draft]),
        edit=np.concatenate([none, edits.edit]),
        people=np.concatenate([total, edits.people]),
        agreement=np.concatenate([share, np.full(number, np.nan)]),
        adjudicated=np.concatenate([adjudicated, np.zeros(number, dtype=np.bool_)]),
        reason=np.where(held[item] == KEPT, reason, held[item]),
    )


def _hold_by_text(pairs: _Pairs, source: ExportSource, items: pa.Table, options: ExportOptions) -> None:
    kept = np.flatnonzero(pairs.reason == KEPT)
    edit = pairs.edit[kept]
    chosen = Side(np.where(edit < 0, pairs.chosen[kept], -1), edit, np.full(len(kept), -1))
    rows = Rows(pairs.item[kept], (chosen, of_drafts(pairs.rejected[kept])))
    pairs.reason[kept] = row_reasons(source, items, rows, options.gates)


def _hold_by_policy(pairs: _Pairs, prompt: Ints, policies: Policies) -> None:
    kept = np.flatnonzero(pairs.reason == KEPT)
    if policies.pairs not in ("all", "one"):
        taken = of_policy(pairs.chosen[kept], pairs.rejected[kept], policies.pairs)
        pairs.reason[kept[~taken]] = NOT_OF_POLICY
        kept = kept[taken]
    if cap := 1 if policies.pairs == "one" else policies.max_pairs:
        agreement = np.nan_to_num(pairs.agreement[kept], nan=1.0)
        taken = within_cap(prompt[pairs.item[kept]], pairs.chosen[kept], pairs.rejected[kept], agreement, cap)
        pairs.reason[kept[~taken]] = OVER_CAP


def _place(pairs: _Pairs, source: ExportSource, items: pa.Table, options: ExportOptions) -> Any:
    """The split of each pair that is kept at last."""
    kept = np.flatnonzero(pairs.reason == KEPT)
    division = place(source, items, pairs.item[kept], options)
    pairs.reason[kept[division.apart]] = OTHER_SPLIT
    return division.split[~division.apart]


def _chosen(pairs: _Pairs, kept: Ints, split: Any, options: ExportOptions) -> pa.Table:
    edit, item, agreement = pairs.edit[kept], pairs.item[kept], pairs.agreement[kept]
    columns: dict[str, Any] = {
        "pair": kept,
        "item": item,
        "chosen": pa.array(pairs.chosen[kept], mask=edit >= 0),
        "edit": pa.array(edit, mask=edit < 0),
        "rejected": pairs.rejected[kept],
        "split": split,
        "n_annotators": pairs.people[kept],
        "agreement": pa.array(agreement, from_pandas=True),
        "pair_weight": _weights(item, agreement, options.policies),
        "adjudicated": pairs.adjudicated[kept],
    }
    return pa.table(columns)


def _weights(item: Ints, agreement: Floats, policies: Policies) -> Floats:
    match policies.weights:
        case "item":
            return 1 / np.bincount(item)[item] if len(item) else np.zeros(0)
        case "agreement":
            return np.nan_to_num(agreement, nan=1.0)
        case "equal":
            return np.ones(len(item))


def _dropped_pairs(source: ExportSource, reason: Reasons) -> list[Dropped]:
    pairs = np.flatnonzero(reason != KEPT)
    if not len(pairs):
        return []
    return [
        Dropped(item, REASONS[reason[pair]], (first, second))
        for pair, item, first, second in source.draft_names(pairs.tolist())
    ]


def _dropped_edits(pairs: _Pairs, edits: EditPairs, items: pa.Table) -> list[Dropped]:
    """The edits that are not chosen over their draft."""
    reasons: list[int] = pairs.reason[len(pairs.item) - len(edits.item) :].tolist()
    out = [one for one, reason in enumerate(reasons) if reason != KEPT]
    return [
        Dropped(name, REASONS[reasons[one]], (edits.names[one], "edit"))
        for one, name in zip(out, names_of(items, edits.item[out]), strict=True)
    ]
