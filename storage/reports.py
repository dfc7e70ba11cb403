"""What the agreement report computes on: current judgements as columns of small integers.

An item is known by the hash of its id, and people and choices by their places in short lists: numbers come out of
DuckDB ten times quicker than texts do. That two of a million items share a hash has a chance of one in 10^7.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple, cast
from uuid import UUID

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from concord.records.kinds import Arm, Ints, Kind
from concord.records.report import EditedText, Placements, Votes
from storage.engine import Engine

COMPARED = ("first", "second", "tie", "both_bad")
_NO_ANSWER = 9
ARMS: tuple[Arm, ...] = ("drafted", "undrafted", "canary", "repeat")

PEOPLE = "select annotator from annotations where project_id = $1 group by annotator order by annotator"

_CHOICES = """
select kind, question, value from answers where project_id = $1 and kind <> 'comparison'
group by kind, question, value order by kind, question, value
"""

# What the queries share; $2 are the people. Superseded and undone judgements are few, and so are items outside the main
# arm: both are looked up in what little there is of them, and no answer meets the large tables. Arm 9 is what wants no
# answer, or has a known one. A judgement at second sight (a repeat) is none of a further annotator, and goes the way of
# what is superseded.
PARTS = """
with people as (
  select unnest($2::text[]) as annotator, unnest(range(len($2::text[])))::integer as person),
