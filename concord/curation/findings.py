"""What the check of a data set finds: a sentence, how many items show it, which, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol

from concord.records.checked import CheckedItem

Level = Literal["error", "warning", "note"]
LEVELS: tuple[Level, ...] = ("error", "warning", "note")
Page = Literal["review", "templates", "imports", "exports"]
PAGES: Mapping[Page, str] = {
    "review": "Review",
    "templates": "Templates",
    "imports": "Import",
    "exports": "Export",
}
"""What the pages are called."""
MOST_SHOWN = 10_000
"""Items that a finding names; its count says how many there are."""
EXCERPT = 100
"""Signs of a text that are shown."""


class Shown(NamedTuple):
    """An item that shows a finding.

    Attributes:
        item: its name.
        text: the piece of text concerned.
        group: items of one group belong together; None where there are no groups.
    """

    item: str
    text: str
    group: int | None = None


@dataclass(frozen=True)
class Finding:
    """One thing that the check has to say.

    Attributes:
        code: what kind of finding it is, for programs.
        level: an error makes rows that no trainer should get; a warning wants a look; a note is for information.
        says: a plain sentence.
        todo: what to do about it.
        page: where that is done.
        count: items that show it.
        share: the same, of all items.
        shown: at most `MOST_SHOWN` of them.
    """

    code: str
    level: Level
    says: str
    todo: str
    page: Page
    count: int
    share: float
    shown: tuple[Shown, ...] = ()


class Look(NamedTuple):
    """An item, and the texts of it that are looked at.

    Attributes:
        number: its place among all items, from 0.
        prompt: all messages as one text.
        responses: what may leave of it: its answers, or, as long as there are none, its drafts.
    """

    number: int
    item: CheckedItem
    prompt: str
    responses: tuple[str, ...]


class Check(Protocol):
    """One thing that is looked at: it sees every item once, in the order of the queue, and then has findings."""

    def see(self, look: Look) -> None: ...
    def findings(self, items: int) -> Iterable[Finding]: ...


@dataclass(frozen=True)
class Concern:
    """What is said of the items that show something; see `Finding`."""

    code: str
    level: Level
    says: str
    todo: str
    page: Page

    def finding(self, count: int, items: int, shown: Iterable[Shown]) -> Finding:
        """The finding that so many of all items show it."""
        some = tuple(one for one, _ in zip(shown, range(MOST_SHOWN), strict=False))
        return Finding(self.code, self.level, self.says, self.todo, self.page, count, count / max(items, 1), some)


class Tally:
    """The items that show one concern, counted as they are seen."""

    def __init__(self, concern: Concern) -> None:
        self._concern = concern
        self._count = 0
        self._shown: list[Shown] = []

    def add(self, item: str, text: str, at: int = 0) -> None:
        """Count an item; `at` is the place in the text from which on it is shown."""
        self._count += 1
        if len(self._shown) < MOST_SHOWN:
            self._shown.append(Shown(item, excerpt(text, at)))

    def findings(self, items: int) -> Iterable[Finding]:
        """One finding, or none where nothing shows it."""
        if self._count:
            yield self._concern.finding(self._count, items, self._shown)


def look(number: int, item: CheckedItem) -> Look:
    """The texts of an item."""
    return Look(number, item, "\n".join(m.content for m in item.messages), item.answers or item.drafts)


def excerpt(text: str, at: int = 0) -> str:
    """A piece of a text, with … where it was cut.

    >>> excerpt("short"), len(excerpt("long " * 99))
    ('short', 100)
    """
    piece = text[at : at + EXCERPT]
    cut = at + EXCERPT < len(text)
    return f"{'…' if at else ''}{piece[:-1] if cut else piece}{'…' if cut else ''}"
