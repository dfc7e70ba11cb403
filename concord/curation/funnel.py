"""The way out: why a row stays here, in the order in which the gates stand, and how many each of them keeps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from concord.curation.preference import PAIR_REASONS

REASONS = (
    *PAIR_REASONS,
    "not annotated",
    "not compared",
    "neither good nor bad",
    "not adjudicated",
    "item below agreement",
    "not found right",
    "model not allowed",
    "too short",
    "too long",
    "a NUL character",
    "another language",
    "duplicate",
    "not of the policy",
    "over the cap of its prompt",
    "its cluster is in another split",
    "not in the share of its project",
    "its cluster is in another split of another project",
)
"""Why a row is not written; a reason is an index into this table, which begins with that of pairs."""

(
    NOT_ANNOTATED,
    NOT_COMPARED,
    BETWEEN,
    NOT_ADJUDICATED,
    ITEM_BELOW_AGREEMENT,
    NOT_FOUND_RIGHT,
    MODEL_NOT_ALLOWED,
    TOO_SHORT,
    TOO_LONG,
    NUL_CHARACTER,
    ANOTHER_LANGUAGE,
    DUPLICATE,
    NOT_OF_POLICY,
    OVER_CAP,
    OTHER_SPLIT,
    NOT_IN_SHARE,
    OTHER_PROJECT,
) = range(len(PAIR_REASONS), len(REASONS))

_ORDER = (
    PAIR_REASONS[1],  # a reviewer's veto
    REASONS[NOT_ADJUDICATED],
    REASONS[ITEM_BELOW_AGREEMENT],
    REASONS[NOT_ANNOTATED],
    REASONS[NOT_COMPARED],
    *PAIR_REASONS[2:],
    REASONS[BETWEEN],
    *REASONS[NOT_FOUND_RIGHT:],
)


class Step(NamedTuple):
    """One gate: why it keeps rows here, how many, and how many are left behind it."""

    reason: str
    out: int
    left: int


def funnel(entered: int, dropped: Mapping[str, int]) -> tuple[Step, ...]:
    """The gates that kept something, in the order in which they stand.

    What stays here whole (flagged items, items of an older template) comes first. A row has one reason, that of the
    first gate that it does not pass, so the steps lead from what entered to what leaves.

    >>> for step in funnel(10, {"duplicate": 1, "tie": 2, "flagged: unsafe": 3}):
    ...     print(*step)
    flagged: unsafe 3 7
    tie 2 5
    duplicate 1 4
    """
    place = {reason: number for number, reason in enumerate(_ORDER)}
    steps: list[Step] = []
    for reason in sorted(dropped, key=lambda reason: (place.get(reason, -1), reason)):
        entered -= dropped[reason]
        steps.append(Step(reason, dropped[reason], entered))
    return tuple(steps)
