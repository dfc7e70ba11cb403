from __future__ import annotations

from math import isnan

import numpy as np
import pytest

from concord.agreement.coefficients import alpha_nominal, fleiss, gwet_ac1, percent
from concord.agreement.estimate import Coefficient, estimate
from concord.agreement.statistic import Statistic
from concord.agreement.votes import votes_of
from concord.records.report import Votes

COEFFICIENTS = {
    "alpha": Coefficient(alpha_nominal, level="nominal"),
    "percent": Coefficient(percent),
    "fleiss": Coefficient(fleiss, singles=True),
    "ac1": Coefficient(gwet_ac1, singles=True, note="q = 2"),
}


def two_annotators(*items: tuple[str, str, int]) -> Votes:
    """Votes of ann and ben: their answers and on how many items they were given; * is none."""
    pairs = [(ann, ben) for ann, ben, number in items for _ in range(number)]
    answers = [(who, str(i), x) for i, pair in enumerate(pairs) for who, x in zip(("ann", "ben"), pair, strict=True)]
    return votes_of(answer for answer in answers if answer[2] != "*")


def estimated(votes: Votes) -> dict[str, Statistic]:
    return estimate(votes, COEFFICIENTS, seed=0)


def test_a_value_stands_in_its_interval_with_its_counts() -> None:
    alpha = estimated(two_annotators(("y", "y", 60), ("n", "n", 40), ("y", "n", 20), ("y", "*", 7)))["alpha"]
    assert alpha.low < alpha.value < alpha.high
    assert (alpha.items, alpha.annotations, alpha.annotators) == (120, 240, 2)
    assert (alpha.level, alpha.note) == ("nominal", "7 items with one answer left out")


def test_items_with_one_answer_are_used_by_fleiss_and_gwet() -> None:
    found = estimated(two_annotators(("y", "y", 60), ("n", "n", 40), ("y", "n", 20), ("y", "*", 7)))
    assert (found["fleiss"].items, found["fleiss"].annotations, found["fleiss"].note) == (120, 247, None)
    assert found["ac1"].note == "q = 2"


def test_the_half_width_is_the_one_that_simulations_gave() -> None:
    # agreement of 73 % on 200 comparisons, alpha .46: half-width .12 on average over 600 simulated sets
    alpha = estimated(two_annotators(("y", "y", 73), ("n", "n", 73), ("y", "n", 27), ("n", "y", 27)))["alpha"]
    assert alpha.value == pytest.approx(0.46, abs=0.01)
    assert (alpha.high - alpha.low) / 2 == pytest.approx(0.12, abs=0.015)


def test_perfect_agreement_has_no_interval_and_says_so() -> None:
    found = estimated(two_annotators(("y", "y", 40), ("n", "n", 20)))
    assert {name: one.value for name, one in found.items()} == pytest.approx(dict.fromkeys(COEFFICIENTS, 1.0))
    assert all(isnan(one.low) and isnan(one.high) for one in found.values())
    assert found["alpha"].note == "no interval: all 60 pairs agree"


def test_a_rare_value_has_no_interval_and_says_so() -> None:
    # 4 % prevalence, 97 % agreement, 60 items: the bootstrap would cover far less than 95 %
    alpha = estimated(two_annotators(("n", "n", 57), ("y", "y", 2), ("y", "n", 1)))["alpha"]
    assert (round(alpha.value, 2), isnan(alpha.low)) == (0.79, True)
    assert alpha.note == "no interval: values other than n occur only 5 times"


def test_equal_answers_leave_alpha_undefined_with_the_reason() -> None:
    found = estimated(two_annotators(("3", "3", 60)))
    assert isnan(found["alpha"].value)
    assert found["alpha"].note == "not defined: every value is 3"
    assert found["percent"].value == 1
    assert found["percent"].note == "every value is 3; no interval: all 60 pairs agree"


def test_nothing_judged_twice_leaves_all_undefined_with_the_reason() -> None:
    found = estimated(two_annotators(("y", "*", 3), ("*", "n", 2)))
    for one in found.values():
        assert isnan(one.value)
        assert one.note is not None
        assert one.note.startswith("not defined: no item was judged by two annotators")


def test_no_votes_leave_all_undefined_with_the_reason() -> None:
    alpha = estimated(votes_of([]))["alpha"]
    assert (alpha.items, alpha.annotations, alpha.annotators) == (0, 0, 0)
    assert alpha.note == "not defined: no item was judged by two annotators"


def test_few_items_are_called_indicative() -> None:
    alpha = estimated(two_annotators(("y", "y", 15), ("n", "n", 15), ("y", "n", 6)))["alpha"]
    assert alpha.note == "indicative: fewer than 50 items"


def test_undefined_resamples_are_dropped_and_counted() -> None:
    # alpha is NaN in a resample of equal answers only; with ten differing answers on one item that is every third
    answers = [(f"r{i}", "1", "y" if i < 10 else "n") for i in range(20)]
    answers += [(f"r{i}", str(item), "n") for item in range(2, 40) for i in range(2)]
    alpha = estimated(votes_of(answers))["alpha"]
    assert isnan(alpha.low)
    assert alpha.note is not None
    number = int(alpha.note.removeprefix("no interval: ").split()[0])
    assert number == pytest.approx(1000 * (1 - 1 / 39) ** 39, abs=50)


def test_all_coefficients_come_from_the_same_resamples() -> None:
    votes = two_annotators(("y", "y", 60), ("n", "n", 40), ("y", "n", 20))
    alone = estimate(votes, {"alpha": COEFFICIENTS["alpha"]}, seed=0)["alpha"]
    assert alone == estimated(votes)["alpha"]


def test_very_many_values_are_estimated_in_chunks() -> None:
    rng = np.random.default_rng(0)
    values = rng.integers(0, 400, size=(3000, 2))
    answers = [(who, str(i), str(x)) for i, row in enumerate(values) for who, x in zip("ab", row, strict=True)]
    alpha = estimated(votes_of(answers))["alpha"]
    assert alpha.low < alpha.value < alpha.high
