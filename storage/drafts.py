"""Drafts, the runs that make them, and the completions that did not come."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any
from uuid import UUID

import orjson

from concord.ids import BLANK_KEY, folded_key
from concord.records import Draft, DraftFailure, DraftingRun, Wanted
from storage.engine import Engine, Query
from storage.items import SELECT_ITEM, item_record


class Drafts:
    """What the models wrote."""

    engine: Engine

    def add_drafts(self, drafts: Sequence[Draft]) -> int:
        """Store drafts.

        Returns:
            How many are new; a draft that is there already stays as it is.
        """
        if not drafts:
            return 0
        columns = draft_columns(drafts)
        return self.engine.write(lambda query: insert_drafts(query, columns))

    def drafts(self, item_id: UUID) -> list[Draft]:
        """The drafts of an item, by name."""
        return [draft_record(row) for row in self.engine.read(f"{_SELECT} where item_id = $1 order by name", item_id)]

    def project_drafts(self, project_id: UUID) -> Iterator[Draft]:
        """All drafts of a project, by item and name."""
        found = self.engine.read(f"{_SELECT} where project_id = $1 order by item_id, name", project_id)
        return map(draft_record, found)

    def latest_drafts(self, project_id: UUID, *, limit: int) -> list[Draft]:
        """The answers that were drafted last, newest first."""
        found = self.engine.read(
            f"{_SELECT} where project_id = $1 and item_id not in (select id from items where project_id = $1 "
            "and kind <> 'response') order by created_at desc, id limit $2::bigint",
            project_id,
            limit,
        )
        return [draft_record(row) for row in found]

    def wanted_drafts(self, project_id: UUID, *, candidates: int, limit: int | None = None) -> list[Wanted]:
        """The drafts that are missing until each prompt that wants answers has `candidates` of them.

        Args:
            project_id: whose items.
            candidates: how many drafts an item should have, those from files included.
            limit: how many items to look after at most.
        """
        found = self.engine.read(
            f"{SELECT_ITEM} join queue q on q.item_id = i.id where i.project_id = $1 and i.arm <> 'undrafted' "
            "and i.kind = 'response' and (select count(*) from drafts d where d.item_id = i.id) < $2 "
            "order by q.position limit $3::bigint",
            project_id,
            candidates,
            limit,
        )
        present = self.draft_keys(project_id)
        return [
            Wanted(item, name)
            for item in map(item_record, found)
            for name in _missing(present.get(item.id, {}), candidates)
        ]

    def draft_keys(self, project_id: UUID) -> dict[UUID, dict[str, UUID]]:
        """For each item, the text keys of its drafts by name."""
        keys: dict[UUID, dict[str, UUID]] = {}
        found = self.engine.read("select item_id, name, text_key from drafts where project_id = $1", project_id)
        for item_id, name, text_key in found:
            keys.setdefault(item_id, {})[name] = text_key
        return keys

    def save_run(self, run: DraftingRun) -> None:
        """Store a run, or how far it is now."""
        self.engine.write(
            lambda query: query(
                "insert into runs values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (id) do update set "
                "total = excluded.total, done = excluded.done, failed = excluded.failed, state = excluded.state, "
                "finished_at = excluded.finished_at, message = excluded.message",
                run.id,
                run.project_id,
                run.model,
                run.total,
                run.done,
                run.failed,
                run.state,
                run.started_at,
                run.finished_at,
                run.message,
            )
        )

    def runs(self, project_id: UUID) -> list[DraftingRun]:
        """The runs of a project, newest first."""
        found = self.engine.read(f"{_SELECT_RUN} where project_id = $1 order by started_at desc", project_id)
        return [_run(row) for row in found]

    def interrupted_runs(self) -> list[DraftingRun]:
        """Runs that no process finished."""
        return [_run(row) for row in self.engine.read(f"{_SELECT_RUN} where state = 'running'")]

    def add_failure(self, failure: DraftFailure) -> None:
        """Keep why a completion did not come."""
        self.engine.write(
            lambda query: query(
                "insert into draft_failures values ($1, $2, $3, $4, $5, $6, $7) on conflict (id) do nothing",
                failure.id,
                failure.run_id,
                failure.item_id,
                failure.name,
                failure.fault,
                failure.message,
                failure.created_at,
            )
        )

    def failures(self, run_id: UUID) -> list[DraftFailure]:
        """What went wrong in a run, oldest first."""
        found = self.engine.read(
            "select id, run_id, item_id, name, fault, message, created_at from draft_failures where run_id = $1 "
            "order by created_at, id",
            run_id,
        )
        return [DraftFailure(*row) for row in found]


_SELECT = (
    "select id, project_id, item_id, name, text, source, created_at, model, params, prompt_hash, template_version, "
    "few_shot, tokens_in, tokens_out, cost, latency, run_id from drafts"
)
_SELECT_RUN = "select id, project_id, model, total, done, failed, state, started_at, finished_at, message from runs"


def _run(row: tuple[Any, ...]) -> DraftingRun:
    return DraftingRun(*row)


def _missing(present: Collection[str], candidates: int) -> list[str]:
    """The first free names `d1`, `d2`, … that bring an item up to its number of drafts."""
    free = (name for number in range(1, candidates + len(present) + 1) if (name := f"d{number}") not in present)
    return [name for name, _ in zip(free, range(candidates - len(present)), strict=False)]


def draft_record(row: tuple[Any, ...]) -> Draft:
    """The record of a row of the select above."""
    values = list(row)
    values[8] = orjson.loads(values[8])
    values[11] = tuple(map(UUID, orjson.loads(values[11])))
    return Draft(*values)


def draft_columns(drafts: Sequence[Draft]) -> dict[str, Sequence[object]]:
    """Drafts as columns of the table."""
    plain = (
        "id",
        "project_id",
        "item_id",
        "name",
        "text",
        "source",
        "model",
        "prompt_hash",
        "template_version",
    )
    numbers = ("tokens_in", "tokens_out", "cost", "latency", "run_id", "created_at")
    return {
        **{name: [getattr(draft, name) for draft in drafts] for name in plain + numbers},
        "text_key": [folded_key(draft.text) for draft in drafts],
        "params": [orjson.dumps(draft.params).decode() for draft in drafts],
        "few_shot": [orjson.dumps([str(example) for example in draft.few_shot]).decode() for draft in drafts],
    }


def insert_drafts(query: Query, columns: dict[str, Sequence[object]]) -> int:
    """Insert drafts and count, for the queue, how many different texts each item now has."""
    new = query.insert("drafts", columns, unless="id")
    recount_drafts(query, list(dict.fromkeys(str(item_id) for item_id in columns["item_id"])))
    return new


def recount_drafts(query: Query, item_ids: Sequence[str]) -> None:
    """Count, for the queue, how many different texts each of the items has."""
    query(
        """
        update queue set drafts = (
          select count(distinct d.text_key) from drafts d where d.item_id = queue.item_id and d.text_key <> $2)
        where item_id in (select unnest($1::uuid[]))
        """,
        item_ids,
        BLANK_KEY,
    )
