"""Each statistic beside an independent library, on random data with answers missing where the library can take them."""

from __future__ import annotations

import json
from itertools import combinations
from math import isnan

import evalica
import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from nltk.metrics.agreement import AnnotationTask
from nltk.metrics.distance import edit_distance
from nltk.translate.bleu_score import SmoothingFunction, sentence_bleu
from nltk.translate.chrf_score import chrf_precision_recall_fscore_support
from scipy.stats import bootstrap, chi2, f_oneway
from sklearn.metrics import cohen_kappa_score
from sklearn.preprocessing import MultiLabelBinarizer

from concord.agreement.bradley_terry import bradley_terry
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
from concord.agreement.conger import conger_kappa
from concord.agreement.consensus import consensus, dawid_skene
from concord.agreement.estimate import Coefficient, estimate
from concord.agreement.icc import iccs
from concord.agreement.leave_one_out import leave_one_out
from concord.agreement.patterns import count_patterns, observed
from concord.agreement.questions import of_votes
from concord.agreement.rankings import chi_square_tail
from concord.agreement.similarity import bleu, chrf, levenshtein, rouge_l
from concord.agreement.tallies import Distance
from concord.agreement.text_alpha import alpha_of_texts
from concord.agreement.votes import numbers_of, votes_of
from concord.records.report import EditedText, Votes

SEEDS = st.integers(0, 2**32 - 1)


def table(seed: int, *, missing: float = 0.0, annotators: int = 3) -> np.ndarray:
    """Ratings from 1 to 4 that often agree, items x annotators; 0 is missing. All four occur."""
    rng = np.random.default_rng(seed)
    own = np.arange(12) % 4 + 1
    given = np.where(rng.random((12, annotators)) < 0.6, own[:, None], rng.integers(1, 5, size=(12, annotators)))
    given[rng.random(given.shape) < missing] = 0
    return given


def votes_in(ratings: np.ndarray) -> Votes:
    rows = [(f"r{who}", f"i{item:02d}", str(x)) for (item, who), x in np.ndenumerate(ratings) if x]
    return votes_of(rows, kind="rating")


def task(ratings: np.ndarray) -> AnnotationTask:
    return AnnotationTask([(f"r{who}", f"i{item}", int(x)) for (item, who), x in np.ndenumerate(ratings)])


@settings(max_examples=50)
@given(SEEDS)
def test_alpha_is_evalicas_at_every_level(seed: int) -> None:
    ratings = table(seed, missing=0.3, annotators=4)
    votes = votes_in(ratings)
    patterns = count_patterns(votes)
    frame = pd.DataFrame(np.where(ratings.T == 0, np.nan, ratings.T))
    assume((np.bincount(votes.item) > 1).any())
    for level, formula in (("nominal", alpha_nominal), ("ordinal", alpha_ordinal)):
        assert formula(patterns, observed(patterns))[0] == pytest.approx(evalica.alpha(frame, level).alpha, abs=1e-9)
    value = alpha_interval(patterns, observed(patterns), numbers_of(votes))[0]
    assert value == pytest.approx(evalica.alpha(frame, "interval").alpha, abs=1e-9)


@settings(max_examples=50)
@given(SEEDS)
def test_fleiss_brennan_prediger_and_conger_are_nltks_on_complete_data(seed: int) -> None:
    ratings = table(seed)
    assume(set(ratings.ravel().tolist()) == {1, 2, 3, 4})
    votes = votes_in(ratings)
    patterns = count_patterns(votes)
    assert fleiss(patterns, observed(patterns))[0] == pytest.approx(task(ratings).pi(), abs=1e-9)
    assert brennan_prediger(patterns, observed(patterns))[0] == pytest.approx(task(ratings).S(), abs=1e-9)
    assert conger_kappa(votes, seed=0).value == pytest.approx(task(ratings).multi_kappa(), abs=1e-9)


