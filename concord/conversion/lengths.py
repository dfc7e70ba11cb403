"""How long prompts and targets are, in characters and in estimated tokens."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from concord.conversion.findings import Examples, Finding, Seen, Tally, agree, counted, share

LIMITS = (1_024, 2_048, 4_096)
"""Tokens of prompt and target together that a trainer is often limited to."""
ESTIMATE = "estimated as one token for every 4 bytes of UTF-8; a model's own tokenizer may differ by a third and more"

_BYTES_A_TOKEN = 4


class Spread(NamedTuple):
    """A distribution of whole numbers: the least, the median, the 95th percentile (nearest rank), the most."""

    least: int
    p50: int
    p95: int
    most: int


class Lengths(NamedTuple):
    """How long the texts of one kind are.

    Attributes:
        rows: rows that have such a text.
        characters: their lengths.
        tokens: the same in estimated tokens, see ESTIMATE.
    """

    rows: int
    characters: Spread
    tokens: Spread


class _TextLengths:
    """Lengths as they are counted; there are no more different ones than a prompt may have characters."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.characters, self.tokens = Counter[int](), Counter[int]()
        self._shortest, self._longest = Examples(), Examples()

    def add(self, seen: Seen, text: str, start: int = 0) -> int:
        """Count a text; the answer is its number of tokens."""
        length, tokens = len(text), estimate_tokens(text)
        self.characters[length] += 1
        self.tokens[tokens] += 1
        self._shortest.offer(seen.row, text, start, rank=length)
        self._longest.offer(seen.row, text, start, rank=-length)
        return tokens

    def lengths(self) -> Lengths:
        return Lengths(self.characters.total(), spread(self.characters), spread(self.tokens))

    def findings(self, rows: int) -> Iterator[Finding]:
        if not self.characters:
            return
        for side, length, examples in (
            ("shortest", min(self.characters), self._shortest),
            ("longest", max(self.characters), self._longest),
        ):
            count = self.characters[length]
            says = f"The {side} {self._name} has {counted(length, 'character')}."
            yield Finding(f"{side}-{self._name}", "note", says, count, share(count, rows), examples.best())


class LengthTally:
    """See `concord.conversion.findings.Check`."""

    def __init__(self) -> None:
        self._prompts, self._targets = _TextLengths("prompt"), _TextLengths("target")
        self._together = Counter[int](), Counter[int]()
        self._long = Tally()

    def see(self, seen: Seen) -> None:
        """Measure a row."""
        if not seen.prompt:
            return
        tokens, length = self._prompts.add(seen, seen.prompt, seen.asked), len(seen.prompt)
        if seen.target:
            tokens += self._targets.add(seen, seen.target)
            length += len(seen.target)
        self._together[0][length] += 1
        self._together[1][tokens] += 1
        if tokens > LIMITS[-1]:
            self._long.count += 1
            self._long.examples.offer(seen.row, seen.prompt, seen.asked, rank=-tokens)

    def table(self) -> dict[str, Lengths]:
        """The lengths of prompts, of targets and of both together; what no row has is left out."""
        characters, tokens = self._together
        found = {
            "prompt": self._prompts.lengths(),
            "target": self._targets.lengths(),
            "together": Lengths(characters.total(), spread(characters), spread(tokens)),
        }
        return {name: lengths for name, lengths in found.items() if lengths.rows}

    def above(self) -> dict[int, int]:
        """How many rows have more tokens than each of LIMITS."""
        counts = self._together[1].items()
        return {limit: sum(count for tokens, count in counts if tokens > limit) for limit in LIMITS}

    def findings(self, rows: int) -> Iterator[Finding]:
        """The longest and the shortest, and what is too long for many a trainer."""
        if self._long.count:
            says = (
                f"{counted(self._long.count, 'row')} {agree(self._long.count, 'has', 'have')} more than "
                f"{LIMITS[-1]:,} tokens, prompt and target together ({ESTIMATE}). Many trainers cut what is longer."
            )
            yield self._long.finding("too-long", "warning", says, rows)
        yield from self._prompts.findings(rows)
        yield from self._targets.findings(rows)


def estimate_tokens(text: str) -> int:
    """How many tokens a text may have, see ESTIMATE.

    >>> estimate_tokens(""), estimate_tokens("Why?"), estimate_tokens("Warum?"), estimate_tokens("为什么")
    (0, 1, 2, 3)
    """
    size = len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))
    return -(-size // _BYTES_A_TOKEN)


def spread(counts: Mapping[int, int]) -> Spread:
    """The distribution of numbers that were counted; all 0 when there is none.

    >>> spread({1: 18, 7: 1, 9: 1})
    Spread(least=1, p50=1, p95=7, most=9)
    """
    if not counts:
        return Spread(0, 0, 0, 0)
    numbers = sorted(counts)
    total = sum(counts.values())
    p50, p95 = (_at(counts, numbers, -(-total * percent // 100)) for percent in (50, 95))
    return Spread(numbers[0], p50, p95, numbers[-1])


def _at(counts: Mapping[int, int], numbers: list[int], rank: int) -> int:
    """The number of that rank, from 1 on."""
    for number in numbers:
        rank -= counts[number]
        if rank <= 0:
            return number
    return numbers[-1]
