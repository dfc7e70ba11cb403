"""Which statistics suit which kind of judgement, the headline first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import NamedTuple

from concord.agreement.coefficients import (
    alpha_interval,
    alpha_nominal,
    alpha_ordinal,
    brennan_prediger,
    fleiss,
    gwet_ac1,
    gwet_ac2,
    percent,
    percent_pooled,
    percent_within,
)
from concord.agreement.cohen import cohen_kappa
from concord.agreement.conger import MOST_ANNOTATORS, conger_kappa
from concord.agreement.estimate import Coefficient, estimate, mean_of_questions
from concord.agreement.icc import iccs
from concord.agreement.label_sets import one_question_a_label
from concord.agreement.leave_one_out import leave_one_out
from concord.agreement.likenesses import Likenesses, agreement_with_others, of_each_pair
from concord.agreement.rankings import alpha_of_ranks, kendall_tau_b, kendall_w, share_significant, taus
from concord.agreement.similarity import Measure
from concord.agreement.statistic import Statistic, Statistics, counted, with_note
from concord.agreement.text_alpha import alpha_of_texts
from concord.agreement.texts import draft_similarity, edit_similarity, likenesses, share_unchanged
from concord.agreement.votes import numbers_of, prevalence, recoded
from concord.records.kinds import Arm, Kind
from concord.records.report import EditedText, Placements, Votes

MOST_STEPS = 20
"""A rating with more different values is a measure: its values are compared as numbers, not as steps of a scale."""

_CANNOT_TELL = ("cannot tell", "cannot_tell", "can't tell")
_NOMINAL = Coefficient(alpha_nominal, level="nominal")
_S1 = Coefficient(percent_pooled, note="S1: ties and 'both bad' are one value; pairs of votes are pooled")
_S2 = Coefficient(percent_pooled, note="S2: ties and 'both bad' are dropped; pairs of votes are pooled")
_TEXTS: tuple[tuple[str, Measure], ...] = (
    ("similarity", "levenshtein"),
    ("rouge_l", "rouge_l"),
    ("chrf", "chrf"),
    ("bleu", "bleu"),
)


@dataclass(frozen=True)
class Group:
    """The agreement on one question in one arm.

    Attributes:
        question: the rubric's question or the label's name; `preference`, `ranking`, `edit` or `factual check` for
            those judgements. A factual check is of a draft: its drafts are what is counted as items.
        statistics: by name, the headline first.
        prevalence: the share of the answers that each value has; empty for rankings and edits.
        people: how far each annotator agrees with the others, by name.
        likenesses: how alike each two judgements of an item are; None where equal values say it.
    """

    question: str
    arm: Arm
    kind: Kind
    statistics: Statistics
    prevalence: dict[str, float] = field(default_factory=dict[str, float])
    people: Statistics = field(default_factory=dict[str, Statistic])
    likenesses: Likenesses | None = None


class Asked(NamedTuple):
    """A group, and the votes that it is of; None where it is the mean over the labels of sets."""

    votes: Votes | None
    group: Group


def of_votes(votes: Votes, seed: int) -> list[Asked]:
    """The groups of canonical votes: one, and one more for each label where answers are sets of labels.

    Raises:
        InputError: an answer to a rating is no number.
    """
    labels = one_question_a_label(votes) if votes.kind == "label" else []
    asked = [Asked(one, _of_question(one, seed)) for one in labels or [votes]]
    return [Asked(None, _of_sets(votes, labels, seed)), *asked] if labels else asked


def of_rankings(placements: Placements, seed: int) -> Group:
    """The group of one arm's rankings."""
    likenesses = taus(placements)
    pairs = of_each_pair(likenesses, seed=seed)
    statistics = {
        "kendall_tau_b": replace(kendall_tau_b(placements, seed=seed), pairs=pairs),
        "kendall_w": kendall_w(placements, seed=seed),
        "share_significant": share_significant(placements, seed=seed),
    }
    if alpha := alpha_of_ranks(placements, seed=seed):
        statistics["krippendorff_alpha"] = alpha
    people = agreement_with_others(likenesses, seed=seed)
    return Group("ranking", placements.arm, "ranking", statistics, people=people, likenesses=likenesses)


def of_edits(edits: Sequence[EditedText], arm: Arm, seed: int) -> Group:
    """The group of one arm's edits: every likeness of two edits with its baseline, that of edit and draft."""
    statistics: Statistics = {}
    for name, measure in _TEXTS:
        statistics[f"edit_{name}"] = edit_similarity(edits, seed=seed, measure=measure)
        statistics[f"draft_{name}"] = draft_similarity(edits, seed=seed, measure=measure)
    alike = likenesses(edits, seed=seed)
    headline = statistics["edit_similarity"]
    statistics["edit_similarity"] = replace(headline, pairs=of_each_pair(alike, seed=seed))
    statistics["share_unchanged"] = share_unchanged(edits, seed=seed)
    statistics["krippendorff_alpha"] = with_note(alpha_of_texts(edits, seed=seed), "distance: 1 - edit similarity")
    return Group("edit", arm, "edit", statistics, people=agreement_with_others(alike, seed=seed), likenesses=alike)