# What irrCAC 0.4.4 gives for `table(seed, missing=0.3, annotators=4)`: observed agreement, AC1, AC2 with quadratic
# weights, Fleiss, Brennan-Prediger. It wants pandas 2, and counts what is missing as a category under pandas 3.
IRRCAC = {
    0: (0.444444444444, 0.272604815626, 0.222392223922, 0.216113228089, 0.259259259259),
    1: (0.560606060606, 0.420181193377, 0.568400770713, 0.395242750081, 0.414141414141),
    2: (0.7, 0.600906719131, 0.823134271778, 0.597254952739, 0.6),
    3: (0.515151515152, 0.359384593997, 0.445548185158, 0.33532869352, 0.353535353535),
    4: (0.4, 0.205753926033, 0.236477834311, 0.18222689628, 0.2),
    5: (0.5, 0.33575364114, 0.249118419407, 0.32596541412, 0.333333333333),
}


@pytest.mark.parametrize("seed", IRRCAC)
def test_gwets_coefficients_and_fleiss_are_irrcacs_with_answers_missing(seed: int) -> None:
    votes = votes_in(table(seed, missing=0.3, annotators=4))
    patterns = count_patterns(votes)
    weights = observed(patterns)
    ours = (
        percent(patterns, weights)[0],
        gwet_ac1(patterns, weights)[0],
        gwet_ac2(patterns, weights, numbers_of(votes))[0],
        fleiss(patterns, weights)[0],
        brennan_prediger(patterns, weights)[0],
    )
    assert ours == pytest.approx(IRRCAC[seed], abs=1e-11)


@settings(max_examples=50)
@given(SEEDS)
def test_percentages_are_nltks_on_complete_data(seed: int) -> None:
    ratings = table(seed)
    patterns = count_patterns(votes_in(ratings))
    weights = observed(patterns)
    near = task(ratings)
    near.distance = lambda one, other: float(abs(one - other) > 1)
    assert percent(patterns, weights)[0] == pytest.approx(task(ratings).avg_Ao(), abs=1e-9)
    assert percent_pooled(patterns, weights)[0] == pytest.approx(task(ratings).avg_Ao(), abs=1e-9)
    assert percent_within(patterns, weights)[0] == pytest.approx(near.avg_Ao(), abs=1e-9)


@pytest.mark.parametrize("seed", range(3))
def test_the_interval_of_a_percentage_is_scipys_bootstrap_of_the_items(seed: int) -> None:
    ratings = np.concatenate([table(30 * seed + part) for part in range(20)])
    agreeing = [np.mean([a == b for a, b in combinations(row, 2)]) for row in ratings.tolist()]
    theirs = bootstrap((agreeing,), np.mean, method="percentile", n_resamples=1000, rng=np.random.default_rng(seed))
    ours = estimate(votes_in(ratings), {"percent": Coefficient(percent)}, seed=seed)["percent"]
    ends = (theirs.confidence_interval.low, theirs.confidence_interval.high)
    assert (ours.low, ours.high) == pytest.approx(ends, abs=0.01)


@settings(max_examples=50)
@given(SEEDS, st.sampled_from(["linear", "quadratic"]))
def test_weighted_kappa_is_scikit_learns(seed: int, distance: Distance) -> None:
    ratings = table(seed)
    expected = [
        cohen_kappa_score(ratings[:, a], ratings[:, b], weights=distance, labels=[1, 2, 3, 4])
        for a, b in combinations(range(3), 2)
    ]
    found = cohen_kappa(votes_in(ratings), seed=0, distance=distance)
    assert [pair.value for pair in found.pairs] == pytest.approx(expected, abs=1e-9)
    assert found.value == pytest.approx(np.mean(expected), abs=1e-9)


