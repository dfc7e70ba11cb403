from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial
from itertools import permutations
from math import isnan, nan

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from concord.agreement.coefficients import (
    alpha_interval,
    alpha_nominal,
    alpha_ordinal,
    fleiss,
    gwet_ac1,
    gwet_ac2,
    percent,
    percent_pooled,
)
from concord.agreement.patterns import Patterns, count_patterns, observed
from concord.agreement.votes import numbers_of, votes_of
from concord.records.kinds import Floats
from concord.records.report import Votes

Formula = Callable[[Patterns, Floats], Floats]
Items = dict[str, list[str]]

NOMINAL: list[Formula] = [alpha_nominal, percent, percent_pooled, fleiss, gwet_ac1]

# Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability", data C: four observers, twelve units, * is missing
DATA_C = ("123321412***", "12332241253*", "*333234225*1", "1233244125*1")

# invented: four annotators, twelve pairs of answers, A or B is better, t is a tie, * is missing
PREFERENCES = ("ABBAA*BABBAB", "*BB**tB**AAA", "BABAAtBABABB", "AtttB*B*BABB")

ratings = st.dictionaries(
    st.tuples(st.sampled_from("abcd"), st.integers(0, 7).map(str)), st.sampled_from(["1", "2", "3", "5"])
).map(lambda given: votes_of(((*key, value) for key, value in given.items()), kind="rating"))


def table(*rows: str, kind: str = "label") -> Votes:
    answers = [(f"r{who}", str(i), x) for who, row in enumerate(rows) for i, x in enumerate(row) if x != "*"]
    return votes_of(answers, kind="rating" if kind == "rating" else "label")


def value(formula: Formula, votes: Votes) -> float:
    patterns = count_patterns(votes)
    return float(formula(patterns, observed(patterns))[0])


def items_of(votes: Votes) -> list[list[float]]:
    numbers = numbers_of(votes)
    return [numbers[votes.value[votes.item == item]].tolist() for item in np.unique(votes.item)]


# ---- published tables


@pytest.mark.parametrize(("level", "expected"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)])
def test_alpha_is_krippendorffs_on_his_own_table(level: str, expected: float) -> None:
    votes = table(*DATA_C, kind="rating")
    formulas: dict[str, Formula] = {
        "nominal": alpha_nominal,
        "ordinal": alpha_ordinal,
        "interval": partial(alpha_interval, numbers=numbers_of(votes)),
    }
    assert value(formulas[level], votes) == pytest.approx(expected, abs=0.0005)


@pytest.mark.parametrize(
    ("formula", "expected"),
    # Gwet 2014 has, item for item, the counts of data C; his values as printed by the vignette of irrCAC 1.0
    [(percent, 0.8181818), (fleiss, 0.76117), (gwet_ac1, 0.77544)],
)
def test_unit_12_with_one_answer_counts_in_the_marginals_only(formula: Formula, expected: float) -> None:
    assert value(formula, table(*DATA_C)) == pytest.approx(expected, abs=6e-6)


def test_alpha_of_two_observers_and_two_values_by_hand() -> None:
    # Krippendorff 2011, example A: n = 20 answers, n_0 = 14, n_1 = 6, four units of ten with a 0 and a 1, so that
    # o_01 = 4 and alpha = 1 - (n - 1) o_01 / (n_0 n_1) = 1 - 19 * 4 / 84 = 8 / 84
    assert value(alpha_nominal, table("0100000010", "1110010000")) == pytest.approx(8 / 84, abs=1e-12)


def test_alpha_interval_is_wikipedias() -> None:
    votes = table("341211333****", "343******1213", "44*211334*213", kind="rating")
    alpha = partial(alpha_interval, numbers=numbers_of(votes))
    assert value(alpha, votes) == pytest.approx(0.811, abs=0.0005)


def test_fleiss_kappa_is_wikipedias() -> None:
    # ten subjects, fourteen raters, five categories; only the counts are published (in hexadecimal here: e is 14)
    counts = ["0000e", "02642", "00356", "03920", "22811", "77000", "32630", "25322", "65210", "02237"]
    rows = ["".join(str(category) * int(c, 16) for category, c in enumerate(row)) for row in counts]
    votes = votes_of((f"r{who}", str(i), x) for i, row in enumerate(rows) for who, x in enumerate(row))
    assert value(fleiss, votes) == pytest.approx(0.210, abs=0.0005)


