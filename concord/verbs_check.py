"""The verb that checks a data set: its steps come from wherever the work is done."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

Result = dict[str, Any]
OnChecked = Callable[[Result], None]


class CheckVerbs(ABC):
    """See `concord.verbs.Verbs`."""

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