@settings(max_examples=50)
@given(SEEDS)
def test_intraclass_correlations_follow_from_scipys_f_numpys_covariances_and_cronbachs_alpha(seed: int) -> None:
    ratings = table(seed).astype(float)
    assume((np.ptp(ratings, axis=1) > 0).any())
    found = {form: one.value for form, one in iccs(votes_in(ratings.astype(int)), seed=0).items()}
    k = ratings.shape[1]
    f = f_oneway(*ratings).statistic
    assert found["1_k"] == pytest.approx(1 - 1 / f, abs=1e-9)
    assert found["1_1"] == pytest.approx((f - 1) / (f + k - 1), abs=1e-9)
    cronbach = k / (k - 1) * (1 - ratings.var(axis=0, ddof=1).sum() / ratings.sum(axis=1).var(ddof=1))
    assert found["3_k"] == pytest.approx(cronbach, abs=1e-9)
    covariance, n = np.cov(ratings.T), len(ratings)  # of one rating with another's, and what the raters' means add
    variance, shared = np.trace(covariance) / k, (covariance.sum() - np.trace(covariance)) / (k * (k - 1))
    means = ratings.mean(axis=0).var(ddof=1)
    assert found["3_1"] == pytest.approx(shared / variance, abs=1e-9)
    assert found["2_1"] == pytest.approx(shared / (variance + means - (variance - shared) / n), abs=1e-9)
    for one, several in (("2_1", "2_k"), ("3_1", "3_k")):  # Spearman and Brown
        assert found[several] == pytest.approx(k * found[one] / (1 + (k - 1) * found[one]), abs=1e-9)


@given(st.floats(0, 60), st.integers(1, 30))
def test_the_tail_of_chi_square_is_scipys(x: float, freedom: int) -> None:
    assert chi_square_tail(x, freedom) == pytest.approx(chi2.sf(x, freedom), abs=1e-12)


@settings(max_examples=25)
@given(SEEDS)
def test_strengths_are_evalicas_with_ties_as_half_a_win_each(seed: int) -> None:
    rng, names = np.random.default_rng(seed), ["a", "b", "c", "d"]
    left, right = rng.integers(4, size=(2, 60))
    met = left != right
    left, right, outcome = left[met], right[met], rng.integers(3, size=int(met.sum()))
    wins = np.zeros((4, 4))
    np.add.at(wins, (left, right), np.array([1, 0, 0.5])[outcome])
    np.add.at(wins, (right, left), np.array([0, 1, 0.5])[outcome])
    winners = [[evalica.Winner.X, evalica.Winner.Y, evalica.Winner.Draw][one] for one in outcome]
    theirs = evalica.bradley_terry(
        [names[i] for i in left], [names[i] for i in right], winners, index=pd.Index(names), tolerance=1e-12, limit=9999
    )
    ours = bradley_terry(wins)
    assume(not isnan(ours[0]))
    log = np.log(theirs.scores.loc[names].to_numpy())
    assert ours.tolist() == pytest.approx((log - log.mean()).tolist(), abs=1e-5)


@settings(max_examples=25)
@given(st.lists(st.tuples(st.text("ab ", max_size=6), st.text("ab ", max_size=6)), min_size=2, max_size=6))
def test_alpha_of_texts_is_nltks_with_the_same_distance(pairs: list[tuple[str, str]]) -> None:
    assume(len({text for pair in pairs for text in pair}) > 1)
    rows = [(who, str(item), text) for item, pair in enumerate(pairs) for who, text in zip("xy", pair, strict=True)]
    theirs = AnnotationTask(rows, distance=lambda a, b: 1 - levenshtein([(a, b)])[0]).alpha()
    edits = [EditedText(int(item), who, None, text) for who, item, text in rows]
    assert alpha_of_texts(edits, seed=0).value == pytest.approx(theirs, abs=1e-9)


def judged(seed: int) -> list[tuple[str, str, str]]:
    """What five annotators, each worse than the one before, said of 120 items, a quarter of it missing."""
    rng = np.random.default_rng(seed)
    right, rows = rng.integers(3, size=120), []
    for who, accuracy in zip("abcde", (0.95, 0.85, 0.8, 0.7, 0.6), strict=True):
        given = np.where(rng.random(120) < accuracy, right, rng.integers(3, size=120))
        rows += [(who, f"i{item:03}", "xyz"[given[item]]) for item in np.flatnonzero(rng.random(120) < 0.75)]
    return rows


