"""The API's calls about those who judge."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from concord.api_received import received
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


class DecidedItem(BaseModel, extra="forbid"):
    """The item whose decision is meant."""

    item: str


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


@people_router.post(f"{PROJECT}/gold")
def gold_from_file(service: ServiceNow, project: str, path: Annotated[Path, Depends(received)]) -> Result:
    """Take the annotations of the request's body, in the interchange format, as known answers; `file` is its name."""
    return service.verbs.gold_from_file(project, path)


@people_router.post(f"{PROJECT}/gold/decision")
def gold_from_decision(service: ServiceNow, project: str, decided: DecidedItem) -> Result:
    """Take what a reviewer approved for an item as its known answer."""
    return service.verbs.gold_from_decision(project, decided.item)


@people_router.get(f"{PROJECT}/annotators")
def annotators(service: ServiceNow, project: str) -> list[Result]:
    """What each annotator did, and how near they came to known answers."""
    return service.verbs.annotators(project)


@people_router.get(f"{PROJECT}/remarks")
def remarks(service: ServiceNow, project: str) -> list[Result]:
    """The open flags, then the skips: of which item, by whom and why; newest first."""
    return service.verbs.remarks(project)
