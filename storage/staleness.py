"""Versions of a template within a project: which items are of an older one, and the change to the newer.

An item is stale when its version is not the one that was applied to the project last. It is immutable; where nobody has
worked on it, the item of the newer version may take its place in the queue, and it is noted as retired.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

from concord.errors import Conflict
from concord.records.item import Item
from concord.records.template import Application, Placed, RenderedRows, Stale
from storage.drafts import recount_drafts
from storage.engine import Engine, Query
from storage.items import item_columns

REPLACED = "replaced by a newer version"
LEFT_OUT = "left out by a newer version"

# Somebody has worked on the item, or is about to, or is named for it; a lease that ran out is nobody's work.
_BUSY = """(
  exists (select 1 from assignments a where a.item_id = i.id
          and (a.done_at is not null or a.lease_until is null or a.lease_until >= $2::timestamptz))
  or exists (select 1 from annotations n where n.item_id = i.id)
  or exists (select 1 from named m where m.item_id = i.id)
  or exists (select 1 from gold g where g.item_id = i.id)
  or exists (select 1 from adjudications j where j.item_id = i.id))"""
_OLDER = f"""
select i.id, i.row_id, q.position, {_BUSY} as busy from items i join queue q on q.item_id = i.id
where i.project_id = $1 and i.template_id = $3 and i.template_version <> $4
  and i.row_id in (select unnest($5::uuid[]))
"""
_STALE = f"""
with current as (
  select distinct on (template_id) template_id, version from applications where project_id = $1
  order by template_id, applied_at desc, id desc),
old as (
  select i.id, c.template_id, c.version, {_BUSY} as busy
  from items i join queue q on q.item_id = i.id join current c on c.template_id = i.template_id
  where i.project_id = $1 and i.template_version <> c.version),
answers as (select item_id, count(*) as answers from current_annotations where project_id = $1 group by item_id)
select o.template_id, o.version, count(*), coalesce(sum(a.answers), 0)::bigint, count(*) filter (where not o.busy)
from old o left join answers a on a.item_id = o.id group by o.template_id, o.version order by o.template_id
"""


class _Older(NamedTuple):
    """An item of an older version that is in the queue."""

    item_id: UUID
    row_id: UUID
    position: int
    busy: bool


class Staleness:
    """Items and the versions of their templates."""

    engine: Engine

    def place_items(self, application: Application, rows: RenderedRows, *, overlap: int, rerender: bool) -> Placed:
        """Queue the items that a version of a template makes of some rows, in one transaction.

        A row that has an item of an older version keeps it. With `rerender` it does so only where somebody has worked
        on the item or holds it; else the new item takes its place, or nothing does if nothing is asked of the row.

        Args:
            application: the version; it must be the one that was applied last.
            rows: the items, and the rows that give none.
            overlap: how many annotators a new item wants.
            rerender: replace what nobody has worked on.

        Raises:
            Conflict: another version was applied meanwhile, or drafts of what would be replaced are being made.
        """
        now = datetime.now(UTC)

        def job(query: Query) -> Placed:
            _require_current(query, application)
            if rerender:
                _require_no_run(query, application.project_id)
            older = _older(query, application, rows, now)
            keeping = {one.row_id for one in older if one.busy or not rerender}
            gone = [one for one in older if one.row_id not in keeping]
            made = [item for item in rows.items if item.row_id not in keeping]
            new = _queue(query, made, {one.row_id: one.position for one in gone}, overlap)
            _retire(query, application.project_id, gone, {item.row_id: item.id for item in made}, now)
            return Placed(new, len(made) - new, len(rows.items) - len(made), len(gone))

        return self.engine.write(job)

    def stale(self, project_id: UUID) -> list[Stale]:
        """What was made with an older version, for each template that has such items, by its id."""
        return [Stale(*row) for row in self.engine.read(_STALE, project_id, datetime.now(UTC))]


def reinstate(query: Query, item_ids: Sequence[str]) -> None:
    """Put those of the items that are retired back into the queue: somebody judged them after all."""
    found = query(
        "delete from retired where item_id in (select unnest($1::uuid[])) returning item_id, project_id", item_ids
    )
    for item_id, project_id in found:
        query(
            "insert into queue(item_id, project_id, position, wanted, taken, drafts, arm) "
            "select i.id, p.id, (select coalesce(max(position), 0) + 1 from queue where project_id = p.id), "
            "(p.settings->>'overlap')::integer, 0, 0, i.arm from projects p join items i on i.id = $1 where p.id = $2",
            item_id,
            project_id,
        )
    if found:
        recount_drafts(query, [str(item_id) for item_id, _ in found])


def _require_current(query: Query, application: Application) -> None:
    [(version,)] = query(
        "select version from applications where project_id = $1 and template_id = $2 "
        "order by applied_at desc, id desc limit 1",
        application.project_id,
        application.template_id,
    )
    if version != application.version:
        raise Conflict(
            f"Another version of {application.template_id!r}, {version[:12]}, was applied to this project meanwhile. "
            "Apply the one that is to stand."
        )


def _require_no_run(query: Query, project_id: UUID) -> None:
    if query("select 1 from runs where project_id = $1 and state = 'running'", project_id):
        raise Conflict("Drafts are being made for this project. Stop the run, or wait for its end, then re-render.")


def _older(query: Query, application: Application, rows: RenderedRows, now: datetime) -> list[_Older]:
    ids = [str(item.row_id) for item in rows.items] + [str(row_id) for row_id in rows.empty]
    found = query(_OLDER, application.project_id, now, application.template_id, application.version, ids)
    return [_Older(*row) for row in found]


def _queue(query: Query, items: Sequence[Item], places: dict[UUID, int], overlap: int) -> int:
    """Store and queue items, each in the place of its row's older item or at the end; how many are new there."""
    if not items:
        return 0
    query.insert("items", item_columns(items), unless="id")
    ids = [str(item.id) for item in items]
    [(last,)] = query("select coalesce(max(position), 0) from queue where project_id = $1", items[0].project_id)
    new = query.insert(
        "queue",
        {
            "item_id": ids,
            "project_id": [item.project_id for item in items],
            "position": [places.get(item.row_id, last + n) for n, item in enumerate(items, 1) if item.row_id],
            "wanted": [overlap] * len(items),
            "taken": [0] * len(items),
            "drafts": [0] * len(items),
            "arm": [item.arm for item in items],
        },
        unless="item_id",
    )
    back = query("delete from retired where item_id in (select unnest($1::uuid[])) returning item_id", ids)
    if back:  # an older version that is applied again finds its items, and their drafts
        recount_drafts(query, [str(item_id) for (item_id,) in back])
    return new


def _retire(
    query: Query, project_id: UUID, gone: Sequence[_Older], replaced_by: dict[UUID | None, UUID], now: datetime
) -> None:
    if not gone:
        return
    ids = [str(one.item_id) for one in gone]
    heirs = [replaced_by.get(one.row_id) for one in gone]
    query("delete from queue where item_id in (select unnest($1::uuid[]))", ids)
    query("delete from assignments where item_id in (select unnest($1::uuid[]))", ids)  # leases that ran out
    query.insert(
        "retired",
        {
            "item_id": ids,
            "project_id": [project_id] * len(ids),
            "replaced_by": heirs,
            "reason": [REPLACED if heir else LEFT_OUT for heir in heirs],
            "retired_at": [now] * len(ids),
        },
    )
