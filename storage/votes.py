"""Votes for the agreement report: current answers as columns of small integers."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple, cast
from uuid import UUID

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from concord.records.kinds import Ints, Kind
from concord.records.report import Votes
from storage.engine import Engine
from storage.reports import (
    ARMS,
    COMPARED_DRAFTS,
    PARTS,
    Clusters,
    Hashes,
    cluster_of,
    clusters_of,
    column,
    people_of,
    renumbered,
    unsigned,
)

COMPARED = ("first", "second", "tie", "both_bad")

_CHOICES = """
select kind, question, value from answers where project_id = $1 and kind <> 'comparison'
group by kind, question, value
"""

# Person and choice are one number, the choice in its last bits. It comes in the place of the hash's last bits: $3 masks
# them, $4 is what a person counts.
_PACKED = """
select hash(a.item_id) as item,
       (hash(a.item_id) & $3::ubigint) | (p.person * $4::bigint + {0})::ubigint as packed
"""

_ANSWERS = f"""{PARTS},
choices as (
  select unnest($5::text[]) as kind, unnest($6::text[]) as question, unnest($7::text[]) as value,
         unnest(range(len($5::text[])))::integer as choice)
{_PACKED.format("c.choice")}
from answers a
join people p on p.annotator = a.annotator
join choices c on c.value = a.value and {{0}}
where a.project_id = $1 and not exists (select 1 from superseded s where s.annotation_id = a.annotation_id)
"""
_OF_ONE = _ANSWERS.format(
    "a.kind = ($5::text[])[1] and a.question = ($6::text[])[1]"
)  # a third quicker than to join all
_OF_SEVERAL = _ANSWERS.format("c.kind = a.kind and c.question = a.question")

# To join a million answers with the few items that are apart would take longer than to fetch them.
_APART = f"{PARTS} select hash(item_id) as item, arm from apart order by item"

_SIDE = """
case when a.value = 'tie' then 2 when a.value = 'both_bad' then 3
     when (a.value = f.one::text) = (not compared.alike or f.model = f.low) then 0 else 1 end
