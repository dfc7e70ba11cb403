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


@dataclass(frozen=True)
class ItemGates:
    """What a lead asks of items, and of the texts that would leave.

    Attributes:
        adjudicated_only: only items leave that a reviewer decided.
        min_item_agreement: 1 - the greatest distance between the annotators of an item, from 0 to 1; above 0 it holds
            back items that no two of them answered alike questions on. Decided items need none.
        found_right: a draft that is an answer, or chosen, leaves only if more annotators found it factually right than
            wrong; edits and decisions are people's own.
        allowed_models: only texts that these models drafted leave, and texts that no model drafted; empty for all.
        denied_models: texts that these models drafted stay here, as do edits of them.
        min_chars: of each answer.
        max_chars: of the prompt and the longest answer together; None for any.
        drop_nul: rows stay here whose prompt or answers hold a NUL character, which many readers cannot take.
        languages: codes of two letters that answers may be in; empty for all.
        drop_duplicates: of rows whose prompt and answers are the same after folding, only the first leaves.

    Raises:
        InputError: a gate is out of its range.
    """

    adjudicated_only: bool = False
    min_item_agreement: float = 0.0
    found_right: bool = False
    allowed_models: tuple[str, ...] = ()
    denied_models: tuple[str, ...] = ()
    min_chars: int = 0
    max_chars: int | None = None
    drop_nul: bool = False
    languages: tuple[str, ...] = ()
    drop_duplicates: bool = False

    def __post_init__(self) -> None:
        if not 0.0 <= self.min_item_agreement <= 1.0:
            raise InputError(
                f"min_item_agreement is {self.min_item_agreement!r}, which is no share. Give a number from 0 to 1."
            )
        if self.min_chars < 0:
            raise InputError(f"min_chars is {self.min_chars}. Give a whole number from 0.")
        if self.max_chars is not None and self.max_chars < max(self.min_chars, 1):
            raise InputError(f"max_chars is {self.max_chars}, which lets no row pass. Give more than min_chars.")
        if both := sorted({*self.allowed_models} & {*self.denied_models}):
            raise InputError(f"the model {both[0]!r} is both allowed and denied. Name it once.")
        for code in self.languages:
            if not (len(code) == 2 and code.isalpha() and code.islower()):
                raise InputError(f"languages has {code!r}. Give codes of two letters, such as en.")
