"""The verb that checks a data set: its steps come from wherever the work is done."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from concord.errors import InputError

Result = dict[str, Any]
OnChecked = Callable[[Result], None]


@dataclass(frozen=True)
class InformationRequest:
    """Which responses a model is asked about.

    Attributes:
        limit: how many at most.
        max_cost: US dollars that it may take at most.

    Raises:
        InputError: a number is out of its range.
    """

    limit: int | None = None
    max_cost: float | None = None

    def __post_init__(self) -> None:
        if self.limit is not None and not 1 <= self.limit <= 1_000_000_000:
            raise InputError(f"limit is {self.limit}. Give a number from 1 to 1,000,000,000.")
        if self.max_cost is not None and not 0 < self.max_cost < 1e9:
            raise InputError(f"max-cost is {self.max_cost}. Give US dollars, more than 0.")


class CheckVerbs(ABC):
    """See `concord.verbs.Verbs`."""

    @abstractmethod
    def check_information(self, project: str, request: InformationRequest) -> Result: ...

    def check(self, project: str, against: Sequence[Path] = (), on_step: OnChecked | None = None) -> Result:
        """What is wrong with a data set, what it is made of, and what speaks for training on it.

        Args:
            project: whose items.
            against: files of texts that no item may hold.
            on_step: is told how far it is: `{"done", "items"}`.
        """
        for step in self.checking(project, against):
            if "report" in step:
                return step["report"]
            if on_step:
                on_step(step)
        raise AssertionError  # the report is the last step

    @abstractmethod
    def checking(self, project: str, against: Sequence[Path]) -> Iterator[Result]: ...
