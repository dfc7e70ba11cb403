"""The gates: what a pair of drafts must show before it may leave as a preference."""

from __future__ import annotations

from dataclasses import dataclass

from concord.errors import InputError


@dataclass(frozen=True)
class Gates:
    """What a lead asks of the votes for a pair.

    Attributes:
        min_votes: how many annotators must have compared the two drafts.
        min_agreement: the winner's share of all their votes, ties included.

    Raises:
        InputError: a number is out of its range.
    """

    min_votes: int = 1
    min_agreement: float = 0.0

    def __post_init__(self) -> None:
        if self.min_votes < 1:
            raise InputError(
                f"min_votes is {self.min_votes!r}, but a preference needs a vote. Give a whole number from 1."
            )
        if not 0.0 <= self.min_agreement <= 1.0:
            raise InputError(
                f"min_agreement is {self.min_agreement!r}, which is no share of the votes. Give a number from 0 to 1."
            )
