"""The API's calls about templates."""

from __future__ import annotations

from collections.abc import Iterator

import orjson
from fastapi import APIRouter, Depends
from fastapi.responses import StreamingResponse

from concord.api_service import PROJECT, ServiceNow, authorise
from concord.errors import ConcordError
from concord.verbs import Result

template_router = APIRouter(prefix="/v1", dependencies=[Depends(authorise)])


@template_router.get("/templates")
def list_templates(service: ServiceNow) -> list[Result]:
    """The templates of the workspace."""
    return service.verbs.list_templates()


@template_router.post(f"{PROJECT}/templates/{{template}}")
def apply_template(service: ServiceNow, project: str, template: str) -> Result:
    """Make an item of each row."""
    return service.verbs.apply_template(template, project)


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
