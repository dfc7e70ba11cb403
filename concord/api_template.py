"""The API's calls about templates."""

from __future__ import annotations

from collections.abc import Iterator

import orjson
import pydantic.dataclasses
from fastapi import APIRouter, Depends
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict

from concord.api_service import PROJECT, ServiceNow, authorise
from concord.conversion.apply import How
from concord.conversion.exchange import File
from concord.errors import ConcordError
from concord.verbs import Result, TemplateChoice

template_router = APIRouter(prefix="/v1", dependencies=[Depends(authorise)])


class NewVersion(BaseModel, extra="forbid"):
    """A template's text, and who saves it why."""

    source: str
    note: str = ""
    author: str = ""


class Collection(BaseModel, extra="forbid"):
    """A PromptSource file."""

    name: str
    text: str
    skip_bad: bool = False


@pydantic.dataclasses.dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class Choice(TemplateChoice):
    """Which templates are meant."""


@template_router.get("/templates")
def list_templates(service: ServiceNow) -> list[Result]:
    """The templates of the workspace."""
    return service.verbs.list_templates()


@template_router.post("/templates")
def save_template(service: ServiceNow, new: NewVersion) -> Result:
    """Keep a text as the newest version of the template that it says it is."""
    return service.verbs.save_template(new.source, new.note, new.author)


@template_router.get("/templates/{template}")
def show_template(service: ServiceNow, template: str, version: str | None = None) -> Result:
    """A template with its text, as it stands or as it was in a version, of which the beginning is enough."""
    return service.verbs.show_template(template, version)


@template_router.get("/templates/{template}/versions")
def template_versions(service: ServiceNow, template: str) -> list[Result]:
    """The versions of a template, newest first."""
    return service.verbs.template_versions(template)


@template_router.get("/templates/{template}/diff")
def diff_template(service: ServiceNow, template: str, old: str | None = None, new: str | None = None) -> Result:
    """What changed: since the version before, since one version, or between two."""
    return service.verbs.diff_template(template, old, new)


@template_router.post(f"{PROJECT}/templates/{{template}}")
def apply_template(
    service: ServiceNow, project: str, template: str, rerender: bool = False, skip_bad: bool = False
) -> Result:
    """Make an item of each row; `rerender` replaces older items, `skip_bad` leaves rows out that cannot be rendered."""
    return service.verbs.apply_template(template, project, How(rerender, skip_bad))


@template_router.post("/templates/import")
def import_templates(service: ServiceNow, collection: Collection) -> Result:
    """Save the templates of a PromptSource file: all, or none unless the bad ones are to be skipped."""
    return service.verbs.import_collection(File(collection.name, collection.text), skip_bad=collection.skip_bad)


@template_router.post("/templates/export")
def export_templates(service: ServiceNow, choice: Choice) -> Result:
    """Templates as the text of a PromptSource file."""
    return service.verbs.export_templates(choice)


@template_router.get("/lint")
def lint(service: ServiceNow, template: str | None = None, project: str | None = None) -> StreamingResponse:
    """What is wrong with a template (or with all), alone or over the rows of a project.

    The answer is JSON Lines: `{"template", "done", "rows"}` every thousand rows, and at last `{"reports": […]}`. Who
    closes the connection ends the work.
    """
    steps = service.verbs.linting(template, project)
    return StreamingResponse(json_lines(steps), media_type="application/jsonl")


def json_lines(steps: Iterator[Result]) -> Iterator[bytes]:
    """Steps as JSON Lines; a stated error that comes after the first of them is the last."""
    try:
        yield from (orjson.dumps(step) + b"\n" for step in steps)
    except ConcordError as error:
        yield orjson.dumps({"error": type(error).__name__, "detail": str(error)}) + b"\n"
