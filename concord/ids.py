"""Ids: UUIDv7, so that they sort by the time they were made; and keys of texts, to find equal ones."""

from __future__ import annotations

from hashlib import blake2b
from unicodedata import normalize
from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """A fresh UUIDv7."""
    return uuid7()


def derived_id(parent: UUID, name: str) -> UUID:
    """The one id that `name` has under `parent`, so that doing a thing twice makes the same id twice.

    It keeps the parent's time and takes its random bits from both.

    >>> parent = new_id()
    >>> derived_id(parent, "edit") == derived_id(parent, "edit") != derived_id(parent, "ranking")
    True
    """
    digest = int.from_bytes(blake2b(parent.bytes + name.encode(), digest_size=16).digest())
    time_and_version = (parent.int >> 76) << 76
    variant = 0b10 << 62
    return UUID(int=time_and_version | (digest & (0xFFF << 64)) | variant | (digest & ((1 << 62) - 1)))


def checks_id(judgement_id: UUID) -> UUID:
    """The id of the factual checks that were submitted with a judgement."""
    return derived_id(judgement_id, "factual checks")


def folded(text: str) -> str:
    """The text without its blanks, in one Unicode composition.

    >>> folded(" Why  not? ")
    'Whynot?'
    """
    return "".join(normalize("NFC", text).split())


def folded_key(text: str) -> UUID:
    r"""A key that two texts share when they differ in blanks or in Unicode composition alone.

    >>> folded_key("caf\u00e9  au lait\n") == folded_key("cafe\u0301 au lait")
    True
    """
    return UUID(bytes=blake2b(folded(text).encode(), digest_size=16).digest())


BLANK_KEY = folded_key("")
