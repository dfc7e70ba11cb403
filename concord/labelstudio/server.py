"""The Label Studio server, through its SDK: a few calls, plain data in and out, every failure said in words.

What only reads is tried again when the connection fails. What writes is not: the answer may be what got lost, so that
whoever repeats a push looks first at what arrived.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any, NamedTuple, cast

import httpx
from label_studio_sdk import LabelStudio
from label_studio_sdk.core.api_error import ApiError
from label_studio_sdk.core.parse_error import ParsingError

from concord.errors import LabelStudioError
from concord.labelstudio.access import Access
from concord.labelstudio.webhook import Webhook

Fields = dict[str, Any]

OLDEST = (1, 8)
"""The first Label Studio that has a Ranker."""
PAGE = 100
_CONNECTION = "the connection"
_SECONDS = 60
_ONCE: Any = {"max_retries": 0}
_DENIED = (401, 403)


class ServerProject(NamedTuple):
    """A project of a Label Studio: its id, its title, how its tasks are labelled, by how many."""

    number: int
    title: str
    config: str
    overlap: int


class Page(NamedTuple):
    """Some tasks of a project, and how many it has in all."""

    tasks: list[Fields]
    total: int


@contextmanager
def open_server(access: Access) -> Generator[Server]:
    """A Label Studio that answers, takes the key and is new enough.

    Raises:
        LabelStudioError: it does not, or a call of the block failed.
    """
    with httpx.Client(timeout=_SECONDS, follow_redirects=True) as transport:
        yield Server(access, transport)


class Server:
    """One Label Studio. Every call raises `LabelStudioError` when it fails."""

    def __init__(self, access: Access, transport: httpx.Client) -> None:
        self._url = access.url
        with self._in_words(_CONNECTION):
            self._client = LabelStudio(base_url=f"{access.url}/", api_key=access.key, httpx_client=transport)
            self._require_version(self._client.versions.get().release)
            self._client.users.whoami()

    def project(self, number: int) -> ServerProject:
        """The project of that id."""
        with self._in_words(f"project {number}"):
            found = self._client.projects.get(number)
            return ServerProject(number, str(found.title), str(found.label_config), found.maximum_annotations or 1)

    def marked_project(self, mark: str) -> int | None:
        """The oldest project whose description holds a mark."""
        with self._in_words("the list of projects"):
            projects: Any = self._client.projects  # half of its types are unknown, as those of tasks
            found = projects.list(page_size=PAGE)
            numbers = [int(one.id) for one in found if one.id and mark in str(one.description)]
            return min(numbers, default=None)

    def create_project(self, fields: Mapping[str, Any]) -> int:
        """Create a project; returns its id."""
        with self._in_words("the new project"):
            made: Any = self._client.projects.create(**fields, request_options=_ONCE)
            return int(made.id)

    def add_tasks(self, number: int, tasks: Sequence[Fields]) -> list[int]:
        """Add tasks, all of them or none; returns their ids, or nothing when the server adds them later."""
        with self._in_words(f"tasks for project {number}"):
            request: Any = list(tasks)  # the SDK's own type for a task asks for ids that do not exist yet
            added: Any = self._client.projects.import_tasks(
                number, request=request, return_task_ids=True, request_options=_ONCE
            )
            return list(added.task_ids or [])

    def save_webhook(self, number: int, webhook: Webhook) -> None:
        """Let it tell an address of what happens in a project; the one that is there for the address is renewed."""
        wish: Any = {
            "url": webhook.address,
            "actions": list(webhook.actions),
            "headers": {"Authorization": f"Bearer {webhook.secret}"},
            "is_active": True,
            "send_for_all_actions": False,
            "send_payload": True,
        }
        with self._in_words(f"the webhooks of project {number}"):
            webhooks: Any = self._client.webhooks
            present = [one.id for one in webhooks.list(project=str(number)) if one.url == webhook.address]
            if present:
                webhooks.update(present[0], **wish, request_options=_ONCE)
            else:
                webhooks.create(project=number, **wish, request_options=_ONCE)

    def pages(self, number: int, *, annotated: bool) -> Iterator[Page]:
        """All tasks of a project, page by page, with their annotations and predictions if wished."""
        seen, page = 0, 0
        while True:
            page += 1
            found = self._page(number, page, annotated)
            seen += len(found.tasks)
            yield found
            if not found.tasks or seen >= found.total:
                return

    def _page(self, number: int, page: int, annotated: bool) -> Page:
        wanted = "all" if annotated else "task_only"
        with self._in_words(f"the tasks of project {number}"):
            tasks: Any = self._client.tasks
            try:
                found = tasks.list(project=number, page=page, page_size=PAGE, fields=wanted)
            except ApiError as error:
                if error.status_code == HTTPStatus.NOT_FOUND and page > 1:  # what it says behind the last page
                    return Page([], 0)
                raise
            return Page([task.model_dump() for task in cast("list[Any]", found.items or [])], found.response.total or 0)

    def _require_version(self, release: object) -> None:
        found = re.match(r"(\d+)\.(\d+)", str(release))
        if found is None:
            raise LabelStudioError(f"{self._url} does not say which Label Studio it is. Check the address.")
        if tuple(map(int, found.groups())) < OLDEST:
            oldest = ".".join(map(str, OLDEST))
            raise LabelStudioError(f"{self._url} is Label Studio {release}, but {oldest} is needed. Upgrade it.")

    @contextmanager
    def _in_words(self, what: str) -> Generator[None]:
        """Say what went wrong, where, and what to do."""
        try:
            yield
        except ApiError as error:
            raise LabelStudioError(self._refusal(what, error)) from None  # it holds headers, and may hold cookies
        except httpx.HTTPError as error:
            raise LabelStudioError(
                f"{self._url}: Label Studio does not answer ({type(error).__name__}). Check that it runs and is "
                "reachable, then run the same again: what has arrived is kept."
            ) from error
        except (ParsingError, ValueError) as error:
            raise LabelStudioError(f"{self._url} does not answer like a Label Studio. Check the address.") from error

    def _refusal(self, what: str, error: ApiError) -> str:
        found = _detail(error.body)
        if "reserved network" in found:  # what it says to a webhook on its own machine or network
            return (
                f"{self._url}: Label Studio does not speak to local addresses ({found}). Start it with "
                "SSRF_PROTECTION_ENABLED=false, or pull instead."
            )
        if error.status_code in _DENIED:
            return f"{self._url}: Label Studio refuses the key ({found}). Set LABEL_STUDIO_API_KEY to a valid token."
        if error.status_code == HTTPStatus.NOT_FOUND and what == _CONNECTION:
            return f"{self._url} does not answer like a Label Studio. Check the address."
        if error.status_code == HTTPStatus.NOT_FOUND:
            return (
                f"{self._url}: {what} cannot be found ({found}). It is deleted, or of another organization: check the "
                "key, or push anew with --new."
            )
        if error.status_code and error.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return (
                f"{self._url}: Label Studio failed on {what} ({error.status_code}). Look at its log, then run the same "
                "again: what has arrived is kept."
            )
        return f"{self._url}: Label Studio refuses {what} ({error.status_code}: {found}). Correct it there."


def _detail(body: Any) -> str:
    """What a refusal says, in a line."""
    if not isinstance(body, dict):
        return " ".join(str(body).split())[:200] or "no reason given"
    said = cast("Fields", body)
    reasons = [str(said.get("detail", "no reason given")).rstrip(".")]
    if problems := said.get("validation_errors"):
        reasons.append(str(problems))
    return "; ".join(reasons)[:400]
