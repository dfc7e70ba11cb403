"""Mixtures: which rows of several projects come together in one data set, and which stay behind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np

from concord.curation.preference import Bools
from concord.errors import InputError
from concord.records.kinds import Ints


@dataclass(frozen=True)
class Share:
    """A project that is mixed in.

    Attributes:
        project: its name.
        weight: the share of its items whose rows are taken, above 0 and up to 1.

    Raises:
        InputError: the weight is out of its range.
    """

    project: str
    weight: float = 1.0

    def __post_init__(self) -> None:
        if not 0 < self.weight <= 1:
            raise InputError(
                f"The weight of {self.project!r} is {self.weight:g}, but it is a share of its items, above 0 and up to "
                "1. Give a smaller one; no row is written twice, and to weigh a project more, take less of the others."
            )


def parse_share(text: str) -> Share:
    """A project and its weight as a command line gives them; without a colon the weight is 1.

    Raises:
        InputError: what follows the last colon is no share.

    >>> parse_share("reviews:0.3"), parse_share("reviews")
    (Share(project='reviews', weight=0.3), Share(project='reviews', weight=1.0))
    """
    if ":" not in text:
        return Share(text)
    name, _, weight = text.rpartition(":")
    try:
        return Share(name, float(weight))
    except ValueError as error:
        raise InputError(
            f"{text!r} has {weight!r} for a weight, which is no number. Give a project and a weight, such as "
            "reviews:0.3."
        ) from error


def taken(names: Sequence[str], share: Share, seed: int) -> Bools:
    """Which items are in a project's share, shape (n,).

    A hash of seed, project and item decides, and nothing else: an item that was taken stays so when the project grows
    or its weight does.

    Args:
        names: of the items.
        share: of which project, and how much.
        seed: from 0 to 2^63 - 1; another seed is another choice.

    >>> items = [f"q{number}" for number in range(1000)]
    >>> few, more = (taken(items, Share("reviews", weight), 0) for weight in (0.3, 0.4))
    >>> int(few.sum()), bool(more[few].all())
    (320, True)
    """
    salt = blake2b(share.project.encode(), digest_size=16).digest()
    hashes = (
        blake2b(name.encode(), digest_size=8, key=seed.to_bytes(8), salt=salt, person=b"mixture").digest()
        for name in names
    )
    chance = np.frombuffer(b"".join(hashes), dtype="<u8") / 2**64
    return chance < share.weight if share.weight < 1 else np.ones(len(names), dtype=np.bool_)


def parted(cluster: Ints, split: Ints, project: Ints) -> Bools:
    """The rows of whose cluster an earlier project has rows in another split, shape (n,).

    What stays behind itself holds nothing back.

    Args:
        cluster: dense number of each row's cluster, over all projects, shape (n,).
        split: number of its split, 0 to 7, shape (n,).
        project: number of its project; lower ones come earlier, shape (n,).

    >>> parted(np.array([0, 1, 0, 1, 0]), np.array([0, 0, 2, 0, 2]), np.array([0, 0, 1, 1, 2]))
    array([False, False,  True, False,  True])
    """
    out = np.zeros(len(cluster), dtype=np.bool_)
    held = np.zeros(int(cluster.max(initial=-1)) + 1, dtype=np.int64)
    bit = 1 << split
    for number in range(int(project.max(initial=-1)) + 1):
        mine = np.flatnonzero(project == number)
        out[mine] = (held[cluster[mine]] & ~bit[mine]) != 0
        stays = mine[~out[mine]]
        np.bitwise_or.at(held, cluster[stays], bit[stays])
    return out
