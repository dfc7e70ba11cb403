"""Texts as sets of shingles (Broder 1997): every run of so many words that stands in them, as a number.

Words are compared without case, signs and blanks, after NFKC. In scripts that put no blanks between words each sign is
a word. A text of fewer words than a shingle has is one shingle as a whole. Numbers are hashes of 52 bits, made by
arithmetic over all letters of a batch at once; among 40 million different shingles about one collision is expected.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import chain
from typing import NamedTuple
from unicodedata import category, normalize

import numpy as np
import numpy.typing as npt

from concord.records.kinds import Ints

Hashes = npt.NDArray[np.uint64]

WORDS = 3
"""Words in a shingle, where near-duplicates are looked for."""

_BATCH = 1 << 10
_BITS = np.uint64(64 - 12)
_MASK = (np.uint64(1) << _BITS) - np.uint64(1)
_LETTER, _SIGN = 1, 2
_UNSPACED = ((0xE00, 0xEFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3040, 0x30FF), (0x3400, 0x9FFF), (0xF900, 0xFAFF))
_LONGEST = 1 << 12  # letters of a word that count for its hash each by its place; beyond, places repeat


class ShingleSets(NamedTuple):
    """The shingles of texts, one set after the other.

    Attributes:
        size: different shingles of each text, 0 for a text without words, shape (n,).
        shingle: those of the first text, ascending, then those of the second, and so on, shape (sum of sizes,).
    """

    size: Ints
    shingle: Hashes

    @property
    def text(self) -> Ints:
        """The number of the text that each shingle is of."""
        return np.repeat(np.arange(len(self.size)), self.size)


def shingle_sets(texts: Iterable[str], words: int = WORDS, *, fewest: int = 1) -> ShingleSets:
    """The sets of shingles of texts.

    Args:
        texts: read once, in batches.
        words: in a shingle.
        fewest: words that a text must have to be compared at all.

    >>> sets = shingle_sets(["The sky is blue.", "the sky, is BLUE", "?"])
    >>> sets.size
    array([2, 2, 0])
    >>> bool((sets.shingle[:2] == sets.shingle[2:]).all())
    True
    """
    gathered = Gathered(words, fewest=fewest)
    for text in texts:
        gathered.add(text)
    return gathered.sets()


class Gathered:
    """The sets of texts that come one by one; only their shingles are kept."""

    def __init__(self, words: int = WORDS, *, fewest: int = 1) -> None:
        self._words, self._fewest = words, fewest
        self._waiting: list[str] = []
        self._sizes: list[Ints] = [np.zeros(0, np.int64)]
        self._shingles: list[Hashes] = [np.zeros(0, np.uint64)]

    def add(self, text: str) -> None:
        """One more text."""
        self._waiting.append(text)
        if len(self._waiting) == _BATCH:
            self._settle()

    def sets(self) -> ShingleSets:
        """The sets of all texts so far."""
        self._settle()
        self._sizes, self._shingles = [np.concatenate(self._sizes)], [np.concatenate(self._shingles)]
        return ShingleSets(self._sizes[0], self._shingles[0])

    def _settle(self) -> None:
        if self._waiting:
            batch = _of_batch(self._waiting, self._words, self._fewest)
            self._sizes.append(batch.size)
            self._shingles.append(batch.shingle)
            self._waiting = []


def set_hashes(sets: ShingleSets) -> Hashes:
    """A number for each set, which does not depend on the order of its shingles; 0 for an empty one."""
    hashes, worded = np.zeros(len(sets.size), np.uint64), np.flatnonzero(sets.size)
    if len(worded):
        starts = (np.cumsum(sets.size) - sets.size)[worded]
        hashes[worded] = mixed(np.add.reduceat(mixed(sets.shingle), starts))
    return hashes


def mixed(value: Hashes) -> Hashes:
    """The mixing step of SplitMix64 (Steele, Lea and Flood 2014): what is alike becomes far apart."""
    value = value + np.uint64(0x9E3779B97F4A7C15)
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))


def _of_batch(texts: Sequence[str], words: int, fewest: int) -> ShingleSets:
    word, text = _words(texts)
    count = np.bincount(text, minlength=len(texts))
    first = np.cumsum(count) - count
    place = np.arange(len(word)) - first[text]
    begins = np.flatnonzero(((place + words <= count[text]) | (place == 0)) & (count[text] >= fewest))
    shingle = np.zeros(len(begins), np.uint64)
    padded = np.append(word, np.zeros(words, np.uint64))
    for number in range(words):
        within = place[begins] + number < count[text[begins]]
        shingle = mixed(shingle + np.where(within, padded[begins + number], np.uint64(number)))
    # The number of the text in front of the hash: one sort puts each text's shingles together.
    packed = np.sort((text[begins].astype(np.uint64) << _BITS) | (shingle & _MASK))
    packed = packed[np.append(True, packed[1:] != packed[:-1])[: len(packed)]]
    size = np.bincount((packed >> _BITS).astype(np.int64), minlength=len(texts))
    return ShingleSets(size, packed & _MASK)


def _words(texts: Sequence[str]) -> tuple[Hashes, Ints]:
    """The hash of each word, and the number of the text that it is in."""
    folded = [text.lower() if text.isascii() else normalize("NFKC", text).casefold() for text in texts]
    codes = np.frombuffer("".join(folded).encode("utf-32-le", "surrogatepass"), "<u4")
    length = np.fromiter(map(len, folded), np.int64, len(folded))
    kind = _kinds()[codes]
    new_text = np.zeros(len(codes) + 1, np.bool_)
    new_text[np.cumsum(length) - length] = True
    after_letter = np.append(False, kind[:-1] == _LETTER)[: len(codes)] & ~new_text[: len(codes)]
    begins = (kind == _SIGN) | ((kind == _LETTER) & ~after_letter)
    lettered = kind > 0
    starts = np.flatnonzero(begins[lettered])
    if not len(starts):
        return np.zeros(0, np.uint64), np.zeros(0, np.int64)
    letters = codes[lettered].astype(np.uint64) + np.uint64(1)
    place = np.arange(len(letters)) - np.repeat(starts, np.diff(np.append(starts, len(letters))))
    hashes = np.add.reduceat(letters * _powers()[place & (_LONGEST - 1)], starts)
    return mixed(hashes), np.repeat(np.arange(len(texts)), length)[begins]


@cache
def _kinds() -> npt.NDArray[np.uint8]:
    """What each sign of Unicode is: 0 no part of a word, or a letter, digit or mark, or a word by itself."""
    kinds = np.fromiter((category(chr(code))[0] in "LNM" for code in range(0x110000)), np.uint8, 0x110000)
    for code in chain.from_iterable(range(first, last + 1) for first, last in _UNSPACED):
        kinds[code] *= _SIGN
    return kinds


@cache
def _powers() -> Hashes:
    """Powers of an odd number, modulo 2^64."""
    return np.cumprod(np.full(_LONGEST, 0x5851F42D4C957F2D, np.uint64))
