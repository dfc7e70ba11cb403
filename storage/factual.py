"""Factual checks, for gates and reports: what people said of each draft's facts, and preferred all the same."""

from __future__ import annotations

from typing import cast, get_args
from uuid import UUID

import numpy as np
import pyarrow as pa

from concord.records.kinds import Fact
from concord.records.report import FactualCounts, Substance, Votes
from storage.arms import NO_REPEAT
from storage.engine import Engine
from storage.preferences import PAIRS
from storage.reports import ARMS, PARTS, PEOPLE, column

FACTS: tuple[Fact, ...] = get_args(Fact)
QUESTION = "factual check"

_COUNTS = f"""
select f.draft_id, count(*) filter (where f.value = 'right'), count(*) filter (where f.value = 'wrong'),
       count(*) filter (where f.value = 'cannot_tell')
from factual_checks f join current_annotations a on a.id = f.annotation_id
where f.project_id = $1 and {NO_REPEAT} group by f.draft_id
"""

# What is judged is a draft; drafts of one item, and items of one row or prompt, are not independent.
_VOTES = f"""{PARTS}
select hash(f.draft_id) as draft, p.person, list_position($3::text[], f.value) - 1 as value, coalesce(o.arm, 0) as arm,
       hash(coalesce(i.row_id, i.prompt_key)) as cluster
from factual_checks f join items i on i.id = f.item_id
join people p on p.annotator = f.annotator
left join apart o on o.item_id = f.item_id
where f.project_id = $1 and coalesce(o.arm, 0) < 9
and not exists (select 1 from superseded s where s.annotation_id = f.annotation_id)
"""

# Of the pairs that one person decided and of which they marked one draft right and the other wrong.
_SUBSTANCE = f"""{PAIRS},
said as (
  select f.annotator, f.draft_id, f.value from factual_checks f
  where f.project_id = $1 and not exists (select 1 from superseded s where s.annotation_id = f.annotation_id))
select hash(p.item_id) as item, w.person,
       case when p.won = 1 and x.value = 'wrong' or p.won = -1 and y.value = 'wrong' then 1 else 0 end as won
from current_pairs p
join people w on w.annotator = p.annotator
join said x on x.annotator = p.annotator and x.draft_id = p.one
join said y on y.annotator = p.annotator and y.draft_id = p.other
where p.won <> 0 and x.value in ('right', 'wrong') and y.value in ('right', 'wrong') and x.value <> y.value
and not exists (select 1 from apart o where o.item_id = p.item_id)
"""


class FactualChecking:
    """What was said of the facts of drafts."""

    engine: Engine

    def factual_counts(self, project_id: UUID) -> dict[UUID, FactualCounts]:
        """For each draft that somebody checked, by current annotations: how many said right, wrong, cannot tell.

        Each annotator counts once: what they said at second sight (of a repeat) does not.
        """
        found = self.engine.read(_COUNTS, project_id)
        return {draft_id: FactualCounts(*counts) for draft_id, *counts in found}

    def factual_votes(self, project_id: UUID) -> list[Votes]:
        """The checks as answers to one question about each draft, apart for each arm."""
        people = _people(self.engine, project_id)
        table = self.engine.table(_VOTES, project_id, people, list(FACTS))
        return [_of_arm(table, arm, people) for arm in map(int, np.unique(column(table, "arm")))]

    def substance(self, project_id: UUID) -> Substance:
        """Each pair that a person decided between a draft that they marked right and one marked wrong; main arm."""
        if not self.engine.read("select 1 from factual_checks where project_id = $1 limit 1", project_id):
            none = np.empty(0, np.int64)
            return Substance(none, none, none, ())  # and no million pairs are built in vain
        people = _people(self.engine, project_id)
        table = self.engine.table(_SUBSTANCE, project_id, people)
        return Substance(column(table, "item"), column(table, "person"), column(table, "won"), tuple(people))


def _people(engine: Engine, project_id: UUID) -> list[str]:
    return [name for (name,) in engine.read(PEOPLE, project_id)]


def _of_arm(table: pa.Table, arm: int, people: list[str]) -> Votes:
    """The checks of one arm; all three answers are its choices, whether they occur or not."""
    mine = np.flatnonzero(column(table, "arm") == arm)
    draft, person, value, cluster = (column(table, name)[mine] for name in ("draft", "person", "value", "cluster"))
    _, first, item = np.unique(draft, return_index=True, return_inverse=True)
    present, annotator = np.unique(person, return_inverse=True)
    order = np.argsort(item, kind="stable")
    names = tuple(people[place] for place in cast("list[int]", present.tolist()))
    return Votes(
        QUESTION,
        "factual",
        ARMS[arm],
        item[order],
        annotator[order],
        value[order],
        names,
        FACTS,
        clusters=cluster[first],
    )
