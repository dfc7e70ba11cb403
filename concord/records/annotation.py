"""What people judged, and what reviewers decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple
from uuid import UUID

import orjson

from concord.records.kinds import Decision, Fact, Kind, Origin, Strength


class Change(NamedTuple):
    """How far an edit went from the draft that it began from, see `concord.desk.change`.

    Attributes:
        distance: characters.
        kept: share of the draft's words, from 0 to 1; None where the draft has none.
    """

    distance: int
    kept: float | None


@dataclass(frozen=True)
class Edit:
    """The answer as the annotator left it; `draft_id` is None when it was written from nothing.

    Attributes:
        change: what follows from draft and text; None where nobody measured it, and without a draft.
    """

    draft_id: UUID | None
    text: str
    change: Change | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Ranking:
    """Tiers, best first; drafts in one tier are tied, a draft in none is unranked.

    Attributes:
        all_bad: the drafts, where none of them was found to be an answer; there are no tiers then.
    """

    tiers: tuple[tuple[UUID, ...], ...]
    all_bad: tuple[UUID, ...] = ()


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


@dataclass(frozen=True)
class FactualChecks:
    """Whether each draft is factually right; asked before which one is preferred."""

    values: Mapping[UUID, Fact]


Judgement = Edit | Ranking | Comparison | Ratings | Labels | FactualChecks


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
        case FactualChecks():
            return "factual"


@dataclass(frozen=True)
class Annotation:
    """One annotator's judgement of an item; append-only.

    Attributes:
        presentation_id: what was on the screen; None when the judgement came from a file.
        seconds: active time at the desk; None when unknown.
        reason: why a draft that was marked wrong beats one that was marked right; empty where none does.
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
    reason: str = ""


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
