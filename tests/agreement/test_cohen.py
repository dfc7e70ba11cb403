from __future__ import annotations

from itertools import combinations
from math import isnan, sqrt

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from concord.agreement.cohen import cohen_kappa
from concord.agreement.statistic import Statistic
from concord.agreement.votes import votes_of
from concord.records.report import Votes

answers = st.dictionaries(
    st.tuples(st.sampled_from(["ann", "ben", "cat", "dan"]), st.integers(0, 14).map(str)), st.sampled_from("uvw")
).map(lambda given: [(who, item, value) for (who, item), value in given.items()])


def kappa_of(*rows: str) -> Statistic:
    """Kappa of annotators r0, r1, …, whose answers to items 0, 1, … are letters, * where there is none."""
    return cohen_kappa(
        votes_of((f"r{who}", str(i), x) for who, row in enumerate(rows) for i, x in enumerate(row) if x != "*"), seed=0
    )


def crossed(table: list[list[int]]) -> tuple[str, str]:
    """Two rows of answers with this contingency table."""
    pairs = [("xyz"[j], "xyz"[k]) for j, row in enumerate(table) for k, n in enumerate(row) for _ in range(n)]
    return "".join(a for a, _ in pairs), "".join(b for _, b in pairs)


def many(seed: int, items: int, annotators: int = 6, values: str = "uvwxy") -> Votes:
    """Three of the annotators judge each item; two in three answers are right."""
    rng = np.random.default_rng(seed)
    rows = []
    for item in range(items):
        right = rng.integers(len(values))
        for who in rng.choice(annotators, size=3, replace=False):
            x = right if rng.random() < 2 / 3 else rng.integers(len(values))
            rows.append((f"r{who}", str(item), values[x]))
    return votes_of(rows)


@pytest.mark.parametrize(
    ("table", "expected", "digits"),
    [
        ([[20, 5], [10, 15]], 0.4, 4),  # Wikipedia, Cohen's kappa
        ([[45, 15], [25, 15]], 0.1304, 4),  # the same
        ([[40, 9], [6, 45]], 0.70, 2),  # Feinstein & Cicchetti 1990, balanced; p_o is .85 here
        ([[80, 10], [5, 5]], 0.32, 2),  # the same, skewed; p_o is .85 here, too
        ([[20, 20], [10, 50]], 0.348, 3),  # Artstein & Poesio 2008, table 1
        ([[46, 0, 0], [6, 32, 6], [0, 0, 10]], 0.8013, 4),  # the same, table 4
    ],
)
def test_kappa_is_the_published_one(table: list[list[int]], expected: float, digits: int) -> None:
    assert kappa_of(*crossed(table)).value == pytest.approx(expected, abs=0.51 * 10**-digits)


@given(answers)
def test_every_pairs_kappa_is_scikit_learns(answers: list[tuple[str, str, str]]) -> None:
    given_values = {(who, item): value for who, item, value in answers}
    for pair in cohen_kappa(votes_of(answers), seed=0).pairs:
        assert pair.between is not None
        first, second = pair.between
        items = [item for who, item, _ in answers if who == first and (second, item) in given_values]
        one, other = ([given_values[who, item] for item in items] for who in pair.between)
        assert (pair.items, pair.annotations, pair.annotators) == (len(items), 2 * len(items), 2)
        if len({*one, *other}) == 1:
            assert isnan(pair.value)
        else:
            assert pair.value == pytest.approx(cohen_kappa_score(one, other), abs=1e-12)


@given(answers)
def test_lights_kappa_is_the_mean_of_the_pairs_that_have_one(answers: list[tuple[str, str, str]]) -> None:
    kappa = cohen_kappa(votes_of(answers), seed=0)
    values = [pair.value for pair in kappa.pairs if not isnan(pair.value)]
    assume(values)
    assert kappa.value == pytest.approx(sum(values) / len(values), abs=1e-12)


def test_all_pairs_that_judged_an_item_together_are_listed_by_name() -> None:
    kappa = kappa_of("xy**", "xyx*", "*xy*", "***x")
    assert [pair.between for pair in kappa.pairs] == [("r0", "r1"), ("r0", "r2"), ("r1", "r2")]


