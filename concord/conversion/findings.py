"""What lint finds: a sentence with its count and its share, and rows that show it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from heapq import heappush, heapreplace
from typing import Literal, NamedTuple, Protocol
from uuid import UUID

from concord.conversion.render import Fault, attempt
from concord.records.kinds import Json
from concord.records.row import Row
from concord.records.template import Template

Level = Literal["error", "warning", "note"]
LEVELS: tuple[Level, ...] = ("error", "warning", "note")

MOST_EXAMPLES = 20
"""Rows that a finding shows; its count says how many there are."""
MOST_SIGNS = 160
"""Characters of an excerpt."""

Text = str | Callable[[], str]
"""A text of a row, or what makes it."""


class Example(NamedTuple):
    """A row that shows a finding.

    Attributes:
        row_id: the row.
        source: the file that it came from.
        line: its line there.
        excerpt: a piece of the text concerned, with … where it was cut.
        characters: how long that text is in all.
        group: rows of one group belong together; None when there are no groups.
    """

    row_id: UUID
    source: str
    line: int
    excerpt: str
    characters: int
    group: int | None = None


@dataclass(frozen=True)
class Finding:
    """One thing that lint has to say.

    Attributes:
        code: what kind of finding it is, for programs.
        level: an error keeps rows from becoming good items; a warning wants a look; a note is for information.
        says: a plain sentence, or two.
        count: the rows that show it; None when it is about the template alone.
        share: the same, of all rows.
        examples: at most MOST_EXAMPLES of those rows.
    """

    code: str
    level: Level
    says: str
    count: int | None = None
    share: float | None = None
    examples: tuple[Example, ...] = ()


class Seen(NamedTuple):
    """A row and what the template makes of it.

    Attributes:
        prompt: all messages as one text; empty when there is none.
        asked: where in it the last message begins, which is what differs from row to row.
        target: the answer, if there is one.
        fault: why the row cannot be rendered, if it cannot.
    """

    row: Row
    prompt: str
    asked: int
    target: str | None
    fault: Fault | None


class Check(Protocol):
    """One thing that lint looks at: it sees every row once, in any order, and then has findings."""

    def see(self, seen: Seen) -> None: ...
    def findings(self, rows: int) -> Iterable[Finding]: ...


def look(template: Template, row: Row) -> Seen:
    """Render a row to look at it."""
    outcome = attempt(template, row.data, row_id=row.id)
    if isinstance(outcome, Fault):
        return Seen(row, "", 0, None, outcome)
    texts = [message.content for message in outcome.messages]
    prompt = "\n\n".join(texts)
    return Seen(row, prompt, len(prompt) - len(texts[-1]) if texts else 0, outcome.target, None)


class Examples:
    """The rows that show something most: those of the lowest rank, and among equals the first that were imported."""

    def __init__(self) -> None:
        self._heap: list[tuple[int, int, Example]] = []

    def offer(self, row: Row, text: Text, start: int = 0, *, rank: int = 0) -> None:
        """Keep the row for as long as there are not enough better ones; `text` is asked for only then."""
        key = (-rank, -row.id.int)
        if len(self._heap) < MOST_EXAMPLES:
            heappush(self._heap, (*key, example(row, text, start)))
        elif key > self._heap[0][:2]:
            heapreplace(self._heap, (*key, example(row, text, start)))

    def best(self) -> tuple[Example, ...]:
        """The examples, the best first."""
        return tuple(one for _, _, one in sorted(self._heap, key=lambda kept: kept[:2], reverse=True))


class Tally:
    """How many rows show something, with the first of them."""

    def __init__(self) -> None:
        self.count = 0
        self.examples = Examples()

    def add(self, row: Row, text: Text, start: int = 0) -> None:
        """Count a row, and show this text of it, from `start` on."""
        self.count += 1
        self.examples.offer(row, text, start)

    def finding(self, code: str, level: Level, says: str, rows: int) -> Finding:
        """The finding of these rows, out of so many."""
        return Finding(code, level, says, self.count, share(self.count, rows), self.examples.best())


def example(row: Row, text: Text, start: int = 0, *, group: int | None = None) -> Example:
    """The row as an example, with an excerpt of the text."""
    whole = text if isinstance(text, str) else text()
    return Example(row.id, row.source, row.line, excerpt(whole, start), len(whole), group)


def excerpt(text: str, start: int = 0) -> str:
    """A piece of the text, from `start` on where enough is left; … stands where something was cut.

    >>> excerpt("Why?")
    'Why?'
    >>> len(excerpt("a" * 500)), excerpt("a" * 500)[-2:], excerpt("a" * 500, 400)[:2]
    (161, 'a…', '…a')
    """
    start = max(0, min(start, len(text) - MOST_SIGNS))
    piece = text[start : start + MOST_SIGNS]
    return f"{'…' if start else ''}{piece}{'…' if start + MOST_SIGNS < len(text) else ''}"


def as_written(data: Mapping[str, Json]) -> str:
    """A row as JSON."""
    return json.dumps(data, ensure_ascii=False, default=str)


def share(count: int, rows: int) -> float:
    """The share of the rows; 0 when there is none."""
    return count / rows if rows else 0.0


def counted(number: int, noun: str) -> str:
    """A number with its noun.

    >>> counted(1, "row"), counted(1200, "row")
    ('1 row', '1,200 rows')
    """
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def agree(number: int, one: str, more: str) -> str:
    """The word that goes with the number.

    >>> agree(1, "is", "are"), agree(0, "is", "are")
    ('is', 'are')
    """
    return one if number == 1 else more


def listed(names: Iterable[str], most: int = 12) -> str:
    """Names in a sentence; those that find no room are counted.

    >>> listed(["a", "b"]), listed("abcd", most=2)
    ("'a' and 'b'", "'a', 'b' and 2 more")
    """
    quoted = [repr(name) for name in names]
    head, rest = quoted[:most], len(quoted) - most
    tail = f"{rest:,} more" if rest > 0 else head.pop()
    return f"{', '.join(head)} and {tail}" if head else tail


def finding_json(finding: Finding) -> dict[str, object]:
    """The finding as JSON."""
    examples = [{**one._asdict(), "row_id": str(one.row_id)} for one in finding.examples]
    return {**asdict(finding), "examples": examples}
