"""Templates proposed by a model become the drafts of one item, which waits in the queue like any other.

The item's messages are the prompt, as far as it was the same for all; each draft's parameters say from which side it
was asked for, and name the sample rows, so that the desk shows every proposal on the rows that the model saw.
"""

from __future__ import annotations

import asyncio
import itertools
import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol
from uuid import UUID

from concord.conversion.column_profile import profile, varied_rows
from concord.conversion.library import LibraryStore, templates_of
from concord.conversion.proposal_prompt import RESPONSE_FORMAT, Brief, brief_messages
from concord.conversion.propose import Answer, Failure, OnSettled, Proposal, propose
from concord.drafting.completion import prompt_hash
from concord.drafting.endpoint import Endpoint, open_client
from concord.drafting.request import Screen
from concord.drafting.sent_log import SentStore
from concord.drafting.structured import complete_in_form
from concord.errors import EndpointError, InputError
from concord.ids import derived_id, new_id
from concord.preparation import leaving
from concord.records.draft import Draft
from concord.records.item import Item, Message
from concord.records.project import Project
from concord.records.row import Row
from concord.records.run import DraftFailure

LOOKED_AT = 1_000
"""Rows that columns are described and samples taken from: the first of the project."""
SAMPLE_ROWS = 4
LEAST_TO_JUDGE = 2


class ProposingStore(LibraryStore, SentStore, Protocol):
    """What proposing templates needs of the store."""

    def rows(self, project_id: UUID, *, limit: int | None = None) -> Iterator[Row]: ...
    def row(self, row_id: UUID) -> Row: ...
    def columns(self, project_id: UUID) -> list[str]: ...
    def item_ids(self, project_id: UUID) -> dict[str, UUID]: ...
    def add_ahead(self, item: Item, drafts: Sequence[Draft], *, overlap: int) -> None: ...
    def add_failure(self, failure: DraftFailure) -> None: ...


@dataclass(frozen=True)
class Commission:
    """What is proposed, and by whom.

    Attributes:
        task: what the prompts should teach, in a line.
        endpoint: the model.
        candidates: how many templates.
        columns: those that they may use; empty means all.
    """

    task: str
    endpoint: Endpoint
    candidates: int = 3
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Proposed:
    """What came of it."""

    item: Item
    drafts: tuple[Draft, ...]
    failures: tuple[DraftFailure, ...]


@dataclass(frozen=True)
class Sample:
    """What proposals are judged on: the task in a line, and the rows that the model saw."""

    task: str
    rows: tuple[Row, ...]


def propose_templates(
    store: ProposingStore,
    project: Project,
    commission: Commission,
    *,
    prompts: Path,
    on_settled: OnSettled | None = None,
) -> Proposed:
    """Ask the model, and store what can be used as drafts of a new item, all at once.

    The item goes to the head of the queue, for no prompt is made without a template. With fewer than two drafts there
    is nothing to rank: then it waits for its reviewer alone.

    Args:
        store: where the rows are and the item goes.
        project: whose rows.
        commission: what is proposed.
        prompts: the folder with the template files, whose ids are taken.
        on_settled: called with the number of proposals that are settled, from the thread that called.

    Raises:
        InputError: there is no task, no row, or no column that a template can use.
        EndpointError: the endpoint gave no answer to any of them; nothing is stored.
    """
    brief = _brief(store, project, commission, prompts)
    item = Item(new_id(), project.id, brief.template_id, brief_messages(brief), kind="conversion")
    with leaving(store, project, commission.endpoint, purpose="propose") as leave:
        proposals, failed = asyncio.run(_asked(brief, commission, item, leave, on_settled))
    unanswered = [one.error for one in failed if isinstance(one.error, EndpointError)]
    if len(unanswered) == commission.candidates:
        raise unanswered[0]
    now = datetime.now(UTC)
    drafts = tuple(_draft(item, proposal, brief, commission.endpoint, now) for proposal in proposals)
    store.add_ahead(item, drafts, overlap=project.settings.overlap if len(drafts) >= LEAST_TO_JUDGE else 0)
    failures = tuple(_failure(item, one, now) for one in failed)
    for failure in failures:
        store.add_failure(failure)
    return Proposed(item, drafts, failures)