def test_pooled_percent_weighs_every_pair_of_votes_alike() -> None:
    # MT-bench's S1, computed for this invented table with FastChat's rule for two human judges
    assert value(percent_pooled, table(*PREFERENCES)) == pytest.approx(0.52, abs=1e-12)


def test_percent_weighs_every_item_alike() -> None:
    # item 0: of three pairs one agrees; item 1: its one pair agrees. By items (1/3 + 1) / 2, pooled 2 / 4
    votes = table("ab", "ab", "b*")
    assert value(percent, votes) == pytest.approx(2 / 3)
    assert value(percent_pooled, votes) == pytest.approx(1 / 2)


# ---- undefined


@pytest.mark.parametrize("formula", [*NOMINAL, alpha_ordinal])
def test_nothing_is_defined_when_no_item_was_judged_twice(formula: Formula) -> None:
    assert isnan(value(formula, table("ab**", "**ba")))


@pytest.mark.parametrize("formula", [*NOMINAL, alpha_ordinal])
def test_nothing_is_defined_without_votes(formula: Formula) -> None:
    assert isnan(value(formula, votes_of([])))


@pytest.mark.parametrize(
    ("formula", "expected"),
    [(alpha_nominal, nan), (alpha_ordinal, nan), (fleiss, nan), (percent, 1.0), (percent_pooled, 1.0)],
)
def test_equal_answers_have_a_percentage_but_no_chance_to_correct_for(formula: Formula, expected: float) -> None:
    assert value(formula, table("3333", "3333")) == pytest.approx(expected, nan_ok=True)


def test_interval_alpha_of_equal_fractions_is_not_a_rounding_error() -> None:
    votes = votes_of([("a", "1", "0.1"), ("b", "1", "0.1"), ("a", "2", "0.1"), ("b", "2", "0.1")], kind="rating")
    assert isnan(value(partial(alpha_interval, numbers=np.array([0.1])), votes))


def test_ac1_of_equal_answers_is_1_unless_the_question_has_one_choice() -> None:
    patterns = count_patterns(table("33", "33"))
    assert isnan(gwet_ac1(patterns, observed(patterns))[0])
    two = Patterns(patterns.items, patterns.m, patterns.pattern, patterns.category, patterns.count, q=2)
    assert gwet_ac1(two, observed(two)).tolist() == [1.0]


def test_ac2_is_not_defined_for_one_choice() -> None:
    assert isnan(value(partial(gwet_ac2, numbers=np.array([3.0])), table("33", "33")))


@pytest.mark.parametrize("formula", [alpha_nominal, alpha_ordinal, fleiss])
def test_systematic_disagreement_is_below_zero(formula: Formula) -> None:
    assert value(formula, table("abab", "baba")) < 0


def test_every_row_of_weights_has_its_own_value() -> None:
    patterns = count_patterns(table("aab", "abb"))
    rows = np.stack([[1.0, 1.0, 1.0], [0.0, 3.0, 0.0]])
    found = alpha_nominal(patterns, rows)
    assert [float(alpha_nominal(patterns, row[None])[0]) for row in rows] == pytest.approx(found.tolist(), nan_ok=True)


# ---- the definitions


def alpha_by_definition(items: list[list[float]], distance: Callable[[float, float], float]) -> float:
    """1 - d_o / d_e over ordered pairs of answers: within items, weighed 1 / (m - 1), and over all n."""
    pairable = [item for item in items if len(item) > 1]
    answers = [x for item in pairable for x in item]
    n = len(answers)
    d_o = sum(distance(c, k) / (len(item) - 1) for item in pairable for c, k in permutations(item, 2))
    d_e = sum(distance(c, k) for c, k in permutations(answers, 2))
    return 1 - (n - 1) * d_o / d_e if d_e else nan


