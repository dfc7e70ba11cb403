"""Training, validation and test: whole clusters, in the shares asked for."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from concord.errors import InputError
from concord.records.kinds import Floats, Ints

Shares = tuple[float, float, float]
Keys = npt.NDArray[np.integer] | npt.NDArray[np.str_] | npt.NDArray[np.object_]

SPLITS = ("train", "validation", "test")
"""The names of the splits; a split is an index into this table."""

_CURE = "Give the shares of train, validation and test, such as 0.8,0.1,0.1."


def parse_shares(text: str) -> Shares:
    """The shares that a command line or a page gives as text.

    Raises:
        InputError: they are not three numbers that add up to 1.

    >>> parse_shares("0.8,0.1,0.1")
    (0.8, 0.1, 0.1)
    """
    try:
        train, validation, test = map(float, text.split(","))
    except ValueError as error:
        raise InputError(f"split is {text!r}, which is not three numbers. {_CURE}") from error
    return checked_shares((train, validation, test))


def checked_shares(shares: Shares) -> Shares:
    """The same shares, when none is negative and they add up to 1.

    Raises:
        InputError: they are not such shares.
    """
    named = ",".join(f"{share:g}" for share in shares)
    if not all(share >= 0 for share in shares):
        raise InputError(f"split is {named}, but a share is a number from 0 to 1. {_CURE}")
    if not abs(sum(shares) - 1) < 1e-6:
        raise InputError(f"split is {named}, which adds up to {sum(shares):g} and not to 1. {_CURE}")
    return shares


def division_key(shares: Shares, seed: int) -> str:
    """What names one way of splitting, under which the splits of items are kept.

    >>> division_key((0.8, 0.1, 0.1), 7)
    '0.8,0.1,0.1 by 7'
    """
    return f"{','.join(f'{share:g}' for share in shares)} by {seed}"


class Bound(NamedTuple):
    """What binds a split besides the shares.

    Attributes:
        known: index into `SPLITS` where the item's split was decided before, else -1, shape (n,).
        stratum: what every split should have its share of, as a number, shape (n,); a cluster is of the stratum of its
            item with the lowest hash.
    """

    known: Ints | None = None
    stratum: Ints | None = None


_FREE = Bound()


def assign(cluster: Ints, shares: Shares, seed: int, key: Keys, bound: Bound = _FREE) -> npt.NDArray[np.uint8]:
    """Give each cluster to one split; the splits come as close to their shares as clusters of these sizes let them.

    Clusters of one size are shared out in proportion, larger sizes first, so that each split gets large and small
    ones alike, and the small ones even out what the large ones could not. Among clusters of one size, a hash of
    the seed and the keys decides: neither the order of the items nor the numbering of the clusters plays a part.
    Every split with a share gets a cluster, as long as there are as many clusters as such splits.

    A cluster with an item whose split is known stays there. One whose items are known in several, because something
    new tied them together, is of the last of these: what was held out for testing stays held out.

    Args:
        cluster: dense cluster number of each item, shape (n,).
        shares: of train, validation and test.
        seed: another seed is another split.
        key: what names the item for ever: texts, or whole numbers (much faster), all different, shape (n,).
        bound: splits that were decided before, and strata.

    Returns:
        For each item an index into `SPLITS`, shape (n,).

    Raises:
        InputError: the shares are not three numbers that add up to 1.
    """
    checked_shares(shares)
    size, hashed = np.bincount(cluster), _hashed(key, seed)
    first = np.lexsort((hashed, cluster))[np.cumsum(size) - size]  # the item of each cluster with the lowest hash
    layer = np.zeros(len(size), np.int64) if bound.stratum is None else bound.stratum[first]
    split = np.full(len(size), -1)
    if bound.known is not None:
        np.maximum.at(split, cluster, bound.known)
    order = np.lexsort((hashed[first], layer, -size))  # by size, largest first, then by stratum and hash
    fresh = order[split[order] < 0]
    placed = split >= 0
    filled: Floats = np.bincount(split[placed], size[placed], minlength=len(shares)).astype(np.float64)
    split[fresh] = _shared_out(size[fresh], np.array(shares), filled, spread=bound.stratum is not None)
    return _none_left_out(split, fresh, np.array(shares)).astype(np.uint8)[cluster]


def _shared_out(size: Ints, shares: Floats, filled: Floats, *, spread: bool) -> Ints:
    """The split of each cluster; `size` is descending, `filled` how many items the splits have already."""
    split = np.zeros(len(size), dtype=np.int64)
    for start, end in _runs(size):
        items = size[start] * (end - start)
        missing = np.maximum(shares * (filled.sum() + items) - filled, 0.0)
        counts = _in_proportion(end - start, missing)
        split[start:end] = _spread(counts) if spread else np.repeat(np.arange(len(shares)), counts)
        filled = filled + size[start] * counts
    return split


def _spread(counts: Ints) -> Ints:
    """The splits in turn, so that every stretch has about its share of each."""
    split = np.repeat(np.arange(len(counts)), counts)
    number = np.arange(len(split)) - np.repeat(np.cumsum(counts) - counts, counts)
    return split[np.argsort((number + 0.5) / counts[split], kind="stable")]


def _runs(values: Ints) -> Iterator[tuple[int, int]]:
    """Start and end of each stretch of equal values."""
    edges = np.flatnonzero(np.diff(values, prepend=-1, append=-1)).tolist()
    return pairwise(edges)


def _in_proportion(count: int, weights: Floats) -> Ints:
    """`count` things in proportion to the weights, by largest remainder."""
    quota = (count * weights / weights.sum()).round(9)  # floats miss equal remainders, and whole numbers, by a hair
    whole = np.floor(quota).astype(np.int64)
    most_remaining = np.argsort((whole - quota).round(9), kind="stable")
    whole[most_remaining[: count - whole.sum()]] += 1
    return whole


def _none_left_out(split: Ints, fresh: Ints, shares: Floats) -> Ints:
    """Give each split that has a share and no cluster the smallest fresh cluster of the split with the most."""
    split, counts = split.copy(), np.bincount(split, minlength=len(shares))
    if len(split) >= np.count_nonzero(shares):
        for empty in np.flatnonzero((counts == 0) & (shares > 0)):
            richest = counts.argmax()
            movable = fresh[split[fresh] == richest]
            if len(movable) and counts[richest] > 1:
                split[movable[-1]] = empty
                counts[[richest, empty]] += (-1, 1)
    return split


def _hashed(key: Keys, seed: int) -> npt.NDArray[np.uint64]:
    """A number for each key that looks random, and depends on nothing but key and seed."""
    if np.issubdtype(key.dtype, np.integer):
        digest = key.astype(np.uint64)
    else:
        digests = [blake2b(text.encode(), digest_size=8).digest() for text in key.tolist()]
        digest = np.frombuffer(b"".join(digests), dtype="<u8")
    return _mixed(digest ^ _mixed(np.array([seed % 2**64], dtype=np.uint64)))


def _mixed(value: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """The mixing step of SplitMix64 (Steele, Lea and Flood 2014)."""
    value = value + np.uint64(0x9E3779B97F4A7C15)
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))
