"""What the agreement report computes on: current judgements as columns of small integers.

An item is known by the hash of its id, and people and choices by their places in short lists: numbers come out of
DuckDB ten times quicker than texts do. That two of a million items share a hash has a chance of one in 10^7.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, cast
from uuid import UUID

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from concord.records.kinds import Arm, Ints
from concord.records.report import EditedText, Placements
from storage.engine import Engine

Hashes = npt.NDArray[np.uint64]

ARMS: tuple[Arm, ...] = ("drafted", "undrafted", "canary", "repeat")

PEOPLE = "select annotator from annotations where project_id = $1 group by annotator order by annotator"

# What the queries share; $2 are the people. Superseded and uncounted judgements are few, and so are items outside the
# main arm: both are looked up in what little there is of them, and no answer meets the large tables. Arm 9 is what
# wants no answer, or has a known one. A judgement at second sight (a repeat) is none of a further annotator, and goes
# the way of what is superseded.
PARTS = """
with people as (
  select unnest($2::text[]) as annotator, unnest(range(len($2::text[])))::integer as person),
superseded as (
  select supersedes as annotation_id from annotations where project_id = $1 and supersedes is not null
  and id not in (select annotation_id from uncounted)
  union all
  select annotation_id from uncounted
  union all
  select s.id from repeats r join annotations s on s.presentation_id = r.presentation_id where r.project_id = $1),
golden as (select item_id from gold where project_id = $1),
apart as (
  select id as item_id, case when kind <> 'response' or id in (select item_id from golden) then 9
                             when arm = 'undrafted' then 1
                             when arm = 'canary' then 2 else 3 end as arm
  from items where project_id = $1
    and (arm <> 'drafted' or kind <> 'response' or id in (select item_id from golden)))
"""

# "First" must mean the same for everybody and must not follow the order in the file: names, hashed, decide, or the
# models where the same two stand in every comparison. A draft that came after a comparison was no part of it, and where
# comparisons name their two drafts, the others were not. A comparison of another two has no part in the agreement.
COMPARED_DRAFTS = """
since as (
  select item_id, min(created_at) as created_at from annotations
  where project_id = $1 and kind = 'comparison' group by item_id),
named as (
  select item_id, arg_min(one_id, annotation_id) as one_id, arg_min(other_id, annotation_id) as other_id
  from comparisons where project_id = $1 group by item_id),
candidates as (
  select d.item_id, d.id, d.model, md5(i.name || '/' || d.name) as place
  from drafts d join since c on c.item_id = d.item_id and d.created_at <= c.created_at
  join items i on i.id = d.item_id
  left join named n on n.item_id = d.item_id where n.item_id is null or d.id in (n.one_id, n.other_id)),
compared_drafts as (
  select item_id, arg_min(id, place) as one, arg_max(id, place) as other, arg_min(model, place) as model,
         min(model) as low, max(model) as high, count(distinct model) as models
  from candidates group by item_id)
"""

_MODELS = "select model from drafts where project_id = $1 and model is not null group by model order by model"

_PLACEMENTS = f"""{PARTS},
models as (select unnest($3::text[]) as model, unnest(range(len($3::text[])))::integer as place)
select hash(p.item_id) as item, w.person, hash(p.draft_id) as draft, p.tier, coalesce(m.place, -1) as model,
       coalesce(o.arm, 0) as arm
from placements p
join drafts d on d.id = p.draft_id
left join models m on m.model = d.model
join people w on w.annotator = p.annotator
left join apart o on o.item_id = p.item_id
where p.project_id = $1 and coalesce(o.arm, 0) < 9
and not exists (select 1 from superseded s where s.annotation_id = p.annotation_id)
"""

# Items from one row, or with one prompt, are not independent.
_CLUSTERS = "select {0} as cluster from items where project_id = $1"
CLUSTER = "hash(coalesce(row_id, prompt_key))"

_EDITS = f"""
select hash(e.item_id), e.annotator, d.text, e.text, i.arm, {CLUSTER}
from edits e join current_annotations c on c.id = e.annotation_id join items i on i.id = e.item_id
left join drafts d on d.id = e.draft_id
where e.project_id = $1 and i.kind = 'response' and i.id not in (select item_id from gold where project_id = $1)
  and not exists (select 1 from repeats r where r.presentation_id = c.presentation_id)
