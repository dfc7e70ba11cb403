"""A template over all rows of a project: every row is checked before the first item is stored."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from time import thread_time
from typing import NamedTuple, Protocol
from uuid import UUID

from concord.conversion.render import Fault, Rendered, attempt
from concord.errors import TemplateProblem
from concord.ids import derived_id, new_id
from concord.records.item import Item
from concord.records.kinds import Arm
from concord.records.project import Project
from concord.records.row import Problem, Row
from concord.records.template import Application, Placed, RenderedRows, Template

BATCH = 1_000
"""Rows that are held at a time."""
MOST_PROBLEMS = 100
"""The check ends after so many bad rows, or names no more of them when they are left out."""
MOST_SECONDS = 1.5
"""The check ends when bad rows have taken so much processor time: a template that never ends does so in each row."""
PATIENCE = 30.0
"""The same, when bad rows are left out: of those there may be many, each of which is seen at once."""

OnProgress = Callable[[int], None]
ArmOf = Callable[[UUID], Arm]
"""The arm of the item with an id."""


class ApplyStore(Protocol):
    """What applying a template needs of the store."""

    def rows(self, project_id: UUID, *, limit: int | None = None) -> Iterator[Row]: ...
    def item_ids(self, project_id: UUID) -> dict[str, UUID]: ...
    def add_template(self, template: Template) -> None: ...
    def applications(self, project_id: UUID) -> list[Application]: ...
    def add_application(self, application: Application) -> None: ...
    def place_items(self, application: Application, rows: RenderedRows, *, overlap: int, rerender: bool) -> Placed: ...


class How(NamedTuple):
    """How a template is applied.

    Attributes:
        rerender: items of an older version that nobody has worked on or holds give way to those of this one; without
            it, each row that has an item of an older version keeps it.
        skip_bad: rows that cannot be rendered are left out; without it, one of them keeps all from being stored.
    """

    rerender: bool = False
    skip_bad: bool = False


PLAIN = How()


class Applied(NamedTuple):
    """What became of a project's rows; items, present, kept, empty and left_out are all of them.

    Attributes:
        items: new items.
        present: items that were there already.
        kept: rows that keep an item of an older version.
        empty: rows of which the template asks nothing.
        left_out: rows that cannot be rendered, when they were to be left out.
        retired: items of older versions that left the queue.
        problems: rows that cannot be rendered, at most MOST_PROBLEMS of them.
        refused: nothing was stored, because of the problems.
    """

    items: int = 0
    present: int = 0
    kept: int = 0
    empty: int = 0
    left_out: int = 0
    retired: int = 0
    problems: tuple[Problem, ...] = ()
    refused: bool = False


class _Checked(NamedTuple):
    """Rows that were looked at, those of which the template asks nothing, and those that cannot be rendered."""

    rows: int
    empty: int
    bad: int
    problems: tuple[Problem, ...]
    refused: bool


def apply_template(  # noqa: PLR0913 - a template, where to and how, the time, and who watches
    store: ApplyStore,
    project: Project,
    template: Template,
    how: How = PLAIN,
    *,
    now: datetime,
    arm_of: ArmOf | None = None,
    on_progress: OnProgress | None = None,
) -> Applied:
    """Make an item of each row, or none at all.

    The version is then the project's current one. An item's id derives from the row and the version, so applying the
    same template again adds only items of rows that are new, and one that was broken off goes on.

    Args:
        store: where rows are read and items go.
        project: its settings say how many annotators an item wants.
        template: the template.
        how: what happens to older items and to bad rows.
        now: the time of the application.
        arm_of: in which arm a new item is; without it, all are drafted.
        on_progress: called with the number of rows done, now and then; checking a row is half of it.

    Raises:
        Conflict: another version is applied meanwhile, or drafts of what would be replaced are being made.
    """
    report = on_progress or _silent
    checked = _check(store.rows(project.id), template, how, report)
    if checked.refused:
        return Applied(empty=checked.empty, problems=checked.problems, refused=True)
    application = _application(store, project, template, now)
    placed = _Placing(store, project, template, application, arm_of or _drafted).through(checked, how, report)
    return Applied(
        placed.new, placed.present, placed.kept, checked.empty, checked.bad, placed.retired, checked.problems
    )


def _silent(done: int) -> None:
    """Nobody asked."""


def _check(rows: Iterator[Row], template: Template, how: How, report: OnProgress) -> _Checked:
    seen = empty = bad = 0
    spent, patience = 0.0, PATIENCE if how.skip_bad else MOST_SECONDS
    problems: list[Problem] = []
    for batch in _batches(rows):
        for row in batch:
            begun = thread_time()
            outcome = attempt(template, row.data, row_id=row.id)
            if isinstance(outcome, Fault):
                bad += 1
                spent += thread_time() - begun
                problems += [Problem(row.source, row.line, *outcome)] if bad <= MOST_PROBLEMS else []
                if spent > patience or (bad == MOST_PROBLEMS and not how.skip_bad):
                    return _Checked(seen, empty, bad, tuple(problems), refused=True)
            elif not outcome.messages:
                empty += 1
        seen += len(batch)
        report(seen // 2)
    return _Checked(seen, empty, bad, tuple(problems), refused=bad > 0 and not how.skip_bad)


def _drafted(_: UUID) -> Arm:
    """The main arm."""
    return "drafted"


def _application(store: ApplyStore, project: Project, template: Template, now: datetime) -> Application:
    """The newest application of the template, which is now of this version."""
    applied = store.applications(project.id)
    newest = next((one for one in applied if one.template_id == template.id), None)
    if newest and newest.version == template.version:
        return newest
    application = Application(new_id(), project.id, template.id, template.version, now)
    store.add_template(template)
    store.add_application(application)
    return application


class _Placing(NamedTuple):
    """Rows on their way into the queue."""

    store: ApplyStore
    project: Project
    template: Template
    application: Application
    arm_of: ArmOf

    def through(self, checked: _Checked, how: How, report: OnProgress) -> Placed:
        """Queue what the rows that were checked make, a batch at a time."""
        taken = self.store.item_ids(self.project.id)
        placed, done = Placed(0, 0, 0, 0), 0
        for batch in _batches(self.store.rows(self.project.id, limit=checked.rows)):
            rendered = self._rendered(batch, taken, how)
            overlap = self.project.settings.overlap
            of_batch = self.store.place_items(self.application, rendered, overlap=overlap, rerender=how.rerender)
            placed = Placed(*map(sum, zip(placed, of_batch, strict=True)))
            done += len(batch)
            report((checked.rows + done) // 2)
        return placed

    def _rendered(self, rows: Sequence[Row], taken: dict[str, UUID], how: How) -> RenderedRows:
        items: list[Item] = []
        empty: list[UUID] = []
        for row in rows:
            outcome = attempt(self.template, row.data, row_id=row.id, place=f"{row.source}, line {row.line}")
            if isinstance(outcome, Fault):
                if not how.skip_bad:
                    raise TemplateProblem(f"{outcome.found}. {outcome.cure}")
            elif outcome.messages:
                items.append(self._item(row, outcome, taken))
            else:
                empty.append(row.id)
        return RenderedRows(items, empty)

    def _item(self, row: Row, rendered: Rendered, taken: dict[str, UUID]) -> Item:
        """The row's item; it takes its name from the list of names that are `taken`."""
        item_id = derived_id(row.id, self.template.version)
        name = _name(row, self.template, item_id, taken)
        taken[name] = item_id
        return Item(
            id=item_id,
            project_id=self.project.id,
            name=name,
            messages=rendered.messages,
            arm=self.arm_of(item_id),
            target=rendered.target,
            row_id=row.id,
            template_id=self.template.id,
            template_version=self.template.version,
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
