"""Drafting runs: how far they are, what they took, and the drafts that did not come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any
from uuid import UUID

from concord.records.run import Costs, DraftFailure, DraftingRun, FailureKind
from storage.engine import Engine


class Runs:
    """What became of drafting."""

    engine: Engine

    def save_run(self, run: DraftingRun) -> None:
        """Store a run, or how far it is now."""
        values = [getattr(run, name) for name in _RUN]
        self.engine.write(lambda query: query(_SAVE_RUN, *values))

    def runs(self, project_id: UUID) -> list[DraftingRun]:
        """The runs of a project, newest first."""
        found = self.engine.read(f"{_SELECT_RUN} where project_id = $1 order by started_at desc", project_id)
        return [_run(row) for row in found]

    def interrupted_runs(self) -> list[DraftingRun]:
        """Runs that no process finished."""
        return [_run(row) for row in self.engine.read(f"{_SELECT_RUN} where state = 'running'")]

    def failures(self, run_id: UUID) -> list[DraftFailure]:
        """What went wrong in a run, oldest first."""
        found = self.engine.read(
            "select id, run_id, item_id, name, fault, message, created_at from draft_failures where run_id = $1 "
            "order by created_at, id",
            run_id,
        )
        return [DraftFailure(*row) for row in found]

    def failure_kinds(self, run_id: UUID) -> list[FailureKind]:
        """What went wrong in a run, by kind, the most frequent first, with the words of the last one."""
        found = self.engine.read(
            """
            select counted.fault, counted.failures, last.message
            from (select fault, count(*) as failures from draft_failures where run_id = $1 group by fault) counted
            join (select distinct on (fault) fault, message from draft_failures where run_id = $1
                  order by fault, created_at desc, id desc) last on last.fault = counted.fault
            order by counted.failures desc, counted.fault
            """,
            run_id,
        )
        return [FailureKind(*row) for row in found]

    def costs(self, project_id: UUID) -> Costs:
        """What the drafts of a project cost, and for how many of its items one was accepted."""
        [row] = self.engine.read(
            """
            select coalesce(sum(m.cost), 0), count(*), count(*) filter (where m.cost is null),
                   (select count(distinct d.item_id) from drafts d join items i on i.id = d.item_id
                    where d.project_id = $1 and d.source = 'model' and i.arm = 'drafted' and i.kind = 'response'
                    and i.id not in (select item_id from gold where project_id = $1)
                    and d.id::text in (
                      select e.draft_id::text from edits e join current_annotations a on a.id = e.annotation_id
                      where e.project_id = $1 and e.draft_id is not null
                      union all
                      select p.draft_id::text from placements p join current_annotations a on a.id = p.annotation_id
                      where p.project_id = $1 and p.tier = 1
                      union all
                      select w.value from answers w join current_annotations a on a.id = w.annotation_id
                      where w.project_id = $1 and w.kind = 'comparison'))
            from drafts m join items j on j.id = m.item_id
            where m.project_id = $1 and m.source = 'model' and j.kind = 'response'
            """,
            project_id,
        )
        return Costs(*row)


_RUN = [field.name for field in fields(DraftingRun)]
_PROGRESS = [
    "total",
    "done",
    "failed",
    "state",
    "finished_at",
    "message",
    "tokens_in",
    "tokens_out",
    "cost",
    "uncounted",
    "repeated",
]
_SELECT_RUN = f"select {', '.join(_RUN)} from runs"
_SAVE_RUN = (
    f"insert into runs({', '.join(_RUN)}) values ({', '.join(f'${n}' for n in range(1, len(_RUN) + 1))}) "
    f"on conflict (id) do update set {', '.join(f'{name} = excluded.{name}' for name in _PROGRESS)}"
)


def _run(row: tuple[Any, ...]) -> DraftingRun:
    return DraftingRun(*row)


def failure_columns(failures: Sequence[DraftFailure]) -> dict[str, Sequence[object]]:
    """Failures as columns of their table."""
    names = ("id", "run_id", "item_id", "name", "fault", "message", "created_at")
    return {name: [getattr(failure, name) for failure in failures] for name in names}
