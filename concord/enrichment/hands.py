"""Which approved examples a self-instruct request shows.

Examples are dealt into hands, as cards are, and a request shows one whole hand. Since no two hands share an example, a
generated prompt ties only the few examples of its hand together: with fresh samples for each request, a few dozen
requests would tie all of them into one cluster, which no split can divide.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from random import Random
from uuid import UUID

SIZE = 4
Hand = tuple[UUID, ...]


def deal(examples: Sequence[UUID], played: Sequence[Hand], seed: int) -> list[Hand]:
    """The hands to show, the least played first; what was in one hand stays together.

    Args:
        examples: all that are approved now.
        played: the hand of each request so far, of any seed.
        seed: how examples that were never dealt are shuffled.

    >>> a, b, c = (UUID(int=number) for number in range(3))
    >>> deal([a, b, c], [(a, b)], seed=0) == [(c,), (a, b)]
    True
    """
    times = Counter(played)
    approved = set(examples)
    old = {hand: shown for hand in times if (shown := tuple(one for one in hand if one in approved))}
    fresh = sorted(approved.difference(*times))
    Random(seed).shuffle(fresh)
    dealt = [(0, tuple(fresh[start : start + SIZE])) for start in range(0, len(fresh), SIZE)]
    return [hand for _, hand in sorted([*dealt, *_counted(old, times)], key=lambda one: one[0])]


def _counted(hands: Mapping[Hand, Hand], times: Mapping[Hand, int]) -> list[tuple[int, Hand]]:
    return [(times[hand], shown) for hand, shown in hands.items()]
