from __future__ import annotations

from math import isnan

import numpy as np
import pytest

from concord.agreement.bradley_terry import bradley_terry
from concord.agreement.league import League, league
from concord.records.report import Duels

MODELS = ("big", "mid", "tiny")


def duels(*rows: tuple[int, int, int, int]) -> Duels:
    """Item, one, other, and who won."""
    key, one, other, won = (np.array(column, dtype=np.int64) for column in zip(*rows, strict=True))
    return Duels(key, key % 3, one, other, won, ("ann", "ben", "cat"), MODELS)


def played(items: int, *, seed: int = 0) -> Duels:
    """Each item has all three pairs; strengths are 1, 0 and -1, one duel in ten is a tie."""
    rng, rows = np.random.default_rng(seed), []
    for item in range(items):
        for one, other in ((0, 1), (0, 2), (1, 2)):
            chance = 1 / (1 + np.exp(one - other))
            won = 0 if rng.random() < 0.1 else 1 if rng.random() < chance else -1
            rows.append((item, one, other, won))
    return duels(*rows)


def found_in(given: Duels) -> League:
    found = league(given, seed=0)
    assert found is not None
    return found


def test_the_strongest_comes_first_with_an_interval_over_items() -> None:
    found = found_in(played(400))
    assert [one.model for one in found.standings] == ["big", "mid", "tiny"]
    assert all(one.strength.low < one.strength.value < one.strength.high for one in found.standings)
    assert sum(one.strength.value for one in found.standings) == pytest.approx(0)
    assert (found.items, found.standings[0].duels, found.standings[0].strength.annotators) == (400, 800, 3)


def test_ties_are_half_a_win_each() -> None:
    found = found_in(duels((0, 0, 1, 0), (1, 0, 1, 1), (2, 1, 0, 1)))
    assert found.wins[:2, :2].tolist() == [[0, 1.5], [1.5, 0]]
    assert (found.ties, [one.win_rate for one in found.standings]) == (1, [0.5, 0.5])


def test_which_draft_stood_first_changes_nothing() -> None:
    given = played(30)
    turned = Duels(given.key, given.annotator, given.other, given.one, -given.won, given.annotators, given.models)
    assert found_in(turned).standings == found_in(given).standings


def test_a_model_that_never_lost_leaves_strengths_undefined_and_the_order_is_that_of_wins() -> None:
    found = found_in(duels((0, 0, 1, 1), (1, 1, 2, 1), (2, 2, 1, 1)))
    assert [one.model for one in found.standings] == ["big", "tiny", "mid"]
    assert all(isnan(one.strength.value) for one in found.standings)
    assert str(found.standings[0].strength.note).startswith("not defined: 'big' never lost")


def test_groups_that_never_met_have_no_common_scale() -> None:
    given = duels((0, 0, 1, 1), (1, 1, 0, 1))
    four = Duels(
        *(
            np.append(getattr(given, name), extra)
            for name, extra in (
                ("key", [2, 3]),
                ("annotator", [0, 0]),
                ("one", [2, 3]),
                ("other", [3, 2]),
                ("won", [1, 1]),
            )
        ),
        annotators=given.annotators,
        models=("a", "b", "c", "d"),
    )
    note = found_in(four).standings[0].strength.note
    assert "the models fall into groups that never met" in str(note)


def test_strengths_are_those_of_all_wins_together() -> None:
    given = played(100)
    found = found_in(given)
    assert [one.strength.value for one in found.standings] == pytest.approx(bradley_terry(found.wins).tolist())


def test_without_duels_there_is_no_league() -> None:
    none = np.empty(0, dtype=np.int64)
    assert league(Duels(none, none, none, none, none, (), ()), seed=0) is None
