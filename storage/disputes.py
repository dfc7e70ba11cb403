"""What two or more annotators said about the same items that nobody has decided, for the whole project in one query."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast
from uuid import UUID

import numpy as np
import pyarrow as pa

from concord.records.dispute import Choices, EditPairs, Judged, Orders
from concord.records.kinds import Ints
from storage.arms import NO_REPEAT
from storage.decisions import NEWEST_DECISIONS
from storage.engine import Engine
from storage.reports import column

JUDGED = f"""
with undecided as (
  select i.id, i.name, q.position from items i join queue q on q.item_id = i.id
  left join ({NEWEST_DECISIONS}) d on d.item_id = i.id
  where i.project_id = $1 and i.kind = 'response' and q.arm = 'drafted'
    and ($2::uuid[] is null or i.id in (select unnest($2::uuid[])))
    and coalesce(d.decision, 'send_back') = 'send_back'),
judged as (
  select a.id, a.item_id, a.kind from current_annotations a join undecided u on u.id = a.item_id
  where a.project_id = $1 and {NO_REPEAT}),
ranked as (
  select p.annotation_id, p.item_id, p.draft_id, p.tier from placements p join judged j on j.id = p.annotation_id
  where p.project_id = $1),
orders as (
  select x.item_id, count(*) filter (where x.tier < y.tier) as first_wins,
         count(*) filter (where x.tier > y.tier) as second_wins, count(*) filter (where x.tier = y.tier) as ties
  from ranked x join ranked y on y.annotation_id = x.annotation_id and x.draft_id < y.draft_id
  group by x.item_id, x.draft_id, y.draft_id having count(*) > 1),
votes as (
  select w.item_id, w.question, w.value, count(*) as number
  from answers w join judged j on j.id = w.annotation_id and j.kind in ('comparison', 'label')
  where w.project_id = $1 group by w.item_id, w.question, w.value
  union all
  select j.item_id, 'all bad', (j.id in (select annotation_id from bad_drafts where project_id = $1))::text, count(*)
  from judged j
  where j.kind = 'ranking' and j.item_id in (select item_id from bad_drafts where project_id = $1) group by 1, 3),
choices as (
  select item_id, sum(number) as votes, max(number) as most from votes group by item_id, question
  having sum(number) > 1),
texts as (
  select e.annotation_id, e.item_id, e.text, e.text_key from edits e join judged j on j.id = e.annotation_id
  where e.project_id = $1),
edited as (
  select x.item_id, case when x.text_key = y.text_key then '' else x.text end as one,
         case when x.text_key = y.text_key then '' else y.text end as other
  from texts x join texts y on y.item_id = x.item_id and x.annotation_id < y.annotation_id),
found as (
  select item_id, 0 as what, first_wins as a, second_wins as b, ties as c, null as one, null as other from orders
  union all select item_id, 1, votes, most, 0, null, null from choices
  union all select item_id, 2, 0, 0, 0, one, other from edited)
select u.position, u.name, f.what, f.a::bigint as a, f.b::bigint as b, f.c::bigint as c, f.one, f.other
from found f join undecided u on u.id = f.item_id
"""


class Disputes:
    """What people said about the same items."""

    engine: Engine

    def judged_together(self, project_id: UUID, item_ids: Sequence[UUID] | None = None) -> Judged:
        """What two or more annotators said about the same items of the main arm that wait for no more than a decision.

        Items that a reviewer decided are out, unless they were sent back; so are judgements at second sight.

        Args:
            project_id: whose items.
            item_ids: only these; None is all of them.
        """
        return judged(self.engine.table(JUDGED, project_id, None if item_ids is None else list(map(str, item_ids))))


def judged(table: pa.Table) -> Judged:
    """The lines of `JUDGED` as columns, by what was said; only the texts that are kept are made into Python's."""
    position, what, a, b, c = (column(table, name) for name in ("position", "what", "a", "b", "c"))
    _, first, item = np.unique(position, return_index=True, return_inverse=True)
    orders, choices, edits = (np.flatnonzero(what == number) for number in range(3))
    one, other = (_texts(table, name, edits) for name in ("one", "other"))
    return Judged(
        tuple(_texts(table, "name", first)),
        Orders(item[orders], a[orders], b[orders], c[orders]),
        Choices(item[choices], a[choices], b[choices]),
        EditPairs(item[edits], one, other),
    )


def _texts(table: pa.Table, name: str, rows: Ints) -> list[str]:
    return cast("list[str]", table[name].take(pa.array(rows, pa.int64())).to_pylist())
