"""What is asked of an enrichment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from concord.errors import InputError
from concord.records.kinds import ItemMethod

METHODS: tuple[ItemMethod, ...] = get_args(ItemMethod)


@dataclass(frozen=True)
class EnrichOptions:
    """Which new prompts a model is asked for.

    Attributes:
        method: `paraphrase` says a prompt in other words, `reverse` writes the question that an answer answers,
            `self_instruct` writes new prompts after the example of approved ones.
        items: how many requests to make at most, each for one new prompt.
        candidates: how many texts people choose from.
        seed: another seed asks for other texts, also of the same sources.
        model: None is the project's model.
        base_url: None is the project's endpoint.

    Raises:
        InputError: there is no such method, or a number is out of its range.
    """

    method: ItemMethod
    items: int = 10
    candidates: int = 3
    seed: int = 0
    model: str | None = None
    base_url: str | None = None

    def __post_init__(self) -> None:
        if self.method not in METHODS:
            raise InputError(f"method is {self.method!r}. Choose one of {', '.join(METHODS)}.")
        limits = (
            ("items", self.items, 1, 100_000),
            ("candidates", self.candidates, 1, 20),
            ("seed", self.seed, 0, 2**31 - 1),
        )
        for name, number, least, most in limits:
            if not least <= number <= most:
                raise InputError(f"{name} is {number}. Give a number from {least} to {most:,}.")
