"""What is kept of a completion: where it came from, so that it could be asked for again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

import orjson

from concord.drafting.completion import Completion
from concord.drafting.endpoint import Endpoint
from concord.errors import EndpointError
from concord.ids import derived_id, new_id
from concord.records import Draft, DraftFailure, DraftingRun, Message, Wanted


def seed_of(wanted: Wanted) -> int:
    """The seed of a draft: those of one item follow each other, so that they differ; each item begins elsewhere."""
    start = wanted.item.id.int & 0x3FFF_FFFF
    return start + int(wanted.name.removeprefix("d"))


def prompt_hash(messages: Sequence[Message]) -> str:
    """Sha256 (hex) of the messages that were sent, as JSON with sorted keys."""
    plain = [{"role": message.role, "content": message.content} for message in messages]
    return sha256(orjson.dumps(plain, option=orjson.OPT_SORT_KEYS)).hexdigest()


def draft_of(wanted: Wanted, completion: Completion, endpoint: Endpoint, run: DraftingRun, *, now: datetime) -> Draft:
    """The draft that a completion is; its id is the same whenever it is made."""
    item = wanted.item
    return Draft(
        id=derived_id(item.id, f"draft/{wanted.name}"),
        project_id=item.project_id,
        item_id=item.id,
        name=wanted.name,
        text=completion.text,
        source="model",
        created_at=now,
        model=completion.model,
        params={
            "model": endpoint.model,
            "temperature": endpoint.temperature,
            "seed": seed_of(wanted),
            "finish_reason": completion.finish_reason,
        },
        prompt_hash=prompt_hash(item.messages),
        template_version=item.template_version,
        tokens_in=completion.tokens_in,
        tokens_out=completion.tokens_out,
        latency=completion.latency,
        run_id=run.id,
    )


def failure_of(wanted: Wanted, error: EndpointError, run: DraftingRun, *, now: datetime) -> DraftFailure:
    """What is kept of a completion that did not come."""
    return DraftFailure(new_id(), run.id, wanted.item.id, wanted.name, error.fault, str(error), now)
