"""Answers for supervised fine-tuning: for each item the text that a reviewer decided on, else an annotator's.

That is the edit which stands for the others, or without an edit the draft ranked best. A decision needs no votes: gates
do not hold it back, and a row that rests on one has no agreement, because nobody voted for it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from concord.curation.consensus import medoid, winner
from concord.curation.gates import Gates
from concord.curation.preference import EMPTY, KEPT, PAIR_REASONS, REJECTED, PairDecision, PairVotes, decide_pairs
from concord.export.manifest import Dropped
from concord.export.options import ExportOptions
from concord.export.source import ExportSource, Selection, column, pair_votes, split_names
from concord.records.kinds import Floats, Ints

REASONS = (*PAIR_REASONS, "not annotated")
_TOO_FEW, _BELOW, _NOT_ANNOTATED = (
    REASONS.index(name) for name in ("too few votes", "below agreement", "not annotated")
)


class _Answers:
    """One place for each item: which edit or draft answers it, from how many people, how much they agree."""

    def __init__(self, items: int) -> None:
        self.edit: Ints = np.full(items, -1)
        self.draft: Ints = np.full(items, -1)
        self.people: Ints = np.zeros(items, np.int64)
        self.agreement: Floats = np.full(items, np.nan)
        self.reason: Ints = np.full(items, _NOT_ANNOTATED)
        self.adjudicated = np.zeros(items, np.bool_)


def select_answers(source: ExportSource, options: ExportOptions) -> Selection:
    """Choose an answer for each item: decisions count before edits, and edits, which people wrote, before rankings."""
    items = source.items()
    votes = pair_votes(source.pair_votes())
    answers = _Answers(len(items))
    _take_winners(answers, votes, Gates(options.min_votes, options.min_agreement))
    _take_edits(answers, source, options)
    _take_decisions(answers, source)
    leaving = np.flatnonzero(answers.reason == KEPT)
    columns: dict[str, Any] = {
        "item": leaving,
        "split": split_names(source, items, leaving, options),
        "edit": _nullable(answers.edit[leaving]),
        "draft": _nullable(answers.draft[leaving]),
        "n_annotators": answers.people[leaving],
        "agreement": pa.array(answers.agreement[leaving], from_pandas=True),
        "adjudicated": answers.adjudicated[leaving],
    }
    left = np.flatnonzero(answers.reason != KEPT)
    names: list[str] = column(items, "name")[left].tolist()
    reasons: list[int] = answers.reason[left].tolist()
    dropped = tuple(Dropped(name, REASONS[reason]) for name, reason in zip(names, reasons, strict=True))
    return Selection(pa.table(columns), len(items), dropped, int(votes.ties.sum()))


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


def _take_edits(answers: _Answers, source: ExportSource, options: ExportOptions) -> None:
    table = source.edits()
    written = ~column(table, "blank").astype(np.bool_)
    edit, item = column(table, "edit")[written], column(table, "item")[written]
    edited, first, people = np.unique(item, return_index=True, return_counts=True)
    answers.edit[edited], answers.draft[edited] = edit[first], -1
    answers.people[edited] = people
    answers.agreement[edited] = np.where(people > 1, 1.0, np.nan)
    for number in _of_several_texts(item, column(table, "text_key")[written]):
        answers.edit[number], answers.agreement[number] = -1, np.nan
    _take_medoids(answers, source, np.flatnonzero((answers.edit < 0) & np.isin(np.arange(len(answers.edit)), edited)))
    # One person alone has no agreement (NaN), which passes only where none is asked for.
    below = np.less(np.nan_to_num(answers.agreement[edited]), options.min_agreement)
    answers.reason[edited] = np.select([people < options.min_votes, below], [_TOO_FEW, _BELOW], KEPT)


def _take_decisions(answers: _Answers, source: ExportSource) -> None:
    table = source.decisions()
    item = column(table, "item")
    rejected, blank = (column(table, name).astype(np.bool_) for name in ("rejected", "blank"))
    answers.edit[item] = answers.draft[item] = -1
    answers.agreement[item] = np.nan
    answers.reason[item] = np.select([rejected, blank], [REJECTED, EMPTY], KEPT)
    answers.adjudicated[item] = answers.reason[item] == KEPT


def _of_several_texts(item: Ints, text_key: npt.NDArray[np.object_]) -> Ints:
    """The items whose edits are not all the same text."""
    distinct = set(zip(item.tolist(), text_key.tolist(), strict=True))
    number = np.bincount([one for one, _ in distinct]) if distinct else np.zeros(0, np.int64)
    return np.flatnonzero(number > 1)


def _take_medoids(answers: _Answers, source: ExportSource, items: Ints) -> None:
    texts: dict[int, list[tuple[int, str]]] = {}
    for item, edit, text in source.edit_texts(items.tolist()) if len(items) else ():
        texts.setdefault(item, []).append((edit, text))
    for item, edits in texts.items():
        best = medoid([text for _, text in edits])
        answers.edit[item], answers.agreement[item] = edits[best.index][0], best.similarity


def _nullable(numbers: Ints) -> Any:
    return pa.array(numbers, mask=numbers < 0)
