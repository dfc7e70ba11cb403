"""What people judged, and what reviewers decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

import orjson

from concord.records.kinds import Decision, Kind, Origin, Strength


@dataclass(frozen=True)
class Edit:
    """The answer as the annotator left it; `draft_id` is None when it was written from nothing."""

    draft_id: UUID | None
    text: str


@dataclass(frozen=True)
class Ranking:
    """Tiers, best first; drafts in one tier are tied, a draft in none is unranked."""

    tiers: tuple[tuple[UUID, ...], ...]


@dataclass(frozen=True)
class Comparison:
    """The better of two drafts, or `tie`, or `both_bad`.

    Attributes:
        between: the two, by id; None where they are all that the item had.
        strength: how much better it is; None where nobody said, and where neither is. No statistic uses it.
    """

    value: UUID | Literal["tie", "both_bad"]
    between: tuple[UUID, UUID] | None = None
    strength: Strength | None = None


@dataclass(frozen=True)
class Ratings:
    """A number for each question of the rubric."""

    values: Mapping[str, float]


@dataclass(frozen=True)
class Labels:
    """A choice for each question; several choices at once are spelt as `label_set` does."""

    values: Mapping[str, str]


Judgement = Edit | Ranking | Comparison | Ratings | Labels


def label_set(labels: Iterable[str]) -> str:
    """Several labels at once, in any order, as one value: the JSON text of their sorted list.

    >>> label_set(["b", "a", "b"])
    '["a","b"]'
    """
    return orjson.dumps(sorted(set(labels))).decode()


def kind_of(judgement: Judgement) -> Kind:
    """The name of a judgement's kind."""
    match judgement:
        case Edit():
            return "edit"
        case Ranking():
            return "ranking"
        case Comparison():
            return "comparison"
        case Ratings():
            return "rating"
        case Labels():
            return "label"


@dataclass(frozen=True)
class Annotation:
    """One annotator's judgement of an item; append-only.

    Attributes:
        presentation_id: what was on the screen; None when the judgement came from a file.
        seconds: active time at the desk; None when unknown.
    """

    id: UUID
    project_id: UUID
    item_id: UUID
    annotator: str
    judgement: Judgement
    origin: Origin
    created_at: datetime
    presentation_id: UUID | None = None
    seconds: float | None = None


@dataclass(frozen=True)
class Adjudication:
    """A reviewer's decision on an item, with its reason; it beats votes, and the newest of an item counts.

    Attributes:
        decision: `pick` a draft as it is, `edit` (the text is the reviewer's or an annotator's), `reject` the item, or
            `send_back` to the desk.
        draft_id: the draft that was picked, or that the edit began from.
        text: the text that counts; None when nothing was chosen.
    """

    id: UUID
    project_id: UUID
    item_id: UUID
    reviewer: str
    decision: Decision
    draft_id: UUID | None
    text: str | None
    reason: str
    created_at: datetime
