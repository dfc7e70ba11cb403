from __future__ import annotations

from datetime import UTC, datetime

from concord.drafting.options import DraftOptions, rest_of
from concord.ids import new_id
from concord.records.run import DraftingRun


def stopped(**told) -> DraftingRun:
    return DraftingRun(new_id(), new_id(), "m", 30, 10, 2, "cancelled", datetime.now(UTC), candidates=3, **told)


def test_the_rest_of_a_run_without_limits_has_none():
    assert rest_of(stopped()) == DraftOptions(3)


def test_the_rest_of_a_run_keeps_to_what_is_left_of_its_limits():
    rest = rest_of(stopped(item_limit=10, max_cost=1.0, cost=0.25))
    assert (rest.candidates, rest.limit, rest.max_cost) == (3, 7, 0.75)
    assert rest_of(stopped(max_cost=1.0, cost=1.5)).max_cost == 0.0