order by e.item_id, e.annotator
"""


class Clusters(NamedTuple):
    """The cluster of each item; the hashes of the items ascend."""

    item: Hashes
    cluster: Ints


class Reports:
    """Rankings and edits for the statistics; superseded judgements are out, and so are items that want no answer."""

    engine: Engine

    def placements(self, project_id: UUID) -> list[Placements]:
        """The rankings, apart for each arm."""
        people = people_of(self.engine, project_id)
        models = [name for (name,) in self.engine.read(_MODELS, project_id)]
        table = self.engine.table(_PLACEMENTS, project_id, people, models)
        if not len(table):
            return []
        hashes, item = np.unique(unsigned(table, "item"), return_inverse=True)
        _, draft = np.unique(column(table, "draft"), return_inverse=True)
        keys, clusters = hashes.view(np.int64), cluster_of(hashes, clusters_of(self.engine, project_id))
        order = np.argsort(item, kind="stable")
        arm, person, tier, model = (column(table, name)[order] for name in ("arm", "person", "tier", "model"))
        found: list[Placements] = []
        for number in map(int, np.unique(arm)):
            of_arm = np.flatnonzero(arm == number)
            annotator, annotators = renumbered(person[of_arm], people)
            place, named = renumbered(model[of_arm] + 1, ["", *models])
            unnamed = int(bool(named) and named[0] == "")
            ranked = Placements(
                ARMS[number],
                item[order][of_arm],
                annotator,
                draft[order][of_arm],
                tier[of_arm],
                annotators,
                model=place - unnamed,
                models=named[unnamed:],
                clusters=clusters,
                keys=keys,
            )
            found.append(ranked)
        return found

    def edits(self, project_id: UUID) -> list[EditedText]:
        """The edits with the drafts that they began from, by item."""
        found = self.engine.read(_EDITS, project_id)
        return [
            EditedText(_signed(item), annotator, draft, text, arm, _signed(cluster))
            for item, annotator, draft, text, arm, cluster in found
        ]


def people_of(engine: Engine, project_id: UUID) -> list[str]:
    """Who judged anything, by name."""
    return [name for (name,) in engine.read(PEOPLE, project_id)]


def clusters_of(engine: Engine, project_id: UUID) -> Clusters | None:
    """Each item with its cluster; None where no two items share one, which a sort of the clusters alone tells."""
    alone = np.sort(column(engine.table(_CLUSTERS.format(CLUSTER), project_id), "cluster"))
    if not (alone[1:] == alone[:-1]).any():
        return None
    table = engine.table(_CLUSTERS.format(f"hash(id) as item, {CLUSTER}"), project_id)
    item = unsigned(table, "item")
    order = np.argsort(item)
    return Clusters(item[order], column(table, "cluster")[order])


def column(table: pa.Table, name: str) -> Ints:
    """A column of whole numbers; a hash above 2^63 comes as the negative number with the same bits."""
    numbers = cast("npt.NDArray[Any]", table[name].to_numpy())
    return numbers.view(np.int64) if numbers.dtype == np.uint64 else numbers.astype(np.int64, copy=False)


def unsigned(table: pa.Table, name: str) -> Hashes:
    """A column of hashes as they are."""
    return cast("Hashes", table[name].to_numpy())


def _signed(unsigned: int) -> int:
    """The number with the same 64 bits that columns hold."""
    return unsigned - 2**64 if unsigned >= 2**63 else unsigned


def cluster_of(hashes: Hashes, clusters: Clusters | None) -> Ints:
    """The cluster of each item; nothing where no two items of the project share one."""
    if clusters is None:
        return np.empty(0, np.int64)
    return clusters.cluster[np.searchsorted(clusters.item, hashes)]


def renumbered(code: Ints, names: Sequence[str]) -> tuple[Ints, tuple[str, ...]]:
    """The codes without gaps, and the names that occur."""
    there = np.bincount(code, minlength=len(names)) > 0
    if there.all():
        return code, tuple(names)
    return (np.cumsum(there) - 1)[code], tuple(name for name, used in zip(names, there.tolist(), strict=True) if used)
