"""What a run would take, before anything is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from concord.drafting.cost import about_tokens, cost_of
from concord.drafting.endpoint import Endpoint
from concord.records.draft import Missing
from concord.records.project import Project
from concord.records.run import Usage

TOKENS_OF_AN_ANSWER = 300.0
"""What is assumed of an answer before the model has written any in this project."""


class EstimateStore(Protocol):
    """What an estimate needs of the store."""

    def missing_drafts(self, project_id: UUID, *, candidates: int, limit: int | None = None) -> Missing: ...
    def token_usage(self, project_id: UUID, model: str) -> Usage: ...


@dataclass(frozen=True)
class Estimate:
    """What a run would take.

    Attributes:
        items: that lack drafts.
        drafts: that they lack.
        cost: US dollars; None when the price is unknown.
        tokens_of_an_answer: about how long an answer is.
        measured: drafts of this model in the project that this rests on; with 0 it is a guess by length.
    """

    items: int
    drafts: int
    tokens_in: int
    tokens_out: int
    cost: float | None
    tokens_of_an_answer: float
    measured: int


def estimate_of(
    store: EstimateStore, project: Project, endpoint: Endpoint, *, candidates: int, limit: int | None
) -> Estimate:
    """Count what is missing, and how many tokens and dollars it takes.

    It is measured on what the model wrote in this project before: tokens of a prompt by its length, and of an answer.
    Before the first draft, a token is taken for four characters, and an answer for `TOKENS_OF_AN_ANSWER`.
    """
    missing = store.missing_drafts(project.id, candidates=candidates, limit=limit)
    usage = store.token_usage(project.id, endpoint.model)
    if usage.drafts and usage.characters:
        tokens_in = missing.characters * usage.tokens_in / usage.characters
        answer = usage.tokens_out / usage.drafts
    else:
        tokens_in, answer = about_tokens(missing.characters), TOKENS_OF_AN_ANSWER
    tokens_out = answer * missing.drafts
    return Estimate(
        items=missing.items,
        drafts=missing.drafts,
        tokens_in=round(tokens_in),
        tokens_out=round(tokens_out),
        cost=cost_of(endpoint.price, tokens_in, tokens_out),
        tokens_of_an_answer=answer,
        measured=usage.drafts,
    )
