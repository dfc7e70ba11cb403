"""Enrichment: models are asked for new prompts, what repeats a prompt is refused, the rest waits for people.

Nothing that is made here counts yet. Candidates become drafts of an item of `kind = prompt`, which people rank and edit
at the desk; what a reviewer approves becomes an item that wants an answer (`concord.enrichment.approval`).

Requests go out in batches. A batch is stored request by request, whole or not at all, and what was asked before is not
asked again: who stops and starts again pays for nothing twice but the batch under way.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, Protocol
from uuid import UUID

from concord.enrichment.answer import Candidates, ask_for_others, mend, read_answer
from concord.enrichment.hands import deal
from concord.enrichment.likeness import Known, KnownPrompts, compared_texts
from concord.enrichment.options import EnrichOptions
from concord.enrichment.request import (
    PromptRequest,
    new_prompt_after,
    paraphrase_of,
    question_for,
    response_format,
)
from concord.errors import EndpointError, InputError
from concord.ids import derived_id
from concord.records.draft import Draft
from concord.records.enrichment import ApprovedAnswer, Enrichment, Harvest, RefusedPrompt
from concord.records.item import Item, Message
from concord.records.kinds import ItemMethod, Json
from concord.records.project import Project

BATCH = 8
"""How many requests are under way together."""

_ENOUGH = 2
_MAKE_ITEMS = "Apply a template to its rows, or import ready-made items."
_FINISH = "Finish some items at the desk first."


@dataclass(frozen=True)
class Reply:
    """What a model answered, with what is kept of it."""

    text: str
    model: str
    prompt_hash: str
    params: Mapping[str, Json]
    tokens_in: int | None
    tokens_out: int | None
    latency: float


class Ask(Protocol):
    """Sends messages to the model; raises `EndpointError`."""

    def __call__(
        self, messages: Sequence[Message], *, seed: int, response_format: Mapping[str, Json]
    ) -> Awaitable[Reply]: ...


class EnrichmentStore(Protocol):
    """What enrichment needs of the store."""

    def unparaphrased(self, project_id: UUID, *, seed: int, limit: int) -> list[Item]: ...
    def unreversed(self, project_id: UUID, *, seed: int, limit: int) -> list[ApprovedAnswer]: ...
    def approved_answers(self, project_id: UUID) -> list[ApprovedAnswer]: ...
    def enrichments(self, project_id: UUID) -> list[Enrichment]: ...
    def prompts(self, project_id: UUID, *, candidates: bool = True) -> Iterable[tuple[UUID, tuple[Message, ...]]]: ...
    def add_harvest(self, harvest: Harvest, *, overlap: int) -> None: ...


class Failure(NamedTuple):
    """A request that brought nothing that can be used; nothing of it is stored, so that it will be asked again."""

    fault: str
    message: str


@dataclass(frozen=True)
class Enriched:
    """What became of a batch.

    Attributes:
        asked: requests that were made; fewer than wanted when there was nothing more to ask for.
        items: items that wait at the desk now.
        candidates: their drafts.
    """

    asked: int
    items: int
    candidates: int
    refused: tuple[RefusedPrompt, ...]
    failures: tuple[Failure, ...]


def plan_batch(store: EnrichmentStore, project: Project, options: EnrichOptions) -> list[PromptRequest]:
    """The next requests of a method and seed that were not made yet, at most `BATCH`; none when all were.

    Raises:
        InputError: the project has nothing that the method could begin from.
    """
    number, count, seed = min(options.items, BATCH), options.candidates, options.seed
    match options.method:
        case "paraphrase":
            items = store.unparaphrased(project.id, seed=seed, limit=number)
            if not (items or _past(store, project, "paraphrase")):
                raise InputError(f"Project {project.name!r} has no prompts to paraphrase. {_MAKE_ITEMS}")
            return [paraphrase_of(item, count=count, seed=seed) for item in items]
        case "reverse":
            answers = store.unreversed(project.id, seed=seed, limit=number)
            if not (answers or _past(store, project, "reverse")):
                raise InputError(
                    f"Project {project.name!r} has no answers to write questions for: none is approved, and no "
                    f"template takes one from a row. {_FINISH}"
                )
            return [question_for(answer, count=count, seed=seed) for answer in answers]
        case "self_instruct":
            return _after_examples(store, project, options, number)


def _after_examples(
    store: EnrichmentStore, project: Project, options: EnrichOptions, number: int
) -> list[PromptRequest]:
    examples = {answer.item.id: answer.item for answer in store.approved_answers(project.id)}
    if not examples:
        raise InputError(f"Project {project.name!r} has no approved example to write new prompts after. {_FINISH}")
    past = _past(store, project, "self_instruct")
    played = [one.sources for one in past]
    done = {one.id for one in past}
    requests: list[PromptRequest] = []
    for place in range(1, len(done) + number + 1):
        hand = deal(list(examples), played, options.seed)[0]
        request = new_prompt_after(
            [examples[one] for one in hand],
            project.id,
            number=place,
            count=options.candidates,
            seed=options.seed,
        )
        if request.id not in done:
            requests.append(request)
            played.append(hand)
    return requests[:number]


def _past(store: EnrichmentStore, project: Project, method: ItemMethod) -> list[Enrichment]:
    return [one for one in store.enrichments(project.id) if one.method == method]


@dataclass
class _Answered:
    """A request with what has come of it so far."""

    request: PromptRequest
    replies: list[Reply] = field(default_factory=list[Reply])
    accepted: list[tuple[str, Reply]] = field(default_factory=list[tuple[str, Reply]])
    refused: list[RefusedPrompt] = field(default_factory=list[RefusedPrompt])
    failure: Failure | None = None
    complaint: str | None = None


async def enrich_batch(
    store: EnrichmentStore, project: Project, options: EnrichOptions, ask: Ask, *, now: datetime
) -> Enriched:
    """Make one batch of requests, and store what is left of their answers.

    Args:
        store: where from and where to.
        project: whose prompts.
        options: method, candidates, seed; at most `BATCH` of its `items` are made.
        ask: the model.
        now: when it is done.

    Raises:
        InputError: the project has nothing that the method could begin from.
    """
    batch = [_Answered(request) for request in plan_batch(store, project, options)]
    if batch:
        known = KnownPrompts(
            Known(item_id, text) for item_id, messages in store.prompts(project.id) for text in compared_texts(messages)
        )
        await _round(batch, options, ask, known, now)
        await _round([one for one in batch if _wants_another(one, options)], options, ask, known, now)
    for one in batch:
        _store(store, project, options, one, now)
    kept = [one for one in batch if not one.failure]
    return Enriched(
        asked=len(batch),
        items=sum(1 for one in kept if one.accepted),
        candidates=sum(len(one.accepted) for one in kept),
        refused=tuple(refused for one in kept for refused in one.refused),
        failures=tuple(one.failure for one in batch if one.failure),
    )


def _wants_another(one: _Answered, options: EnrichOptions) -> bool:
    """Whether an answer is to be mended, or too few of its candidates are left; it is asked for once."""
    return not one.failure and len(one.accepted) < min(_ENOUGH, options.candidates)


async def _round(
    batch: Sequence[_Answered], options: EnrichOptions, ask: Ask, known: KnownPrompts, now: datetime
) -> None:
    """Ask together, then sift in order, so that the result does not depend on which answer came first."""
    answers = await asyncio.gather(*(_reply(one, options, ask) for one in batch))
    for one, reply in zip(batch, answers, strict=True):
        if isinstance(reply, Failure):
            one.failure = None if one.accepted else reply
            continue
        one.replies.append(reply)
        found = read_answer(reply.text)
        one.complaint = found.complaint
        _sift(one, found, options.candidates, known, now)
        if len(one.replies) > 1 and found.complaint and not one.accepted:
            message = f"{one.request.name}: the model's answer cannot be read, nor the mended one. Try another model."
            one.failure = Failure("nonsense", message)


async def _reply(one: _Answered, options: EnrichOptions, ask: Ask) -> Reply | Failure:
    messages = one.request.messages
    if one.replies:
        others = ask_for_others([refused.text for refused in one.refused], options.candidates - len(one.accepted))
        told = mend(one.complaint) if one.complaint else others
        messages = (*messages, Message("assistant", one.replies[0].text), told)
    try:
        return await ask(
            messages,
            seed=(one.request.id.int & 0x3FFF_FFFF) + len(one.replies),
            response_format=response_format(one.request.method),
        )
    except EndpointError as error:
        return Failure(error.fault, str(error))


def _sift(one: _Answered, found: Candidates, wanted: int, known: KnownPrompts, now: datetime) -> None:
    """Take the texts that repeat nothing, and note what the others repeat."""
    request, reply = one.request, one.replies[-1]
    before = {refused.text for refused in one.refused} | {text for text, _ in one.accepted}
    left = (text for text in found.texts if text not in before and len(one.accepted) < wanted)
    for text in left:
        repeat = known.repeated_by(text, request.sources)
        if repeat is None:
            known.add(Known(request.id, text))
            one.accepted.append((text, reply))
            continue
        refusal = RefusedPrompt(
            derived_id(request.id, f"refused/{len(one.refused) + 1}"),
            request.project_id,
            request.id,
            text,
            repeat.known.text,
            repeat.known.item_id,
            repeat.similarity,
            now,
        )
        one.refused.append(refusal)


def _store(store: EnrichmentStore, project: Project, options: EnrichOptions, one: _Answered, now: datetime) -> None:
    if one.failure:
        return
    request = one.request
    enrichment = Enrichment(
        request.id,
        project.id,
        request.method,
        request.made_from,
        options.seed,
        one.replies[-1].model,
        len(one.accepted),
        len(one.replies),
        _total(reply.tokens_in for reply in one.replies),
        _total(reply.tokens_out for reply in one.replies),
        now,
    )
    item = Item(request.id, project.id, request.name, request.messages, "prompt", target=request.target)
    drafts = tuple(_draft(item, number, text, reply, now) for number, (text, reply) in enumerate(one.accepted, 1))
    harvest = Harvest(enrichment, item if drafts else None, drafts, tuple(one.refused))
    # Fewer cannot be ranked: the item waits for its reviewer alone.
    store.add_harvest(harvest, overlap=project.settings.overlap if len(drafts) >= _ENOUGH else 0)


def _draft(item: Item, number: int, text: str, reply: Reply, now: datetime) -> Draft:
    """A candidate; tokens and time are the enrichment's, because one completion holds several of them."""
    name = f"d{number}"
    return Draft(
        derived_id(item.id, f"draft/{name}"),
        item.project_id,
        item.id,
        name,
        text,
        "model",
        now,
        model=reply.model,
        params=reply.params,
        prompt_hash=reply.prompt_hash,
        latency=reply.latency,
    )


def _total(numbers: Iterable[int | None]) -> int | None:
    found = list(numbers)
    return None if None in found else sum(number for number in found if number)
