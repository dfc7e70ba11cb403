"""What is kept of a completion: where it came from, so that it could be asked for again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from concord.drafting.completion import Completion
from concord.drafting.recipe import Parts
from concord.drafting.request import Request
from concord.errors import ConcordError, EndpointError
from concord.ids import derived_id, new_id
from concord.records.draft import Draft, Wanted
from concord.records.kinds import Json
from concord.records.run import DraftFailure, DraftingRun

N = TypeVar("N", int, float)


@dataclass(frozen=True)
class Step:
    """One completion on the way to a draft."""

    request: Request
    completion: Completion


def draft_of(wanted: Wanted, parts: Parts, steps: Sequence[Step], run: DraftingRun, *, now: datetime) -> Draft:
    """The draft that came of these steps; its id is the same whenever it is made.

    Model, prompt and parameters are those of the last step of purpose `draft`; tokens, cost and latency are sums. A
    draft that was made of another one, without a completion, has none of them, and costs nothing.
    """
    item = wanted.item
    answer = next((step for step in reversed(steps) if step.request.purpose == "draft"), None)
    asked = _step_json(answer) if answer else {}
    params = {name: asked[name] for name in ("model", "temperature", "seed", "finish_reason") if name in asked}
    params |= parts.params
    if len(steps) > 1:
        params["steps"] = [_step_json(step) for step in steps]
    completions = [step.completion for step in steps]
    return Draft(
        id=derived_id(item.id, f"draft/{wanted.name}"),
        project_id=item.project_id,
        item_id=item.id,
        name=wanted.name,
        text=parts.text,
        source="model",
        created_at=now,
        model=answer.completion.model if answer else None,
        params=params,
        prompt_hash=answer.completion.prompt_hash if answer else None,
        template_version=item.template_version,
        few_shot=parts.few_shot,
        tokens_in=_sum([completion.tokens_in for completion in completions]),
        tokens_out=_sum([completion.tokens_out for completion in completions]),
        cost=_sum([completion.cost for completion in completions]) if steps else 0.0,
        latency=sum(completion.latency for completion in completions),
        run_id=run.id,
        flags=parts.flags,
    )


def _step_json(step: Step) -> dict[str, Json]:
    request, completion = step.request, step.completion
    temperature = request.endpoint.temperature if request.temperature is None else request.temperature
    return {
        "purpose": request.purpose,
        "model": request.endpoint.model,
        "temperature": temperature,
        "seed": request.seed,
        "finish_reason": completion.finish_reason,
        "prompt_hash": completion.prompt_hash,
        "tokens_in": completion.tokens_in,
        "tokens_out": completion.tokens_out,
    }


def _sum(numbers: Sequence[N | None]) -> N | None:
    """The sum; unknown when a part is."""
    known = [number for number in numbers if number is not None]
    return sum(known[1:], known[0]) if known and len(known) == len(numbers) else None


def failure_of(wanted: Wanted, error: ConcordError, run: DraftingRun, *, now: datetime) -> DraftFailure:
    """What is kept of a draft that did not come."""
    return DraftFailure(new_id(), run.id, wanted.item.id, wanted.name, fault_of(error), str(error), now)


def fault_of(error: ConcordError) -> str:
    """The kind under which a failure is counted; `withheld` when it was not the endpoint's."""
    return error.fault if isinstance(error, EndpointError) else "withheld"
