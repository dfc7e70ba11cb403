"""The order in which drafts are shown: blind, different for each annotator, the same for one presentation."""

from __future__ import annotations

import random
from collections.abc import Sequence
from hashlib import blake2b
from uuid import UUID


def shown_order(presentation_id: UUID, drafts: Sequence[UUID]) -> tuple[UUID, ...]:
    """The drafts, shuffled by the presentation's id; the order in which they come in does not matter."""
    seed = blake2b(presentation_id.bytes, digest_size=8).digest()
    shuffled = sorted(drafts)
    random.Random(seed).shuffle(shuffled)
    return tuple(shuffled)
