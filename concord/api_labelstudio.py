"""The API's calls of the bridge to Label Studio; a key comes with each call and is kept nowhere."""

from __future__ import annotations

import hmac
import os
from pathlib import Path
from typing import Annotated, Any

import pydantic.dataclasses
from fastapi import APIRouter, Depends, HTTPException, Request
from pydantic import ConfigDict, TypeAdapter, ValidationError

from concord.api_received import chunks, received
from concord.api_service import PROJECT, Bearer, ServiceNow, authorise
from concord.errors import InputError
from concord.labelstudio.webhook import SECRET_VARIABLE
from concord.verbs import Result
from concord.verbs_labelstudio import Adopting, LabelStudioCall, Watching

labelstudio_router = APIRouter(prefix="/v1", dependencies=[Depends(authorise)])
webhook_router = APIRouter(prefix="/v1")
_MOST_TOLD_BYTES = 50_000_000
_STRICT = ConfigDict(extra="forbid", hide_input_in_errors=True)


@pydantic.dataclasses.dataclass(frozen=True, config=_STRICT)
class Call(LabelStudioCall):
    """How the Label Studio is reached."""


@pydantic.dataclasses.dataclass(frozen=True, config=_STRICT)
class Adoption(Adopting):
    """Which project of a Label Studio is adopted."""


@pydantic.dataclasses.dataclass(frozen=True, config=_STRICT)
class Watch(Watching):
    """How the Label Studio is told to tell of annotations."""


def _authorise_webhook(bearer: Bearer) -> None:
    """Refuse a message without the webhook's secret; without one in the environment, nobody is listened to."""
    secret = os.environ.get(SECRET_VARIABLE, "")
    if not secret:
        raise HTTPException(404, f"No Label Studio is listened to. Set {SECRET_VARIABLE} where the app runs.")
    if not hmac.compare_digest((bearer.credentials if bearer else "").encode(), secret.encode()):
        message = f"This call needs the secret of {SECRET_VARIABLE}. Send it as Bearer."
        raise HTTPException(401, message, {"WWW-Authenticate": "Bearer"})


async def _told(request: Request) -> dict[str, Any]:
    too_long = InputError("The message is too long. Pull instead.")
    body = b"".join([chunk async for chunk in chunks(request, _MOST_TOLD_BYTES, too_long)])
    try:
        return TypeAdapter(dict[str, Any]).validate_json(body)
    except ValidationError as error:
        raise InputError("The message is no JSON object. Let the webhook send its payload.") from error


@webhook_router.post(f"{PROJECT}/labelstudio/webhook", dependencies=[Depends(_authorise_webhook)])
def hear(service: ServiceNow, project: str, told: Annotated[dict[str, Any], Depends(_told)]) -> Result:
    """What a Label Studio tells: an annotation that was made or changed."""
    return service.verbs.hear_labelstudio(project, told)


@labelstudio_router.post(f"{PROJECT}/labelstudio/watch")
def watch(service: ServiceNow, project: str, watching: Watch) -> Result:
    """Let the Label Studio tell the app of every annotation when it is made or changed."""
    return service.verbs.watch_labelstudio(project, watching)


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
def pull_file(
    service: ServiceNow, project: str, path: Annotated[Path, Depends(received)], gold: bool = False
) -> Result:
    """Bring in the annotations of the request's body, a JSON export of Label Studio; `file` is its name."""
    return service.verbs.pull_labelstudio_file(project, path, gold=gold)


@labelstudio_router.post(f"{PROJECT}/labelstudio/adopt")
def adopt(service: ServiceNow, project: str, adoption: Adoption) -> Result:
    """Make a project of one that others made in Label Studio, or show what it would be."""
    return service.verbs.adopt_labelstudio(project, adoption)
