"""What the arms tell: what drafts do to agreement, who saw the planted faults, who judges alike at second sight."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import isnan, nan, sqrt
from typing import NamedTuple, Protocol
from uuid import UUID

from concord.agreement.evidence import Evidence, evidence_of_rows
from concord.agreement.means import difference_of_means
from concord.agreement.similarity import levenshtein
from concord.agreement.statistic import Statistic
from concord.agreement.texts import extent_of, similarities
from concord.records.desk import ArmCount
from concord.records.kinds import Json
from concord.records.report import EditedText
from concord.records.watch import AnsweredTwice, CanaryEdit, CanaryRanking, EditedTwice, RankedTwice


class ArmStore(Protocol):
    """What is needed of the store."""

    def arm_counts(self, project_id: UUID) -> list[ArmCount]: ...
    def canary_rankings(self, project_id: UUID) -> list[CanaryRanking]: ...
    def canary_edits(self, project_id: UUID) -> list[CanaryEdit]: ...
    def ranked_twice(self, project_id: UUID) -> list[RankedTwice]: ...
    def edited_twice(self, project_id: UUID) -> list[EditedTwice]: ...
    def answered_twice(self, project_id: UUID) -> list[AnsweredTwice]: ...


class Watch(NamedTuple):
    """How many planted faults an annotator met, and how many they saw.

    A fault was seen when the sound draft was ranked above its faulty copy; or when it is not in the edit any more.
    """

    annotator: str
    met: int
    seen: int


class Constancy(NamedTuple):
    """How many pairs of drafts an annotator ranked twice, and how many in the same order both times."""

    annotator: str
    pairs: int
    same: int


def watches(store: ArmStore, project_id: UUID) -> list[Watch]:
    """Who saw the planted faults, by name."""
    met: dict[str, list[bool]] = {}
    for _, annotator, seen in _faults_met(store, project_id):
        met.setdefault(annotator, []).append(seen)
    return [Watch(annotator, len(seen), sum(seen)) for annotator, seen in sorted(met.items())]


def constancies(store: ArmStore, project_id: UUID) -> list[Constancy]:
    """Who ranks alike at second sight, by name."""
    pairs: dict[str, list[bool]] = {}
    for one in store.ranked_twice(project_id):
        pairs.setdefault(one.annotator, []).append(one.first == one.again)
    return [Constancy(annotator, len(same), sum(same)) for annotator, same in sorted(pairs.items())]


def evidence_of_arms(store: ArmStore, project_id: UUID, edits: Sequence[EditedText], *, seed: int) -> list[Evidence]:
    """What the arms tell of drafts and of care; an arm without a judgement says that there is none yet.

    Args:
        store: where the judgements are.
        project_id: whose.
        edits: of all arms.
        seed: of the resamples.
    """
    ranked = store.ranked_twice(project_id)
    found = [
        _drafted_against_undrafted(edits, seed),
        _canaries(_faults_met(store, project_id), seed),
        _repeated_rankings(ranked, seed),
        _repeated_orders(ranked, seed),
        _repeated_answers(store.answered_twice(project_id), seed),
        _repeated_edits(store.edited_twice(project_id), seed),
    ]
    return [one for one in found if one is not None]


def _drafted_against_undrafted(edits: Sequence[EditedText], seed: int) -> Evidence:
    """How much more alike edits of a draft are than answers from nothing: what of the likeness is the draft's."""
    name = "drafted_minus_undrafted"
    with_draft, without = (
        similarities([edit for edit in edits if edit.arm == arm], seed=seed) for arm in ("drafted", "undrafted")
    )
    if not len(without.values) or not len(with_draft.values):
        which = "written without a draft" if not len(without.values) else "drafted"
        return _nothing(name, f"What drafts do to agreement is not known: no item that is {which} was edited by two.")
    extent = extent_of([*with_draft.items, *without.items])
    one = difference_of_means(with_draft.values, without.values, extent, seed=seed)
    limits = "" if isnan(one.low) else f" (95 % interval of the difference {_signed(one.low)} to {_signed(one.high)})"
    sentence = (
        f"Two people's edits are alike to {with_draft.values.mean():.2f} where they began from a draft, and to "
        f"{without.values.mean():.2f} where they began from nothing: a difference of {_signed(one.value)}{limits}."
    )
    return Evidence(name, sentence, 0.0, one, {})


