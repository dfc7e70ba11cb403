"""A template over all rows of a project: every row is checked before the first item is stored."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import NamedTuple, Protocol
from uuid import UUID

from concord.conversion.render import Fault, attempt, render
from concord.ids import derived_id
from concord.records import Arm, Item, Problem, Project, Row, Template

BATCH = 1_000
"""Rows that are held at a time."""
MOST_PROBLEMS = 100
"""The check ends after so many bad rows, for each may have taken as long as a row can take."""

OnProgress = Callable[[int], None]
ArmOf = Callable[[UUID], Arm]
"""The arm of the item with an id."""


class ApplyStore(Protocol):
    """What applying a template needs of the store."""

    def rows(self, project_id: UUID, *, limit: int | None = None) -> Iterator[Row]: ...
    def item_ids(self, project_id: UUID) -> dict[str, UUID]: ...
    def add_items(self, items: Sequence[Item], *, overlap: int) -> int: ...
    def add_template(self, template: Template) -> None: ...


_Make = Callable[[Row, dict[str, UUID]], Item | None]


class Applied(NamedTuple):
    """What became of a project's rows.

    Attributes:
        items: new items.
        present: items that were there already.
        empty: rows of which the template asks nothing.
        problems: rows that cannot be rendered, at most MOST_PROBLEMS; when there is one, nothing was stored.
    """

    items: int
    present: int
    empty: int
    problems: tuple[Problem, ...]


class _Checked(NamedTuple):
    """Rows that were looked at, those of which the template asks nothing, and those that cannot be rendered."""

    rows: int
    empty: int
    problems: tuple[Problem, ...]


def apply_template(
    store: ApplyStore,
    project: Project,
    template: Template,
    *,
    arm_of: ArmOf | None = None,
    on_progress: OnProgress | None = None,
) -> Applied:
    """Make an item of each row, or none at all.

    An item's id derives from the row and the template's version, so applying the same template again adds only items of
    rows that are new.

    Args:
        store: where rows are read and items go.
        project: its settings say how many annotators an item wants.
        template: the template.
        arm_of: in which arm a new item is; without it, all are drafted.
        on_progress: called with the number of rows done, now and then; checking a row is half of it.
    """
    report = on_progress or _silent
    checked = _check(store, project, template, report)
    if checked.problems:
        return Applied(0, 0, checked.empty, checked.problems)
    store.add_template(template)
    make = partial(_item, project, template, arm_of or _drafted)
    new = _store(store, project, make, checked.rows, report)
    return Applied(new, checked.rows - checked.empty - new, checked.empty, ())


def _silent(done: int) -> None:
    """Nobody asked."""


def _check(store: ApplyStore, project: Project, template: Template, report: OnProgress) -> _Checked:
    seen = empty = 0
    problems: list[Problem] = []
    for batch in _batches(store.rows(project.id)):
        for row in batch:
            outcome = attempt(template, row.data, row_id=row.id)
            if isinstance(outcome, Fault):
                problems.append(Problem(row.source, row.line, *outcome))
                if len(problems) == MOST_PROBLEMS:
                    return _Checked(seen, empty, tuple(problems))
            elif not outcome.messages:
                empty += 1
        seen += len(batch)
        report(seen // 2)
    return _Checked(seen, empty, tuple(problems))


def _drafted(_: UUID) -> Arm:
    """The main arm."""
    return "drafted"


def _store(store: ApplyStore, project: Project, make: _Make, rows: int, report: OnProgress) -> int:
    """How many items of the rows that were checked are new."""
    taken = store.item_ids(project.id)
    new = done = 0
    for batch in _batches(store.rows(project.id, limit=rows)):
        made = [item for row in batch if (item := make(row, taken))]
        new += store.add_items(made, overlap=project.settings.overlap)
        done += len(batch)
        report((rows + done) // 2)
    return new


def _item(project: Project, template: Template, arm_of: ArmOf, row: Row, taken: dict[str, UUID]) -> Item | None:
    """The row's item; it takes its name from the list of names that are `taken`."""
    rendered = render(template, row.data, row_id=row.id, place=f"{row.source}, line {row.line}")
    if not rendered.messages:
        return None
    item_id = derived_id(row.id, template.version)
    name = _name(row, template, item_id, taken)
    taken[name] = item_id
    return Item(
        id=item_id,
        project_id=project.id,
        name=name,
        messages=rendered.messages,
        arm=arm_of(item_id),
        target=rendered.target,
        row_id=row.id,
        template_id=template.id,
        template_version=template.version,
    )


def _name(row: Row, template: Template, item_id: UUID, taken: Mapping[str, UUID]) -> str:
    """The row's own `item_id`, with the template behind it where another item has that name, or else template and id.

    An item that is there already finds the name that it has.
    """
    unique = f"{template.id}-{item_id.hex[-16:]}"
    own = row.data.get("item_id")
    if own in (None, ""):
        return unique
    names = (str(own), f"{own}/{template.id}", f"{own}/{unique}")
    return next(name for name in names if taken.get(name, item_id) == item_id)


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while batch := list(islice(rows, BATCH)):
        yield batch