# What crowd-kit 1.4.2's DawidSkene gives for `judged(seed)`, carried on to the end: how common each value is, and how
# often the best and the worst annotator give it where it is right. It wants transformers, so it is not installed here.
CROWD_KIT = {
    0: ((0.2930, 0.3354, 0.3715), (0.8165, 0.9172, 1.0), (0.7006, 0.6962, 0.8636)),
    1: ((0.3225, 0.3242, 0.3533), (0.9653, 0.9668, 1.0), (0.7958, 0.8540, 0.7750)),
    2: ((0.2872, 0.3524, 0.3604), (0.9628, 0.9448, 0.9062), (0.7609, 0.6185, 0.8108)),
    3: ((0.3426, 0.3541, 0.3034), (1.0, 0.9406, 1.0), (0.6821, 0.6941, 0.7417)),
    4: ((0.2776, 0.3614, 0.3611), (0.9620, 0.9590, 0.9988), (0.7596, 0.7387, 0.8611)),
    5: ((0.4002, 0.2699, 0.3299), (0.9372, 0.9691, 1.0), (0.6855, 0.8479, 0.6702)),
}


def shares_right(votes: Votes, annotator: str) -> list[float]:
    """How often the annotator gives each value where Dawid and Skene find it right."""
    found = consensus(votes)
    assert found is not None
    confusion = found.confusion[annotator]
    return (confusion.diagonal() / confusion.sum(axis=1)).tolist()


@pytest.mark.parametrize("seed", CROWD_KIT)
def test_dawid_and_skenes_estimates_are_crowd_kits(seed: int) -> None:
    votes = votes_of(judged(seed))
    common, best, worst = CROWD_KIT[seed]
    assert dawid_skene(votes).mean(axis=0).tolist() == pytest.approx(common, abs=0.006)
    assert shares_right(votes, "a") == pytest.approx(best, abs=0.006)
    assert shares_right(votes, "e") == pytest.approx(worst, abs=0.006)


# Dawid & Skene 1979, table 1: how fit for an operation five anaesthetists found 45 patients, the first of them thrice.
PATIENTS = """
111-1-1-1-1 333-4-3-3-4 112-2-1-2-2 222-3-1-2-1 222-3-2-2-2 222-3-3-2-2 122-2-1-1-1 333-3-4-3-3 222-2-2-2-3
232-2-2-2-3 444-4-4-4-4 222-3-3-4-3 111-1-1-1-1 222-3-2-1-2 121-1-1-1-1 111-2-1-1-1 111-1-1-1-1 111-1-1-1-1
222-2-2-2-1 222-1-3-2-2 222-2-2-2-2 222-2-2-2-1 222-3-2-2-2 221-2-2-2-2 111-1-1-1-1 111-1-1-1-1 232-2-2-2-2
111-1-1-1-1 111-1-1-1-1 112-1-1-2-1 111-1-1-1-1 333-3-2-3-3 111-1-1-1-1 222-2-2-2-2 222-3-2-3-2 433-4-3-4-3
221-2-2-3-2 232-3-2-3-3 333-3-4-3-2 111-1-1-1-1 111-1-1-1-1 121-2-1-1-1 232-2-2-2-2 121-1-1-1-1 222-2-2-2-2
"""
# What crowd-kit makes of the same table.
RIGHT = {
    "1": (0.8894, 0.8767, 0.6645, 0.4444),
    "2": (0.8338, 0.6319, 1.0, 1.0),
    "3": (1.0, 0.7878, 0.1956, 0.3333),
    "4": (0.9441, 0.8415, 0.8044, 0.6667),
    "5": (0.9996, 0.7336, 0.7905, 0.6667),
}


def test_dawid_and_skenes_own_table_has_crowd_kits_estimates() -> None:
    rows = [
        (who, item, said) for item, row in enumerate(PATIENTS.split()) for who, said in enumerate(row.split("-"), 1)
    ]
    votes = votes_of((str(who), f"{item:02}", value) for who, item, said in rows for value in said)
    assert dawid_skene(votes).mean(axis=0).tolist() == pytest.approx([0.3997, 0.4224, 0.1112, 0.0667], abs=0.006)
    for who, right in RIGHT.items():
        assert shares_right(votes, who) == pytest.approx(right, abs=0.006)


