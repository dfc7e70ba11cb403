from __future__ import annotations

import asyncio

import pytest

from concord.drafting.cost import FREE, Meter, Price, cost_of
from concord.errors import InputError, RunStopped

PRICE = Price(1.0, 2.0)


def test_what_is_not_known_makes_the_cost_unknown():
    assert cost_of(None, 1, 1) is cost_of(PRICE, None, 1) is cost_of(PRICE, 1, None) is None
    assert cost_of(FREE, 5, 5) == 0.0


def test_answers_are_added_up():
    meter = Meter()
    assert meter.add(PRICE, 1_000_000, 500_000, guess=0.0) == 2.0
    meter.add(PRICE, 1_000_000, 0, guess=0.0)
    meter.repeat()
    spent = meter.spent
    assert (spent.tokens_in, spent.tokens_out, spent.cost) == (2_000_000, 500_000, 3.0)
    assert (spent.uncounted, spent.repeated) == (0, 1)


def test_one_unknown_price_makes_the_sum_unknown_for_good():
    meter = Meter()
    meter.add(None, 10, 10, guess=0.0)
    meter.add(PRICE, 10, 10, guess=0.0)
    assert (meter.spent.cost, meter.spent.tokens_in) == (None, 20)


def test_an_answer_without_a_count_is_counted_as_such():
    meter = Meter()
    assert meter.add(PRICE, None, None, guess=0.5) is None
    assert (meter.spent.uncounted, meter.spent.cost) == (1, 0.0)


def test_the_next_answer_is_expected_to_be_as_long_as_those_before():
    meter = Meter(tokens_of_an_answer=50)
    assert meter.expected_answer() == 50
    meter.add(PRICE, 1, 10, guess=0.0)
    meter.add(PRICE, 1, 30, guess=0.0)
    assert meter.expected_answer() == 20


async def _spend(meter: Meter, tokens_in: int, *, took: int, seconds: float = 0.0) -> None:
    async with meter.reserved(PRICE, tokens_in, 0):
        await asyncio.sleep(seconds)
        meter.add(PRICE, took, 0, guess=tokens_in / 1e6)


def test_a_request_that_would_pass_the_ceiling_is_not_sent():
    async def spend() -> None:
        meter = Meter(ceiling=1.0)
        await _spend(meter, 600_000, took=600_000)
        with pytest.raises(RunStopped) as caught:
            await _spend(meter, 600_000, took=600_000)
        assert str(caught.value) == "The next request would pass the cost ceiling of $1.00. Raise it to go on."
        assert meter.spent.cost == 0.6

    asyncio.run(spend())


def test_what_is_under_way_counts_and_may_leave_room_when_it_ends():
    async def spend() -> float | None:
        meter = Meter(ceiling=1.0)
        many = (_spend(meter, 400_000, took=100_000, seconds=0.001) for _ in range(6))
        await asyncio.gather(*many)
        return meter.spent.cost

    assert asyncio.run(spend()) == pytest.approx(0.6)


def test_an_answer_without_a_count_takes_its_estimate_off_the_ceiling():
    async def spend() -> None:
        meter = Meter(ceiling=1.0)
        meter.add(PRICE, None, None, guess=0.9)
        with pytest.raises(RunStopped):
            await _spend(meter, 200_000, took=0)

    asyncio.run(spend())


def test_a_ceiling_needs_a_price():
    async def spend() -> None:
        async with Meter(ceiling=1.0).reserved(None, 1, 1):
            pass

    with pytest.raises(InputError, match=r"a cost ceiling needs the price of every model\. Set it in"):
        asyncio.run(spend())
