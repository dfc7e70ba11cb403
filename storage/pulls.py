"""What may have moved a judgement beside substance: place, length, formatting, haste."""

from __future__ import annotations

from typing import cast
from uuid import UUID

import numpy as np
import pyarrow as pa

from concord.records.kinds import Floats
from concord.records.report import EditChanges, Paces, Pulls
from storage.engine import Engine
from storage.preferences import PAIRS
from storage.reports import PARTS, PEOPLE, column

_MARKS = r"len(regexp_extract_all({0}, '(?m)^\s*(?:[-*#]+|\d+[.)])\s|\*\*|__'))"

# 1 when the draft with more of something was the better one, -1 when the other was, 0 when neither had more of it.
_PULLS = f"""{PAIRS},
seen as (
  select p.*, json_extract_string(s.draft_ids, '$[*]') as shown
  from current_pairs p join annotations a on a.id = p.annotation_id
  left join presentations s on s.id = a.presentation_id
  where p.won <> 0 and not exists (select 1 from apart o where o.item_id = p.item_id))
select hash(p.item_id) as item, w.person,
       coalesce(sign(list_position(p.shown, p.other::text) - list_position(p.shown, p.one::text)) * p.won, 0)
         as first_shown,
       sign(length(d.text) - length(e.text)) * p.won as longer,
       sign({_MARKS.format("d.text")} - {_MARKS.format("e.text")}) * p.won as formatted
from seen p
join people w on w.annotator = p.annotator
join drafts d on d.id = p.one join drafts e on e.id = p.other
"""

_PACES = f"""{PARTS},
timed as (
  select a.item_id, a.annotator, a.seconds, s.draft_ids
  from annotations a join presentations s on s.id = a.presentation_id
  where a.project_id = $1 and a.seconds is not null
  and not exists (select 1 from superseded l where l.annotation_id = a.id)
  and not exists (select 1 from corrections c where c.presentation_id = a.presentation_id)
  and not exists (select 1 from apart o where o.item_id = a.item_id)),
lengths as (select item_id, avg(length(text)) as characters from drafts where project_id = $1 group by item_id)
select hash(t.item_id) as item, w.person, t.seconds::double precision as seconds,
       (length(i.messages::text) + coalesce(json_array_length(t.draft_ids) * l.characters, 0))::bigint as characters
from timed t
join people w on w.annotator = t.annotator
join items i on i.id = t.item_id
left join lengths l on l.item_id = t.item_id
"""


_CHANGES = f"""{PARTS}
select hash(e.item_id) as item, w.person, e.distance, coalesce(e.kept, 'nan'::double precision) as kept,
       coalesce(a.seconds, 'nan'::double precision) as seconds
from edits e join annotations a on a.id = e.annotation_id
join people w on w.annotator = e.annotator
where e.project_id = $1 and e.distance is not null
and not exists (select 1 from superseded l where l.annotation_id = e.annotation_id)
and not exists (select 1 from apart o where o.item_id = e.item_id)
"""


class Forces:
    """What the report looks at for signs of bias."""

    engine: Engine

    def pulls(self, project_id: UUID) -> Pulls:
        """Every pair of drafts that a person set side by side and decided, in the main arm."""
        people = [name for (name,) in self.engine.read(PEOPLE, project_id)]
        table = self.engine.table(_PULLS, project_id, people)
        names = ("item", "person", "first_shown", "longer", "formatted")
        return Pulls(*(column(table, name) for name in names), annotators=tuple(people))

    def paces(self, project_id: UUID) -> Paces:
        """How long each judgement at the desk took, and how much there was to read; main arm, corrections left out.

        Where not all drafts of the item were shown, each of those that were is taken to be as long as its drafts are on
        average.
        """
        people = [name for (name,) in self.engine.read(PEOPLE, project_id)]
        table = self.engine.table(_PACES, project_id, people)
        seconds, characters = (_floats(table, name) for name in ("seconds", "characters"))
        return Paces(column(table, "item"), column(table, "person"), seconds, characters, tuple(people))

    def edit_changes(self, project_id: UUID) -> EditChanges:
        """How far each current edit at the desk went from its draft, and in what time; main arm, at first sight."""
        people = [name for (name,) in self.engine.read(PEOPLE, project_id)]
        table = self.engine.table(_CHANGES, project_id, people)
        item, person, distance = (column(table, name) for name in ("item", "person", "distance"))
        return EditChanges(item, person, distance, _floats(table, "kept"), _floats(table, "seconds"), tuple(people))


def _floats(table: pa.Table, name: str) -> Floats:
    return cast("Floats", table[name].to_numpy().astype(np.float64))