def sample_of(store: ProposingStore, drafts: Sequence[Draft]) -> Sample:
    """What the proposals of one item were asked for, and the rows they are shown on."""
    match drafts[0].params if drafts else None:
        case {"task": str(task), "rows": list(ids)}:
            return Sample(task, tuple(store.row(UUID(str(row_id))) for row_id in ids))
        case _:
            return Sample("", ())


def _brief(store: ProposingStore, project: Project, commission: Commission, prompts: Path) -> Brief:
    """What the model is told."""
    if not commission.task.strip():
        raise InputError("A proposal needs to know what the prompts should teach. Say it in a line.")
    rows = list(store.rows(project.id, limit=LOOKED_AT))
    if not rows:
        raise InputError(f"Project {project.name!r} has no rows yet. Import some.")
    names = store.columns(project.id)
    if unknown := [name for name in commission.columns if name not in names]:
        raise InputError(f"The rows have no {', '.join(map(repr, unknown))}. They have {names}.")
    withheld = set(project.settings.do_not_send)
    if named := sorted(withheld & set(commission.columns)):
        raise InputError(f"This project does not send {named[0]!r}. Leave it out, or take it off the list do_not_send.")
    columns = profile(rows, commission.columns or [name for name in names if name not in withheld])
    if not columns:
        raise InputError("No column has a name that a template can use: letters, digits, underscores. Rename one.")
    named = [column.name for column in columns]
    sample = varied_rows(rows, named, count=SAMPLE_ROWS, seed=project.id.int)
    taken = {template.id for template in templates_of(store, prompts)} | store.item_ids(project.id).keys()
    return Brief(_free_id(project.name, taken), commission.task.strip(), columns, sample)


def _free_id(name: str, taken: Container[str]) -> str:
    """A slug of the project's name that is the id of no template and the name of no item."""
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "template"
    numbered = (f"{slug}-{number}" for number in itertools.count(2))
    return next(one for one in itertools.chain([slug], numbered) if one not in taken)


async def _asked(
    brief: Brief, commission: Commission, item: Item, leave: Screen, on_settled: OnSettled | None
) -> tuple[list[Proposal], list[Failure]]:
    endpoint, first = commission.endpoint, item.id.int & 0x3FFF_FFFF
    async with open_client(endpoint) as client:

        async def ask(messages: Sequence[Message], seed: int) -> Answer:
            left = leave(messages)
            return await complete_in_form(client, endpoint, left, seed=seed, response_format=RESPONSE_FORMAT)

        return await propose(brief, ask, candidates=commission.candidates, seed=first, on_settled=on_settled)


def _failure(item: Item, failed: Failure, now: datetime) -> DraftFailure:
    """A proposal is part of no run: its failure stands under the item."""
    fault = failed.error.fault if isinstance(failed.error, EndpointError) else "unusable"
    return DraftFailure(new_id(), item.id, item.id, failed.name, fault, str(failed.error), now)


def _draft(item: Item, proposal: Proposal, brief: Brief, endpoint: Endpoint, now: datetime) -> Draft:
    answers = proposal.answers
    return Draft(
        id=derived_id(item.id, f"draft/{proposal.name}"),
        project_id=item.project_id,
        item_id=item.id,
        name=proposal.name,
        text=proposal.source,
        source="model",
        created_at=now,
        model=answers[-1].model,
        params={
            "model": endpoint.model,
            "temperature": endpoint.temperature,
            "seed": proposal.seed,
            "finish_reason": answers[-1].finish_reason,
            "angle": proposal.angle,
            "repaired": len(answers) > 1,
            "task": brief.task,
            "rows": [str(row.id) for row in brief.rows],
        },
        prompt_hash=prompt_hash(proposal.sent),
        tokens_in=_sum([answer.tokens_in for answer in answers]),
        tokens_out=_sum([answer.tokens_out for answer in answers]),
        latency=sum(answer.latency for answer in answers),
    )


def _sum(numbers: Sequence[int | None]) -> int | None:
    """The sum; unknown when a part is."""
    known = [number for number in numbers if number is not None]
    return sum(known) if len(known) == len(numbers) else None