def _canaries(faults: Sequence[tuple[UUID, str, bool]], seed: int) -> Evidence:
    if not faults:
        return _nothing("canaries_caught", "Planted faults: no item of this arm was judged yet.")
    items, annotators, seen = zip(*faults, strict=True)
    sentence = "{} of the planted faults were ranked below the sound draft, or edited away."
    return evidence_of_rows("canaries_caught", sentence, seen, items, annotators, seed)


def _repeated_rankings(pairs: Sequence[RankedTwice], seed: int) -> Evidence:
    if not pairs:
        return _nothing("repeats_same_order", "Repeats: no item of this arm was ranked twice by one person yet.")
    items, annotators, first, again = zip(*pairs, strict=True)
    same = [one == other for one, other in zip(first, again, strict=True)]
    sentence = "{} of the pairs of drafts that one person ranked twice came in the same order."
    return evidence_of_rows("repeats_same_order", sentence, same, items, annotators, seed)


def _repeated_orders(pairs: Sequence[RankedTwice], seed: int) -> Evidence | None:
    """The mean of tau-b between the two rankings of each item that one person ranked twice; nothing without one."""
    found = _taus(pairs)
    if not found:
        return None
    items, annotators, taus = zip(*found, strict=True)
    made = evidence_of_rows("repeats_tau_b", "", taus, items, annotators, seed)
    one = made.all
    limits = "" if isnan(one.low) else f" (95 % interval {_signed(one.low)} to {_signed(one.high)})"
    sentence = f"One person's two rankings of an item have a mean Kendall's tau-b of {_signed(one.value)}{limits}."
    return replace(made, sentence=sentence)


def _repeated_answers(answers: Sequence[AnsweredTwice], seed: int) -> Evidence | None:
    """The share of choices and ratings that were the same both times; nothing where none was given twice."""
    if not answers:
        return None
    items, annotators, same = zip(*answers, strict=True)
    sentence = "{} of the choices and ratings that one person gave twice were the same both times."
    return evidence_of_rows("repeats_same_answer", sentence, same, items, annotators, seed)


def _repeated_edits(pairs: Sequence[EditedTwice], seed: int) -> Evidence | None:
    """How alike the two edits of one item by one person are; nothing where none was edited twice."""
    if not pairs:
        return None
    items, annotators, first, again = zip(*pairs, strict=True)
    alike = levenshtein(list(zip(first, again, strict=True))).tolist()
    sentence = "The two edits that one person made of one item are alike to {} on average."
    return evidence_of_rows("repeats_edit_similarity", sentence, alike, items, annotators, seed)


def _taus(pairs: Sequence[RankedTwice]) -> list[tuple[UUID, str, float]]:
    """Tau-b between the two rankings of each (item, annotator); none where one of them is all ties."""
    of: dict[tuple[UUID, str], list[RankedTwice]] = {}
    for one in pairs:
        of.setdefault((one.item_id, one.annotator), []).append(one)
    taus: list[tuple[UUID, str, float]] = []
    for (item_id, annotator), twice in of.items():
        untied = sum(one.first != 0 for one in twice) * sum(one.again != 0 for one in twice)
        if untied:
            taus.append((item_id, annotator, sum(one.first * one.again for one in twice) / sqrt(untied)))
    return taus


def _faults_met(store: ArmStore, project_id: UUID) -> list[tuple[UUID, str, bool]]:
    """(item, annotator, whether the fault was seen) of each judgement of a canary."""
    ranked = [(one.item_id, one.annotator, one.seen) for one in store.canary_rankings(project_id)]
    edited = [(one.item_id, one.annotator, _is_mended(one.planted, one.text)) for one in store.canary_edits(project_id)]
    return ranked + edited


def _is_mended(planted: Mapping[str, Json], text: str) -> bool:
    before, after = str(planted["before"]), str(planted["after"])
    if not after:
        return before in text
    # What stood there may hold what was planted ("is not", "is"), or be in it.
    return before in text if after in before else after not in text


def _nothing(name: str, sentence: str) -> Evidence:
    none = Statistic(nan, nan, nan, 0, 0, 0, note="not defined: no item of this arm yet")
    return Evidence(name, sentence, None, none, {})


def _signed(value: float) -> str:
    return f"{value:+.2f}".replace("-", "−")
