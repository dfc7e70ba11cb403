"""Known answers at the desk: when one is mixed in among real work."""

from __future__ import annotations

from hashlib import blake2b

from concord.records.project import Settings


def is_gold_due(settings: Settings, annotator: str, finished: int) -> bool:
    """Whether the next item of an annotator is one with a known answer.

    A pure function of the seed, the annotator and how many items they have finished: nobody can foresee it, and to
    reload, or to skip, does not change it.

    >>> is_gold_due(Settings(gold=1.0), "ann", 3), is_gold_due(Settings(), "ann", 3)
    (True, False)
    """
    digest = blake2b(
        f"{annotator}/{finished}".encode(), key=settings.seed.to_bytes(8), person=b"gold", digest_size=8
    ).digest()
    return int.from_bytes(digest) / 2**64 < settings.gold
