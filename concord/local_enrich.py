"""The verb that enriches, done on a store."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from concord.enrichment.options import EnrichOptions
from concord.enrichment.run import Enriched, EnrichmentStore, Reply, enrich_batch
from concord.errors import InputError
from concord.records.item import Item, Message
from concord.records.kinds import Json
from concord.records.project import Project
from concord.records.run import SentRequest
from concord.verbs_enrich import EnrichVerbs, Result

if TYPE_CHECKING:
    from concord.drafting.completion import Completion
    from concord.drafting.endpoint import Endpoint


class EnrichStore(EnrichmentStore, Protocol):
    """What the verb needs of the store."""

    def add_sent(self, requests: Sequence[SentRequest]) -> None: ...
    def template_sources(self, project_id: UUID) -> list[tuple[str, str, str]]: ...
    def project(self, name: str) -> Project: ...
    def item(self, item_id: UUID) -> Item: ...


class LocalEnrichVerbs(EnrichVerbs):
    """See `concord.verbs.Verbs`."""

    def __init__(self, store: EnrichStore) -> None:
        self._enriching = store

    def enrich_batch(self, project: str, options: EnrichOptions) -> Result:
        """Ask for one batch of new prompts."""
        from concord.drafting.endpoint import endpoint_for

        found = self._enriching.project(project)
        endpoint = endpoint_for(found.settings, os.environ, model=options.model, base_url=options.base_url)
        enriched = asyncio.run(_enrich_batch(self._enriching, found, options, endpoint))
        return self._result(enriched, endpoint)

    def _result(self, enriched: Enriched, endpoint: Endpoint) -> Result:
        failures: dict[str, Result] = {}
        for failure in enriched.failures:
            kind = failures.setdefault(failure.fault, {"count": 0, "example": failure.message})
            kind["count"] += 1
        refused = [
            {
                "text": one.text,
                "repeats": one.repeats,
                "item": self._enriching.item(one.repeated_item).name,
                "similarity": one.similarity,
            }
            for one in enriched.refused
        ]
        result = {**asdict(enriched), "refused": refused, "failures": failures, "model": endpoint.model}
        if endpoint.demo:
            from concord.drafting.demo import DEMO_NOTICE

            result["notice"] = DEMO_NOTICE
        return result


async def _enrich_batch(store: EnrichStore, project: Project, options: EnrichOptions, endpoint: Endpoint) -> Enriched:
    from concord.drafting.endpoint import open_client
    from concord.drafting.structured import complete_in_form
    from concord.preparation import leaving, withheld_templates

    for reason in withheld_templates(store, project).values():
        raise InputError(reason)
    with leaving(store, project, endpoint, purpose="enrich") as leave:
        async with open_client(endpoint) as client:

            async def ask(messages: Sequence[Message], *, seed: int, response_format: Mapping[str, Json]) -> Reply:
                left = leave(messages)
                found = await complete_in_form(client, endpoint, left, seed=seed, response_format=response_format)
                return _reply(found, endpoint, left, seed)

            return await enrich_batch(store, project, options, ask, now=datetime.now(UTC))


def _reply(found: Completion, endpoint: Endpoint, messages: Sequence[Message], seed: int) -> Reply:
    from concord.drafting.completion import prompt_hash

    params: dict[str, Json] = {
        "model": endpoint.model,
        "temperature": endpoint.temperature,
        "seed": seed,
        "finish_reason": found.finish_reason,
    }
    return Reply(
        found.text, found.model, prompt_hash(messages), params, found.tokens_in, found.tokens_out, found.latency
    )
