"""The API's call that enriches."""

from __future__ import annotations

import pydantic.dataclasses
from fastapi import APIRouter, Depends
from pydantic import ConfigDict

from concord.api_service import PROJECT, ServiceNow, authorise
from concord.enrichment.options import EnrichOptions
from concord.verbs import Result

enrich_router = APIRouter(prefix="/v1", dependencies=[Depends(authorise)])


@pydantic.dataclasses.dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class Enriching(EnrichOptions):
    """New prompts to ask for."""


@enrich_router.post(f"{PROJECT}/enrichments")
def enrich(service: ServiceNow, project: str, enriching: Enriching) -> Result:
    """Ask for one batch of new prompts, eight at most; `asked` is 0 when nothing is left to ask for."""
    return service.verbs.enrich_batch(project, enriching)
