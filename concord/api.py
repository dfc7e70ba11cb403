"""The HTTP API: the verbs under `/api/v1`, for the command line while the app is open, and for scripts.

Every call but autosave carries the bearer token that the app leaves in the workspace for its owner. A refusal is
`{"error": its class, "detail": its message}`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Any, cast
from uuid import UUID

import pydantic.dataclasses
from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, JSONResponse
from fastapi_offline import FastAPIOffline
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from starlette.exceptions import HTTPException as AnyHTTPException

from concord.api_check import check_router
from concord.api_enrich import enrich_router
from concord.api_labelstudio import labelstudio_router, webhook_router
from concord.api_people import people_router
from concord.api_received import chunks, received
from concord.api_review import review_router
from concord.api_service import PROJECT, Scratch, ServiceNow, authorise
from concord.api_template import template_router
from concord.desk.autosave import save
from concord.errors import (
    ConcordError,
    Conflict,
    DiskFull,
    EndpointError,
    InputError,
    LabelStudioError,
    NotFound,
    StorageError,
)
from concord.evaluating import Evaluation
from concord.export.options import ExportOptions
from concord.local import export_folder
from concord.records.report import ExportRecord
from concord.verbs import DraftRequest, FileImport, JudgeRequest, Result
from concord.version import VERSION

_MOST_UNSAVED_BYTES = 2_000_000
_STATUS: dict[type[ConcordError], int] = {
    DiskFull: 507,
    StorageError: 503,
    EndpointError: 502,
    LabelStudioError: 502,
    Conflict: 409,
    NotFound: 404,
    InputError: 400,
}
_STRICT = ConfigDict(extra="forbid")


class NewProject(BaseModel, extra="forbid"):
    """A project to create."""

    name: str
    settings: dict[str, Any] = {}


class Unsaved(BaseModel, extra="forbid"):
    """What is entered for one step of a page, with the right to save it."""

    token: str
    state: dict[str, Any]


@pydantic.dataclasses.dataclass(frozen=True, config=_STRICT)
class Import(FileImport):
    """How the file is imported."""


@pydantic.dataclasses.dataclass(frozen=True, config=_STRICT)
class Drafting(DraftRequest):
    """What to draft; what is left out is the project's setting."""


@pydantic.dataclasses.dataclass(frozen=True, config=_STRICT)
class Judging(JudgeRequest):
    """What a model judges."""


@pydantic.dataclasses.dataclass(frozen=True, config=_STRICT)
class Export(ExportOptions):
    """A data set to write."""


@pydantic.dataclasses.dataclass(frozen=True, config=_STRICT)
class Evaluated(Evaluation):
    """Answers to measure."""


def create_api() -> FastAPI:
    """The application; it answers once `api.state.service` is a `Service`."""
    # Without a validator's address: the page would ask a foreign host whether the description is valid.
    shown = {"validatorUrl": None}
    api = FastAPIOffline(title="Concord", version=VERSION, redoc_url=None, swagger_ui_parameters=shown)
    api.include_router(_open)
    api.include_router(template_router)
    api.include_router(check_router)
    api.include_router(enrich_router)
    api.include_router(review_router)
    api.include_router(webhook_router)
    api.include_router(labelstudio_router)
    api.include_router(people_router)
    api.include_router(_router)
    api.add_exception_handler(ConcordError, _refuse)
    api.add_exception_handler(RequestValidationError, _refuse_content)
    api.add_exception_handler(AnyHTTPException, _refuse_request)
    return api


async def _refuse(_: Request, error: Exception) -> JSONResponse:
    status = next((status for kind, status in _STATUS.items() if isinstance(error, kind)), 500)
    return JSONResponse({"error": type(error).__name__, "detail": str(error)}, status)


async def _refuse_content(request: Request, error: Exception) -> JSONResponse:
    return await _refuse(request, _unreadable(cast("RequestValidationError", error).errors()))


async def _refuse_request(_: Request, error: Exception) -> JSONResponse:
    refused = cast("AnyHTTPException", error)
    content = {"error": HTTPStatus(refused.status_code).phrase.replace(" ", ""), "detail": refused.detail}
    return JSONResponse(content, refused.status_code, refused.headers)


def _unreadable(problems: Sequence[Any]) -> InputError:
    """What pydantic found, in our words."""
    found = [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in problems]
    return InputError(f"{'; '.join(found)}. See /api/docs for what is expected.")


def _how(how: str = "{}") -> Import:
    """How a file is imported, as JSON."""
    try:
        return TypeAdapter(Import).validate_json(how)
    except ValidationError as error:
        raise _unreadable(error.errors()) from error


async def _unsaved(request: Request) -> Unsaved:
    """The body, whatever its content type says: a browser that leaves a page sends it as plain text."""
    too_long = InputError("What is entered is too long to be kept. Shorten it.")
    body = b"".join([chunk async for chunk in chunks(request, _MOST_UNSAVED_BYTES, too_long)])
    try:
        return Unsaved.model_validate_json(body)
    except ValidationError as error:
        raise _unreadable(error.errors()) from error


_open = APIRouter(prefix="/v1")
_router = APIRouter(prefix="/v1", dependencies=[Depends(authorise)])


@_open.post("/autosave")
def autosave(service: ServiceNow, unsaved: Annotated[Unsaved, Depends(_unsaved)]) -> dict[str, bool]:
    """Keep what is entered on a page; the token in the body says whose it is, and of which step."""
    return {"saved": save(service.store, unsaved.token, unsaved.state, now=datetime.now(UTC))}


