"""Which rows become items: those that cannot be rendered, those that ask nothing, those without an answer."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from concord.conversion.findings import Finding, Seen, Tally, agree, as_written, counted, share
from concord.conversion.render import Fault
from concord.records.template import Template

MOST_KINDS = 50
"""Kinds of faults that are told apart."""
_PLACE = " for this row"


class Coverage:
    """See `concord.conversion.findings.Check`; every row is one of rendered, empty and faults.

    Attributes:
        rendered: rows that give a prompt.
        empty: rows of which the template asks nothing.
    """

    def __init__(self, template: Template) -> None:
        self._wants_target = template.target is not None
        self._kinds: dict[str, Tally] = {}
        self._more = Tally()
        self._without = Tally()
        self.empty = Tally()
        self.rendered = 0

    @property
    def faults(self) -> int:
        """Rows that cannot be rendered."""
        return sum(kind.count for kind in self._kinds.values()) + self._more.count

    def see(self, seen: Seen) -> None:
        """Count a row."""
        if seen.fault:
            self._tally(kind_of(seen.fault)).add(seen.row, seen.fault.found)
        elif not seen.prompt:
            self.empty.add(seen.row, partial(as_written, seen.row.data))
        else:
            self.rendered += 1
            if seen.target is None:
                self._without.add(seen.row, seen.prompt, seen.asked)

    def findings(self, rows: int) -> Iterator[Finding]:
        """What keeps rows from becoming items, or items from having a target."""
        for kind, tally in sorted(self._kinds.items()):
            says = f"{counted(tally.count, 'row')} cannot be rendered: {kind}."
            yield tally.finding("fault", "error", says, rows)
        if self._more.count:
            says = f"{counted(self._more.count, 'row')} cannot be rendered, for further reasons."
            yield self._more.finding("fault", "error", says, rows)
        if rows and not self.rendered:
            yield Finding("no-item", "error", "No row gives an item.", rows, share(rows, rows))
        if self.empty.count:
            them = agree(self.empty.count, "it", "them")
            says = f"{counted(self.empty.count, 'row')} would give no item: the template asks nothing of {them}."
            yield self.empty.finding("empty-render", "note", says, rows)
        without = self._without.count
        if without and (self._wants_target or without < self.rendered):
            says = f"{counted(without, 'item')} would have no target, because it is empty."
            yield self._without.finding("empty-target", "warning", says, rows)

    def _tally(self, kind: str) -> Tally:
        if kind not in self._kinds and len(self._kinds) == MOST_KINDS:
            return self._more
        return self._kinds.setdefault(kind, Tally())


def kind_of(fault: Fault) -> str:
    """What is wrong, without what is this row's alone.

    >>> kind_of(Fault("a", "t.prompt.md: 'a' is [1] for this row, which is no string", "Correct it."))
    "'a' is no string"
    >>> kind_of(Fault(None, "t.prompt.md: 'b' is undefined for this row, which has ['a']", "Correct it."))
    "'b' is undefined"
    """
    found, _, after = fault.found.partition(": ")[2].partition(_PLACE)
    if fault.field is not None and after.startswith(", which is "):
        return f"{fault.field!r}{after.removeprefix(', which')}"
    return found.split(": ")[0]  # Python says "invalid literal for int(): 'abc'", with this row's value at the end