def _of_question(votes: Votes, seed: int) -> Group:
    match votes.kind:
        case "rating":
            statistics = _of_ratings(votes, seed)
        case "comparison":
            statistics = _of_comparisons(votes, seed)
        case _:
            statistics = _of_labels(votes, seed)
    others = leave_one_out(votes, seed=seed)
    statistics = _with_paradox(statistics) | {"leave_one_out": others.all}
    return Group(votes.question, votes.arm, votes.kind, statistics, prevalence(votes), others.annotators)


def _of_sets(votes: Votes, labels: Sequence[Votes], seed: int) -> Group:
    """The means over labels; agreement on each is in a group of its own."""
    coefficients = {
        "krippendorff_alpha": _NOMINAL,
        "percent_agreement": Coefficient(percent),
        "gwet_ac1": Coefficient(gwet_ac1, level="nominal", singles=True),
        "fleiss_kappa": Coefficient(fleiss, level="nominal", singles=True),
    }
    statistics = mean_of_questions(votes, labels, coefficients, seed=seed)
    return Group(votes.question, votes.arm, votes.kind, statistics, prevalence(votes))


def _of_labels(votes: Votes, seed: int) -> Statistics:
    """The statistics of names. The values that occur are taken as the question's schema, so as the q of AC1.

    "Cannot tell" is a value for percent agreement, and a missing answer for what corrects for chance.
    """
    unsure = [value for value in votes.values if value.casefold() in _CANNOT_TELL]
    told = recoded(votes, dict.fromkeys(unsure)) if unsure else votes
    coefficients = {
        "krippendorff_alpha": _NOMINAL,
        "gwet_ac1": Coefficient(gwet_ac1, level="nominal", singles=True),
        "fleiss_kappa": Coefficient(fleiss, level="nominal", singles=True),
        "brennan_prediger": Coefficient(brennan_prediger, level="nominal"),
    }
    found = estimate(told, coefficients, seed=seed)
    if len(votes.annotators) == 2:
        found["scott_pi"] = found["fleiss_kappa"]
    found["cohen_kappa"] = cohen_kappa(told, seed=seed)
    if len(votes.annotators) <= MOST_ANNOTATORS and len(votes.values) <= MOST_STEPS:
        found["conger_kappa"] = conger_kappa(told, seed=seed)
    if missing := len(votes.item) - len(told.item):
        note = f"{counted(missing, 'answer')} {unsure[0].replace('_', ' ')!r} taken as missing"
        found = {name: with_note(one, note) for name, one in found.items()}
    agreed = estimate(votes, {"percent_agreement": Coefficient(percent)}, seed=seed)
    return {"krippendorff_alpha": found.pop("krippendorff_alpha")} | agreed | found


def _of_ratings(votes: Votes, seed: int) -> Statistics:
    """The statistics of numbers. The values that occur are taken as the question's schema, so as the q of AC2."""
    interval = Coefficient(partial(alpha_interval, numbers=numbers_of(votes)), level="interval", by_category=False)
    of_blocks = {f"icc_{form}": one for form, one in iccs(votes, seed=seed).items()}
    agreed = {"percent_agreement": Coefficient(percent, by_category=False)}
    if len(votes.values) > MOST_STEPS:
        return estimate(votes, {"krippendorff_alpha_interval": interval} | agreed, seed=seed) | of_blocks
    ac2 = partial(gwet_ac2, numbers=numbers_of(votes))
    coefficients = {
        "krippendorff_alpha": Coefficient(alpha_ordinal, level="ordinal"),
        "krippendorff_alpha_interval": interval,
        "gwet_ac2": Coefficient(ac2, level="ordinal", singles=True, note="quadratic weights"),
        **agreed,
        "percent_within_one_step": Coefficient(percent_within, note="answers one step apart count as equal"),
    }
    weighted = {
        "cohen_kappa_quadratic": cohen_kappa(votes, seed=seed, distance="quadratic"),
        "cohen_kappa_linear": replace(cohen_kappa(votes, seed=seed, distance="linear"), pairs=()),
    }
    return estimate(votes, coefficients, seed=seed) | weighted | of_blocks


def _of_comparisons(votes: Votes, seed: int) -> Statistics:
    """The statistics of first, second, tie and both_bad, which are four values for alpha and kappa."""
    tied = recoded(votes, {"both_bad": "tie"})
    untied = recoded(votes, {"both_bad": None, "tie": None})
    return (
        estimate(tied, {"percent_agreement": _S1}, seed=seed)
        | estimate(untied, {"percent_agreement_without_ties": _S2}, seed=seed)
        | estimate(votes, {"krippendorff_alpha": _NOMINAL}, seed=seed)
        | {"cohen_kappa": cohen_kappa(votes, seed=seed)}
    )


def _with_paradox(statistics: Statistics) -> Statistics:
    """The statistics, with a word where high agreement goes with a low alpha (Feinstein & Cicchetti 1990)."""
    alpha, agreed = statistics.get("krippendorff_alpha"), statistics["percent_agreement"].value
    if alpha is None or not (agreed > 0.8 and alpha.value < 0.4):
        return statistics
    word = "low although most answers agree, as happens when one value prevails: see the prevalence"
    return statistics | {"krippendorff_alpha": replace(alpha, note=f"{word}; {alpha.note}" if alpha.note else word)}
