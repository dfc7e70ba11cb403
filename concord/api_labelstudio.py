"""The API's calls of the bridge to Label Studio; a key comes with each call and is kept nowhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import pydantic.dataclasses
from fastapi import APIRouter, Depends
from pydantic import ConfigDict

from concord.api_received import received
from concord.api_service import PROJECT, ServiceNow, authorise
from concord.verbs import Result
from concord.verbs_labelstudio import Adopting, LabelStudioCall

labelstudio_router = APIRouter(prefix="/v1", dependencies=[Depends(authorise)])
_STRICT = ConfigDict(extra="forbid", hide_input_in_errors=True)


@pydantic.dataclasses.dataclass(frozen=True, config=_STRICT)
class Call(LabelStudioCall):
    """How the Label Studio is reached."""


@pydantic.dataclasses.dataclass(frozen=True, config=_STRICT)
class Adoption(Adopting):
    """Which project of a Label Studio is adopted."""


@labelstudio_router.post(f"{PROJECT}/labelstudio/push")
def push(service: ServiceNow, project: str, call: Call) -> Result:
    """Add the items that are not in Label Studio yet."""
    return service.verbs.push_labelstudio(project, call)


@labelstudio_router.post(f"{PROJECT}/labelstudio/pull")
def pull(service: ServiceNow, project: str, call: Call) -> Result:
    """Bring in the annotations that are not here yet."""
    return service.verbs.pull_labelstudio(project, call)


@labelstudio_router.post(f"{PROJECT}/labelstudio/sync")
def sync(service: ServiceNow, project: str, call: Call) -> Result:
    """Push, then pull."""
    return service.verbs.sync_labelstudio(project, call)


@labelstudio_router.post(f"{PROJECT}/labelstudio/file")
def pull_file(service: ServiceNow, project: str, path: Annotated[Path, Depends(received)]) -> Result:
    """Bring in the annotations of the request's body, a JSON export of Label Studio; `file` is its name."""
    return service.verbs.pull_labelstudio_file(project, path)


@labelstudio_router.post(f"{PROJECT}/labelstudio/adopt")
def adopt(service: ServiceNow, project: str, adoption: Adoption) -> Result:
    """Make a project of one that others made in Label Studio, or show what it would be."""
    return service.verbs.adopt_labelstudio(project, adoption)
