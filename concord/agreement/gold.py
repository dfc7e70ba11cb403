"""Annotators against known answers: how often they hit them, and how near they come.

The interval of a share is Wilson's (1927), "Probable inference, the law of succession, and statistical inference": it
stays within 0 and 1, and says something even of one answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import isnan, nan, sqrt
from statistics import fmean
from typing import Any, NamedTuple, get_args
from uuid import UUID

import numpy as np

from concord.agreement.similarity import chrf
from concord.agreement.statistic import Interval
from concord.records.annotation import Comparison, Edit, FactualChecks, Judgement, Labels, Ranking, Ratings
from concord.records.gold import Given, Purpose, Workload

_Z = 1.959963984540054  # of a 95 % interval


class Against(NamedTuple):
    """One annotator's answers against the known ones.

    Attributes:
        hits: how many choices were the known ones. A ranking is one choice: what was put first has to be among what is
            known to be best. Labels and ratings are one choice a question, factual checks one a draft. An edit is none.
        choices: out of how many.
        share: hits / choices with Wilson's interval; NaN without choices.
        tau_b: the mean of Kendall's tau-b between rankings given and known, from -1 to 1; NaN where no ranking has one.
        chrf: the mean likeness of edits to the known texts, from 0 to 1; NaN without edits.
    """

    hits: int
    choices: int
    share: float
    interval: Interval
    tau_b: float
    rankings: int
    chrf: float
    edits: int


def against(answers: Sequence[Given]) -> Against:
    """How the answers of one annotator stand beside the known ones.

    >>> against([]).choices
    0
    """
    choices = [hit for one in answers for hit in hits(one.known, one.given)]
    taus = [tau_b(one.known, one.given) for one in answers if isinstance(one.known, Ranking)]
    defined = [tau for tau in taus if not isnan(tau)]
    texts = [
        (one.known.text, one.given.text)
        for one in answers
        if isinstance(one.known, Edit) and isinstance(one.given, Edit)
    ]
    return Against(
        sum(choices),
        len(choices),
        sum(choices) / len(choices) if choices else nan,
        wilson(sum(choices), len(choices)),
        fmean(defined) if defined else nan,
        len(defined),
        float(chrf(texts).mean()) if texts else nan,
        len(texts),
    )


def hits(known: Judgement, given: Judgement) -> list[bool]:
    """For each choice that the known answer makes, whether the given one makes it too."""
    match known, given:
        case Ranking(best), Ranking(tiers):
            return [set(tiers[0]) <= set(best[0]) if tiers and best else not (tiers or best)]
        case Comparison(), Comparison():
            return [known.value == given.value]
        case Labels(), Labels():
            return [given.values.get(question) == value for question, value in known.values.items()]
        case FactualChecks(), FactualChecks():
            return [given.values.get(draft) == value for draft, value in known.values.items()]
        case Ratings(), Ratings():
            return [given.values.get(question) == value for question, value in known.values.items()]
        case _:
            return []


def tau_b(known: Judgement, given: Judgement) -> float:
    """Kendall's tau-b between two rankings, over the drafts that both rank; NaN when either ties all of them."""
    one, other = _places(known), _places(given)
    drafts = sorted(one.keys() & other.keys())
    signs = [np.sign(np.subtract.outer(a, a)) for a in (np.array([r[d] for d in drafts]) for r in (one, other))]
    x, y = signs
    most = sqrt(float((x * x).sum() * (y * y).sum()))
    return float((x * y).sum()) / most if most else nan


def wilson(hits: int, choices: int) -> Interval:
    """The 95 % interval of a share.

    >>> [round(end, 3) for end in wilson(8, 10)[:2]], wilson(0, 0).note
    ([0.49, 0.943], 'nothing was answered yet')
    """
    if not choices:
        return Interval(note="nothing was answered yet")
    share, z2 = hits / choices, _Z**2
    middle = (share + z2 / (2 * choices)) / (1 + z2 / choices)
    half = _Z / (1 + z2 / choices) * sqrt(share * (1 - share) / choices + z2 / (4 * choices**2))
    return Interval(max(middle - half, 0.0), min(middle + half, 1.0))


def by_annotator(answers: Sequence[Given]) -> dict[str, Against]:
    """How each annotator stands beside the known answers that they were not told of, by name."""
    people = sorted({one.annotator for one in answers if one.purpose == "gold"})
    return {who: _of(answers, who, "gold") for who in people}


def annotator_results(workloads: Iterable[Workload], answers: Sequence[Given]) -> list[dict[str, Any]]:
    """What each annotator did, and how near they came to known answers, as plain JSON; undefined is null.

    Training and gold stand apart: in training people are told what is known.
    """
    return [
        {
            **one._asdict(),
            **{purpose: against_json(_of(answers, one.annotator, purpose)) for purpose in get_args(Purpose)},
        }
        for one in workloads
    ]


def _of(answers: Sequence[Given], annotator: str, purpose: str) -> Against:
    return against([one for one in answers if (one.annotator, one.purpose) == (annotator, purpose)])


def against_json(found: Against) -> dict[str, Any]:
    """The same as plain JSON; undefined is null."""
    values = {**found._asdict(), "low": found.interval.low, "high": found.interval.high, "note": found.interval.note}
    del values["interval"]
    return {name: None if isinstance(value, float) and isnan(value) else value for name, value in values.items()}


def _places(judgement: Judgement) -> dict[UUID, int]:
    tiers = judgement.tiers if isinstance(judgement, Ranking) else ()
    return {draft: tier for tier, drafts in enumerate(tiers) for draft in drafts}
