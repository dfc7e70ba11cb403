"""Whether a new prompt repeats one that is there already.

Two texts are compared by ROUGE-L over their words (Lin 2004): with LCS the length of the longest common subsequence,

    F = 2 LCS(a, b) / (|a| + |b|)

Self-Instruct takes a new instruction only if F stays under 0.7 with every one there is (Wang et al. 2022, section 2.2),
and so does this module. F is the normalised indel similarity of the two sequences of words; every word becomes one
sign, so that the sequences are strings and a bit-parallel search compares them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple
from unicodedata import normalize
from uuid import UUID

from rapidfuzz import process
from rapidfuzz.distance import Indel

from concord.ids import BLANK_KEY, folded_key
from concord.records.item import Message

THRESHOLD = 0.7
"""From this similarity on, a prompt repeats another."""

_ROUNDING = 1e-9
# Scripts that put no blanks between words: there, each sign counts as a word.
_UNSPACED = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+")
_SURROGATES, _SIGNS = 0xD800, 0x110000 - 0x800


class Known(NamedTuple):
    """A prompt that is there, and the item that it belongs to."""

    item_id: UUID
    text: str


class Repeat(NamedTuple):
    """What a text repeats, and how closely: 1.0 when they are equal but for blanks."""

    known: Known
    similarity: float


class KnownPrompts:
    """The prompts that are there.

    >>> known = KnownPrompts([Known(UUID(int=1), "Why is the sky blue?")])
    >>> known.repeated_by("Why is the sky so blue?").similarity
    0.9090909090909091
    >>> known.repeated_by("What makes grass green?") is None
    True
    """

    def __init__(self, prompts: Iterable[Known] = ()) -> None:
        self._known: list[Known] = []
        self._words: list[str | None] = []
        self._by_key: dict[UUID, Known] = {}
        self._sign_of: dict[str, str] = {}
        for prompt in prompts:
            self.add(prompt)

    def add(self, prompt: Known) -> None:
        """Know one more; a text without words is known by its signs alone."""
        self._by_key.setdefault(folded_key(prompt.text), prompt)
        self._known.append(prompt)
        self._words.append(self._signs(prompt.text) or None)

    def repeated_by(self, text: str, sources: Sequence[str] = ()) -> Repeat | None:
        """The prompt that a text repeats most closely, if it repeats any.

        Args:
            text: the new prompt.
            sources: what it was rewritten from. Lines that it carries over from there as they are (the dialogue under
                a request to summarise it) are the same on purpose: prompts that hold them are compared in the other
                lines, and a text without other lines is a copy.
        """
        if same := self._by_key.get(folded_key(text)):
            return Repeat(same, 1.0)
        carried = _lines(text) & {line for source in sources for line in _lines(source)}
        if not carried:
            return self._closest(text, self._words)
        longest = max(carried, key=lambda line: (len(line), line))
        alike = {number: known for number, known in enumerate(self._known) if longest in known.text}
        apart = [None if number in alike else words for number, words in enumerate(self._words)]
        return self._rewritten(text, alike, carried) or self._closest(text, apart)

    def _rewritten(self, text: str, alike: dict[int, Known], carried: set[str]) -> Repeat | None:
        rest = _without(text, carried)
        if alike and folded_key(rest) == BLANK_KEY:
            return Repeat(next(iter(alike.values())), 1.0)
        words: list[str | None] = [None] * len(self._known)
        for number, known in alike.items():
            words[number] = self._signs(_without(known.text, carried)) or None
        return self._closest(rest, words)

    def _closest(self, text: str, words: Sequence[str | None]) -> Repeat | None:
        signs = self._signs(text)
        if not signs:
            return None
        found = process.extractOne(signs, words, scorer=Indel.normalized_similarity, score_cutoff=THRESHOLD - _ROUNDING)
        return Repeat(self._known[found[2]], found[1]) if found else None

    def _signs(self, text: str) -> str:
        """One sign for each word; beyond a million different words some share one, which can only refuse more."""
        return "".join(
            self._sign_of.get(word) or self._sign_of.setdefault(word, _sign(len(self._sign_of)))
            for word in words_of(text)
        )


def words_of(text: str) -> list[str]:
    """The words that are compared: without case, signs and blanks.

    >>> words_of("Why's it ŞO? 晴天")
    ['why', 's', 'it', 'şo', '晴', '天']
    """
    return _WORD.findall(normalize("NFKC", text).casefold())


def compared_texts(messages: Sequence[Message]) -> Iterator[str]:
    """The texts by which a prompt is known: all of it, and, where there is more, the last message of the user alone."""
    yield "\n".join(message.content for message in messages)
    if len(messages) > 1:
        yield from [message.content for message in messages if message.role == "user"][-1:]


def _sign(number: int) -> str:
    code = 1 + number % (_SIGNS - 1)
    return chr(code if code < _SURROGATES else code + 0x800)


def _lines(text: str) -> set[str]:
    return {line.strip() for line in text.split("\n")} - {""}


def _without(text: str, lines: set[str]) -> str:
    return "\n".join(line for line in text.split("\n") if line.strip() not in lines)
