"""A language model as judge against people: apart from the agreement between people, published figures beside it.

S1 counts ties as a value, and a judge that contradicts itself as a tie; S2 leaves out every tie (Zheng et al. 2023,
arXiv:2306.05685, section 4.2). Only figures of the same definition stand beside them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from concord.agreement.groups import numbered
from concord.agreement.shares import Scores, means_by_group
from concord.agreement.statistic import Extent, Interval, Statistic, Statistics, statistic
from concord.agreement.units import units_of
from concord.records.kinds import Floats, Ints
from concord.records.report import Verdicts

PUBLISHED = (
    "MT-bench, first turn, S1: human and human 63 % (721 votes), GPT-4 and human 66 % (1,343)",
    "MT-bench, first turn, S2: human and human 81 % (479 votes), GPT-4 and human 85 % (859)",
)
"""arXiv:2306.05685v4, table 5: two random judges of a random question, votes pooled."""


@dataclass(frozen=True)
class Judge:
    """One judging model against the people who set the same two drafts side by side.

    Attributes:
        with_ties: S1, the share of people's judgements that are the judge's, where a tie is a value.
        without_ties: S2, the same where neither tied.
        people: S2 of each annotator, by name.
        flipped: the share of the judge's pairs on which it changed its mind when the drafts changed places.
    """

    model: str
    with_ties: Statistic
    without_ties: Statistic
    people: Statistics
    flipped: float


def judges(verdicts: Verdicts, *, seed: int) -> list[Judge]:
    """Each judging model, by name; those whose pairs nobody judged are left out."""
    found: list[Judge] = []
    for number, model in enumerate(verdicts.models):
        mine = np.flatnonzero(verdicts.model == number)
        if not len(mine):
            continue
        said, judged = verdicts.person[mine], verdicts.judge[mine]
        both = (said != 0) & (judged != 0)
        same = (said == judged).astype(float)
        first, _ = _means(verdicts, mine, same, seed, "S1: ties are a value")
        second, people = _means(verdicts, mine[both], same[both], seed, "S2: ties left out")
        found.append(Judge(model, first, second, people, float(verdicts.flipped[mine].mean())))
    return found


def _means(verdicts: Verdicts, rows: Ints, same: Floats, seed: int, note: str) -> tuple[Statistic, Statistics]:
    if not len(rows):
        return statistic(np.nan, Interval(), Extent(0, 0, 0), notes=["not defined: every pair is tied", note]), {}
    _, item = numbered(verdicts.key[rows])
    annotator = verdicts.annotator[rows]
    lots = np.random.default_rng(0).integers(2**64, size=len(verdicts.annotators), dtype=np.uint64)
    sums = np.zeros(int(item.max()) + 1, dtype=np.uint64)
    np.add.at(sums, item, lots[annotator] * (same.astype(np.uint64) + np.uint64(1)))
    unit = units_of(sums, None, seed=seed)[item]
    means = means_by_group(
        Scores(same, annotator, unit, item, annotator), len(verdicts.annotators), seed=seed, note=note
    )
    named = zip(verdicts.annotators, means.groups, strict=True)
    return means.all, {name: one for name, one in named if one.annotations}
