"""Enrichment: what new prompts are made from, what was asked and answered, and what was refused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

import orjson

from concord.errors import NotFound
from concord.ids import BLANK_KEY
from concord.records.annotation import Adjudication
from concord.records.enrichment import ApprovedAnswer, Enrichment, Harvest, RefusedPrompt
from concord.records.item import Item, ItemOrigin, Message
from concord.turns import message_of
from storage.decisions import insert_adjudication, insert_origin
from storage.drafts import draft_columns, insert_drafts
from storage.engine import Engine, Query
from storage.items import SELECT_ITEM, insert_items, item_columns, item_record

# The prompts that new ones may be made from. One that was made itself is none: copies of copies drift.
_MAIN = (
    "i.project_id = $1 and i.kind = 'response' and i.arm = 'drafted' "
    "and i.id not in (select item_id from origins where project_id = $1) "
    "and i.id not in (select item_id from retired where project_id = $1) "
    "and i.id not in (select item_id from gold where project_id = $1)"
)
_NOT_ASKED = (
    "not exists (select 1 from enrichments e where e.project_id = $1 and e.method = $2 and e.seed = $3 "
    "and e.sources::text = '[\"' || i.id::text || '\"]')"
)

# The answer that people let count: what a reviewer decided, else, of an item that all its annotators have finished,
# the text that most of them wrote, and of equally many the first.
_APPROVED = f"""
with decided as (
  select item_id, decision, text from (
    select item_id, decision, text, row_number() over (partition by item_id order by created_at desc, id desc) as age
    from adjudications where project_id = $1) d
  where age = 1 and decision <> 'send_back'),
written as (
  select item_id, text, row_number() over (partition by item_id order by times desc, created_at, id) as place from (
    select e.item_id, e.text, a.created_at, a.id, count(*) over (partition by e.item_id, e.text_key) as times
    from edits e join current_annotations a on a.id = e.annotation_id join queue q on q.item_id = e.item_id
    where e.project_id = $1 and e.text_key <> '{BLANK_KEY}' and q.wanted <= (
      select count(*) from assignments s where s.item_id = q.item_id and s.done_at is not null)) w),
approved as (
  select item_id, text from decided where decision in ('pick', 'edit') and text is not null
  union all
  select item_id, text from written where place = 1 and item_id not in (select item_id from decided))
