"""An app that is killed at work: what it acknowledged is there when it is opened again, and the workspace is sound.

Judgements come in through the API here, many at once; that those from the desk survive as well is shown in
`tests/storage/test_kill.py`, by a process that submits them.
"""

import http.client
import json
import random
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path
from uuid import UUID

from concord.desk.autosave import make_token
from concord.desk.queue import open_item
from concord.ids import new_id
from concord.records.draft import Draft
from concord.records.item import Item, Message
from concord.records.project import Project, Settings
from storage.store import Store
from storage.workspace import open_workspace

NOW = datetime.now(UTC)
ROUNDS, SENDERS, LINES = 2, 4, 3
WRITERS = ("ana", "ben")


@dataclass
class Acknowledged:
    """What the app said it has: items by name, and the number that each writer saved last as a text."""

    items: set[str] = field(default_factory=set[str])
    saved: dict[str, int] = field(default_factory=lambda: dict.fromkeys(WRITERS, -1))
    ticks: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))


def test_all_that_was_acknowledged_survives_a_kill_at_any_moment(new_app) -> None:
    app, acknowledged, chance = new_app(), Acknowledged(), random.Random(11)
    desks, tokens = desks_taken(app.workspace)
    for number in range(ROUNDS):
        app.start()
        send_and_kill(app, acknowledged, tokens, number, after=chance.randint(10, 60))
        store = open_workspace(app.workspace)
        judged = judged_items(store)
        assert acknowledged.items <= judged
        assert len(judged) % LINES == 0  # each file came in whole or not at all
        for writer, presentation in desks.items():
            assert (
                int(store.history(presentation).unsaved.get("edit", {}).get("text", -1)) >= acknowledged.saved[writer]
            )
        assert [check for check in store.verify() if check.wrong] == []
        store.close()
    assert len(acknowledged.items) >= ROUNDS * LINES
    assert min(acknowledged.saved.values()) >= 0


def desks_taken(workspace: Path) -> tuple[dict[str, UUID], dict[str, str]]:
    """A project where each writer has an item on the desk: the presentations, and the rights to save texts to them."""
    store = open_workspace(workspace)
    project = Project(new_id(), "p", Settings(task="edit", overlap=len(WRITERS), candidates=1), NOW)
    item = Item(new_id(), project.id, "desk", (Message("user", "Why?"),))
    store.create_project(project)
    store.add_items([item], overlap=len(WRITERS))
    store.add_drafts([Draft(new_id(), project.id, item.id, "d1", "So.", "file", NOW)])
    shown = {writer: open_item(store, project, writer, now=NOW).presentation.id for writer in WRITERS}
    tokens = {writer: make_token(store.secret, writer, presentation, "edit") for writer, presentation in shown.items()}
    store.close()
    return shown, tokens


def judged_items(store: Store) -> set[str]:
    project = store.project("p")
    names = {item.id: item.name for item in store.items(project.id)}
    return {names[annotation.item_id] for annotation in store.annotations(project.id)}


def send_and_kill(app, acknowledged: Acknowledged, tokens: dict[str, str], number: int, *, after: int) -> None:
    """Send judgements and texts from many threads at once, and kill the app after so many acknowledgements."""
    senders = [partial(send, app, acknowledged, f"{number}-{sender}") for sender in range(SENDERS)]
    writers = [partial(write, app, acknowledged, writer, token) for writer, token in tokens.items()]
    with ThreadPoolExecutor(SENDERS + len(WRITERS)) as pool:
        works = [pool.submit(until_killed, work) for work in (*senders, *writers)]
        for _ in range(after):
            assert acknowledged.ticks.acquire(timeout=60)
        app.kill()
    for work in works:
        work.result()


def send(app, acknowledged: Acknowledged, sender: str) -> None:
    for number in count():
        names = [f"{sender}-{number}-{line}" for line in range(LINES)]
        app.call("POST", "projects/p/import?file=items.jsonl", "".join(map(judged_item, names)))
        acknowledged.items.update(names)
        acknowledged.ticks.release()


def write(app, acknowledged: Acknowledged, writer: str, token: str) -> None:
    for number in count(acknowledged.saved[writer] + 1):
        body = json.dumps({"token": token, "state": {"text": str(number)}})
        assert app.request("POST", "/api/v1/autosave", body) == (200, b'{"saved":true}')
        acknowledged.saved[writer] = number
        acknowledged.ticks.release()


def until_killed(work: Callable[[], None]) -> None:
    try:
        work()
    except (OSError, http.client.HTTPException):
        return


def judged_item(name: str) -> str:
    """A line with an item and what somebody answered."""
    edit = {"annotator": "cleo", "kind": "edit", "text": f"Answer to {name}."}
    return json.dumps({"item_id": name, "prompt": f"Question {name}?", "responses": [], "annotations": [edit]}) + "\n"
