"""Prompts that several rows give: the same item twice, or one question with different answers.

Of each row, its id and two hashes of 8 bytes are kept: 32 bytes. Two texts of a million are taken for the same by
mistake with a probability of 3 in 100 million.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator
from typing import NamedTuple
from uuid import UUID

import numpy as np
import numpy.typing as npt

from concord.conversion.findings import MOST_EXAMPLES, Example, Finding, Level, Seen, agree, counted, example, share
from concord.records.kinds import Ints

_IN_GROUP = 4
"""Rows of a group that are shown."""
_NONE = 0
_LOW = (1 << 64) - 1

Words = npt.NDArray[np.uint64]
Look = Callable[[UUID], Seen]


class _Marks(NamedTuple):
    """Of each row: the two halves of its id, the hash of its prompt, and that of its target or _NONE."""

    high: Words
    low: Words
    prompt: Ints
    target: Ints

    def where(self, mask: npt.NDArray[np.bool_] | Ints) -> _Marks:
        return _Marks(self.high[mask], self.low[mask], self.prompt[mask], self.target[mask])

    def in_order(self) -> _Marks:
        """Rows with the same prompt together, the first imported first."""
        return self.where(np.lexsort((self.low, self.high, self.prompt)))


class Repeats:
    """See `concord.conversion.findings.Check`.

    Args:
        again: looks at a row once more, to show it; asked for few rows.
    """

    def __init__(self, again: Look) -> None:
        self._again = again
        self._high, self._low = array("Q"), array("Q")
        self._prompts, self._targets = array("q"), array("q")

    def see(self, seen: Seen) -> None:
        """Keep the hashes of a row."""
        if seen.prompt:
            number = seen.row.id.int
            self._high.append(number >> 64)
            self._low.append(number & _LOW)
            self._prompts.append(hash(seen.prompt))
            self._targets.append(_NONE if seen.target is None else hash(seen.target) or 1)

    def findings(self, rows: int) -> Iterator[Finding]:
        """Rows that give the same prompt, and those among them that give different answers to it."""
        marks = _Marks(
            np.array(self._high, np.uint64),
            np.array(self._low, np.uint64),
            np.array(self._prompts, np.int64),
            np.array(self._targets, np.int64),
        )
        same = marks.where(_repeated(marks.prompt)).in_order()
        yield from self._finding("same-prompt", "warning", same, rows)
        answered = same.where(same.target != _NONE)
        pairs = np.unique(np.stack([answered.prompt, answered.target], axis=1), axis=0)
        torn = np.unique(pairs[:, 0][_repeated(pairs[:, 0])])
        yield from self._finding("contradiction", "warning", answered.where(np.isin(answered.prompt, torn)), rows)

    def _finding(self, code: str, level: Level, marks: _Marks, rows: int) -> Iterator[Finding]:
        count, groups = len(marks.prompt), len(np.unique(marks.prompt))
        if groups:
            prompts, together = counted(groups, "prompt"), counted(count, "row")
            says = {
                "same-prompt": f"{prompts} {agree(groups, 'comes', 'come')} from more than one row: {together} in all.",
                "contradiction": f"{prompts} {agree(groups, 'has', 'have')} different targets: {together} in all.",
            }[code]
            yield Finding(code, level, says, count, share(count, rows), self._examples(marks, code))

    def _examples(self, marks: _Marks, code: str) -> tuple[Example, ...]:
        """The first rows of the largest groups; of contradictions, one row for each target and the target itself."""
        _, starts, sizes = np.unique(marks.prompt, return_index=True, return_counts=True)
        largest = np.lexsort((marks.low[starts], marks.high[starts], -sizes))[: MOST_EXAMPLES // _IN_GROUP]
        shown: list[Example] = []
        for group, place in enumerate(largest, 1):
            members = marks.where(np.arange(starts[place], starts[place] + sizes[place]))
            if code == "contradiction":
                members = members.where(np.sort(np.unique(members.target, return_index=True)[1]))
            for high, low in zip(members.high[:_IN_GROUP], members.low[:_IN_GROUP], strict=True):
                seen = self._again(UUID(int=int(high) << 64 | int(low)))
                text, start = (seen.target or "", 0) if code == "contradiction" else (seen.prompt, seen.asked)
                shown.append(example(seen.row, text, start, group=group))
        return tuple(shown)


def _repeated(hashes: Ints) -> npt.NDArray[np.bool_]:
    """Where a hash stands that stands elsewhere too."""
    _, inverse, counts = np.unique(hashes, return_inverse=True, return_counts=True)
    return counts[inverse] > 1
