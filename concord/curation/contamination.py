"""Whether items hold what is in a file that they must not hold, such as a benchmark's questions.

An item is contaminated when a run of 13 words of it stands in the file. A text of 8 to 12 words is compared as a whole,
a shorter one not at all: 8 and 13 are the least and the greatest length that GPT-3's authors took (Brown et al. 2020,
appendix C). Words are compared as those of near-duplicates are. What more than ten items hold is a phrase, or the
wording of a template, and does not count.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from concord.curation.findings import Concern, Finding, Look, Shown, excerpt
from concord.curation.shingles import Hashes, shingle_sets
from concord.errors import InputError

WORDS = 13
"""Words in a run."""
FEWEST = 8
"""Words of a text that is compared as a whole."""
MOST_ITEMS = 10
"""Items that may share a run before it is taken for wording."""
_BATCH = 1_000


class Against(NamedTuple):
    """A file that items are held against: its name, and the runs of words in it as numbers, ascending."""

    name: str
    runs: Hashes


def against(name: str, texts: Iterable[str]) -> Against:
    """What a file of texts is as a measure."""
    return Against(name, np.unique(shingle_sets(texts, WORDS, fewest=FEWEST).shingle))


def as_bytes(file: Against) -> bytes:
    """The runs of a file as 64-bit numbers, little-endian."""
    return file.runs.astype("<u8").tobytes()


def from_bytes(name: str, runs: bytes) -> Against:
    """The file of which these are the runs.

    Raises:
        InputError: they are no 64-bit numbers.
    """
    if len(runs) % 8:
        raise InputError(f"against {name!r}: {len(runs)} bytes are no 64-bit numbers. Send eight bytes for each run.")
    return Against(name, np.unique(np.frombuffer(runs, "<u8").astype(np.uint64)))


class _Hit(NamedTuple):
    """An item of which something is in a file: its name, the text concerned, and the runs of each file."""

    item: str
    text: str
    runs: tuple[frozenset[int], ...]


class Contamination:
    """See `concord.curation.findings.Check`."""

    def __init__(self, files: Iterable[Against]) -> None:
        self._files = tuple(files)
        self._waiting: list[Look] = []
        self._hits: list[_Hit] = []

    def see(self, look: Look) -> None:
        """Hold the prompt and the responses of an item against the files, some items at a time."""
        if self._files:
            self._waiting.append(look)
        if len(self._waiting) == _BATCH:
            self._settle()

    def _settle(self) -> None:
        texts: list[tuple[str, str]] = [
            (look.item.name, text) for look in self._waiting for text in (look.prompt, *look.responses)
        ]
        sets = shingle_sets((text for _, text in texts), WORDS, fewest=FEWEST)
        in_files = [np.isin(sets.shingle, file.runs) for file in self._files]
        of = sets.text
        for number in map(int, np.unique(of[np.logical_or.reduce(in_files)])):
            runs = tuple(frozenset(map(int, sets.shingle[(of == number) & mask])) for mask in in_files)
            item, text = texts[number]
            self._hits.append(_Hit(item, text, runs))
        self._waiting = []

    def findings(self, items: int) -> Iterable[Finding]:
        """One for each file that something of is there."""
        if self._waiting:
            self._settle()
        holders: defaultdict[int, set[str]] = defaultdict(set)
        for hit in self._hits:
            for run in frozenset[int]().union(*hit.runs):
                holders[run].add(hit.item)
        wording = {run for run, names in holders.items() if len(names) > MOST_ITEMS}
        for place, file in enumerate(self._files):
            shown = {hit.item: Shown(hit.item, excerpt(hit.text)) for hit in self._hits if hit.runs[place] - wording}
            concern = Concern(
                "contamination",
                "error",
                f"{WORDS} words in a row, or a whole short text, stand in {file.name} too.",
                "What a model is tested on must not be in its training data. Reject these items in Review.",
                "review",
            )
            if shown:
                yield concern.finding(len(shown), items, shown.values())
