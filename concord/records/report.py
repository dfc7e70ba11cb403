"""What the reports compute on, as columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import numpy as np

from concord.records.kinds import Arm, Floats, Ints, Json, Kind


def _none() -> Ints:
    return np.empty(0, np.int64)


@dataclass(frozen=True)
class Votes:
    """All current answers to one question, one element for each answer.

    Attributes:
        question: the rubric's question, the label's name, or `preference` for comparisons.
        item: item number, shape (n,).
        annotator: index into `annotators`, shape (n,).
        value: index into `values`, shape (n,).
        values: the choices; sorted by number for ratings.
        keys: by which the store knows the item of each number; empty for votes that no store gave.
        clusters: the cluster of the item of each number; empty where no two items share one.
    """

    question: str
    kind: Kind
    arm: Arm
    item: Ints
    annotator: Ints
    value: Ints
    annotators: tuple[str, ...]
    values: tuple[str, ...]
    keys: Ints = field(default_factory=_none)
    clusters: Ints = field(default_factory=_none)


@dataclass(frozen=True)
class Placements:
    """All current rankings, one element for each ranked draft.

    Attributes:
        item: dense item number, shape (n,); sorted.
        annotator: index into `annotators`, shape (n,).
        draft: dense draft number, shape (n,).
        tier: 1 is best, shape (n,).
        model: index into `models`, -1 where none is known, shape (n,); empty when nobody asked.
        clusters: the cluster of the item of each number; empty where no two items share one.
        keys: by which the store knows the item of each number; empty for rankings that no store gave.
    """

    arm: Arm
    item: Ints
    annotator: Ints
    draft: Ints
    tier: Ints
    annotators: tuple[str, ...]
    model: Ints = field(default_factory=_none)
    models: tuple[str, ...] = ()
    clusters: Ints = field(default_factory=_none)
    keys: Ints = field(default_factory=_none)


@dataclass(frozen=True)
class Circumstances:
    """What surrounds each current judgement, one element for each.

    Attributes:
        key: by which the store knows the item, shape (n,).
        annotator: index into `annotators`, shape (n,).
        kind: place of the judgement's kind among those of `Kind`, shape (n,).
        at: when it was given, seconds since 1970, shape (n,).
        seconds: active time at the desk; NaN when unknown, shape (n,).
        guidelines: their version; -1 when nothing was shown here, shape (n,).
        arm: 0 is the main arm, shape (n,).
    """

    key: Ints
    annotator: Ints
    kind: Ints
    at: Ints
    seconds: Floats
    guidelines: Ints
    arm: Ints
    annotators: tuple[str, ...]


@dataclass(frozen=True)
class ItemFacts:
    """What is known of each item of a project, one element for each.

    Attributes:
        key: by which the store knows the item, shape (n,).
        facts: by name, for each item the place of its value in a list, -1 where it has none; and the list.
    """

    key: Ints
    facts: Mapping[str, tuple[Ints, tuple[str, ...]]]


@dataclass(frozen=True)
class Duels:
    """Pairs of drafts of two models that one person set side by side, one element for each.

    Attributes:
        key: by which the store knows the item, shape (n,).
        annotator: index into `annotators`, shape (n,).
        one: the one model, as index into `models`, shape (n,).
        other: the other model, shape (n,).
        won: 1 when the one was better, -1 when the other, 0 for a tie, shape (n,).
    """

    key: Ints
    annotator: Ints
    one: Ints
    other: Ints
    won: Ints
    annotators: tuple[str, ...]
    models: tuple[str, ...]


@dataclass(frozen=True)
class Verdicts:
    """People's judgements of pairs of drafts that a model judged too, one element for each person, pair and model.

    Attributes:
        key: by which the store knows the item, shape (n,).
        annotator: index into `annotators`, shape (n,).
        model: the judge, as index into `models`, shape (n,).
        person: 1 when the person found the first draft better, -1 the second, 0 for a tie, shape (n,).
        judge: the same of the judge; 0 also when it contradicted itself, shape (n,).
        flipped: 1 when it contradicted itself, shape (n,).
    """

    key: Ints
    annotator: Ints
    model: Ints
    person: Ints
    judge: Ints
    flipped: Ints
    annotators: tuple[str, ...]
    models: tuple[str, ...]


@dataclass(frozen=True)
class Pulls:
    """Pairs of drafts of which a person preferred one: whether that was the one with more of something.

    Attributes:
        key: by which the store knows the item, shape (n,).
        annotator: index into `annotators`, shape (n,).
        first_shown: 1 when the draft shown first was preferred, -1 when the other was, 0 when unknown, shape (n,).
        longer: the same for the longer one; 0 for equal lengths, shape (n,).
        formatted: the same for the one with more lists, headings and bold; 0 for as many, shape (n,).
    """

    key: Ints
    annotator: Ints
    first_shown: Ints
    longer: Ints
    formatted: Ints
    annotators: tuple[str, ...]


class FactualCounts(NamedTuple):
    """How many annotators said what of a draft's facts."""

    right: int
    wrong: int
    cannot_tell: int


@dataclass(frozen=True)
class Substance:
    """Decided pairs of a draft that the same person marked factually right and one marked wrong.

    Attributes:
        key: by which the store knows the item, shape (n,).
        annotator: index into `annotators`, shape (n,).
        wrong_won: 1 when the wrong one was preferred, else 0, shape (n,).
    """

    key: Ints
    annotator: Ints
    wrong_won: Ints
    annotators: tuple[str, ...]


@dataclass(frozen=True)
class EditChanges:
    """Edits at the desk that began from a draft, one element for each.

    Attributes:
        key: by which the store knows the item, shape (n,).
        annotator: index into `annotators`, shape (n,).
        distance: from the draft, in characters, shape (n,).
        kept: share of the draft's words; NaN where it has none, shape (n,).
        seconds: active time at the desk; NaN when unknown, shape (n,).
    """

    key: Ints
    annotator: Ints
    distance: Ints
    kept: Floats
    seconds: Floats
    annotators: tuple[str, ...]


@dataclass(frozen=True)
class Paces:
    """Judgements at the desk: the active seconds, and the characters of prompt and drafts that were shown."""

    key: Ints
    annotator: Ints
    seconds: Floats
    characters: Floats
    annotators: tuple[str, ...]


@dataclass(frozen=True)
class Contradiction:
    """How consistent one person's preferences are.

    Attributes:
        pairs: different pairs of texts, under one prompt, that the person judged.
        again: those judged more than once.
        reversed: of these, those judged both ways round.
        triples: three texts of which all pairs were judged, each with a clear winner.
        cyclic: of these, those where each beats the next.
    """

    annotator: str
    pairs: int
    again: int
    reversed: int
    triples: int
    cyclic: int


@dataclass(frozen=True)
class EditedText:
    """One current edit with the draft that it began from.

    Attributes:
        item: the number by which the store knows the item.
        draft: None when there was none.
        cluster: of the item, as a number; None where every item is its own.
    """

    item: int
    annotator: str
    draft: str | None
    text: str
    arm: Arm = "drafted"
    cluster: int | None = None


@dataclass(frozen=True)
class ExportRecord:
    """One written data set: where it was put and what its manifest says."""

    id: UUID
    project_id: UUID
    format: str
    folder: str
    manifest: Mapping[str, Json]
    created_at: datetime
