from __future__ import annotations

from concord.agreement.disputed import Disputed, most_disputed
from concord.agreement.votes import votes_of

ROWS = [
    *[(who, "agreed", "a") for who in "xyz"],
    *[(who, "split", value) for who, value in zip("xyz", "abc", strict=True)],
    *[(who, "two to one", value) for who, value in zip("xyz", "aab", strict=True)],
    ("x", "alone", "a"),
]


def test_the_least_agreed_come_first_and_what_all_agree_on_is_not_listed() -> None:
    # keys are the places of the items' names: agreed, alone, split, two to one
    assert most_disputed(votes_of(ROWS)) == [
        Disputed(2, "percent_agreement", 0.0, {"a": 1, "b": 1, "c": 1}),
        Disputed(3, "percent_agreement", 1 / 3, {"a": 2, "b": 1}),
    ]
    assert len(most_disputed(votes_of(ROWS), most=1)) == 1


def test_without_votes_nothing_is_disputed() -> None:
    assert most_disputed(votes_of([])) == []
