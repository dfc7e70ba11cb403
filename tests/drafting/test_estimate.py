from __future__ import annotations

from concord.drafting.endpoint import endpoint_for
from concord.drafting.estimate import estimate_of
from concord.records.draft import Missing
from concord.records.project import Settings
from concord.records.run import Usage

PRICED = endpoint_for(Settings(model="m", prices={"m": [1.0, 2.0]}), {}, base_url="http://127.0.0.1:1/v1")


def estimate(world, usage: Usage, endpoint=PRICED):
    store = world.store_of(0)
    store.missing_drafts = lambda project_id, *, candidates, limit: Missing(10, 30, 120_000)
    store.token_usage = lambda project_id, model: usage
    return estimate_of(store, world.project, endpoint, candidates=3, limit=None)


def test_without_drafts_tokens_are_guessed_from_lengths(world):
    found = estimate(world, Usage(0, 0, 0, 0))
    assert (found.items, found.drafts, found.tokens_in, found.tokens_out, found.measured) == (10, 30, 30_000, 9_000, 0)
    assert found.cost == (30_000 + 2 * 9_000) / 1e6


def test_drafts_that_are_there_are_the_measure(world):
    found = estimate(world, Usage(drafts=20, tokens_in=5_000, tokens_out=2_000, characters=10_000))
    assert (found.tokens_in, found.tokens_out, found.measured) == (60_000, 3_000, 20)
    assert found.tokens_of_an_answer == 100


def test_an_unknown_price_makes_the_cost_unknown(world):
    free = endpoint_for(Settings(model="m"), {}, base_url="http://127.0.0.1:1/v1")
    assert estimate(world, Usage(0, 0, 0, 0), free).cost is None
