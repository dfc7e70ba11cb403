"""What is compared to find the items that annotators disagree on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from concord.records.kinds import Ints


class Orders(NamedTuple):
    """How annotators ordered two drafts of an item, one element for each pair that two or more of them ranked.

    Attributes:
        item: dense item number.
        first_wins: how many placed the first draft above the second.
        second_wins: how many placed it below.
        ties: how many placed them level.
    """

    item: Ints
    first_wins: Ints
    second_wins: Ints
    ties: Ints


class Choices(NamedTuple):
    """How annotators answered a question, one element for each item and question that two or more of them answered.

    Attributes:
        item: dense item number.
        votes: how many answered.
        most: how many gave the most frequent answer.
    """

    item: Ints
    votes: Ints
    most: Ints


class EditPairs(NamedTuple):
    """The edits of two annotators, one element for each two of an item; both are empty where they are the same."""

    item: Ints
    one: Sequence[str]
    other: Sequence[str]


class Judged(NamedTuple):
    """What two or more annotators said about the same items.

    Attributes:
        names: of the items, in the order of the queue; an item's number is its place.
    """

    names: tuple[str, ...]
    orders: Orders
    choices: Choices
    edits: EditPairs