@given(ratings)
def test_alpha_is_its_definition_at_every_level(votes: Votes) -> None:
    items, numbers = items_of(votes), numbers_of(votes)
    n_c = Counter(x for item in items if len(item) > 1 for x in item)
    mid = {c: sum(n for k, n in n_c.items() if k < c) + n_c[c] / 2 for c in n_c}
    levels: list[tuple[Formula, Callable[[float, float], float]]] = [
        (alpha_nominal, lambda c, k: float(c != k)),
        (alpha_ordinal, lambda c, k: (mid[c] - mid[k]) ** 2),
        (partial(alpha_interval, numbers=numbers), lambda c, k: (c - k) ** 2),
    ]
    for formula, distance in levels:
        expected = alpha_by_definition(items, distance)
        assert value(formula, votes) == pytest.approx(expected, abs=1e-9, nan_ok=True)


@given(ratings)
def test_chance_corrected_percentages_are_their_definitions(votes: Votes) -> None:
    items, numbers = items_of(votes), numbers_of(votes).tolist()
    assume(len(numbers) > 1)
    assume(any(len(item) > 1 for item in items))
    q, span = len(numbers), max(numbers) - min(numbers)
    pi = {k: sum(item.count(k) / len(item) for item in items) / len(items) for k in numbers}

    def kappa(weight: Callable[[float, float], float], p_e: float) -> float:
        shares = [
            sum(weight(c, k) for c, k in permutations(item, 2)) / (len(item) * (len(item) - 1))
            for item in items
            if len(item) > 1
        ]
        return (sum(shares) / len(shares) - p_e) / (1 - p_e)

    def same(c: float, k: float) -> float:
        return float(c == k)

    def quadratic(c: float, k: float) -> float:
        return 1 - ((c - k) / span) ** 2

    gini = sum(share * (1 - share) for share in pi.values())
    t_w = sum(quadratic(c, k) for c in numbers for k in numbers)
    assert value(fleiss, votes) == pytest.approx(kappa(same, sum(s**2 for s in pi.values())), abs=1e-9)
    assert value(gwet_ac1, votes) == pytest.approx(kappa(same, gini / (q - 1)), abs=1e-9)
    ac2 = partial(gwet_ac2, numbers=np.array(numbers))
    assert value(ac2, votes) == pytest.approx(kappa(quadratic, t_w * gini / (q * (q - 1))), abs=1e-9)


pairs_of_answers = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=2, max_size=40).filter(
    lambda pairs: len({x for pair in pairs for x in pair}) > 1
)


@given(pairs_of_answers)
def test_fleiss_of_two_annotators_is_scotts_pi(pairs: list[tuple[str, str]]) -> None:
    first, second = (list(row) for row in zip(*pairs, strict=True))
    # with both orders of each pair the two marginals are the same: Cohen's kappa is then Scott's pi
    scott = cohen_kappa_score(first + second, second + first)
    assert value(fleiss, table("".join(first), "".join(second))) == pytest.approx(scott, abs=1e-9)


@given(pairs_of_answers)
def test_alpha_of_two_annotators_is_scotts_pi_corrected_for_n(pairs: list[tuple[str, str]]) -> None:
    votes = table(*("".join(row) for row in zip(*pairs, strict=True)))
    n = 2 * len(pairs)
    expected = 1 - (1 - value(fleiss, votes)) * (n - 1) / n
    assert value(alpha_nominal, votes) == pytest.approx(expected, abs=1e-9)


@given(pairs_of_answers)
def test_new_names_for_the_labels_leave_every_nominal_value(pairs: list[tuple[str, str]]) -> None:
    rows = ["".join(row) for row in zip(*pairs, strict=True)]
    renamed = [row.translate(str.maketrans("abc", "zyx")) for row in rows]
    for formula in NOMINAL:
        assert value(formula, table(*renamed)) == pytest.approx(value(formula, table(*rows)), abs=1e-12)


@given(ratings)
def test_a_larger_scale_leaves_interval_alpha_and_ac2(votes: Votes) -> None:
    numbers = numbers_of(votes)
    for formula in (alpha_interval, gwet_ac2):
        before = value(partial(formula, numbers=numbers), votes) if len(numbers) else nan
        after = value(partial(formula, numbers=1000 - 7 * numbers), votes) if len(numbers) else nan
        assert after == pytest.approx(before, abs=1e-9, nan_ok=True)
