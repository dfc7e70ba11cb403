"""The API's calls about templates."""

from __future__ import annotations

from collections.abc import Iterator

import orjson
import pydantic.dataclasses
from fastapi import APIRouter, Depends
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict

from concord.api_service import PROJECT, ServiceNow, authorise
from concord.conversion.exchange import File
from concord.errors import ConcordError
from concord.verbs import Result, TemplateChoice

template_router = APIRouter(prefix="/v1", dependencies=[Depends(authorise)])


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


@template_router.post(f"{PROJECT}/templates/{{template}}")
def apply_template(service: ServiceNow, project: str, template: str) -> Result:
    """Make an item of each row."""
    return service.verbs.apply_template(template, project)


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
    return StreamingResponse(_lines(steps), media_type="application/jsonl")


def _lines(steps: Iterator[Result]) -> Iterator[bytes]:
    try:
        yield from (orjson.dumps(step) + b"\n" for step in steps)
    except ConcordError as error:
        yield orjson.dumps({"error": type(error).__name__, "detail": str(error)}) + b"\n"