"""


class Enrichments:
    """New prompts on their way."""

    engine: Engine

    def unparaphrased(self, project_id: UUID, *, seed: int, limit: int) -> list[Item]:
        """Prompts that were not paraphrased under this seed, in queue order."""
        found = self.engine.read(
            f"{SELECT_ITEM} join queue q on q.item_id = i.id where {_MAIN} and {_NOT_ASKED} "
            "order by q.position limit $4::bigint",
            project_id,
            "paraphrase",
            seed,
            limit,
        )
        return [item_record(row) for row in found]

    def unreversed(self, project_id: UUID, *, seed: int, limit: int) -> list[ApprovedAnswer]:
        """Answers that no question was asked for under this seed: approved ones first, then those that rows hold."""
        found = self.engine.read(
            f"{_APPROVED} {_SELECT_ANSWER} left join approved p on p.item_id = i.id "
            f"where {_MAIN} and {_NOT_ASKED} and trim(coalesce(p.text, i.target, '')) <> '' "
            "and (p.text is not null or i.id not in (select item_id from decided)) "
            "order by p.text is null, q.position limit $4::bigint",
            project_id,
            "reverse",
            seed,
            limit,
        )
        return [ApprovedAnswer(item_record(row[1:]), row[0]) for row in found]

    def approved_answers(self, project_id: UUID) -> list[ApprovedAnswer]:
        """The prompts whose answer people let count, with that answer, in queue order."""
        found = self.engine.read(
            f"{_APPROVED} {_SELECT_ANSWER} join approved p on p.item_id = i.id where {_MAIN} order by q.position",
            project_id,
        )
        return [ApprovedAnswer(item_record(row[1:]), row[0]) for row in found]

    def prompts(self, project_id: UUID, *, candidates: bool = True) -> Iterator[tuple[UUID, tuple[Message, ...]]]:
        """All prompts of a project by item, and, unless left out, the candidates that people have not decided yet."""
        found = self.engine.read(
            "select id, messages from items where project_id = $1 and kind = 'response' order by id", project_id
        )
        for item_id, messages in found:
            yield item_id, tuple(message_of(turn) for turn in orjson.loads(messages))
        if candidates:
            waiting = self.engine.read(
                "select d.item_id, d.text from drafts d join items i on i.id = d.item_id "
                "where d.project_id = $1 and i.kind = 'prompt' order by d.item_id, d.name",
                project_id,
            )
            yield from ((item_id, (Message("user", text),)) for item_id, text in waiting)

    def add_harvest(self, harvest: Harvest, *, overlap: int) -> None:
        """Store what a request brought, all or nothing; the same one again changes nothing."""
        enrichment, item, refused = harvest.enrichment, harvest.item, harvest.refused

        def job(query: Query) -> None:
            if query("select 1 from enrichments where id = $1", enrichment.id):
                return
            query.insert("enrichments", _enrichment_columns(enrichment))
            if refused:
                query.insert("refused_prompts", {name: [getattr(one, name) for one in refused] for name in _REFUSED})
            if item:
                insert_items(query, item_columns([item]), overlap)
                insert_drafts(query, draft_columns(harvest.drafts))

        self.engine.write(job)

    def enrichments(self, project_id: UUID) -> list[Enrichment]:
        """All requests for new prompts, oldest first."""
        found = self.engine.read(f"{_SELECT_ENRICHMENT} where project_id = $1 order by created_at, id", project_id)
        return [_enrichment(row) for row in found]

    def enrichment(self, enrichment_id: UUID) -> Enrichment:
        """The request of that id."""
        found = self.engine.read(f"{_SELECT_ENRICHMENT} where id = $1", enrichment_id)
        if not found:
            raise NotFound(f"There is no request for a new prompt {enrichment_id}. Check the id.")
        return _enrichment(found[0])

    def refused_prompts(self, project_id: UUID, *, limit: int | None = None) -> list[RefusedPrompt]:
        """Candidates that repeat a prompt, newest first."""
        found = self.engine.read(
            f"select {', '.join(_REFUSED)} from refused_prompts where project_id = $1 "
            "order by created_at desc, id limit $2::bigint",
            project_id,
            limit,
        )
        return [RefusedPrompt(*row) for row in found]

    def approve_prompt(self, adjudication: Adjudication, item: Item, origin: ItemOrigin, *, overlap: int) -> None:
        """Store a decision with the item that it makes and where that came from, all or nothing."""

        def job(query: Query) -> None:
            insert_adjudication(query, adjudication)
            insert_items(query, item_columns([item]), overlap)
            insert_origin(query, origin)

        self.engine.write(job)


_SELECT_ANSWER = SELECT_ITEM.replace("select ", "select coalesce(p.text, i.target), ", 1) + (
    " join queue q on q.item_id = i.id"
)
_SELECT_ENRICHMENT = (
    "select id, project_id, method, sources, seed, model, candidates, requests, tokens_in, tokens_out, created_at "
    "from enrichments"
)
_REFUSED = (*("id", "project_id", "enrichment_id", "text", "repeats", "repeated_item", "similarity", "created_at"),)


def _enrichment(row: tuple[Any, ...]) -> Enrichment:
    enrichment_id, project_id, method, sources, *rest = row
    return Enrichment(enrichment_id, project_id, method, tuple(map(UUID, orjson.loads(sources))), *rest)


def _enrichment_columns(one: Enrichment) -> dict[str, Sequence[object]]:
    return {
        "id": [one.id],
        "project_id": [one.project_id],
        "method": [one.method],
        "sources": [orjson.dumps([str(source) for source in one.sources]).decode()],
        "seed": [one.seed],
        "model": [one.model],
        "candidates": [one.candidates],
        "requests": [one.requests],
        "tokens_in": [one.tokens_in],
        "tokens_out": [one.tokens_out],
        "created_at": [one.created_at],
    }
