"""The verbs of the bridge to Label Studio, done on a store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from concord.desk.order import shown_order
from concord.errors import Conflict, InputError
from concord.ids import new_id
from concord.imports.files import open_source, read
from concord.imports.reading import Bad
from concord.labelstudio.access import Access
from concord.labelstudio.adopt import Adoption, settings_for
from concord.labelstudio.preview import preview
from concord.labelstudio.pull import NOTHING, Puller, PullStore, known_of_item, known_of_project, shown_item
from concord.labelstudio.push import Push, PushStore, push, require_link, require_same_url
from concord.labelstudio.reading import Reading, proposed_reading, reading_json, stored_reading
from concord.labelstudio.webhook import ACTIONS, Webhook, told_task, webhook_address
from concord.records.labelstudio import LabelStudioLink
from concord.records.project import Project, Settings
from concord.rubric import check_asked
from concord.verbs_labelstudio import Adopting, LabelStudioCall, OnTasks, Result, Watching

if TYPE_CHECKING:
    # At run time by the verbs that ask a server: the SDK takes as long as all the rest together.
    from concord.labelstudio.server import Server, ServerProject

_BATCH = 100


class BridgeStore(PushStore, PullStore, Protocol):
    """What the verbs need of the store."""

    def create_project(self, project: Project) -> None: ...
    def projects(self) -> list[Project]: ...
    def project(self, name: str) -> Project: ...
    def save_settings(self, project_id: UUID, settings: Settings) -> None: ...
    def withdraw(self, judged: Sequence[tuple[UUID, str]], now: datetime) -> int: ...


class LocalLabelStudioVerbs:
    """See `concord.verbs_labelstudio.LabelStudioVerbs`."""

    def __init__(self, store: BridgeStore) -> None:
        self._bridged = store

    def push_labelstudio(self, project: str, call: LabelStudioCall, on_tasks: OnTasks | None = None) -> Result:
        """Add the items that are not in Label Studio yet."""
        found = self._bridged.project(project)
        access = self._access(found, call)
        wish = Push(found, access.url, shown_order, datetime.now(UTC), call.anew)
        with _server(access) as server:
            return {"url": access.url, **push(self._bridged, server, wish, on_tasks)._asdict()}

    def pull_labelstudio(self, project: str, call: LabelStudioCall, on_tasks: OnTasks | None = None) -> Result:
        """Bring in the annotations that are not here yet."""
        found = self._bridged.project(project)
        link = require_link(self._bridged, found)
        access = self._access(found, call)
        puller = self._puller(found, link, gold=call.gold)
        with _server(access) as server:
            server.project(link.number)  # a project that is gone is said as such
            for page in server.pages(link.number, annotated=True):
                puller.take(page.tasks)
                if on_tasks:
                    on_tasks(puller.tasks, page.total)
        return {"url": access.url, "number": link.number, **asdict(puller.report()), **self._deleted(puller, call)}

    def sync_labelstudio(self, project: str, call: LabelStudioCall, on_tasks: OnTasks | None = None) -> Result:
        """Push what is new here, then pull what is new there; of an adopted project, pull alone."""
        link = self._bridged.labelstudio_link(self._bridged.project(project).id)
        pushed = None if link and link.reading is not None else self.push_labelstudio(project, call, on_tasks)
        return {"push": pushed, "pull": self.pull_labelstudio(project, replace(call, anew=False), on_tasks)}

    def pull_labelstudio_file(self, project: str, path: Path, *, gold: bool = False) -> Result:
        """Bring in the annotations of a file that Label Studio exported as JSON."""
        found = self._bridged.project(project)
        link = self._bridged.labelstudio_link(found.id)
        puller = self._puller(found, link, gold=gold)
        tasks = _exported(path)
        while batch := list(islice(tasks, _BATCH)):
            puller.take(batch)
        return {"file": str(path), **asdict(puller.report())}

    def watch_labelstudio(self, project: str, watching: Watching) -> Result:
        """Let the Label Studio tell the app of every annotation when it is made or changed."""
        found = self._bridged.project(project)
        link = require_link(self._bridged, found)
        address = webhook_address(watching.to, found.name)
        with _server(self._access(found, LabelStudioCall(watching.key))) as server:
            server.project(link.number)
            server.save_webhook(link.number, Webhook(address, watching.secret, ACTIONS))
        return {"url": link.url, "number": link.number, "to": address}

    def hear_labelstudio(self, project: str, told: Mapping[str, Any]) -> Result:
        """Take in what a Label Studio tells of its own accord."""
        found = self._bridged.project(project)
        link = require_link(self._bridged, found)
        task = told_task(told, link.number)
        if task is None:
            return {"annotations": 0, "skips": 0}
        adoption, now = _adoption(found, link), datetime.now(UTC)
        item_id = shown_item(task, adoption)
        known = known_of_item(self._bridged, found.id, item_id) if item_id else NOTHING
        puller = Puller(self._bridged, found, now, known, adoption)
        puller.take([task])
        return asdict(puller.report())

    def adopt_labelstudio(self, project: str, adopting: Adopting, on_tasks: OnTasks | None = None) -> Result:
        """Make a project of one that others made in Label Studio, or show what it would be."""
        access = Access(adopting.url, adopting.key)
        with _server(access) as server:
            theirs = server.project(adopting.number)
            first = next(server.pages(adopting.number, annotated=True)) if adopting.dry_run else None
        reading = proposed_reading(theirs.config, adopting.meanings)
        adopter = self._adopter(project, theirs, reading)
        seen = preview(theirs.title, reading, adopter.settings, first.tasks if first else ())
        if first:
            return {**seen, "tasks": first.total, "dry_run": True}
        link = self._adopting_link(adopter, access.url, theirs, reading)
        self._keep(adopter)
        self._bridged.save_labelstudio_link(link)
        pulled = self.pull_labelstudio(project, LabelStudioCall(adopting.key, access.url), on_tasks)
        return {**seen, **pulled, "dry_run": False}

    def _deleted(self, puller: Puller, call: LabelStudioCall) -> Result:
        """Who judged what there, and deleted it since; it is withdrawn here if that is wished."""
        gone = puller.deleted()
        withdrawn = self._bridged.withdraw(gone, datetime.now(UTC)) if gone and call.withdraw else 0
        names = {item_id: name for name, item_id in self._bridged.item_ids(puller.project.id).items()} if gone else {}
        named = sorted((names[one.item_id], one.annotator) for one in gone)
        return {"deleted": [{"item": item, "annotator": who} for item, who in named], "withdrawn": withdrawn}

    def _puller(self, project: Project, link: LabelStudioLink | None, *, gold: bool) -> Puller:
        known = known_of_project(self._bridged, project.id)
        return Puller(self._bridged, project, datetime.now(UTC), known, _adoption(project, link), gold)

    def _adopter(self, name: str, theirs: ServerProject, reading: Reading) -> Project:
        """The project that adopts: a new one, or that of the name; while it has no items, it will ask what they did."""
        present = self._named(name)
        if present and self._bridged.item_ids(present.id):
            return present
        new = Settings(overlap=theirs.overlap)
        adopter = present or Project(new_id(), name.strip(), new, datetime.now(UTC))
        settings = settings_for(reading, adopter.settings)
        check_asked(settings)
        return replace(adopter, settings=settings)

    def _keep(self, adopter: Project) -> None:
        if self._named(adopter.name):
            self._bridged.save_settings(adopter.id, adopter.settings)
        else:
            self._bridged.create_project(adopter)

    def _named(self, name: str) -> Project | None:
        return next((one for one in self._bridged.projects() if one.name == name.strip()), None)

    def _adopting_link(self, adopter: Project, url: str, theirs: ServerProject, reading: Reading) -> LabelStudioLink:
        """The link of the project that adopts."""
        now, stored = datetime.now(UTC), reading_json(reading)
        link = self._bridged.labelstudio_link(adopter.id)
        if link and (link.reading is None or (link.url, link.number) != (url, theirs.number)):
            raise Conflict(
                f"{adopter.name!r} is tied to project {link.number} at {link.url} already. Adopt under another name."
            )
        return replace(link, reading=stored) if link else LabelStudioLink(adopter.id, url, theirs.number, stored, now)

    def _access(self, project: Project, call: LabelStudioCall) -> Access:
        link = self._bridged.labelstudio_link(project.id)
        url = call.url or (link.url if link else None)
        if url is None:
            raise InputError(f"{project.name!r} is not in Label Studio yet. Say where that is: --url http://host:8080.")
        access = Access(url, call.key)
        if link and not call.anew:
            require_same_url(project, link, access.url)
        return access


def _server(access: Access) -> AbstractContextManager[Server]:
    from concord.labelstudio.server import open_server

    return open_server(access)


def _adoption(project: Project, link: LabelStudioLink | None) -> Adoption | None:
    if link is None or link.reading is None:
        return None
    return Adoption(project, link.number, stored_reading(link.reading), datetime.now(UTC))


def _exported(path: Path) -> Iterator[dict[str, Any]]:
    """The tasks of an exported file.

    Raises:
        InputError: it is no such file.
    """
    with open_source(path) as source:
        for record in read(source):
            if isinstance(record, Bad):
                problem = record.problem
                raise InputError(f"{problem.source}, line {problem.line}: {problem.found}. {problem.cure}")
            data: dict[str, Any] = record.data
            if not isinstance(data.get("data"), dict) or not isinstance(data.get("annotations"), list):
                raise InputError(
                    f"{path.name}, line {record.line}: not a task with annotations. Export from Label Studio as JSON "
                    "(not JSON-MIN or CSV)."
                )
            yield data
