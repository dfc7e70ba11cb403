"""What surrounds a judgement: when, how long, under which guidelines; on an item of which template and model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID

import numpy as np
import pyarrow as pa

from concord.records.item import NamedItem
from concord.records.kinds import Floats, Ints, Kind
from concord.records.report import Circumstances, ItemFacts
from storage.engine import Engine
from storage.reports import CLUSTER, PARTS, PEOPLE, column

KINDS: tuple[Kind, ...] = ("edit", "ranking", "comparison", "rating", "label", "factual")
_KIND = "case a.kind when 'edit' then 0 when 'ranking' then 1 when 'comparison' then 2 when 'rating' then 3 else 4 end"

_CIRCUMSTANCES = f"""{PARTS}
select hash(a.item_id) as item, p.person, {_KIND} as kind, extract(epoch from a.created_at)::bigint as at,
       case when k.presentation_id is null then coalesce(a.seconds, -1) else -1 end::double precision as seconds,
       coalesce(s.guidelines_version, -1) as guidelines,
       coalesce(o.arm, 0) as arm
from annotations a
join people p on p.annotator = a.annotator
left join presentations s on s.id = a.presentation_id
left join corrections k on k.presentation_id = a.presentation_id  -- who corrects has read it before
left join apart o on o.item_id = a.item_id
where a.project_id = $1 and not exists (select 1 from superseded s where s.annotation_id = a.id)
"""

MOST_CLUSTERS = 20

# The largest clusters alone have a name, that of one of their items: a million items may be of a million clusters.
_FACTS = f"""
with clustered as (select id, name, {CLUSTER} as cluster from items where project_id = $1),
largest as (
  select cluster, 'like ' || min(name) as name from clustered
  group by cluster having count(*) > 1 order by count(*) desc, min(name) limit {MOST_CLUSTERS})
select hash(i.id) as item, i.template_id as template, i.template_version as version, m.model, l.name as cluster
from items i
join clustered k on k.id = i.id
left join largest l on l.cluster = k.cluster
left join (
  select item_id, case when count(distinct model) = 1 then min(model) end as model
  from drafts where project_id = $1 group by item_id) m on m.item_id = i.id
where i.project_id = $1
"""

_NAMES = """
select hash(id) as item, id, name from items where project_id = $1 and hash(id) in (select unnest($2::ubigint[]))
"""


class Surroundings:
    """What the report splits agreement by."""

    engine: Engine

    def circumstances(self, project_id: UUID) -> Circumstances:
        """When, how long and under which guidelines each current judgement was made."""
        people = [name for (name,) in self.engine.read(PEOPLE, project_id)]
        table = self.engine.table(_CIRCUMSTANCES, project_id, people)
        names = ("item", "person", "kind", "at", "guidelines", "arm")
        key, person, kind, at, guidelines, arm = (column(table, name) for name in names)
        seconds = cast("Floats", table["seconds"].to_numpy().astype(np.float64))
        seconds = np.where(seconds < 0, np.nan, seconds)
        return Circumstances(key, person, kind, at, seconds, guidelines, arm, tuple(people))

    def item_facts(self, project_id: UUID) -> ItemFacts:
        """The template, its version and the model of each item, and its cluster where that is among the largest."""
        table = self.engine.table(_FACTS, project_id)
        facts = {name: _coded(table, name) for name in ("template", "version", "model", "cluster")}
        return ItemFacts(column(table, "item"), facts)

    def named_items(self, project_id: UUID, keys: Sequence[int]) -> dict[int, NamedItem]:
        """The items of these keys, as the columns of the reports know them."""
        unsigned = [key % 2**64 for key in keys]
        found = self.engine.read(_NAMES, project_id, unsigned)
        signed = np.array([key for key, _, _ in found], dtype=np.uint64).view(np.int64).tolist()
        return {key: NamedItem(item_id, name) for key, (_, item_id, name) in zip(signed, found, strict=True)}


def _coded(table: pa.Table, name: str) -> tuple[Ints, tuple[str, ...]]:
    """A column of names as their places in a sorted list, -1 where there is none; and the list."""
    encoded = cast("Any", table[name].combine_chunks().dictionary_encode())
    names = cast("list[str]", encoded.dictionary.to_pylist())
    order = sorted(range(len(names)), key=names.__getitem__)
    rank = np.empty(len(names) + 1, np.int64)
    rank[order], rank[-1] = np.arange(len(names)), -1
    codes = encoded.indices.fill_null(len(names)).to_numpy(zero_copy_only=False).astype(np.int64)
    return rank[codes], tuple(names[place] for place in order)
