"""Arms: which items are answered from nothing, hold a planted fault or come twice."""

from __future__ import annotations

from hashlib import blake2b
from uuid import UUID

from concord.records.kinds import Arm
from concord.records.project import Settings


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
