"""Against known answers: hits with Wilson's interval, tau-b of rankings, chrF of edits."""

from math import isnan

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, kendalltau

from concord.agreement.gold import against, annotator_results, hits, tau_b, wilson
from concord.ids import new_id
from concord.records.annotation import Comparison, Edit, FactualChecks, Labels, Ranking, Ratings
from concord.records.gold import Given, Workload

A, B, C = sorted(new_id() for _ in range(3))


@pytest.mark.parametrize(
    ("known", "answered", "expected"),
    [
        (Ranking(((A,), (B, C))), Ranking(((A,), (C,), (B,))), [True]),
        (Ranking(((A, B), (C,))), Ranking(((B,), (A,), (C,))), [True]),
        (Ranking(((A,), (B, C))), Ranking(((A, B), (C,))), [False]),
        (Ranking(((A,), (B,))), Ranking(()), [False]),
        (Ranking((), (A, B)), Ranking((), (A, B)), [True]),
        (Ranking((), (A, B)), Ranking(((A,), (B,))), [False]),
        (FactualChecks({A: "right", B: "wrong"}), FactualChecks({A: "right", B: "cannot_tell"}), [True, False]),
        (Comparison(A), Comparison(A), [True]),
        (Comparison("tie"), Comparison(A), [False]),
        (Labels({"tone": "warm", "safe": "yes"}), Labels({"tone": "warm", "other": "x"}), [True, False]),
        (Ratings({"clear": 4.0}), Ratings({"clear": 4.0}), [True]),
        (Edit(A, "text"), Edit(A, "text"), []),
        (Ranking(((A,),)), Edit(A, "text"), []),
    ],
)
def test_a_hit_is_the_choice_that_is_known(known, answered, expected) -> None:
    assert hits(known, answered) == expected


@given(st.integers(0, 40), st.integers(1, 40))
def test_the_interval_is_wilson_s(successes: int, trials: int) -> None:
    successes = min(successes, trials)
    found = wilson(successes, trials)
    theirs = binomtest(successes, trials).proportion_ci(method="wilson")
    assert (found.low, found.high) == pytest.approx((theirs.low, theirs.high))


TIERS = st.lists(st.integers(0, 3), min_size=2, max_size=6)


@given(st.data())
def test_tau_b_is_that_of_scipy(data) -> None:
    one = data.draw(TIERS)
    other = data.draw(st.lists(st.integers(0, 3), min_size=len(one), max_size=len(one)))
    drafts = [new_id() for _ in one]
    found = tau_b(*(ranking(drafts, tiers) for tiers in (one, other)))
    theirs = kendalltau(one, other).statistic
    assert found == pytest.approx(theirs, nan_ok=True)
    assert tau_b(*(ranking(drafts, tiers) for tiers in (other, one))) == pytest.approx(found, nan_ok=True)


def ranking(drafts, tiers) -> Ranking:
    """The drafts in these tiers."""
    return Ranking(tuple(tuple(d for d, t in zip(drafts, tiers, strict=True) if t == tier) for tier in range(4)))


def test_answers_are_added_up_and_what_is_undefined_is_nan() -> None:
    answers = [
        Given("ann", "gold", Ranking(((A,), (B,))), Ranking(((A,), (B,)))),
        Given("ann", "gold", Ranking(((A,), (B,))), Ranking(((B,), (A,)))),
        Given("ann", "gold", Edit(A, "the cat sat"), Edit(A, "the cat sat")),
    ]
    found = against(answers)
    assert (found.hits, found.choices, found.share) == (1, 2, 0.5)
    assert (found.tau_b, found.rankings, found.chrf, found.edits) == (0.0, 2, 1.0, 1)
    none = against([])
    assert all(map(isnan, (none.share, none.tau_b, none.chrf, none.interval.low)))


def test_training_and_gold_stand_apart_and_undefined_is_null() -> None:
    answers = [
        Given("ann", "training", Comparison(A), Comparison(B)),
        Given("ann", "gold", Comparison(A), Comparison(A)),
        Given("bob", "gold", Comparison(A), Comparison(B)),
    ]
    [ann] = annotator_results([Workload("ann", 3, 2, 1, 0)], answers)
    assert (ann["training"]["hits"], ann["training"]["choices"]) == (0, 1)
    assert (ann["gold"]["hits"], ann["gold"]["choices"], ann["gold"]["tau_b"]) == (1, 1, None)
    assert (ann["finished"], ann["assigned"], ann["skipped"], ann["flagged"]) == (3, 2, 1, 0)