words = st.lists(st.sampled_from("abcde"), min_size=4, max_size=9)


@given(words, words)
def test_rouge_l_and_edit_similarity_follow_from_nltks_edit_distances(a: list[str], b: list[str]) -> None:
    apart = edit_distance(a, b, substitution_cost=2)  # what is inserted and deleted: all but the common subsequence
    assert rouge_l([(" ".join(a), " ".join(b))])[0] == pytest.approx(1 - apart / (len(a) + len(b)))
    one, other = "".join(a), "".join(b)
    assert levenshtein([(one, other)])[0] == pytest.approx(1 - edit_distance(one, other) / max(len(a), len(b)))


@given(words, words)
def test_bleu_is_nltks_both_ways_round_with_the_smoothing_of_nist(a: list[str], b: list[str]) -> None:
    assume(a != b and set(a) & set(b))
    smoothed = SmoothingFunction().method3
    ways = [sentence_bleu([one], other, smoothing_function=smoothed) for one, other in ((a, b), (b, a))]
    assert bleu([(" ".join(a), " ".join(b))])[0] == pytest.approx(np.mean(ways))


@settings(max_examples=10)
@given(SEEDS)
def test_leave_one_out_is_the_share_of_pandas_modes_of_the_others(seed: int) -> None:
    ratings = table(seed, missing=0.3, annotators=4)
    frame = pd.DataFrame(np.where(ratings == 0, np.nan, ratings))
    credit = {
        (item, who): float((modes == frame.at[item, who]).mean())
        for item, who in frame.stack().dropna().index
        if len(modes := frame.loc[item].drop(who).mode())
    }
    found = leave_one_out(votes_in(ratings), seed=0)
    assert found.all.value == pytest.approx(np.mean(list(credit.values())), abs=1e-9)
    for who in range(4):
        own = [value for (_, one), value in credit.items() if one == who]
        assert found.annotators[f"r{who}"].value == pytest.approx(np.mean(own), abs=1e-9)


@settings(max_examples=25)
@given(SEEDS)
def test_sets_of_labels_have_the_means_of_nltks_coefficients_of_scikit_learns_columns(seed: int) -> None:
    rng = np.random.default_rng(seed)
    sets = [[sorted(set(rng.choice(list("abc"), size=2).tolist())) for _ in range(3)] for _ in range(12)]
    binary = MultiLabelBinarizer(classes=list("abc")).fit_transform([one for item in sets for one in item])
    columns = [task(column.reshape(12, 3) + 1) for column in binary.T]
    assume(all(len(column.K) == 2 for column in columns))
    rows = [
        (f"r{who}", f"i{item:02d}", json.dumps(one)) for item, said in enumerate(sets) for who, one in enumerate(said)
    ]
    statistics = of_votes(votes_of(rows, question="topic"), seed=0)[0].group.statistics
    assert statistics["krippendorff_alpha"].value == pytest.approx(np.mean([one.alpha() for one in columns]), abs=1e-9)
    assert statistics["fleiss_kappa"].value == pytest.approx(np.mean([one.pi() for one in columns]), abs=1e-9)
    assert statistics["percent_agreement"].value == pytest.approx(np.mean([one.avg_Ao() for one in columns]), abs=1e-9)


characters = st.text("abcde", min_size=6, max_size=20)


@given(characters, characters)
def test_chrf_follows_from_nltks_precisions_and_recalls_both_ways_round(a: str, b: str) -> None:
    def ways(reference: str, hypothesis: str) -> float:
        found = [chrf_precision_recall_fscore_support(reference, hypothesis, n, epsilon=0.0) for n in range(1, 7)]
        precision, recall = np.mean([one[0] for one in found]), np.mean([one[1] for one in found])
        return float(5 * precision * recall / (4 * precision + recall)) if precision + recall else 0.0

    assert chrf([(a, b)])[0] == pytest.approx(1 if a == b else (ways(a, b) + ways(b, a)) / 2)
