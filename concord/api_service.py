"""What every call of the API stands on: the running app's service, the token, a folder for the files of one call."""

from __future__ import annotations

import hmac
import shutil
import tempfile
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Protocol
from uuid import UUID

from fastapi import Depends, HTTPException, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from concord.desk.autosave import UnsavedStore
from concord.drafting.worker import Drafter
from concord.errors import DiskFull
from concord.local import LocalVerbs
from concord.records.report import ExportRecord

if TYPE_CHECKING:
    from concord.local import VerbStore

    class ApiStore(VerbStore, UnsavedStore, Protocol):
        """What the API needs of the store."""

        def exports(self, project_id: UUID) -> list[ExportRecord]: ...


MOST_BYTES = 4 * 1024**3
SCRATCH = "partial"
"""The folder in the workspace for files that come in and go out; when the app starts, nothing in it is of use."""
PROJECT = "/projects/{project:path}"
"""Where a project is; its name may hold a slash, so that the address of the project alone comes last."""


@dataclass(frozen=True)
class Service:
    """What the running app puts behind the API."""

    store: ApiStore
    verbs: LocalVerbs
    drafter: Drafter
    token: str
    most_bytes: int = MOST_BYTES


def _service(request: Request) -> Service:
    return request.app.state.service


ServiceNow = Annotated[Service, Depends(_service)]
Bearer = Annotated[HTTPAuthorizationCredentials | None, Depends(HTTPBearer(auto_error=False))]


def authorise(service: ServiceNow, bearer: Bearer) -> None:
    """Refuse a call without the app's token."""
    given = bearer.credentials if bearer else ""
    if not hmac.compare_digest(given.encode(), service.token.encode()):
        message = "This call needs the token from concord.serve in the workspace. Send it as Bearer."
        raise HTTPException(401, message, {"WWW-Authenticate": "Bearer"})


def _scratch(service: ServiceNow) -> Generator[Path]:
    """A folder that is there until the answer has been sent."""
    place = service.store.folder / SCRATCH
    try:
        place.mkdir(exist_ok=True)
        folder = Path(tempfile.mkdtemp(dir=place))
    except OSError as error:
        raise DiskFull(f"{place}: {error.strerror}. Free some space and try again.") from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


Scratch = Annotated[Path, Depends(_scratch)]
