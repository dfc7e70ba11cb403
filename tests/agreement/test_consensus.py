from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concord.agreement.consensus import CLOSE, LEAST_ANSWERS, STEPS, consensus, dawid_skene
from concord.agreement.votes import votes_of
from concord.records.report import Votes

ACCURACY = {"good": 0.95, "fair": 0.8, "weak": 0.6, "spam": 1 / 3}


def simulated(items: int = 600, *, seed: int = 0) -> tuple[Votes, np.ndarray]:
    """Answers of four annotators to every item, and what is right; who errs, errs evenly."""
    rng = np.random.default_rng(seed)
    right = rng.integers(3, size=items)
    rows = []
    for who, accuracy in ACCURACY.items():
        wrong = (right + rng.integers(1, 3, size=items)) % 3
        given = np.where(rng.random(items) < accuracy, right, wrong)
        rows += [(who, f"i{i:04d}", "abc"[value]) for i, value in enumerate(given)]
    return votes_of(rows), right


def test_dawid_and_skene_find_how_accurate_each_annotator_is() -> None:
    found = consensus(simulated()[0])
    assert found is not None
    assert found.accuracy == pytest.approx(ACCURACY, abs=0.06)
    assert found.confusion["good"].sum() == pytest.approx(600)


def test_dawid_and_skene_are_right_more_often_than_the_majority() -> None:
    votes, right = simulated()
    weighed = dawid_skene(votes).argmax(axis=1)
    counts = np.zeros((600, 3))
    np.add.at(counts, (votes.item, votes.value), 1)
    assert (weighed == right).mean() > (counts.argmax(axis=1) == right).mean() + 0.03


def by_the_equations(votes: Votes) -> np.ndarray:
    """T by equations 2.3 to 2.5 of Dawid & Skene 1979, from the shares of votes of 3.1, product by product."""
    n = np.zeros((len(set(votes.item.tolist())), len(votes.annotators), len(votes.values)))
    np.add.at(n, (votes.item, votes.annotator, votes.value), 1)
    t = n.sum(axis=1) / n.sum(axis=(1, 2))[:, None]
    for _ in range(STEPS):
        p, pi = t.mean(axis=0), np.einsum("ij,ikl->kjl", t, n)
        pi /= np.where(pi.sum(axis=2, keepdims=True) > 0, pi.sum(axis=2, keepdims=True), 1)
        likely = np.array([[p[j] * np.prod(pi[:, j] ** n[i]) for j in range(len(p))] for i in range(len(n))])
        before, t = t, likely / likely.sum(axis=1, keepdims=True)
        if np.abs(t - before).max() < CLOSE:
            break
    return t


@settings(max_examples=30)
@given(st.integers(0, 2**32 - 1))
def test_probabilities_are_those_of_the_papers_equations(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows = [(who, f"{i:02}", "abc"[rng.integers(3)]) for who in "vwxyz" for i in range(12) if rng.random() < 0.8]
    votes = votes_of(rows)
    assert dawid_skene(votes) == pytest.approx(by_the_equations(votes), abs=1e-7)


def test_ties_are_flagged_and_not_decided_by_order() -> None:
    rows = [("x", "1", "a"), ("y", "1", "b"), ("x", "2", "a"), ("y", "2", "a")]
    found = consensus(votes_of(rows))
    assert found is not None
    assert (found.items, found.tied, found.with_majority) == (2, 1, {"x": 1.0, "y": 1.0})
    assert found.accuracy == {}  # fewer than LEAST_ANSWERS answers


def test_who_answered_often_enough_has_an_accuracy() -> None:
    rows = [(who, str(i), "ab"[i % 2]) for i in range(LEAST_ANSWERS) for who in "xy"]
    found = consensus(votes_of(rows))
    assert found is not None
    assert found.accuracy == pytest.approx({"x": 1, "y": 1})


def test_there_is_no_consensus_without_votes_or_on_free_text() -> None:
    assert consensus(votes_of([])) is None
    assert consensus(votes_of([("x", str(i), f"text {i}") for i in range(30)])) is None
