"""Arms: which items are answered from nothing, hold a planted fault or come twice; who saw it, who is constant."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from typing import NamedTuple, Protocol
from uuid import UUID

from concord.records import Arm, ArmCount, Json, Settings


class ArmStore(Protocol):
    """What the report needs of the store."""

    def arm_counts(self, project_id: UUID) -> list[ArmCount]: ...
    def repeat_pairs(self, project_id: UUID) -> list[tuple[str, int, int]]: ...
    def canary_rankings(self, project_id: UUID) -> list[tuple[str, bool]]: ...
    def canary_edits(self, project_id: UUID) -> list[tuple[str, Mapping[str, Json], str]]: ...


class Watch(NamedTuple):
    """How many planted faults an annotator met, and how many they saw.

    A fault was seen when the sound draft was ranked above its faulty copy; or when it is not in the edit any more.
    """

    annotator: str
    met: int
    seen: int


class Constancy(NamedTuple):
    """How many pairs of drafts an annotator ranked twice, and how many in the same order both times."""

    annotator: str
    pairs: int
    same: int


def constancies(store: ArmStore, project_id: UUID) -> list[Constancy]:
    """Who ranks alike at second sight, by name."""
    return [Constancy(*row) for row in store.repeat_pairs(project_id)]


def watches(store: ArmStore, project_id: UUID) -> list[Watch]:
    """Who saw the planted faults, by name."""
    met: dict[str, list[bool]] = {}
    for annotator, seen in store.canary_rankings(project_id):
        met.setdefault(annotator, []).append(seen)
    for annotator, planted, text in store.canary_edits(project_id):
        met.setdefault(annotator, []).append(_is_mended(planted, text))
    return [Watch(annotator, len(seen), sum(seen)) for annotator, seen in sorted(met.items())]


def _is_mended(planted: Mapping[str, Json], text: str) -> bool:
    before, after = str(planted["before"]), str(planted["after"])
    if not after:
        return before in text
    # What stood there may hold what was planted ("is not", "is"), or be in it.
    return before in text if after in before else after not in text


def arm_of(settings: Settings, item_id: UUID) -> Arm:
    """The arm of an item: a pure function of the project's seed, its shares and the item's id.

    However many items there are, and whenever they come, an item's arm is the same.

    >>> from uuid import uuid4
    >>> arm_of(Settings(control=1.0), uuid4()), arm_of(Settings(), uuid4())
    ('undrafted', 'drafted')
    """
    digest = blake2b(item_id.bytes, key=settings.seed.to_bytes(8), digest_size=8).digest()
    place = int.from_bytes(digest) / 2**64  # from 0 to 1, evenly
    if place < settings.control:
        return "undrafted"
    if place < settings.control + settings.canary:
        return "canary"
    if place >= 1 - settings.repeat:
        return "repeat"
    return "drafted"