superseded as (
  select supersedes as annotation_id from annotations where project_id = $1 and supersedes is not null
  and id not in (select annotation_id from undone)
  union all
  select annotation_id from undone
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

_ANSWERS = f"""{PARTS},
choices as (
  select unnest($3::text[]) as kind, unnest($4::text[]) as question, unnest($5::text[]) as value,
         unnest(range(len($3::text[])))::integer as choice)
select hash(a.item_id) as item, p.person, c.choice
from answers a
join choices c on c.kind = a.kind and c.question = a.question and c.value = a.value
join people p on p.annotator = a.annotator
where a.project_id = $1 and not exists (select 1 from superseded s where s.annotation_id = a.annotation_id)
"""

# To join a million answers with the few items that are apart would take longer than to fetch them.
_APART = f"{PARTS} select hash(item_id) as item, arm from apart"

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

_COMPARISONS = f"""{PARTS},
{COMPARED_DRAFTS},
compared as (
  select coalesce(min(models) = 2 and min(low) = max(low) and min(high) = max(high), false) as alike
  from compared_drafts)
select hash(a.item_id) as item, p.person,
       case when a.value = 'tie' then 2 when a.value = 'both_bad' then 3
            when (a.value = f.one::text) = (not compared.alike or f.model = f.low) then 0 else 1 end as choice
from answers a
join people p on p.annotator = a.annotator
join compared_drafts f on f.item_id = a.item_id
cross join compared
left join comparisons n on n.annotation_id = a.annotation_id
where a.project_id = $1 and a.kind = 'comparison'
and (n.annotation_id is null or n.one_id in (f.one, f.other) and n.other_id in (f.one, f.other))
and not exists (select 1 from superseded s where s.annotation_id = a.annotation_id)
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


class _Answers(NamedTuple):
    """Answers as columns, by item: its number, the person, the choice, the arm; and the hash of each item."""

    item: Ints
    person: Ints
    choice: Ints
    arm: Ints
    key: Ints
    cluster: Ints


class Reports:
    """Columns for the statistics; superseded judgements are out, and so are items that want no answer."""

    engine: Engine

    def votes(self, project_id: UUID) -> list[Votes]:
        """The answers to each question, apart for each arm, by question."""
        people, clusters = self._people(project_id), self._clusters(project_id)
        apart = self.engine.table(_APART, project_id, people)
        choices = cast("list[tuple[Kind, str, str]]", self.engine.read(_CHOICES, project_id))
        found: list[Votes] = []
        if choices:
            table = self.engine.table(_ANSWERS, project_id, people, *map(list, zip(*choices, strict=True)))
            found += _by_question(_answers(table, clusters, apart), people, choices)
        if self.engine.read("select 1 from answers where project_id = $1 and kind = 'comparison' limit 1", project_id):
            compared = [("comparison", "preference", value) for value in COMPARED]
            answers = _answers(self.engine.table(_COMPARISONS, project_id, people), clusters, apart)
            found += _by_question(answers, people, cast("list[tuple[Kind, str, str]]", compared))
        return sorted(found, key=lambda votes: (votes.question, votes.kind, ARMS.index(votes.arm)))

    def placements(self, project_id: UUID) -> list[Placements]:
        """The rankings, apart for each arm."""
        people = self._people(project_id)
        models = [name for (name,) in self.engine.read(_MODELS, project_id)]
        table = self.engine.table(_PLACEMENTS, project_id, people, models)
        if not len(table):
            return []
        unsigned, item = np.unique(column(table, "item").view(np.uint64), return_inverse=True)
        keys = unsigned.view(np.int64)
        _, draft = np.unique(column(table, "draft"), return_inverse=True)
        clusters = _cluster_of(keys, self._clusters(project_id))
        order = np.argsort(item, kind="stable")
        arm, person, tier, model = (column(table, name)[order] for name in ("arm", "person", "tier", "model"))
        found: list[Placements] = []
        for number in map(int, np.unique(arm)):
            of_arm = np.flatnonzero(arm == number)
            annotator, annotators = _renumbered(person[of_arm], people)
            place, named = _renumbered(model[of_arm] + 1, ["", *models])
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

    def _people(self, project_id: UUID) -> list[str]:
        return [name for (name,) in self.engine.read(PEOPLE, project_id)]

    def _clusters(self, project_id: UUID) -> pa.Table | None:
        """Each item with its cluster; None where no two items share one, which a sort of the clusters alone tells."""
        alone = np.sort(column(self.engine.table(_CLUSTERS.format(CLUSTER), project_id), "cluster"))
        if not (alone[1:] == alone[:-1]).any():
            return None
        return self.engine.table(_CLUSTERS.format(f"hash(id) as item, {CLUSTER}"), project_id)


def column(table: pa.Table, name: str) -> Ints:
    """A column of whole numbers; a hash above 2^63 comes as the negative number with the same bits."""
    return cast("Ints", table[name].to_numpy().astype(np.int64))


def _signed(unsigned: int) -> int:
    """The number with the same 64 bits that columns hold."""
    return unsigned - 2**64 if unsigned >= 2**63 else unsigned


def _answers(table: pa.Table, clusters: pa.Table | None, apart: pa.Table) -> _Answers:
    """Sorted by item, which get the numbers 0, 1, … in the order of their hashes; without what wants no answer."""
    key, order = _sorted(column(table, "item").view(np.uint64))
    first = np.append(True, key[1:] != key[:-1])[: len(key)]
    item, keys = np.cumsum(first) - 1, key[first]
    person, choice = (table[name].to_numpy()[order].astype(np.int64) for name in ("person", "choice"))
    arms = _arms(keys, apart)
    if (arms == _NO_ANSWER).any():
        kept = arms[item] != _NO_ANSWER
        item, person, choice = item[kept], person[kept], choice[kept]
    return _Answers(item, person, choice, arms[item], keys, _cluster_of(keys, clusters))


def _arms(keys: Ints, apart: pa.Table) -> Ints:
    """The arm of each item; keys ascend as unsigned numbers."""
    arms, elsewhere = np.zeros(len(keys), np.int64), column(apart, "item").view(np.uint64)
    if len(keys) and len(elsewhere):
        unsigned = keys.view(np.uint64)
        place = np.minimum(np.searchsorted(unsigned, elsewhere), len(keys) - 1)
        there = unsigned[place] == elsewhere
        arms[place[there]] = column(apart, "arm")[there]
    return arms


def _sorted(keys: npt.NDArray[np.uint64]) -> tuple[Ints, Ints]:
    """The keys in their order, and where each was.

    Sorting numbers takes a third of the time of sorting places by them; so the place is put in place of the last bits.
    Keys that differ in those alone are then put right, which takes little of a sort that knows what is sorted already.
    """
    bits = np.uint64(len(keys).bit_length())
    packed = (keys >> bits << bits) | np.arange(len(keys), dtype=np.uint64)
    packed.sort()
    order = (packed & ((np.uint64(1) << bits) - np.uint64(1))).astype(np.int64)
    found = keys[order]
    if (found[1:] < found[:-1]).any():
        order = order[np.argsort(found, kind="stable")]
        found = keys[order]
    return found.view(np.int64), order


def _cluster_of(keys: Ints, clusters: pa.Table | None) -> Ints:
    """The cluster of each item; nothing where no two items of the project share one."""
    if clusters is None:
        return np.empty(0, np.int64)
    members, cluster = column(clusters, "item"), column(clusters, "cluster")
    order = np.argsort(members)
    return cluster[order[np.searchsorted(members[order], keys)]]


def _by_question(answers: _Answers, people: Sequence[str], choices: Sequence[tuple[Kind, str, str]]) -> Iterator[Votes]:
    """The answers to each question in each arm; `choices` are sorted by kind and question."""
    questions: list[tuple[Kind, str]] = list(dict.fromkeys((kind, question) for kind, question, _ in choices))
    place = {question: number for number, question in enumerate(questions)}
    of = np.array([place[kind, question] for kind, question, _ in choices], dtype=np.int64)
    groups = of[answers.choice] * len(ARMS) + answers.arm if len(questions) > 1 else answers.arm
    present = np.flatnonzero(np.bincount(groups)) if len(groups) else ()
    for group in map(int, present):
        number, arm = divmod(group, len(ARMS))
        kind, question = questions[number]
        rows = slice(None) if len(present) == 1 else np.flatnonzero(groups == group)
        person, annotators = _renumbered(answers.person[rows], people)
        first = int(np.searchsorted(of, number))
        values = tuple(value for _, _, value in choices[first : first + int((of == number).sum())])
        value, values = _in_order(answers.choice[rows] - first, values, keep=kind == "comparison")
        yield Votes(
            question,
            kind,
            ARMS[arm],
            answers.item[rows],
            person,
            value,
            annotators,
            values,
            answers.key,
            answers.cluster,
        )


def _renumbered(code: Ints, names: Sequence[str]) -> tuple[Ints, tuple[str, ...]]:
    """The codes without gaps, and the names that occur."""
    there = np.bincount(code, minlength=len(names)) > 0
    return (np.cumsum(there) - 1)[code], tuple(name for name, used in zip(names, there.tolist(), strict=True) if used)


def _in_order(code: Ints, values: tuple[str, ...], *, keep: bool) -> tuple[Ints, tuple[str, ...]]:
    """The values that occur, numbers among them by size; all of them, as they are, to `keep`."""
    if keep:
        return code, values
    code, values = _renumbered(code, values)
    order = sorted(range(len(values)), key=lambda place: _sort_key(values[place]))
    rank = np.empty(len(values), np.int64)
    rank[order] = np.arange(len(values))
    return rank[code], tuple(values[place] for place in order)


def _sort_key(value: str) -> tuple[bool, float, str]:
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    return (False, number, value) if math.isfinite(number) else (True, 0.0, value)
