"""What completions cost: prices that a person set, what was spent, and a ceiling that is not passed.

An unknown price is unknown, not nothing: a sum that it belongs to is None.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from concord.errors import InputError, RunStopped

_TOKENS_OF_AN_ANSWER = 300.0
_CHARACTERS_OF_A_TOKEN = 4


@dataclass(frozen=True)
class Price:
    """US dollars for a million tokens, of the prompt and of the answer."""

    tokens_in: float
    tokens_out: float


FREE = Price(0.0, 0.0)


@dataclass(frozen=True)
class Spent:
    """What has been asked for so far.

    Attributes:
        cost: US dollars; None when a price is unknown.
        uncounted: answers that came without a count of their tokens, and are in no sum.
        repeated: requests that had to be made again.
    """

    tokens_in: int = 0
    tokens_out: int = 0
    cost: float | None = 0.0
    uncounted: int = 0
    repeated: int = 0


def cost_of(price: Price | None, tokens_in: float | None, tokens_out: float | None) -> float | None:
    """US dollars for so many tokens; None when price or tokens are unknown.

    >>> cost_of(Price(0.25, 2.0), 1_000_000, 500_000)
    1.25
    """
    if price is None or tokens_in is None or tokens_out is None:
        return None
    return (price.tokens_in * tokens_in + price.tokens_out * tokens_out) / 1e6


def dollars(cost: float | None) -> str:
    """An amount of US dollars, with as many digits as tell something.

    >>> [dollars(cost) for cost in (None, 0, 0.00041, 0.75, 1234.5)]
    ['cost unknown', '$0.00', '$0.00041', '$0.75', '$1,234.50']
    """
    if cost is None:
        return "cost unknown"
    if cost == 0 or cost >= 0.01:
        return f"${cost:,.2f}"
    return f"${cost:.2g}" if cost >= 0.0001 else "below $0.0001"


def about_tokens(characters: int) -> float:
    """About how many tokens a text of this length has: four characters each, which is right for English.

    >>> about_tokens(400)
    100.0
    """
    return characters / _CHARACTERS_OF_A_TOKEN


class Meter:
    """Counts what is spent, and keeps what is under way below a ceiling.

    What a request will cost is reserved before it leaves: its prompt by length, its answer by the mean of the answers
    so far. So the ceiling can be passed only by what the answers under way are longer than was thought.
    """

    def __init__(self, *, ceiling: float | None = None, tokens_of_an_answer: float | None = None) -> None:
        self.spent = Spent()
        self._ceiling, self._uncounted_cost = ceiling, 0.0
        self._reserved: list[float] = []
        self._guess = tokens_of_an_answer or _TOKENS_OF_AN_ANSWER
        self._answers = 0
        self._settled = asyncio.Event()

    def expected_answer(self) -> float:
        """Tokens of the next answer, about."""
        return self.spent.tokens_out / self._answers if self._answers else self._guess

    @asynccontextmanager
    async def reserved(self, price: Price | None, tokens_in: float, tokens_out: float) -> AsyncGenerator[None]:
        """Keep the cost of a request below the ceiling while the block runs.

        Raises:
            InputError: there is a ceiling, and the price is unknown.
            RunStopped: there is no room for it, and nothing under way that may leave some.
        """
        estimate = cost_of(price, tokens_in, tokens_out)
        if estimate is None and self._ceiling is not None:
            raise InputError("a cost ceiling needs the price of every model. Set it in the project's prices.")
        amount = estimate or 0.0
        while not self._has_room(amount):
            if not self._reserved:
                raise RunStopped(
                    f"The next request would pass the cost ceiling of {dollars(self._ceiling)}. Raise it to go on."
                )
            self._settled.clear()
            await self._settled.wait()
        self._reserved.append(amount)
        try:
            yield
        finally:
            self._reserved.remove(amount)
            self._settled.set()

    def _has_room(self, amount: float) -> bool:
        committed = (self.spent.cost or 0.0) + self._uncounted_cost + sum(self._reserved)
        return self._ceiling is None or committed + amount <= self._ceiling

    def add(self, price: Price | None, tokens_in: int | None, tokens_out: int | None, *, guess: float) -> float | None:
        """Count an answer; `guess` is what was reserved for it, which the ceiling counts when its tokens are unknown.

        Returns:
            What it cost; None when that is unknown.
        """
        cost, spent = cost_of(price, tokens_in, tokens_out), self.spent
        if tokens_in is None or tokens_out is None:
            self._uncounted_cost += guess
            self.spent = replace(spent, uncounted=spent.uncounted + 1)
            return None
        self._answers += 1
        self.spent = replace(
            spent,
            tokens_in=spent.tokens_in + tokens_in,
            tokens_out=spent.tokens_out + tokens_out,
            cost=None if spent.cost is None or cost is None else spent.cost + cost,
        )
        return cost

    def repeat(self) -> None:
        """Count a request that is made again."""
        self.spent = replace(self.spent, repeated=self.spent.repeated + 1)
