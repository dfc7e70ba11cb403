"""Items with a known answer, and what annotators made of them."""

from __future__ import annotations

from typing import Literal, NamedTuple
from uuid import UUID

from concord.records.annotation import Judgement

Purpose = Literal["training", "gold"]
"""`training` comes before real work, with feedback; `gold` is mixed in among it, and looks like any other item."""


class Known(NamedTuple):
    """The known answer to an item, as a judgement of one kind."""

    project_id: UUID
    item_id: UUID
    judgement: Judgement


class Given(NamedTuple):
    """What an annotator answered where the answer is known; of the same kind as `known`."""

    annotator: str
    purpose: Purpose
    known: Judgement
    given: Judgement


class Workload(NamedTuple):
    """How much an annotator has done.

    Attributes:
        finished: items that they judged to the end; known answers are not among them.
        assigned: items that wait for them by name.
        skipped: items that they skipped.
        flagged: items with a flag of theirs that nobody has lifted.
    """

    annotator: str
    finished: int
    assigned: int
    skipped: int
    flagged: int
