"""What tests of enrichment share: a model that says what a test wants."""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from concord.enrichment.options import EnrichOptions
from concord.enrichment.run import Enriched, Reply, enrich_batch
from concord.errors import EndpointError
from concord.records.item import Message


class Scripted:
    """A model with a queue of answers and a history of what it was asked; an error in the queue is raised."""

    def __init__(self, *answers: str | list[str] | EndpointError) -> None:
        self.answers = list(answers)
        self.asked: list[Sequence[Message]] = []

    async def __call__(self, messages: Sequence[Message], *, seed: int, response_format: Mapping[str, Any]) -> Reply:
        """Say the next answer; a list of texts is said in the form that is asked for."""
        assert response_format["type"] == "json_schema"
        self.asked.append(messages)
        answer = self.answers.pop(0)
        if isinstance(answer, EndpointError):
            raise answer
        text = answer if isinstance(answer, str) else json.dumps({"prompts": answer})
        return Reply(text, "scripted", "hash", {"seed": seed}, 10, 5, 0.1)


@pytest.fixture
def scripted() -> type[Scripted]:
    """A model to be given its answers."""
    return Scripted


@pytest.fixture
def enrich(campaign) -> Callable[..., Enriched]:
    """Make one batch of requests in the campaign."""

    def make(model: Scripted, method: str = "paraphrase", **options: Any) -> Enriched:
        chosen = EnrichOptions(method, **options)  # pyright: ignore[reportArgumentType]
        now = datetime(2026, 5, 5, tzinfo=UTC)
        return asyncio.run(enrich_batch(campaign.store, campaign.project, chosen, model, now=now))

    return make
