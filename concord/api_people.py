"""The API's calls about those who judge."""

from __future__ import annotations

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from concord.api_service import PROJECT, ServiceNow, authorise
from concord.errors import InputError
from concord.verbs import Result

people_router = APIRouter(prefix="/v1", dependencies=[Depends(authorise)])


class Naming(BaseModel, extra="forbid"):
    """Who gets which items: those that are named, or so many of the queue."""

    annotators: list[str]
    items: list[str] | None = None
    limit: int | None = None


class Unnaming(BaseModel, extra="forbid"):
    """Which items are open to everybody again; none named is all of them."""

    items: list[str] | None = None


@people_router.post(f"{PROJECT}/assign")
def assign(service: ServiceNow, project: str, naming: Naming) -> Result:
    """Let only these annotators have some items; who has one already keeps it."""
    chosen = naming.items if naming.limit is None else naming.limit
    if chosen is None or (naming.items is not None and naming.limit is not None):
        raise InputError("Which items? Give either items or limit.")
    return service.verbs.assign(project, naming.annotators, chosen)


@people_router.post(f"{PROJECT}/unassign")
def unassign(service: ServiceNow, project: str, unnaming: Unnaming) -> Result:
    """Open these items, or all, to everybody again."""
    return service.verbs.unassign(project, unnaming.items)


@people_router.get(f"{PROJECT}/remarks")
def remarks(service: ServiceNow, project: str) -> list[Result]:
    """The open flags, then the skips: of which item, by whom and why; newest first."""
    return service.verbs.remarks(project)
