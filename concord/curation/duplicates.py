"""Which texts are near-duplicates: those whose sets of shingles have a Jaccard index of at least `THRESHOLD`.

    J(x, y) = |x ∩ y| / |x ∪ y|

What the prompts of one template have in common is its wording and not theirs, so it is not compared: the shingles
that at least half of a hundred of them share. Otherwise one template's prompts would all be near-duplicates.

The search is exact but for long lists, and has no chance in it. A text that has too few shingles in common with all
others together has no near-duplicate, which settles most of them. Of the others each pair is compared that shares one
of its rarest shingles: with |x| shingles, two sets can only be as alike as t if they share one of the
|x| - ⌈t |x|⌉ + 1 rarest (prefix filtering, Bayardo, Ma and Srikant 2007).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from concord.curation.shingles import Hashes, ShingleSets, set_hashes, shingle_sets
from concord.records.kinds import Floats, Ints

THRESHOLD = 0.7
"""From this Jaccard index on, two texts are near-duplicates."""

WORDING = 0.5
"""The share of a template's prompts that have a shingle, from which on it is the template's."""

FEWEST = 10
"""Prompts that a template must have before anything is taken for its wording."""

_SAMPLE = 100
_NEIGHBOURS = 100  # of texts that share a rare shingle, each is compared with so many that come next by size
_AT_ONCE = 1 << 18  # pairs that are compared at once
_ROUNDING = 1e-9
_HASH_BITS, _TABLE_BITS = 52, 28


class Duplicates(NamedTuple):
    """Pairs of near-duplicates.

    Attributes:
        pairs: numbers of two texts, the lower first, ascending, shape (m, 2).
        likeness: their Jaccard index; 1.0 where they differ in case, signs and blanks alone, shape (m,).
    """

    pairs: Ints
    likeness: Floats


class _Shared(NamedTuple):
    """What is left of the texts that may have near-duplicates: the shingles that others have too.

    Attributes:
        size: all compared shingles of each text, shape (n,).
        text: number of the text, ascending, shape (m,).
        shingle: shape (m,).
    """

    size: Ints
    text: Ints
    shingle: Hashes


def near_duplicates(texts: Iterable[str], template: Ints | None = None, *, threshold: float = THRESHOLD) -> Duplicates:
    """The pairs of near-duplicates among texts.

    Of texts that are the same but for case, signs and blanks each is paired with the first of them alone, so that a
    thousand copies make a thousand pairs; pairs connect all that belong together.

    Args:
        texts: read once.
        template: dense number of the template that each text was made with, shape (n,); None when none was.
        threshold: the least Jaccard index, above 0.

    >>> found = near_duplicates(["Why is the sky blue at noon today?", "why is the sky blue at noon, today", "Why?"])
    >>> found.pairs.tolist(), found.likeness.tolist()
    ([[0, 1]], [1.0])
    """
    return duplicates_among(shingle_sets(texts), template, threshold=threshold)


def duplicates_among(sets: ShingleSets, template: Ints | None = None, *, threshold: float = THRESHOLD) -> Duplicates:
    """As `near_duplicates`, among texts of which the sets of shingles are there."""
    of_set = set_hashes(sets)
    worded = np.flatnonzero(sets.size)
    _, first, inverse = np.unique(of_set[worded], return_index=True, return_inverse=True)
    copies = np.stack([worded[first][inverse], worded], axis=1)
    copies = copies[copies[:, 0] != copies[:, 1]]
    alone = np.zeros(len(sets.size), np.bool_)
    alone[worded[first]] = True
    compared = _without_wording(sets, alone, of_set, template)
    pairs, likeness = _joined(_peeled(compared, threshold), of_set, threshold)
    found, index = np.concatenate([copies, pairs]), np.concatenate([np.ones(len(copies)), likeness])
    order = np.lexsort((found[:, 1], found[:, 0]))
    return Duplicates(found[order], index[order])


def _without_wording(sets: ShingleSets, alone: npt.NDArray[np.bool_], of_set: Hashes, template: Ints | None) -> _Shared:
    """The sets of the texts that are `alone`, without their templates' wording, unless nothing else is in them."""
    text = sets.text
    kept = alone[text]
    text, shingle = text[kept], sets.shingle[kept]
    form = np.zeros(len(sets.size), np.int64) if template is None else template
    own = np.ones(len(text), np.bool_)
    for number in np.unique(form[alone]).tolist():
        of_form = np.flatnonzero(alone & (form == number))
        sample = of_form[np.argsort(of_set[of_form])[:_SAMPLE]]
        wording = _wording(shingle[np.isin(text, sample)], len(sample))
        if len(wording):
            mine = np.flatnonzero(form[text] == number)
            place = np.minimum(np.searchsorted(wording, shingle[mine]), len(wording) - 1)
            own[mine[wording[place] == shingle[mine]]] = False
    own |= (np.bincount(text[own], minlength=len(sets.size)) == 0)[text]
    return _Shared(np.bincount(text[own], minlength=len(sets.size)), text[own], shingle[own])


