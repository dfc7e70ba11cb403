"""What a Label Studio tells of its own accord: an annotation that was made or changed there, with its task."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, cast
from urllib.parse import quote

from concord.errors import InputError
from concord.labelstudio.tasks import Fields

SECRET_VARIABLE = "CONCORD_WEBHOOK_SECRET"
ACTIONS = ("ANNOTATION_CREATED", "ANNOTATION_UPDATED")
"""What is told. A deleted annotation is not: what was judged once stays."""


class Webhook(NamedTuple):
    """Where a Label Studio tells of these actions, and the secret that it shows there."""

    address: str
    secret: str
    actions: tuple[str, ...]


def webhook_address(app: str, project: str) -> str:
    """Where the app listens for a project.

    Args:
        app: the app's address as the Label Studio reaches it.
        project: the project's name.

    >>> webhook_address("http://127.0.0.1:8501/", "help desk")
    'http://127.0.0.1:8501/api/v1/projects/help%20desk/labelstudio/webhook'
    """
    return f"{app.rstrip('/')}/api/v1/projects/{quote(project)}/labelstudio/webhook"


def told_task(told: Mapping[str, Any], number: int) -> Fields | None:
    """The task that a message is about, with the one annotation; None when it is about something else.

    Args:
        told: the message.
        number: the Label Studio project that is listened to.

    Raises:
        InputError: it is of another project, or no message of a Label Studio.
    """
    if told.get("action") not in ACTIONS:
        return None
    project, task, annotation = (_fields(told, name) for name in ("project", "task", "annotation"))
    if project.get("id") != number:
        raise InputError(
            f"The message is of project {project.get('id')!r}, not {number}. Correct the webhook's address."
        )
    if not isinstance(task.get("id"), int):
        raise InputError("The message's task has no id. Let the webhook send its payload.")
    return {**task, "data": _fields(task, "data"), "annotations": [annotation]}


def _fields(told: Mapping[str, Any], name: str) -> Fields:
    found: object = told.get(name)
    if not isinstance(found, dict):
        raise InputError(f"The message has no {name}. Let the webhook send its payload.")
    return cast("Fields", found)
