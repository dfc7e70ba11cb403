"""Answer choices beside the targets: targets that are none of them, choices that never occur, lopsided ones."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from concord.conversion.findings import Finding, Seen, Tally, agree, counted, listed, share
from concord.conversion.names import SEPARATOR
from concord.conversion.render import Fault, attempt
from concord.records.row import Row
from concord.records.template import Section, Template

LOPSIDED = 5
"""A choice may have so many times the rows of another before lint says so,"""
LEAST_TARGETS = 50
"""and then only among so many targets."""


class ChoiceCount(NamedTuple):
    """How many targets are this choice; `choice` is as the template writes it, with columns where it has some."""

    choice: str
    targets: int


class Choices:
    """See `concord.conversion.findings.Check`."""

    def __init__(self, template: Template) -> None:
        written = [part.strip() for text in template.answer_choices for part in text.split(SEPARATOR)]
        self._written = tuple(written)
        self._fixed = self._written if not any("{" in choice for choice in written) else None
        self._most = 0
        shows = Section("user", "{{ answer_choices | tojson }}")
        self._asking = replace(template, sections=(shows,), target=None)
        self._counts = Counter[int]()
        self._other = Tally()

    def of(self, row: Row) -> tuple[str, ...]:
        """The choices of a row, which must be one that can be rendered."""
        if self._fixed is not None:
            return self._fixed
        outcome = attempt(self._asking, row.data, row_id=row.id)
        return () if isinstance(outcome, Fault) else tuple(json.loads(outcome.messages[0].content))

    def see(self, seen: Seen) -> None:
        """Find the target among the choices."""
        if not self._written or seen.target is None:
            return
        choices = self.of(seen.row)
        self._most = max(self._most, len(choices))
        if seen.target in choices:
            self._counts[choices.index(seen.target)] += 1
        else:
            self._other.add(seen.row, seen.target)

    def table(self) -> tuple[ChoiceCount, ...]:
        """How often each choice is the target, in their order."""
        return tuple(ChoiceCount(choice, self._counts[place]) for place, choice in enumerate(self._names()))

    def _names(self) -> Sequence[str]:
        """The choices as the template writes them; by number, where an expression makes several of them at once."""
        whole = all(choice.count("{") == choice.count("}") for choice in self._written)
        if whole and self._most in (0, len(self._written)):
            return self._written
        return [f"choice {number}" for number in range(1, self._most + 1)]

    def findings(self, rows: int) -> Iterator[Finding]:
        """What does not fit; nothing when no row has a target."""
        if self._other.count:
            are = agree(self._other.count, "is", "are")
            says = f"{counted(self._other.count, 'target')} {are} none of the answer choices."
            yield self._other.finding("no-choice", "error", says, rows)
        targets = self._counts.total()
        if not targets:
            return
        if never := [choice for choice, count in self.table() if not count]:
            yield Finding("unused-choice", "warning", f"No target is {listed(never)}.", 0)
        yield from self._lopsided(targets, rows)

    def _lopsided(self, targets: int, rows: int) -> Iterator[Finding]:
        occurring = [one for one in self.table() if one.targets]
        most = max(occurring, key=lambda one: one.targets)
        least = min(occurring, key=lambda one: one.targets)
        if targets >= LEAST_TARGETS and most.targets > LOPSIDED * least.targets:
            says = (
                f"The answer choices are unbalanced: {most.choice!r} is {counted(most.targets, 'target')} "
                f"({most.targets / targets:.0%}) and {least.choice!r} {least.targets:,}, "
                f"which is more than {LOPSIDED} to 1."
            )
            yield Finding("unbalanced-choices", "warning", says, most.targets, share(most.targets, rows))
