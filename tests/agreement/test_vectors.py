"""The known answers of the shared data: published values, and computed ones that two implementations agree on."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest

from concord.agreement.bradley_terry import bradley_terry
from concord.agreement.coefficients import (
    alpha_interval,
    alpha_nominal,
    brennan_prediger,
    fleiss,
    gwet_ac1,
    gwet_ac2,
    percent,
    percent_pooled,
)
from concord.agreement.cohen import cohen_kappa
from concord.agreement.conger import conger_kappa
from concord.agreement.icc import iccs
from concord.agreement.intervals import intervals, resamples
from concord.agreement.leave_one_out import leave_one_out
from concord.agreement.patterns import Patterns, count_patterns, observed
from concord.agreement.rankings import kendall_tau_b, kendall_w
from concord.agreement.text_alpha import alpha_of_texts
from concord.agreement.texts import edit_similarity
from concord.agreement.votes import numbers_of, votes_of
from concord.records.kinds import Floats
from concord.records.report import EditedText, Placements, Votes

Vector = dict[str, Any]

NAMES = [
    "krippendorff2011-C-nominal",
    "krippendorff2011-A-binary",
    "wikipedia-alpha-interval",
    "hayes-krippendorff2007-nominal",
    "freelon2010-R2.02-alpha",
    "freelon2010-R2.02-cohen",
    "freelon2010-R2.05-alpha",
    "freelon2010-R2.10-scott",
    "freelon2010-R3.01-alpha",
    "irr-diagnoses-light",
    "wikipedia-fleiss",
    "randolph-fixed-marginal",
    "gwet-distrib6-alpha",
    "gwet-raw4-percent",
    "gwet-raw4-ac1",
    "gwet-raw4-fleiss",
    "gwet-dist4cat-ac1",
    "gwet-g1g2-krippendorff_alpha",
    "gwet-cont3x3-cohen_kappa-nominal",
    "gwet-cont3x3-gwet_ac2-ordinal",
    "wikipedia-cohen-a",
    "wikipedia-cohen-b",
    "feinstein-cicchetti1990-balanced",
    "artstein-poesio-scott_pi",
    "siegel-castellan1988-W",
    "scipy-doc-taub-ties",
    "levenshtein-kitten",
    "hughes2021-cartilage-interval",
    "mtbench-S1-with-ties-pref12x4",
    "mean-pairwise-taub-siegel-castellan1988",
    "randolph-free-marginal",
    "gwet-bengerry-conger",
    "sas-cohen-linear",
    "irr-anxiety12-quadratic",
    "shrout-fleiss1979-ICC(1,1)",
    "shrout-fleiss1979-ICC(2,1)",
    "shrout-fleiss1979-ICC(3,k)",
    "lin2004-rouge-l-s2",
    "loo-majority-pref12x4",
    "alpha-edit-distance",
]
ELSEWHERE = {"boot-cartilage-interval", "stigler-citations-bt"}
"""Vectors whose expected value is no number."""

NOMINAL = {
    "percent_agreement": percent,
    "pairwise_vote_agreement_pooled": percent_pooled,
    "fleiss_kappa": fleiss,
    "scott_pi": fleiss,
    "gwet_ac1": gwet_ac1,
    "brennan_prediger": brennan_prediger,
}


def votes_in(vector: Vector) -> Votes:
    by_number = vector["level"] != "nominal"
    return votes_of(((who, item, str(x)) for who, item, x in vector["data"]), kind="rating" if by_number else "label")


def formula_of(vector: Vector, votes: Votes) -> Callable[[Patterns, Floats], Floats]:
    match vector["statistic"], vector["level"]:
        case "krippendorff_alpha" | "krippendorff_alpha_boot95", "interval":
            return partial(alpha_interval, numbers=numbers_of(votes))
        case "krippendorff_alpha", _:
            return alpha_nominal
        case "gwet_ac2", _:
            return partial(gwet_ac2, numbers=numbers_of(votes))
        case other, _:
            return NOMINAL[other]


def edits_in(vector: Vector) -> list[EditedText]:
    items = sorted({item for _, item, _ in vector["data"]})
    return [EditedText(items.index(item), who, None, text) for who, item, text in vector["data"]]


def placements_in(vector: Vector) -> Placements:
    annotators, _, _ = (sorted(set(column)) for column in zip(*vector["data"], strict=True))
    drafts = sorted({draft for _, draft, _ in vector["data"]})
    return Placements(
        arm="drafted",
        item=np.zeros(len(vector["data"]), np.int64),
        annotator=np.array([annotators.index(who) for who, _, _ in vector["data"]]),
        draft=np.array([drafts.index(draft) for _, draft, _ in vector["data"]]),
        tier=np.array([rank for _, _, rank in vector["data"]]),
        annotators=tuple(annotators),
    )


def of_texts(vector: Vector) -> float:
    edits = edits_in(vector)
    match vector["statistic"]:
        case "edit_similarity":
            return edit_similarity(edits, seed=0).value
        case "rouge_l":
            return edit_similarity(edits, seed=0, measure="rouge_l").value
        case _:
            return alpha_of_texts(edits, seed=0).value


def value_of(vector: Vector) -> float:
    match vector["statistic"]:
        case "cohen_kappa" | "light_kappa" | "cohen_kappa_weighted":
            return cohen_kappa(votes_in(vector), seed=0, distance=vector["params"].get("weights", "nominal")).value
        case "kendall_tau" | "mean_kendall_tau":
            return kendall_tau_b(placements_in(vector), seed=0).value
        case "kendall_w":
            return kendall_w(placements_in(vector), seed=0).value
        case "edit_similarity" | "rouge_l" | "krippendorff_alpha_distance":
            return of_texts(vector)
        case "conger_kappa":
            return conger_kappa(votes_in(vector), seed=0).value
        case "loo_majority_agreement":
            return leave_one_out(votes_in(vector), seed=0).all.value
        case "icc":
            form = "_".join(re.findall(r"[\dk]", vector["params"]["type"]))
            return iccs(votes_in(vector), seed=0)[form].value
        case _:
            votes = votes_in(vector)
            patterns = count_patterns(votes)
            return float(formula_of(vector, votes)(patterns, observed(patterns))[0])


@pytest.mark.parametrize("name", NAMES)
def test_a_known_answer_is_found(vectors: dict[str, Vector], name: str) -> None:
    vector = vectors[name]
    value = value_of(vector)
    assert value == pytest.approx(vector["expected"], abs=vector["tolerance"])
    assert value == pytest.approx(vector.get("reference_value_full_precision", vector["expected"]), abs=1e-9)


def test_a_known_interval_is_found(vectors: dict[str, Vector]) -> None:
    vector = vectors["boot-cartilage-interval"]
    votes = votes_in(vector)
    patterns, alpha = count_patterns(votes), formula_of(vector, votes)
    many = [alpha(patterns, w) for seed in range(20) for w in resamples(patterns.items, seed=seed, cells=10_000)]
    (found,) = intervals(np.concatenate(many)[:, None])
    assert [found.low, found.high] == pytest.approx(vector["expected"], abs=vector["tolerance"])


def test_known_strengths_are_found(vectors: dict[str, Vector]) -> None:
    vector = vectors["stigler-citations-bt"]
    names = sorted(vector["expected"])
    wins = np.zeros((len(names), len(names)))
    for _, item, winner in vector["data"]:
        [loser] = {*item.partition("#")[0].split("|")} - {winner}
        wins[names.index(winner), names.index(loser)] += 1
    theta = bradley_terry(wins)
    strengths = dict(zip(names, theta - theta[names.index(vector["params"]["reference"])], strict=True))
    assert strengths == pytest.approx(vector["expected"], abs=vector["tolerance"])
    assert strengths == pytest.approx(vector["reference_value_full_precision"], abs=1e-9)


def test_every_known_answer_is_checked(vectors: dict[str, Vector]) -> None:
    assert vectors.keys() - set(NAMES) == ELSEWHERE
