"""Push: a project's items become tasks of a project in Label Studio; doing it again adds what is new.

What is on the server is the truth: each item's id is in its task, so a push whose answer got lost is found again.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from concord.errors import Conflict, InputError
from concord.ids import derived_id
from concord.labelstudio.config import labelling_config, tags
from concord.labelstudio.reading import asked_of
from concord.labelstudio.tasks import Fields, Shown, drafts_to_show, item_of, shown_ids, task_of
from concord.records.draft import Draft
from concord.records.item import Item
from concord.records.kinds import DRAFTS_SHOWN, Task
from concord.records.labelstudio import LabelStudioLink, LabelStudioTask
from concord.records.project import Guidelines, Project

BATCH = 50
_LONGEST_TITLE = 50

Order = Callable[[UUID, Sequence[UUID]], tuple[UUID, ...]]
OnStep = Callable[[int, int], None]


class TaskPage(Protocol):
    """Some tasks of a project, and how many it has in all."""

    @property
    def tasks(self) -> list[Fields]: ...
    @property
    def total(self) -> int: ...


class ServerProject(Protocol):
    """A project of a Label Studio, as far as a push looks at it: how its tasks are labelled."""

    @property
    def config(self) -> str: ...


class PushServer(Protocol):
    """What a push needs of Label Studio."""

    def project(self, number: int) -> ServerProject: ...
    def marked_project(self, mark: str) -> int | None: ...
    def create_project(self, fields: Mapping[str, Any]) -> int: ...
    def add_tasks(self, number: int, tasks: Sequence[Fields]) -> list[int]: ...
    def pages(self, number: int, *, annotated: bool) -> Iterator[TaskPage]: ...


class PushStore(Protocol):
    """What a push needs of the store."""

    def items(self, project_id: UUID, *, limit: int | None = None) -> list[Item]: ...
    def drafts(self, item_id: UUID) -> list[Draft]: ...
    def drafts_seen(self, item_id: UUID) -> list[tuple[UUID, ...]]: ...
    def guidelines(self, project_id: UUID) -> Guidelines: ...
    def labelstudio_link(self, project_id: UUID) -> LabelStudioLink | None: ...
    def save_labelstudio_link(self, link: LabelStudioLink) -> None: ...
    def labelstudio_tasks(self, project_id: UUID) -> list[LabelStudioTask]: ...
    def note_labelstudio_tasks(self, tasks: Sequence[LabelStudioTask]) -> None: ...


class PushReport(NamedTuple):
    """What a push did: `present` items were there already, `waiting` ones have too few drafts to be judged."""

    number: int
    pushed: int
    present: int
    waiting: int


@dataclass(frozen=True)
class Push:
    """One push of a project.

    Attributes:
        url: where the Label Studio is.
        order: in which order drafts are shown, from an id of the item's and the drafts' ids; pure.
        anew: make another project there, whatever the project is tied to.
    """

    project: Project
    url: str
    order: Order
    now: datetime
    anew: bool = False


def push(store: PushStore, server: PushServer, wish: Push, on_step: OnStep | None = None) -> PushReport:
    """Add the items that are not in Label Studio yet.

    Args:
        store: where the items are.
        server: where they go.
        wish: what to push.
        on_step: called with the number of items that are there, and of those that should be.

    Raises:
        Conflict: the project's tasks come from Label Studio, or it asks something else there than it does here.
    """
    link = _link(store, server, wish)
    _note_present(store, server, link, wish.now)
    settings = wish.project.settings
    asked = [asdict(control) for control in asked_of(settings)]
    present = {task.item_id for task in store.labelstudio_tasks(wish.project.id)}
    items = [item for item in store.items(wish.project.id) if _fits(item, settings.task)]
    missing = [item for item in items if item.id not in present]
    there = len(items) - len(missing)
    pushed = 0
    ready = _ready(store, missing, wish)
    while batch := list(islice(ready, BATCH)):
        numbers = server.add_tasks(link.number, [task_of(shown, settings.task, asked) for shown in batch])
        if len(numbers) == len(batch):  # a server that adds tasks later gives no numbers: the next push notes them
            store.note_labelstudio_tasks([_note(*one, wish) for one in zip(batch, numbers, strict=True)])
        pushed += len(batch)
        if on_step:
            on_step(there + pushed, len(items))
    return PushReport(link.number, pushed, there, len(missing) - pushed)


def _link(store: PushStore, server: PushServer, wish: Push) -> LabelStudioLink:
    """The project in Label Studio that this one is tied to, made if there is none."""
    project, link = wish.project, store.labelstudio_link(wish.project.id)
    if link and link.reading is not None:
        raise Conflict(f"The tasks of {project.name!r} come from Label Studio. Use pull, which also brings new tasks.")
    if link and not wish.anew:
        _require_screen(server, wish, link.number)
        return link
    mark = f"concord:{project.id}"
    there = None if wish.anew else server.marked_project(mark)
    if there is not None:
        _require_screen(server, wish, there)
    number = there or server.create_project(
        {
            "title": project.name.ljust(3, ".")[:_LONGEST_TITLE],
            "description": f"Pushed by Concord ({mark}).",
            "label_config": labelling_config(project.settings),
            "expert_instruction": html.escape(store.guidelines(project.id).text).replace("\n", "<br>"),
            "show_instruction": bool(store.guidelines(project.id).text.strip()),
            "maximum_annotations": project.settings.overlap,
            "show_collab_predictions": False,
        }
    )
    made = LabelStudioLink(project.id, wish.url, number, None, wish.now)
    store.save_labelstudio_link(made)
    return made


def _require_screen(server: PushServer, wish: Push, number: int) -> None:
    """Refuse to add tasks to a project there whose screen asks something else.

    Raises:
        Conflict: it does.
    """
    there = tags(server.project(number).config)
    lacking = [tag.name for tag in tags(labelling_config(wish.project.settings)) if tag.to and tag not in there]
    if lacking:
        raise Conflict(
            f"Project {number} at {wish.url} was made when {wish.project.name!r} asked something else: its control "
            f"{lacking[0]!r} is missing or another. Push anew with --new, or take the change of the settings back."
        )


def require_same_url(project: Project, link: LabelStudioLink, url: str) -> None:
    """Refuse another Label Studio than the one that a project is tied to.

    Raises:
        Conflict: it is another.
    """
    if link.url != url:
        raise Conflict(
            f"{project.name!r} is tied to project {link.number} at {link.url}, not to {url}. Use that address, or push "
            "it anew with --new."
        )


def require_link(store: PushStore, project: Project) -> LabelStudioLink:
    """The project in Label Studio that this one is tied to.

    Raises:
        InputError: it is tied to none.
    """
    link = store.labelstudio_link(project.id)
    if link is None:
        raise InputError(f"{project.name!r} is not in Label Studio yet. Push it there, or adopt a project from there.")
    return link


def _note_present(store: PushStore, server: PushServer, link: LabelStudioLink, now: datetime) -> None:
    """Note tasks that are on the server; without going through all of them when their number says they are known."""
    known = len(store.labelstudio_tasks(link.project_id))
    ours = {item.id for item in store.items(link.project_id)}
    for page in server.pages(link.number, annotated=False):
        if page.total == known:
            return
        found = [(item_of(task["data"]), task) for task in page.tasks]
        store.note_labelstudio_tasks(
            [
                LabelStudioTask(item_id, link.project_id, int(task["id"]), shown_ids(task["data"]), now)
                for item_id, task in found
                if item_id and item_id in ours
            ]
        )


def _fits(item: Item, task: Task) -> bool:
    """Whether an item is judged there.

    A screen in Label Studio is the same for all its tasks: who writes from nothing does so at the desk. Items whose
    answers are known already stay there too.
    """
    return item.arm != "gold" and (item.arm != "undrafted" or DRAFTS_SHOWN[task][0] == 0)


def _ready(store: PushStore, items: Sequence[Item], wish: Push) -> Iterator[Shown]:
    """The items that have enough drafts to be judged, each with these in the order shown."""
    task = wish.project.settings.task
    least, most = DRAFTS_SHOWN[task]
    for item in items:
        seen = store.drafts_seen(item.id) if most else []
        drafts = {draft.id: draft for draft in drafts_to_show(store.drafts(item.id), task, seen)}
        if len(drafts) >= least:
            ordered = wish.order(derived_id(item.id, "labelstudio"), list(drafts))
            yield Shown(item, tuple(drafts[draft_id] for draft_id in ordered))


def _note(shown: Shown, number: int, wish: Push) -> LabelStudioTask:
    drafts = tuple(draft.id for draft in shown.drafts)
    return LabelStudioTask(shown.item.id, wish.project.id, number, drafts, wish.now)