"""

_COMPARISONS = f"""{PARTS},
{COMPARED_DRAFTS},
compared as (
  select coalesce(min(models) = 2 and min(low) = max(low) and min(high) = max(high), false) as alike
  from compared_drafts)
{_PACKED.format(_SIDE)}
from answers a
join people p on p.annotator = a.annotator
join compared_drafts f on f.item_id = a.item_id
cross join compared
left join comparisons n on n.annotation_id = a.annotation_id
where a.project_id = $1 and a.kind = 'comparison'
and (n.annotation_id is null or n.one_id in (f.one, f.other) and n.other_id in (f.one, f.other))
and not exists (select 1 from superseded s where s.annotation_id = a.annotation_id)
"""


class _Asked(NamedTuple):
    """A question, and the choices of those who answered."""

    kind: Kind
    question: str
    values: tuple[str, ...]


class _Project(NamedTuple):
    """What all questions of a project share; no clusters where no two items have one."""

    id: UUID
    people: list[str]
    clusters: Clusters | None
    apart: pa.Table


class VoteColumns:
    """Answers for the statistics; superseded judgements are out, and so are items that want no answer."""

    engine: Engine

    def votes(self, project_id: UUID) -> list[Votes]:
        """The answers to each question, apart for each arm, by question."""
        people = people_of(self.engine, project_id)
        apart = self.engine.table(_APART, project_id, people)
        project = _Project(project_id, people, clusters_of(self.engine, project_id), apart)
        found: list[Votes] = []
        if asked := list(self._asked(project_id)):
            choices = [(one.kind, one.question, value) for one in asked for value in one.values]
            sql = _OF_ONE if len(asked) == 1 else _OF_SEVERAL
            found += self._answered(sql, project, asked, *map(list, zip(*choices, strict=True)))
        if self.engine.read("select 1 from answers where project_id = $1 and kind = 'comparison' limit 1", project_id):
            found += self._answered(_COMPARISONS, project, [_Asked("comparison", "preference", COMPARED)])
        return sorted(found, key=lambda votes: (votes.question, votes.kind, ARMS.index(votes.arm)))

    def _asked(self, project_id: UUID) -> Iterator[_Asked]:
        """The questions that were answered, by kind and name, but for comparisons."""
        choices = cast("list[tuple[Kind, str, str]]", sorted(self.engine.read(_CHOICES, project_id)))
        for (kind, question), rows in groupby(choices, itemgetter(0, 1)):
            yield _Asked(kind, question, tuple(sorted((value for _, _, value in rows), key=_sort_key)))

    def _answered(self, sql: str, project: _Project, asked: Sequence[_Asked], *more: object) -> Iterator[Votes]:
        """The answers to these questions, whose choices are numbered one after the other."""
        shift = (sum(len(one.values) for one in asked) - 1).bit_length()
        low = (1 << shift + (len(project.people) - 1).bit_length()) - 1
        table = self.engine.table(sql, project.id, project.people, 2**64 - 1 - low, 1 << shift, *more)
        ordered, codes = _sorted(table, low)
        if len(asked) == 1:
            yield from _by_arm(ordered, codes, asked[0], shift, project)
            return
        first, choice = 0, codes & ((1 << shift) - 1)
        for one in asked:
            rows = (choice >= first) & (choice < first + len(one.values))
            yield from _by_arm(ordered[rows], codes[rows] - first, one, shift, project)
            first += len(one.values)


def _by_arm(ordered: Hashes, codes: Ints, asked: _Asked, shift: int, project: _Project) -> Iterator[Votes]:
    """The answers to a question in each arm, by item, person and choice as they come, without what wants no answer.

    The items of an arm get the numbers 0, 1, … in the order of their hashes. Of a code the last bits, `shift` of them,
    are the choice.
    """
    first = _firsts(ordered)
    hashes = ordered[first]
    arms, clusters = _arms(hashes, project.apart), cluster_of(hashes, project.clusters)
    arm_of = np.append(np.int8(-1), arms)[np.cumsum(first, dtype=np.int32)]
    for number in map(int, np.flatnonzero(np.bincount(arms, minlength=len(ARMS))[: len(ARMS)])):
        rows, items = arm_of == number, arms == number
        item, value = np.cumsum(first[rows]), codes[rows]
        item -= 1
        annotator, annotators = renumbered(value >> shift, project.people)
        value &= (1 << shift) - 1
        value, values = (value, asked.values) if asked.kind == "comparison" else renumbered(value, asked.values)
        keys, cluster = hashes[items].view(np.int64), clusters[items] if len(clusters) else clusters
        yield Votes(asked.question, asked.kind, ARMS[number], item, annotator, value, annotators, values, keys, cluster)


def _arms(hashes: Hashes, apart: pa.Table) -> npt.NDArray[np.int8]:
    """The arm of each item; its hashes ascend, and those of `apart` do."""
    arms, elsewhere = np.zeros(len(hashes), np.int8), unsigned(apart, "item")
    if len(hashes) and len(elsewhere):
        place = np.minimum(np.searchsorted(hashes, elsewhere), len(hashes) - 1)
        there = hashes[place] == elsewhere
        arms[place[there]] = column(apart, "arm")[there]
    return arms


def _sorted(table: pa.Table, low: int) -> tuple[Hashes, Ints]:
    """The hashes of items, and the codes in the last bits (`low`) of what is packed, by item and then by code.

    Numbers are sorted in a fraction of the time that it takes to sort places and fetch from them, the more so once the
    columns outgrow the processor's caches. So the code is sorted with what is left of the hash, and the whole hashes
    apart. Where two items differ in the last bits alone, places are sorted after all.
    """
    ordered, packed = (np.require(unsigned(table, name), requirements="W") for name in ("item", "packed"))
    ordered.sort()  # in their place, because memory that is new costs half as much as the sort
    packed.sort()
    hashes = ordered[_firsts(ordered)] | np.uint64(low)
    if (hashes[1:] == hashes[:-1]).any():
        item, packed = unsigned(table, "item"), unsigned(table, "packed")
        order = np.lexsort((packed, item))
        ordered, packed = item[order], packed[order]
    packed &= np.uint64(low)
    return ordered, packed.view(np.int64)


def _firsts(ordered: Hashes) -> npt.NDArray[np.bool_]:
    """Whether each is another than the one before."""
    first = np.empty(len(ordered), np.bool_)
    first[:1] = True
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    return first


def _sort_key(value: str) -> tuple[bool, float, str]:
    """Numbers by size, then all else by name."""
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    return (False, number, value) if math.isfinite(number) else (True, 0.0, value)
