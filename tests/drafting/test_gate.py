from __future__ import annotations

import asyncio
import time

from concord.drafting.gate import Gate
from concord.drafting.limits import Limits


async def passes(gate: Gate, seconds: float, seen: list[int]) -> None:
    async with gate.passage(10):
        seen.append(gate.in_flight)
        await asyncio.sleep(seconds)


def test_as_many_pass_at_once_as_the_window_is_wide():
    async def crowd() -> list[int]:
        gate, seen = Gate(Limits(concurrency=3)), []
        await asyncio.gather(*(passes(gate, 0.005, seen) for _ in range(12)))
        assert gate.in_flight == 0
        return seen

    seen = asyncio.run(crowd())
    assert (len(seen), max(seen)) == (12, 3)


def test_whoever_fails_leaves_the_place_to_the_next():
    async def fail(gate: Gate) -> None:
        async with gate.passage(1):
            raise ZeroDivisionError

    async def crowd() -> list[BaseException | None]:
        gate = Gate(Limits(concurrency=1))
        return await asyncio.gather(*(fail(gate) for _ in range(3)), return_exceptions=True)

    assert [type(error) for error in asyncio.run(crowd())] == [ZeroDivisionError] * 3


def test_requests_and_tokens_a_minute_are_spread_evenly():
    async def crowd(limits: Limits) -> float:
        gate, began = Gate(limits), time.monotonic()
        await asyncio.gather(*(passes(gate, 0, []) for _ in range(5)))
        return time.monotonic() - began

    assert asyncio.run(crowd(Limits(requests_per_minute=6_000))) >= 4 * 0.01
    assert asyncio.run(crowd(Limits(tokens_per_minute=60_000))) >= 4 * 0.01


def test_a_gate_that_is_held_lets_nothing_through():
    async def wait() -> float:
        gate, began = Gate(Limits()), time.monotonic()
        gate.hold(0.03)
        gate.hold(0.01)
        await passes(gate, 0, [])
        return time.monotonic() - began

    assert asyncio.run(wait()) >= 0.03
