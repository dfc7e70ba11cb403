"""The verbs about those who judge: who gets what, how near to known answers they come, what they say."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

Result = dict[str, Any]


class PeopleVerbs(Protocol):
    """What Concord does with annotators. All of them raise `ConcordError`."""

    def assign(self, project: str, annotators: Sequence[str], chosen: Sequence[str] | int) -> Result: ...
    def unassign(self, project: str, items: Sequence[str] | None = None) -> Result: ...
    def gold_from_file(self, project: str, path: Path) -> Result: ...
    def gold_from_decision(self, project: str, item: str) -> Result: ...
    def annotators(self, project: str) -> list[Result]: ...
    def remarks(self, project: str) -> list[Result]: ...
