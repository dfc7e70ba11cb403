"""How alike judgements are, two by two."""

from __future__ import annotations

import numpy as np
import pytest

from concord.agreement.likenesses import (
    MOST_PAIRS,
    Likenesses,
    agreement_with_others,
    credited_judgements,
    of_each_pair,
)

NAMES = ("ann", "ben", "cid")


def everybody(items: int, values: tuple[float, float, float]) -> Likenesses:
    """Three people on so many items; ann and ben, ann and cid, ben and cid are alike by these values."""
    item = np.repeat(np.arange(items), 3)
    left, right = np.tile([0, 0, 1], items), np.tile([1, 2, 2], items)
    return Likenesses(item, left, right, np.tile(values, items), NAMES)


def test_a_judgement_has_the_mean_of_its_likenesses_to_the_others() -> None:
    votes, credit, unit = credited_judgements(everybody(2, (1.0, 0.0, 0.5)), "ranking", "drafted", seed=0)
    assert votes.item.tolist() == [0, 0, 0, 1, 1, 1]
    assert votes.annotator.tolist() == [0, 1, 2, 0, 1, 2]
    assert credit.tolist() == [0.5, 0.75, 0.25] * 2
    assert len(set(unit.tolist())) == 2


def test_each_pair_has_its_mean_with_the_items_both_judged() -> None:
    found = of_each_pair(everybody(60, (1.0, 0.0, 0.5)), seed=0)
    assert [(one.between, one.value, one.items, one.annotations) for one in found] == [
        (("ann", "ben"), 1.0, 60, 120),
        (("ann", "cid"), 0.0, 60, 120),
        (("ben", "cid"), 0.5, 60, 120),
    ]


def test_where_nobody_judged_an_item_together_there_is_nobody_and_no_pair() -> None:
    none = np.empty(0, np.int64)
    nothing = Likenesses(none, none, none, none.astype(float), NAMES)
    assert (agreement_with_others(nothing, seed=0), of_each_pair(nothing, seed=0)) == ({}, ())


def test_too_many_pairs_are_not_listed() -> None:
    people = np.arange(MOST_PAIRS + 2)
    chain = Likenesses(people[:-1], people[:-1], people[1:], np.ones(MOST_PAIRS + 1), tuple(map(str, people)))
    assert of_each_pair(chain, seed=0) == ()


def test_the_interval_of_a_person_holds_the_value() -> None:
    rng = np.random.default_rng(0)
    values = rng.random(300)
    alike = Likenesses(np.repeat(np.arange(100), 3), np.tile([0, 0, 1], 100), np.tile([1, 2, 2], 100), values, NAMES)
    ann = agreement_with_others(alike, seed=0)["ann"]
    assert ann.value == pytest.approx(values.reshape(100, 3)[:, :2].mean())
    assert ann.low < ann.value < ann.high
