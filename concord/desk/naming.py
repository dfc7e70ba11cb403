"""Named assignment: items that only certain annotators get."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from concord.errors import InputError
from concord.records.desk import Assigned
from concord.records.project import Project


class NamingStore(Protocol):
    """What assigning needs of the store."""

    def item_keys(self, project_id: UUID) -> dict[str, tuple[UUID, UUID]]: ...
    def assignable(self, project_id: UUID, limit: int) -> list[UUID]: ...
    def assign(
        self, project_id: UUID, item_ids: Sequence[UUID], annotators: Sequence[str], now: datetime
    ) -> Assigned: ...
    def unassign(self, project_id: UUID, item_ids: Sequence[UUID] | None = None) -> int: ...


def assign(
    store: NamingStore, project: Project, annotators: Sequence[str], chosen: Sequence[str] | int, *, now: datetime
) -> Assigned:
    """Let only these annotators have some items; who has one already keeps it.

    An item goes on wanting as many annotators as before: of more that are named, those who come first get it; with
    fewer, it waits until others are named too, or it is open to everybody again.

    Args:
        store: where the items are.
        project: theirs.
        annotators: who gets them, by name.
        chosen: the names of the items, or how many: the first of the queue that are assigned to nobody.
        now: when.

    Returns:
        How many items were assigned, and how many of these want more annotators than are named.

    Raises:
        InputError: nobody is named, a number is out of its range, or an item is unknown; then nothing is assigned.
    """
    names = list(dict.fromkeys(name.strip() for name in annotators if name.strip()))
    if not names:
        raise InputError("Nobody is named. Name one annotator or several, with commas between them.")
    if isinstance(chosen, int):
        if not 1 <= chosen <= 1_000_000_000:
            raise InputError(f"limit is {chosen}. Give a number from 1 to 1,000,000,000.")
        items = store.assignable(project.id, chosen)
    else:
        items = _items(store, project, chosen)
    return store.assign(project.id, items, names, now)


def unassign(store: NamingStore, project: Project, chosen: Sequence[str] | None = None) -> int:
    """Open these items, or all of the project, to everybody again.

    Returns:
        How many had been assigned.

    Raises:
        InputError: an item is unknown; then nothing is changed.
    """
    return store.unassign(project.id, None if chosen is None else _items(store, project, chosen))


def _items(store: NamingStore, project: Project, names: Sequence[str]) -> list[UUID]:
    known: Mapping[str, tuple[UUID, UUID]] = store.item_keys(project.id)
    unknown = [name for name in names if name not in known]
    if unknown:
        others = f" (and {len(unknown) - 1:,} more that are listed)" if len(unknown) > 1 else ""
        raise InputError(f"Project {project.name!r} has no item {unknown[0]!r}{others}. Correct the list.")
    return [known[name][0] for name in dict.fromkeys(names)]
