"""Answers that stand in their own prompt: a model would learn to copy."""

from __future__ import annotations

from collections.abc import Iterator
from unicodedata import normalize

from concord.conversion.choices import Choices
from concord.conversion.findings import Finding, Seen, Tally, counted

LEAST_LENGTH = 16
"""Characters; shorter answers (a name, yes or no) stand in many a prompt by right."""


class Leakage:
    """See `concord.conversion.findings.Check`; answer choices may stand in the prompt, which lists them."""

    def __init__(self, choices: Choices) -> None:
        self._choices = choices
        self._leaks = Tally()

    def see(self, seen: Seen) -> None:
        """Look for the target in the prompt."""
        if seen.target and leaks(seen.prompt, seen.target) and seen.target not in self._choices.of(seen.row):
            self._leaks.add(seen.row, seen.target)

    def findings(self, rows: int) -> Iterator[Finding]:
        """The rows that give their answer away."""
        if self._leaks.count:
            says = (
                f"The target stands in the prompt in {counted(self._leaks.count, 'row')} (of {LEAST_LENGTH} characters "
                "and more, in any case and spacing). That is right where the task is to quote; otherwise take it out."
            )
            yield self._leaks.finding("leak", "warning", says, rows)


def leaks(prompt: str, target: str) -> bool:
    r"""Whether the prompt gives the target away.

    >>> leaks("Shorten: The cat\nsat on the mat. Then it left.", "the CAT sat on the mat.")
    True
    >>> leaks("Is it yes or no?", "yes")
    False
    """
    wanted = _folded(target)
    return len(wanted) >= LEAST_LENGTH and wanted in _folded(prompt)


def _folded(text: str) -> str:
    return " ".join(normalize("NFC", text).casefold().split())
