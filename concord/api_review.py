"""The API's calls about proposals and decisions."""

from __future__ import annotations

import pydantic.dataclasses
from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict

from concord.api_service import PROJECT, ServiceNow, authorise
from concord.curation.review import Ruling
from concord.records.kinds import Decision
from concord.verbs import Page, ProposalRequest, Result

review_router = APIRouter(prefix="/v1", dependencies=[Depends(authorise)])


@pydantic.dataclasses.dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class Proposal(ProposalRequest):
    """What a model shall propose templates for."""


class NewDecision(BaseModel, extra="forbid"):
    """What a reviewer decides about an item; `draft` is the name of one of its drafts."""

    item: str
    decision: Decision
    reviewer: str
    reason: str
    draft: str | None = None
    text: str | None = None
    apply: bool = False


@review_router.post(f"{PROJECT}/proposals")
def propose_templates(service: ServiceNow, project: str, proposal: Proposal) -> Result:
    """Let a model write templates, which become the drafts of an item to judge."""
    return service.verbs.propose_templates(project, proposal)


@review_router.get(f"{PROJECT}/cases")
def list_cases(service: ServiceNow, project: str) -> list[Result]:
    """The items that wait for a decision, with their candidates, best first."""
    return service.verbs.list_cases(project)


@review_router.get(f"{PROJECT}/disputes")
def list_disputes(service: ServiceNow, project: str, limit: int = 20, offset: int = 0) -> list[Result]:
    """The items that annotators disagree on and nobody has decided, most first, with their candidates."""
    return service.verbs.list_disputes(project, Page(limit, offset))


@review_router.post(f"{PROJECT}/decisions")
def review(service: ServiceNow, project: str, new: NewDecision) -> Result:
    """Decide an item; if that approves a template, apply it to the project's rows if so wished."""
    ruling = Ruling(new.decision, new.reviewer, new.reason, new.draft, new.text)
    return service.verbs.review(project, new.item, ruling, apply=new.apply)