@_router.get("/projects")
def list_projects(service: ServiceNow) -> list[Result]:
    """All projects with their counts."""
    return service.verbs.list_projects()


@_router.post("/projects")
def create_project(service: ServiceNow, new: NewProject) -> Result:
    """Create an empty project."""
    return service.verbs.create_project(new.name, new.settings)


@_router.post(f"{PROJECT}/import")
def import_file(
    service: ServiceNow,
    project: str,
    path: Annotated[Path, Depends(received)],
    how: Annotated[Import, Depends(_how)],
) -> Result:
    """Import the request's body; `file` is its name, `how` is JSON with the fields of `FileImport`."""
    return service.verbs.import_file(project, path, how)


@_router.post(f"{PROJECT}/runs")
def start_run(service: ServiceNow, project: str, drafting: Drafting) -> Result:
    """Begin to draft what is missing."""
    return service.verbs.start_run(service.drafter, project, drafting)


@_router.post(f"{PROJECT}/plan")
def plan_run(service: ServiceNow, project: str, drafting: Drafting) -> Result:
    """What a drafting run would take; nothing is asked for."""
    return service.verbs.plan(project, drafting)


@_router.get("/models")
def list_models(service: ServiceNow) -> list[Result]:
    """The models of servers on this machine."""
    return service.verbs.models()


@_router.get(f"{PROJECT}/runs/{{run}}")
def show_run(service: ServiceNow, project: str, run: UUID) -> Result:
    """How far a drafting run is."""
    return service.verbs.run(project, run)


@_router.post(f"{PROJECT}/runs/{{run}}/stop")
def stop_run(service: ServiceNow, project: str, run: UUID) -> Result:
    """Let a drafting run ask for nothing more."""
    service.verbs.run(project, run)  # it is this project's, or nothing is stopped
    service.drafter.stop(run)
    return service.verbs.run(project, run)


@_router.get(f"{PROJECT}/sent")
def sent(service: ServiceNow, project: str) -> list[Result]:
    """What left for which endpoint, by purpose."""
    return service.verbs.sent(project)


@_router.get(f"{PROJECT}/arms")
def arms(service: ServiceNow, project: str) -> Result:
    """How many items each arm has, who saw the planted faults, and who ranks alike twice."""
    return service.verbs.arms(project)


@_router.post(f"{PROJECT}/judge")
def judge(service: ServiceNow, project: str, judging: Judging) -> Result:
    """Let a model judge the drafts; it answers when that is done."""
    return service.verbs.judge(project, judging)


@_router.get(f"{PROJECT}/annotations")
def export_annotations(service: ServiceNow, scratch: Scratch, project: str, all_arms: bool = False) -> FileResponse:
    """Items, responses and annotations in the interchange format."""
    service.verbs.export_annotations(project, scratch / "annotations.jsonl", all_arms=all_arms)
    return FileResponse(scratch / "annotations.jsonl")


@_router.get(f"{PROJECT}/agreement")
def agreement(service: ServiceNow, project: str) -> Result:
    """The agreement report."""
    return service.verbs.agreement(project)


@_router.post(f"{PROJECT}/exports")
def write_export(service: ServiceNow, project: str, export: Export) -> Result:
    """Write a data set into the workspace; its files are fetched one by one."""
    found = service.store.project(project)
    out = export_folder(service.store.folder, found, export)
    manifest = service.verbs.export(project, export, out)
    record = next(record for record in service.store.exports(found.id) if record.folder == str(out))
    return {"id": str(record.id), "manifest": manifest}


@_router.post(f"{PROJECT}/exports/preview")
def preview_export(service: ServiceNow, project: str, export: Export) -> Result:
    """What an export would write, gate by gate, and its first rows; nothing is written."""
    return service.verbs.preview_export(project, export)


@_router.post(f"{PROJECT}/evaluate")
def evaluate(service: ServiceNow, project: str, asked: Evaluated) -> Result:
    """Measure a model's answers to the test split; the worst can be sent back to the desk."""
    return service.verbs.evaluate(project, asked)


@_router.get(f"{PROJECT}/exports/{{export}}/{{file}}")
def export_file(service: ServiceNow, project: str, export: UUID, file: str) -> FileResponse:
    """One file of a data set."""
    for record in service.store.exports(service.store.project(project).id):
        path = Path(record.folder) / file
        if record.id == export and file in _files(record) and path.is_file():
            return FileResponse(path)
    raise NotFound(f"Project {project!r} has no export {export} with a file {file!r}. Check both.")


@_router.get(PROJECT)
def show_project(service: ServiceNow, project: str) -> Result:
    """A project, its counts and its settings."""
    return service.verbs.show_project(project)


@_router.post("/samples")
def add_samples(service: ServiceNow) -> Result:
    """Add the two sample projects, if they are not there."""
    return service.verbs.add_samples()


@_router.get("/backup")
def backup(service: ServiceNow, scratch: Scratch) -> FileResponse:
    """A copy of the database."""
    service.verbs.backup(scratch / "concord.duckdb")
    return FileResponse(scratch / "concord.duckdb")


@_router.get("/verify")
def verify(service: ServiceNow) -> Result:
    """Look through the whole workspace."""
    return service.verbs.verify()


def _files(record: ExportRecord) -> set[str]:
    files = cast("list[dict[str, str]]", record.manifest["files"])
    return {"README.md", "manifest.json", *(file["name"] for file in files)}
