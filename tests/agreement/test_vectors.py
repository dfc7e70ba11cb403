"""The known answers of the shared data: published values, and computed ones that two implementations agree on."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest

from concord.agreement.coefficients import (
    alpha_interval,
    alpha_nominal,
    fleiss,
    gwet_ac1,
    gwet_ac2,
    percent,
    percent_pooled,
)
from concord.agreement.cohen import cohen_kappa
from concord.agreement.intervals import intervals, resamples
from concord.agreement.patterns import Patterns, count_patterns, observed
from concord.agreement.rankings import kendall_tau_b, kendall_w
from concord.agreement.texts import edit_similarity
from concord.agreement.votes import numbers_of, votes_of
from concord.records import EditedText, Floats, Placements, Votes

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
]
LATER = {
    "cohen_kappa_weighted",
    "conger_kappa",
    "brennan_prediger",
    "icc",
    "bradley_terry",
    "loo_majority_agreement",
    "krippendorff_alpha_distance",
    "rouge_l",
}
"""Statistics that Concord does not report yet."""

NOMINAL = {
    "percent_agreement": percent,
    "pairwise_vote_agreement_pooled": percent_pooled,
    "fleiss_kappa": fleiss,
    "scott_pi": fleiss,
    "gwet_ac1": gwet_ac1,
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


def value_of(vector: Vector) -> float:
    match vector["statistic"]:
        case "cohen_kappa" | "light_kappa":
            return cohen_kappa(votes_in(vector), seed=0).value
        case "kendall_tau" | "mean_kendall_tau":
            return kendall_tau_b(placements_in(vector), seed=0).value
        case "kendall_w":
            return kendall_w(placements_in(vector), seed=0).value
        case "edit_similarity":
            edits = [EditedText(0, who, None, text) for who, _, text in vector["data"]]
            return edit_similarity(edits, seed=0).value
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


def test_every_known_answer_is_checked_or_is_for_later(vectors: dict[str, Vector]) -> None:
    unchecked = {name: vector["statistic"] for name, vector in vectors.items() if name not in NAMES}
    assert unchecked.pop("boot-cartilage-interval") == "krippendorff_alpha_boot95"
    assert set(unchecked.values()) == LATER
