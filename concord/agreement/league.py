"""Which model is preferred to which: a table of wins, and strengths with intervals."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan

import numpy as np

from concord.agreement.bradley_terry import bradley_terry, reachable
from concord.agreement.groups import numbered, summed
from concord.agreement.intervals import intervals
from concord.agreement.statistic import Extent, Interval, Statistic, statistic
from concord.agreement.units import Lots, drawn_units, units_of
from concord.records.kinds import Floats, Ints
from concord.records.report import Duels

MOST_MODELS = 50


@dataclass(frozen=True)
class Standing:
    """One model in the league.

    Attributes:
        strength: log-strength of Bradley and Terry, 0 on average; two models that differ by d meet with a chance of
            1 / (1 + exp(-d)) that the stronger wins.
        win_rate: wins, ties half, among all its duels.
        duels: how many.
    """

    model: str
    strength: Statistic
    win_rate: float
    duels: int


@dataclass(frozen=True)
class League:
    """All models, the strongest first, and how often each beat each (ties half), in their order."""

    standings: tuple[Standing, ...]
    wins: Floats
    ties: int
    items: int


def league(duels: Duels, *, seed: int) -> League | None:
    """The league of models from comparisons and rankings; None where no two models met.

    A tie is half a win for each. Intervals by resampling items: votes on one item are not independent, and neither are
    the pairs of one ranking.
    """
    k = len(duels.models)
    if not len(duels.won) or k > MOST_MODELS:
        return None
    _, item = numbered(duels.key)
    unit = units_of(_lots(item, duels), None, seed=seed)[item]
    tables = _wins_by_unit(duels, unit, k)
    wins = tables.sum(axis=0).reshape(k, k)
    theta, notes = bradley_terry(wins), _unbeaten(wins, duels.models)
    drawn = (drawn_units(np.arange(len(tables)), seed=seed).drawn @ tables).reshape(-1, k, k)
    found = intervals(bradley_terry(drawn)) if len(tables) > 1 and not isnan(theta[0]) else [Interval()] * k
    met, won = (wins + wins.T).sum(axis=1), wins.sum(axis=1)
    people = [_people(duels, model) for model in range(k)]
    standings = [
        Standing(
            model,
            statistic(float(theta[i]), found[i], Extent(people[i][0], int(met[i]), people[i][1]), notes=[notes]),
            float(won[i] / met[i]),
            int(met[i]),
        )
        for i, model in enumerate(duels.models)
        if met[i]
    ]
    order = sorted(
        standings, key=lambda one: (-(one.strength.value if not isnan(one.strength.value) else one.win_rate), one.model)
    )
    places = [duels.models.index(one.model) for one in order]
    return League(tuple(order), wins[np.ix_(places, places)], int((duels.won == 0).sum()), int(item.max()) + 1)


def _wins_by_unit(duels: Duels, unit: Ints, k: int) -> Floats:
    """How often each model beat each, for each unit of items, shape (units, k * k)."""
    units = int(unit.max()) + 1
    share = (duels.won + 1) / 2
    first = summed((unit * k + duels.one) * k + duels.other, share, units * k * k)
    second = summed((unit * k + duels.other) * k + duels.one, 1 - share, units * k * k)
    return (first + second).reshape(units, k * k)


def _unbeaten(wins: Floats, models: tuple[str, ...]) -> str | None:
    """Why there are no strengths: a model that never lost or never won, or models that never met."""
    met = (wins + wins.T).sum(axis=1) > 0
    if reachable(wins[np.ix_(met, met)][None]).all():
        return None
    lost, won = wins.sum(axis=0) > 0, wins.sum(axis=1) > 0
    for place, model in enumerate(models):
        if met[place] and not (lost[place] and won[place]):
            return f"not defined: {model!r} never {'lost' if won[place] else 'won'}"
    return "not defined: the models fall into groups that never met, or of which one always won"


def _lots(item: Ints, duels: Duels) -> Lots:
    """A number for each item that follows from its duels."""
    k, rng = len(duels.models), np.random.default_rng(0)
    keys = rng.integers(2**64, size=3 * k * k, dtype=np.uint64)
    low, high = np.minimum(duels.one, duels.other), np.maximum(duels.one, duels.other)
    won = np.where(duels.one < duels.other, duels.won, -duels.won)
    lots = np.zeros(int(item.max()) + 1, dtype=np.uint64)
    np.add.at(lots, item, keys[(low * k + high) * 3 + won + 1])
    return lots


def _people(duels: Duels, model: int) -> tuple[int, int]:
    """The items and the people of a model's duels."""
    its = (duels.one == model) | (duels.other == model)
    return len(np.unique(duels.key[its])), len(np.unique(duels.annotator[its]))
