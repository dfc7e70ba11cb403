"""The API's calls about templates."""

from __future__ import annotations

from fastapi import APIRouter, Depends

from concord.api_service import PROJECT, ServiceNow, authorise
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
