"""What an endpoint allows: how many requests at once, how many requests and tokens a minute, how long to wait."""

from __future__ import annotations

from dataclasses import dataclass

FIRST = 16
"""Requests that are let through at once before anything is known of an endpoint."""
_SLOW, _TOO_SLOW = 1.5, 2.0
_BACK_OFF_SLOW, _BACK_OFF_REFUSED = 0.8, 0.5
_FORGET = 1.01


@dataclass(frozen=True)
class Limits:
    """What a project allows itself at an endpoint.

    Attributes:
        concurrency: requests under way at once, at most.
        requests_per_minute: None is no limit.
        tokens_per_minute: of prompts and answers together; None is no limit.
        timeout: seconds of silence after which a request is given up.
    """

    concurrency: int = 16
    requests_per_minute: int | None = None
    tokens_per_minute: int | None = None
    timeout: int = 60


class Window:
    """How many requests may be under way at once: additive increase, multiplicative decrease, as in TCP.

    It begins with `FIRST` and grows by one with each answer, that is twofold in each round (as many answers as the
    window is wide), until it is told off for the first time; from then on by one in each round. A refusal (429, 503, a
    timeout) halves it, once for all that was under way then. A round that took more than twice as long as the best one
    takes a fifth off it, and one that took half as long again keeps it from growing: more requests would only queue.
    """

    def __init__(self, ceiling: int) -> None:
        self._ceiling = ceiling
        self._size = float(min(ceiling, FIRST))
        self._step = 1.0
        self._cut_at = float("-inf")
        self._best = float("inf")
        self._round: list[float] = []
        self._round_size = self.size
        self._may_grow = True

    @property
    def size(self) -> int:
        """Requests that may be under way now: 1 to the ceiling."""
        return int(self._size)

    def answered(self, latency: float) -> None:
        """An answer came after `latency` seconds."""
        self._round.append(latency)
        if len(self._round) >= self._round_size:
            self._end_round()
        if self._may_grow:
            self._size = min(self._ceiling, self._size + self._step)
            if self._step < 1:
                self._step = 1 / self._size

    def refused(self, *, begun: float, now: float) -> None:
        """A request that left at `begun` was refused, both on one clock."""
        if begun >= self._cut_at:
            self._shrink(_BACK_OFF_REFUSED)
            self._cut_at = now
            self._begin_round()

    def _end_round(self) -> None:
        mean = sum(self._round) / len(self._round)
        self._best = min(mean, self._best * _FORGET)
        self._may_grow = mean <= _SLOW * self._best
        if mean > _TOO_SLOW * self._best:
            self._shrink(_BACK_OFF_SLOW)
        self._begin_round()

    def _begin_round(self) -> None:
        self._round.clear()
        self._round_size = self.size

    def _shrink(self, factor: float) -> None:
        self._size = max(1.0, self._size * factor)
        self._step = 1 / self._size


class Pace:
    """Spreads an amount a minute evenly, so that no minute sees more of it (bar the one thing under way).

    >>> pace = Pace(60)
    >>> pace.take(3, now=0.0)
    >>> pace.wait(now=1.0)
    2.0
    """

    def __init__(self, per_minute: int | None) -> None:
        self._seconds_each = 60 / per_minute if per_minute else 0.0
        self._free_at = float("-inf")

    def wait(self, *, now: float) -> float:
        """Seconds until more may be taken."""
        return max(0.0, self._free_at - now)

    def take(self, amount: float, *, now: float) -> None:
        """Take so much, now."""
        self._free_at = max(self._free_at, now) + amount * self._seconds_each

    def settle(self, difference: float) -> None:
        """It was more, or less, than what was taken."""
        self._free_at += difference * self._seconds_each
