"""What the arms of a project show: planted faults, second judgements; and people beside reviewers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID

from concord.records.kinds import Json


class CanaryRanking(NamedTuple):
    """A ranking or comparison of a canary: whether the sound draft is put above its faulty copy."""

    item_id: UUID
    annotator: str
    seen: bool


class CanaryEdit(NamedTuple):
    """An edit of a canary in which nothing is ranked, and what was planted."""

    item_id: UUID
    annotator: str
    planted: Mapping[str, Json]
    text: str


class RankedTwice(NamedTuple):
    """Two drafts that one person ranked or compared twice: 1 where the first was better, -1 the second, else 0."""

    item_id: UUID
    annotator: str
    first: int
    again: int


class EditedTwice(NamedTuple):
    """What one person wrote for an item at first and at second sight."""

    item_id: UUID
    annotator: str
    first: str
    again: str


class AnsweredTwice(NamedTuple):
    """Whether one person's choice or rating in answer to a question was the same at first and at second sight."""

    item_id: UUID
    annotator: str
    same: bool


class EditDecided(NamedTuple):
    """One person's edit of an item, and the text that a reviewer decided on."""

    item_id: UUID
    annotator: str
    text: str
    decided: str


class BesideDecision(NamedTuple):
    """One person's judgement of an item of which a reviewer picked a draft: whether it is the person's best one too."""

    item_id: UUID
    annotator: str
    same: bool
