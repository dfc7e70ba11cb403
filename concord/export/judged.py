"""What the votes say of the drafts of every item, with the gates for items and texts; no policy chooses pairs here."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from concord.curation.funnel import NOT_COMPARED, REASONS
from concord.curation.gates import Gates
from concord.curation.preference import BOTH_BAD, KEPT, PairDecision, PairVotes, Reasons, decide_pairs
from concord.export.item_gates import item_reasons
from concord.export.manifest import Dropped
from concord.export.options import ExportOptions
from concord.export.row_gates import Rows, of_drafts, row_reasons
from concord.export.source import ExportSource, column, pair_votes
from concord.records.kinds import Ints


@dataclass(frozen=True)
class Judged:
    """The pairs of drafts that somebody compared.

    Attributes:
        items: the source's table of items.
        decision: what becomes of each pair; reasons are indices into `curation.funnel.REASONS`.
        apart: the items none of whose drafts were compared, each with its reason.
    """

    items: pa.Table
    votes: PairVotes
    decision: PairDecision
    apart: tuple[Dropped, ...]


def judged(source: ExportSource, options: ExportOptions) -> Judged:
    """The pairs of an export with what holds each back; a text that no gate lets through takes its pairs along."""
    items, votes = source.items(), pair_votes(source.pair_votes())
    held = item_reasons(source, items, options.gates)
    decision = decide_pairs(votes, Gates(options.min_votes, options.min_agreement))
    reason = np.where(held[votes.item] == KEPT, decision.reason, held[votes.item])
    telling = np.flatnonzero(np.isin(reason, (KEPT, BOTH_BAD)))
    rows = Rows(votes.item[telling], (of_drafts(votes.first[telling]), of_drafts(votes.second[telling])))
    by_text = row_reasons(source, items, rows, options.gates)
    reason[telling[by_text != KEPT]] = by_text[by_text != KEPT]
    return Judged(items, votes, PairDecision(decision.first_chosen, reason), _apart(items, votes, held))


def people(votes: PairVotes) -> Ints:
    """How many judged each pair."""
    return votes.first_wins + votes.second_wins + votes.ties + votes.both_bad


def _apart(items: pa.Table, votes: PairVotes, held: Reasons) -> tuple[Dropped, ...]:
    alone: Ints = np.setdiff1d(column(items, "item"), votes.item)
    reasons: list[int] = np.where(held[alone] == KEPT, NOT_COMPARED, held[alone]).tolist()
    names: list[str] = column(items, "name")[alone].tolist()
    return tuple(Dropped(name, REASONS[reason]) for name, reason in zip(names, reasons, strict=True))
