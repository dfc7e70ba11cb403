"""The verbs about those who judge: who gets what, and what they said beside judging."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

Result = dict[str, Any]


class PeopleVerbs(Protocol):
    """What Concord does with annotators. All of them raise `ConcordError`."""

    def assign(self, project: str, annotators: Sequence[str], chosen: Sequence[str] | int) -> Result: ...
    def unassign(self, project: str, items: Sequence[str] | None = None) -> Result: ...
    def remarks(self, project: str) -> list[Result]: ...