def _wording(shingle: Hashes, texts: int) -> Hashes:
    """What at least half of so many texts share, ascending."""
    value, count = np.unique(shingle, return_counts=True)
    return value[count >= WORDING * texts] if texts >= FEWEST else value[:0]


def _peeled(sets: _Shared, threshold: float) -> _Shared:
    """Texts that share too little with all others together are left out, and what only they shared, on and on."""
    size, text, shingle = sets
    while True:
        again = _occurs_again(shingle)
        shared = np.bincount(text[again], minlength=len(size))
        enough = (shared >= threshold * size - _ROUNDING)[text]
        kept = again & enough
        text, shingle = text[kept], shingle[kept]
        if enough.all():
            return _Shared(size, text, shingle)


def _occurs_again(shingle: Hashes) -> npt.NDArray[np.bool_]:
    """Whether another text has a shingle too; of those that nobody else has, one in hundreds may be taken for shared.

    To sort all numbers and to look in a table takes a third of the time of sorting places by them.
    """
    ordered, bits = np.sort(shingle), min(len(shingle).bit_length() + 6, _TABLE_BITS)
    table, slot = np.zeros(1 << bits, np.bool_), np.uint64(_HASH_BITS - bits)
    table[ordered[1:][ordered[1:] == ordered[:-1]] >> slot] = True
    return table[shingle >> slot]


def _joined(sets: _Shared, of_set: Hashes, threshold: float) -> tuple[Ints, Floats]:
    """All pairs of at least that likeness among the texts that are left, by their numbers, and how alike they are."""
    left = np.unique(sets.text)
    left = left[np.lexsort((of_set[left], sets.size[left]))]  # by size; never by their order
    number = np.zeros(len(sets.size), np.int64)
    number[left] = np.arange(len(left))
    size = sets.size[left]
    _, place, count = np.unique(sets.shingle, return_inverse=True, return_counts=True)
    rarity = np.empty(len(count), np.int64)
    rarity[np.argsort(count, kind="stable")] = np.arange(len(count))
    tokens = np.sort((number[sets.text] << 32) | rarity[place])
    found: list[Ints] = [np.zeros((0, 2), np.int64)]
    likeness: list[Floats] = [np.zeros(0)]
    for pairs in _candidates(tokens, size, threshold):
        alike = _likeness(pairs, tokens, size)
        good = alike >= threshold - _ROUNDING
        found.append(np.sort(left[pairs[good]], axis=1))
        likeness.append(alike[good])
    pairs, first = np.unique(np.concatenate(found), axis=0, return_index=True)
    return pairs, np.concatenate(likeness)[first]


def _candidates(tokens: Ints, size: Ints, threshold: float) -> Iterator[Ints]:
    """Pairs of texts that share one of their rarest shingles and are of about the same size, some at a time."""
    text, rarity = tokens >> 32, tokens & 0xFFFF_FFFF
    count = np.bincount(text, minlength=len(size))
    place = np.arange(len(tokens)) - (np.cumsum(count) - count)[text]
    rarest = place <= (count - np.ceil(threshold * size - _ROUNDING))[text]
    lists = np.sort((rarity[rarest] << 32) | text[rarest])
    shingle, member = lists >> 32, lists & 0xFFFF_FFFF
    waiting: list[Ints] = []
    at = np.arange(len(lists))
    for step in range(1, _NEIGHBOURS + 1):
        at = at[at + step < len(lists)]
        at = at[shingle[at + step] == shingle[at]]
        one, other = member[at], member[at + step]
        about = size[one] >= threshold * size[other] - _ROUNDING
        waiting.append((one[about] << 32) | other[about])
        if sum(map(len, waiting)) >= _AT_ONCE:
            yield from _unpacked(waiting)
            waiting = []
        if not len(at):
            break
    yield from _unpacked(waiting)


def _unpacked(packed: list[Ints]) -> Iterator[Ints]:
    different = np.unique(np.concatenate([np.zeros(0, np.int64), *packed]))
    for first in range(0, len(different), _AT_ONCE):
        some = different[first : first + _AT_ONCE]
        yield np.stack([some >> 32, some & 0xFFFF_FFFF], axis=1)


def _likeness(pairs: Ints, tokens: Ints, size: Ints) -> Floats:
    """The Jaccard index of each pair; what only one of all texts has counts in its size alone."""
    one, other = pairs[:, 0], pairs[:, 1]
    text = tokens >> 32
    count = np.bincount(text, minlength=len(size))
    first = np.cumsum(count) - count
    ends = np.cumsum(count[one])
    pair = np.repeat(np.arange(len(pairs)), count[one])
    at = np.arange(len(pair)) - (ends - count[one])[pair] + first[one][pair]
    sought = (other[pair] << 32) | (tokens[at] & 0xFFFF_FFFF)
    place = np.minimum(np.searchsorted(tokens, sought), len(tokens) - 1)
    both = np.bincount(pair[tokens[place] == sought], minlength=len(pairs))
    return both / (size[one] + size[other] - both)
