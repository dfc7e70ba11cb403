"""Answers for supervised fine-tuning: for each item the text that a reviewer decided on, else an annotator's.

That is the edit which stands for the others (or each of them, by `Policies.answer`), or without an edit the draft
ranked best. A decision needs no votes: gates on votes do not hold it back, and a row that rests on one has no
agreement, because nobody voted for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from concord.curation.consensus import medoid, winner
from concord.curation.funnel import NOT_ANNOTATED, OTHER_SPLIT, REASONS
from concord.curation.gates import Gates
from concord.curation.preference import (
    BELOW_AGREEMENT,
    EMPTY,
    KEPT,
    REJECTED,
    TOO_FEW,
    Bools,
    PairDecision,
    PairVotes,
    decide_pairs,
)
from concord.export.division import place
from concord.export.item_gates import item_reasons
from concord.export.manifest import Dropped
from concord.export.options import ExportOptions
from concord.export.row_gates import Rows, Side, row_reasons
from concord.export.source import ExportSource, Selection, column, names_of, pair_votes
from concord.records.kinds import Floats, Ints


class _Answers:
    """One place for each row: which edit or draft answers its item, from how many people, how much they agree."""

    def __init__(self, items: int) -> None:
        self.item: Ints = np.arange(items)
        self.edit: Ints = np.full(items, -1)
        self.draft: Ints = np.full(items, -1)
        self.people: Ints = np.zeros(items, np.int64)
        self.agreement: Floats = np.full(items, np.nan)
        self.reason: Ints = np.full(items, NOT_ANNOTATED)
        self.adjudicated: Bools = np.zeros(items, np.bool_)


class _Edits:
    """The edits with text: item, number, key of the text, and the draft that each began from, -1 for none."""

    def __init__(self, table: pa.Table) -> None:
        written = ~column(table, "blank").astype(np.bool_)
        self.item: Ints = column(table, "item")[written].astype(np.int64)
        self.edit: Ints = column(table, "edit")[written].astype(np.int64)
        self.draft: Ints = column(table, "draft")[written].astype(np.int64)
        self.text: npt.NDArray[np.object_] = column(table, "text_key")[written]

    def different(self) -> tuple[Ints, Ints]:
        """The place of the first edit of each different text of an item, and how many people wrote it."""
        text = np.unique(self.text.astype(np.str_), return_inverse=True)[1]
        pairs = np.stack([self.item, text])
        _, first, people = np.unique(pairs, axis=1, return_index=True, return_counts=True)
        order = np.argsort(first)
        return first[order], people[order]


def select_answers(source: ExportSource, options: ExportOptions) -> Selection:
    """Choose answers for each item: decisions count before edits, and edits, which people wrote, before rankings."""
    items = source.items()
    votes, edits = pair_votes(source.pair_votes()), _Edits(source.edits())
    answers = _Answers(len(items))
    _take_winners(answers, votes, Gates(options.min_votes, options.min_agreement))
    _take_edits(answers, source, edits, _net_wins(votes, edits, options), options)
    _take_decisions(answers, source)
    held = item_reasons(source, items, options.gates)
    answers.reason = np.where(held == KEPT, answers.reason, held)
    if options.policies.answer == "all":
        _take_all_edits(answers, edits)
    kept = np.flatnonzero(answers.reason == KEPT)
    answers.reason[kept] = row_reasons(source, items, _rows(answers, kept), options.gates)
    split = _place(answers, source, items, options)
    leaving = np.flatnonzero(answers.reason == KEPT)
    columns: dict[str, Any] = {
        "item": answers.item[leaving],
        "place": leaving,
        "split": split,
        "edit": _nullable(answers.edit[leaving]),
        "draft": _nullable(answers.draft[leaving]),
        "n_annotators": answers.people[leaving],
        "agreement": pa.array(answers.agreement[leaving], from_pandas=True),
        "adjudicated": answers.adjudicated[leaving],
    }
    left = np.flatnonzero(answers.reason != KEPT)
    names = names_of(items, answers.item[left])
    reasons: list[int] = answers.reason[left].tolist()
    dropped = tuple(Dropped(name, REASONS[reason]) for name, reason in zip(names, reasons, strict=True))
    return Selection(pa.table(columns), len(answers.item), dropped, int(votes.ties.sum()))


def _take_winners(answers: _Answers, votes: PairVotes, gates: Gates) -> None:
    decision = decide_pairs(votes, gates)
    winners = winner(votes, decision)
    answers.reason[winners.item] = winners.reason
    answers.draft[winners.item] = winners.draft
    total = votes.first_wins + votes.second_wins + votes.ties + votes.both_bad
    np.maximum.at(answers.people, votes.item, total)
    answers.agreement[winners.item] = _mean_share(votes, decision, total, answers.draft)[winners.item]


def _mean_share(votes: PairVotes, decision: PairDecision, total: Ints, best: Ints) -> Floats:
    """For each item, the share of votes that its best draft won, averaged over the drafts that it beat."""
    better = np.where(decision.first_chosen, votes.first, votes.second)
    won = (decision.reason == KEPT) & (better == best[votes.item])
    share = np.maximum(votes.first_wins, votes.second_wins)[won] / np.maximum(total[won], 1)
    number = np.bincount(votes.item[won], minlength=len(best))
    with np.errstate(invalid="ignore"):
        return np.bincount(votes.item[won], share, minlength=len(best)) / number


def _net_wins(votes: PairVotes, edits: _Edits, options: ExportOptions) -> Ints:
    """For each edit the comparisons that its draft won, less those it lost; 0 where the policy does not ask."""
    if options.policies.answer != "best-ranked":
        return np.zeros(len(edits.item), np.int64)
    drafts = int(np.concatenate([votes.first, votes.second, edits.draft]).max(initial=-1)) + 1
    net = np.zeros(drafts + 1, np.int64)
    np.add.at(net, votes.first, votes.first_wins - votes.second_wins)
    np.add.at(net, votes.second, votes.second_wins - votes.first_wins)
    net[-1] = net.min()  # an edit of no draft, which nobody compared, does not win over one that somebody did
    return net[edits.draft]


def _take_edits(answers: _Answers, source: ExportSource, edits: _Edits, net_wins: Ints, options: ExportOptions) -> None:
    edited, first, people = np.unique(edits.item, return_index=True, return_counts=True)
    answers.edit[edited], answers.draft[edited] = edits.edit[first], -1
    answers.people[edited] = people
    answers.agreement[edited] = np.where(people > 1, 1.0, np.nan)
    several = edited[np.bincount(edits.item[edits.different()[0]], minlength=len(answers.edit))[edited] > 1]
    _take_medoids(answers, source, several, dict(zip(edits.edit.tolist(), net_wins.tolist(), strict=True)))
    # One person alone has no agreement (NaN), which passes only where none is asked for.
    below = np.less(np.nan_to_num(answers.agreement[edited]), options.min_agreement)
    answers.reason[edited] = np.select([people < options.min_votes, below], [TOO_FEW, BELOW_AGREEMENT], KEPT)


def _take_medoids(answers: _Answers, source: ExportSource, items: Ints, net_wins: dict[int, int]) -> None:
    """Of several texts the one most like the others, among those whose drafts won most."""
    texts: dict[int, list[tuple[int, str]]] = {}
    for item, edit, text in source.edit_texts(items.tolist()) if len(items) else ():
        if edit in net_wins:
            texts.setdefault(item, []).append((edit, text))
    for item, found in texts.items():
        best = medoid([text for _, text in found], _most(found, net_wins))
        answers.edit[item], answers.agreement[item] = found[best.index][0], best.similarity


def _most(edits: Sequence[tuple[int, str]], net_wins: dict[int, int]) -> list[int]:
    """The places of the edits with the most net wins."""
    most = max(net_wins[edit] for edit, _ in edits)
    return [number for number, (edit, _) in enumerate(edits) if net_wins[edit] == most]


def _take_decisions(answers: _Answers, source: ExportSource) -> None:
    table = source.decisions()
    item = column(table, "item")
    rejected, blank = (column(table, name).astype(np.bool_) for name in ("rejected", "blank"))
    answers.edit[item] = answers.draft[item] = -1
    answers.agreement[item] = np.nan
    answers.reason[item] = np.select([rejected, blank], [REJECTED, EMPTY], KEPT)
    answers.adjudicated[item] = answers.reason[item] == KEPT


def _take_all_edits(answers: _Answers, edits: _Edits) -> None:
    """Every different edit of an item that an edit answers is a row of its own."""
    first, people = edits.different()
    answered = (answers.edit >= 0) & (answers.reason == KEPT)
    mine = answered[edits.item[first]]
    first, people = first[mine], people[mine]
    single = np.flatnonzero(~answered)
    row = np.concatenate([single, edits.item[first]])
    order = np.argsort(row, kind="stable")
    for name in ("item", "draft", "agreement", "reason", "adjudicated"):
        setattr(answers, name, getattr(answers, name)[row][order])
    answers.edit = np.concatenate([answers.edit[single], edits.edit[first]])[order]
    answers.people = np.concatenate([answers.people[single], people])[order]


def _rows(answers: _Answers, kept: Ints) -> Rows:
    edit, draft, item = answers.edit[kept], answers.draft[kept], answers.item[kept]
    return Rows(item, (Side(draft, edit, np.where(answers.adjudicated[kept], item, -1)),))


def _place(answers: _Answers, source: ExportSource, items: pa.Table, options: ExportOptions) -> Any:
    """The split of each row that is kept at last."""
    kept = np.flatnonzero(answers.reason == KEPT)
    division = place(source, items, answers.item[kept], options)
    answers.reason[kept[division.apart]] = OTHER_SPLIT
    return division.split[~division.apart]


def _nullable(numbers: Ints) -> Any:
    return pa.array(numbers, mask=numbers < 0)
