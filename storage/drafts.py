"""Drafts, and which of them are missing."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any
from uuid import UUID

import orjson

from concord.ids import BLANK_KEY, folded_key
from concord.records.draft import Draft, Missing, Wanted
from concord.records.run import DraftFailure, Usage
from storage.engine import Engine, Query
from storage.items import SELECT_ITEM, item_record
from storage.runs import failure_columns


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
        found = self.engine.read(f"{_SELECT} where item_id = $1", item_id)
        return sorted(map(draft_record, found), key=lambda draft: draft.name)

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

    def add_results(self, drafts: Sequence[Draft], failures: Sequence[DraftFailure]) -> None:
        """Store drafts, and why others did not come, in one transaction; what is there already stays as it is."""
        made, failed = draft_columns(drafts), failure_columns(failures)

        def job(query: Query) -> None:
            if drafts:
                insert_drafts(query, made)
            if failures:
                query.insert("draft_failures", failed, unless="id")

        self.engine.write(job)

    def add_failure(self, failure: DraftFailure) -> None:
        """Keep why one draft did not come."""
        self.add_results((), (failure,))

    def wanted_drafts(
        self, project_id: UUID, *, candidates: int, limit: int, after: int = 0
    ) -> tuple[list[Wanted], int]:
        """The drafts that are missing until each prompt that wants answers has `candidates` of them, page by page.

        Args:
            project_id: whose items.
            candidates: how many drafts an item should have, those from files included.
            limit: how many items to look at.
            after: the place in the queue after which to begin.

        Returns:
            The missing drafts, and the place after which to go on.
        """
        found = self.engine.read(
            f"""
            with page as materialized (
              select i.id, q.position from queue q join items i on i.id = q.item_id
              where q.project_id = $1 and q.position > $2 and i.arm <> 'undrafted' and i.kind = 'response'
              and (select count(*) from drafts d where d.item_id = i.id) < $3
              order by q.position limit $4::bigint)
            select w.*, page.position from ({SELECT_ITEM}) w join page on page.id = w.id order by page.position
            """,
            project_id,
            after,
            candidates,
            limit,
        )
        items = [item_record(row[:-1]) for row in found]
        present: dict[UUID, set[str]] = {item.id: set() for item in items}
        for item_id, name in self.engine.read(
            "select item_id, name from drafts where item_id in (select unnest($1::uuid[]))", list(map(str, present))
        ):
            present[item_id].add(name)
        wanted = [Wanted(item, name) for item in items for name in _missing(present[item.id], candidates)]
        return wanted, found[-1][-1] if found else after

    def missing_drafts(self, project_id: UUID, *, candidates: int, limit: int | None = None) -> Missing:
        """How much is missing until each item has `candidates` drafts; of the first `limit` such items."""
        [row] = self.engine.read(
            """
            with lacking as (
              select $2 - coalesce(d.present, 0) as missing, length(cast(i.messages as text)) as characters
              from queue q join items i on i.id = q.item_id
              left join (select item_id, count(*) as present from drafts where project_id = $1 group by item_id) d
              on d.item_id = i.id
              where q.project_id = $1 and i.arm <> 'undrafted' and i.kind = 'response' and coalesce(d.present, 0) < $2
              order by q.position limit $3::bigint)
            select count(*), cast(coalesce(sum(missing), 0) as bigint),
                   cast(coalesce(sum(missing * characters), 0) as bigint) from lacking
            """,
            project_id,
            candidates,
            limit,
        )
        return Missing(*row)

    def token_usage(self, project_id: UUID, model: str) -> Usage:
        """What the drafts took for which this model was asked, and whose tokens were counted."""
        [row] = self.engine.read(
            """
            select count(*), cast(coalesce(sum(d.tokens_in), 0) as bigint),
                   cast(coalesce(sum(d.tokens_out), 0) as bigint),
                   cast(coalesce(sum(length(cast(i.messages as text))), 0) as bigint)
            from drafts d join items i on i.id = d.item_id
            where d.project_id = $1 and i.kind = 'response' and (d.params->>'model') = $2
            and d.tokens_in is not null and d.tokens_out is not null
            """,
            project_id,
            model,
        )
        return Usage(*row)

    def draft_keys(self, project_id: UUID) -> dict[UUID, dict[str, UUID]]:
        """For each item, the text keys of its drafts by name."""
        keys: dict[UUID, dict[str, UUID]] = {}
        found = self.engine.read("select item_id, name, text_key from drafts where project_id = $1", project_id)
        for item_id, name, text_key in found:
            keys.setdefault(item_id, {})[name] = text_key
        return keys


_SELECT = (
    "select id, project_id, item_id, name, text, source, created_at, model, params, prompt_hash, template_version, "
    "few_shot, tokens_in, tokens_out, cost, latency, run_id, flags from drafts"
)


def _missing(present: Collection[str], candidates: int) -> list[str]:
    """The first free names `d1`, `d2`, … that bring an item up to its number of drafts."""
    free = (name for number in range(1, candidates + len(present) + 1) if (name := f"d{number}") not in present)
    return [name for name, _ in zip(free, range(candidates - len(present)), strict=False)]


def draft_record(row: tuple[Any, ...]) -> Draft:
    """The record of a row of the select above."""
    values = list(row)
    values[8] = orjson.loads(values[8])
    values[11] = tuple(map(UUID, orjson.loads(values[11])))
    values[17] = tuple(orjson.loads(values[17]))
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
        "flags": [orjson.dumps(draft.flags).decode() for draft in drafts],
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
        update queue set drafts = counted.texts from (
          select item_id, count(distinct text_key) as texts from drafts
          where item_id in (select unnest($1::uuid[])) and text_key <> $2 group by item_id) counted
        where queue.item_id = counted.item_id
        """,
        item_ids,
        BLANK_KEY,
    )