def test_pairs_without_a_kappa_are_left_out_of_the_mean_and_counted() -> None:
    # r0 and r1 differ; r2 meets nobody but r3, and both say x
    kappa = kappa_of("xyxy***", "xyyx***", "****xxx", "****xxx")
    assert kappa.value == 0
    assert kappa.note == (
        "5 of 6 pairs not defined; no interval: values other than x occur only 4 times; indicative: fewer than 50 items"
    )


@pytest.mark.parametrize("other", ["xyxy", "yyyx", "xxxy"])
def test_kappa_is_exactly_zero_if_one_annotator_used_one_value(other: str) -> None:
    (pair,) = kappa_of("xxxx", other).pairs
    assert pair.value == 0
    assert pair.note is not None
    assert pair.note.startswith("'r0' used one value only")


def test_kappa_of_equal_answers_is_not_defined_with_the_reason() -> None:
    kappa = kappa_of("xxx", "xxx")
    assert isnan(kappa.value)
    assert kappa.note == "not defined: every value is x; 1 of 1 pairs not defined"
    assert kappa.pairs[0].note == "not defined: every value is x"


def test_kappa_is_not_defined_when_no_item_was_judged_twice() -> None:
    kappa = kappa_of("xy**", "**yx")
    assert (kappa.pairs, isnan(kappa.value)) == ((), True)
    assert kappa.note is not None
    assert kappa.note.startswith("not defined: no item was judged by two annotators")


def test_kappa_of_no_votes_is_not_defined() -> None:
    kappa = cohen_kappa(votes_of([]), seed=0)
    assert (kappa.items, kappa.note) == (0, "not defined: no item was judged by two annotators")


@pytest.mark.parametrize("times", [1, 60])  # 100 items, a unit each; 6000 items, in units of three
def test_the_interval_of_a_pair_is_the_large_sample_one(times: int) -> None:
    # Fleiss, Cohen & Everitt 1969, "Large sample standard errors of kappa and weighted kappa"
    table = times * np.array([[40, 9], [6, 45]])
    n, p = table.sum(), table / table.sum()
    r, c = p.sum(axis=1), p.sum(axis=0)
    p_o, p_e = np.trace(p), r @ c
    terms = [p[j, k] * ((1 - p_e) * (j == k) - (1 - p_o) * (c[j] + r[k])) ** 2 for j in range(2) for k in range(2)]
    error = sqrt((sum(terms) - (p_o * p_e - 2 * p_e + p_o) ** 2) / (n * (1 - p_e) ** 4))
    (pair,) = kappa_of(*crossed(table.tolist())).pairs
    assert (pair.high - pair.low) / 2 == pytest.approx(1.96 * error, rel=0.08)


def test_two_annotators_have_one_interval_for_the_pair_and_the_mean() -> None:
    kappa = kappa_of(*crossed([[40, 9], [6, 45]]))
    assert (kappa.low, kappa.high) == (kappa.pairs[0].low, kappa.pairs[0].high)


def test_every_two_of_annotators_who_meet_have_an_interval_in_large_data() -> None:
    kappa = cohen_kappa(many(1, items=2500), seed=0)
    assert [pair.between for pair in kappa.pairs] == list(combinations([f"r{i}" for i in range(6)], 2))
    assert all(pair.low < pair.value < pair.high for pair in kappa.pairs)
    assert kappa.low < kappa.value < kappa.high


def test_too_many_pairs_and_values_have_values_but_no_interval() -> None:
    rng = np.random.default_rng(0)
    values = rng.integers(0, 50, size=(100, 50))
    kappa = cohen_kappa(votes_of((f"{who:02}", f"{i}", str(x)) for (i, who), x in np.ndenumerate(values)), seed=0)
    assert kappa.value == pytest.approx(0, abs=0.02)
    assert kappa.note == "no interval: too few items for so many pairs and values"
    assert len(kappa.pairs) == 50 * 49 // 2


def test_texts_as_values_are_not_compared_as_labels() -> None:
    answers = [(f"{who:02}", str(i), f"text {who} {i}") for who in range(50) for i in range(90)]
    kappa = cohen_kappa(votes_of(answers), seed=0)
    assert isnan(kappa.value)
    assert kappa.note == "not computed: too many pairs of annotators and values"
