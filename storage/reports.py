"""What the agreement report computes on: current judgements as columns of small integers."""

from __future__ import annotations

import math
from typing import Any, cast
from uuid import UUID

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from concord.records import Arm, EditedText, Ints, Kind, Placements, Votes
from storage.engine import Engine

COMPARED = ("first", "second", "tie", "both_bad")

# "First" must mean the same for everybody and must not follow the order in the file: names, hashed, decide.
# A draft that came after a comparison was no part of it. A judgement at second sight (a repeat) is none of a further
# annotator.
_VOTES = """
with compared as (
  select i.id as item_id, arg_min(d.id, md5(i.name || '/' || d.name))::text as first
  from items i join drafts d on d.item_id = i.id
  join (select item_id, min(created_at) as created_at from annotations
        where project_id = $1 and kind = 'comparison' group by item_id) c
  on c.item_id = i.id and d.created_at <= c.created_at
  group by i.id)
select c.kind || chr(31) || i.arm || chr(31) || a.question as grp, a.item_id::text as item, a.annotator,
       case when c.kind <> 'comparison' or a.value in ('tie', 'both_bad') then a.value
            when a.value = f.first then 'first' else 'second' end as value
from answers a
join current_annotations c on c.id = a.annotation_id
join items i on i.id = a.item_id
left join compared f on f.item_id = a.item_id
where a.project_id = $1 and i.kind = 'response'
  and not exists (select 1 from repeats r where r.presentation_id = c.presentation_id)
"""

_PLACEMENTS = """
select i.arm as grp, p.item_id::text as item, p.annotator, p.draft_id::text as draft, p.tier
from placements p join current_annotations c on c.id = p.annotation_id join items i on i.id = p.item_id
where p.project_id = $1 and i.kind = 'response'
  and not exists (select 1 from repeats r where r.presentation_id = c.presentation_id)
order by p.item_id
"""

_EDITS = """
select i.arm, e.item_id::text, e.annotator, d.text, e.text
from edits e join current_annotations c on c.id = e.annotation_id join items i on i.id = e.item_id
left join drafts d on d.id = e.draft_id
where e.project_id = $1 and i.kind = 'response'
  and not exists (select 1 from repeats r where r.presentation_id = c.presentation_id)
order by e.item_id, e.annotator
"""


class Reports:
    """Columns for the statistics; superseded judgements are out, and so are items that want no answer."""

    engine: Engine

    def votes(self, project_id: UUID) -> list[Votes]:
        """The answers to each question, apart for each arm, by question."""
        return sorted(map(_votes, *_groups(self.engine.table(_VOTES, project_id))), key=lambda v: (v.question, v.arm))

    def placements(self, project_id: UUID) -> list[Placements]:
        """The rankings, apart for each arm."""
        return list(map(_placements, *_groups(self.engine.table(_PLACEMENTS, project_id))))

    def edits(self, project_id: UUID) -> list[EditedText]:
        """The edits with the drafts that they began from, by item."""
        found = self.engine.read(_EDITS, project_id)
        numbers = {item: number for number, item in enumerate(dict.fromkeys(row[1] for row in found))}
        return [EditedText(numbers[item], annotator, draft, text, arm) for arm, item, annotator, draft, text in found]


def _groups(table: pa.Table) -> tuple[list[str], list[pa.Table]]:
    """The parts of a table that share `grp`."""
    names = sorted(cast("list[str]", pc.unique(table["grp"]).to_pylist()))
    return names, [table.filter(pc.equal(table["grp"], pa.scalar(name))) for name in names]


def _codes(column: pa.ChunkedArray[Any]) -> tuple[Ints, tuple[str, ...]]:
    """Dense numbers for the values of a column, in the values' order, and the values."""
    encoded = cast("Any", column.combine_chunks().dictionary_encode())
    values = cast("list[str]", encoded.dictionary.to_pylist())
    order = sorted(range(len(values)), key=lambda code: _sort_key(values[code]))
    rank = np.empty(len(values), np.int64)
    rank[order] = np.arange(len(values))
    return rank[encoded.indices.to_numpy()], tuple(values[code] for code in order)


def _sort_key(value: str) -> tuple[bool, float, str]:
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    return (False, number, value) if math.isfinite(number) else (True, 0.0, value)


def _votes(name: str, table: pa.Table) -> Votes:
    kind, arm, question = name.split("\x1f", 2)
    item, _ = _codes(table["item"])
    annotator, annotators = _codes(table["annotator"])
    value, values = _codes(table["value"])
    if kind == "comparison":
        value = np.array([COMPARED.index(known) for known in values], np.int64)[value]
        values = COMPARED
    return Votes(question, cast("Kind", kind), cast("Arm", arm), item, annotator, value, annotators, values)


def _placements(name: str, table: pa.Table) -> Placements:
    item, _ = _codes(table["item"])
    annotator, annotators = _codes(table["annotator"])
    draft, _ = _codes(table["draft"])
    tier = cast("Ints", table["tier"].to_numpy().astype(np.int64))
    order = np.argsort(item, kind="stable")
    return Placements(cast("Arm", name), item[order], annotator[order], draft[order], tier[order], annotators)
