"""What several packages of tests share: a store on a real file, a project, a campaign to fill, the shared data."""

import contextlib
import os
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from hypothesis import HealthCheck, settings
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from concord.curation.review import Ruling, case_of, rule, store_decision
from concord.ids import new_id
from concord.records.annotation import Adjudication, Annotation, Comparison, Edit, Judgement, Ranking
from concord.records.draft import Draft
from concord.records.item import Item, Message
from concord.records.kinds import Decision
from concord.records.project import Project, Settings
from storage.store import Store
from storage.workspace import open_workspace

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)

# A store is a file: examples share it, each with a project of its own, and the disk decides how long they take.
settings.register_profile("concord", deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
settings.load_profile("concord")


@dataclass(frozen=True)
class Campaign:
    """A project in a store, and short ways to fill it."""

    store: Store
    project: Project

    def item(self, name: str = "q1", *texts: str, **fields: Any) -> Item:
        """Store an item; its drafts `d1`, `d2`, … have these texts."""
        wanted = {"messages": (Message("user", f"What about {name}?"),), **fields}
        item = Item(new_id(), self.project.id, name, **wanted)
        self.store.add_items([item], overlap=self.project.settings.overlap)
        for number, text in enumerate(texts, 1):
            self.draft(item, f"d{number}", text)
        return item

    def items(self, count: int, *texts: str) -> list[Item]:
        """Store many items at once: `q1`, `q2`, …, each with drafts of these texts."""
        made = [
            Item(new_id(), self.project.id, f"q{n}", (Message("user", f"What about q{n}?"),))
            for n in range(1, count + 1)
        ]
        self.store.add_items(made, overlap=self.project.settings.overlap)
        self.store.add_drafts(
            [
                Draft(new_id(), self.project.id, item.id, f"d{number}", text, "file", NOW)
                for item in made
                for number, text in enumerate(texts, 1)
            ]
        )
        return made

    def draft(self, item: Item, name: str, text: str, **fields: Any) -> Draft:
        """Store a draft."""
        wanted = {"source": "file", "created_at": NOW, **fields}
        draft = Draft(new_id(), self.project.id, item.id, name, text, **wanted)
        self.store.add_drafts([draft])
        return draft

    def judge(self, item: Item, annotator: str, judgement: Judgement, **fields: Any) -> Annotation:
        """Store a judgement that was made elsewhere."""
        wanted = {"origin": "file", "created_at": NOW, **fields}
        annotation = Annotation(new_id(), self.project.id, item.id, annotator, judgement, **wanted)
        self.store.add_annotations([annotation])
        return annotation

    def edit(self, item: Item, annotator: str, text: str) -> Annotation:
        """Store an answer written from nothing."""
        return self.judge(item, annotator, Edit(None, text))

    def compare(self, item: Item, annotator: str, better: str) -> Annotation:
        """Store a comparison: a draft's name, `tie` or `both_bad`."""
        ids = {draft.name: draft.id for draft in self.store.drafts(item.id)}
        return self.judge(item, annotator, Comparison(ids.get(better, better)))

    def rank(self, item: Item, annotator: str, order: str) -> Annotation:
        """Store a ranking such as `d2 > d1 = d3`."""
        ids = {draft.name: draft.id for draft in self.store.drafts(item.id)}
        tiers = tuple(tuple(sorted(ids[name] for name in tier.split(" = "))) for tier in order.split(" > "))
        return self.judge(item, annotator, Ranking(tiers))

    def decide(self, item: Item, decision: Decision, draft: str | None = None, text: str | None = None) -> Adjudication:
        """Store a reviewer's decision, as the Review page does."""
        ruling = Ruling(decision, "rae", "because", draft, text)
        made = rule(case_of(self.store, self.project, item.name), ruling, now=NOW)
        store_decision(self.store, self.project, made)
        return made


class Scripted:
    """An endpoint that answers as it is told, and remembers what it was asked.

    `reply` gets the request's body and gives the text, or the text with a finish reason.
    """

    def __init__(self, reply: Callable[[dict[str, Any]], str | tuple[str, str]]) -> None:
        self.reply = reply
        self.asked: list[dict[str, Any]] = []

    @property
    def texts(self) -> str:
        """All that was sent here."""
        return "\n".join(message["content"] for body in self.asked for message in body["messages"])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer every request, whatever its path: behind a proxy's address it is a whole URL."""
        response = await self._answer(Request(scope, receive))
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> JSONResponse:
        body = await request.json()
        self.asked.append(body)
        said = self.reply(body)
        text, reason = said if isinstance(said, tuple) else (said, "stop")
        choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": reason}
        usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
        return JSONResponse(
            {
                "id": "x",
                "object": "chat.completion",
                "created": 0,
                "model": body["model"],
                "choices": [choice],
                "usage": usage,
            }
        )


@pytest.fixture
def scripted() -> type[Scripted]:
    """Makes an endpoint from its replies."""
    return Scripted


@pytest.fixture(scope="session")
def empty_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a workspace in which nothing is yet; to copy one takes half the time of making one."""
    folder = tmp_path_factory.mktemp("empty") / "workspace"
    open_workspace(folder).close()
    return folder


@pytest.fixture
def store(empty_workspace: Path, tmp_path: Path) -> Iterator[Store]:
    """An empty workspace."""
    opened = open_workspace(shutil.copytree(empty_workspace, tmp_path / "workspace"))
    yield opened
    opened.close()


@pytest.fixture
def project(store: Store) -> Project:
    """An empty project with the settings that a new one has."""
    made = Project(new_id(), "helpdesk", Settings(), NOW)
    store.create_project(made)
    return made


@pytest.fixture
def new_campaign(store: Store) -> Callable[..., Campaign]:
    """Makes an empty campaign with the given settings."""

    def make(**chosen: Any) -> Campaign:
        made = Project(new_id(), f"campaign {new_id().hex}", Settings(**chosen), NOW)
        store.create_project(made)
        return Campaign(store, made)

    return make


@pytest.fixture
def campaign(store: Store, project: Project) -> Campaign:
    """The empty project as a campaign."""
    return Campaign(store, project)


@pytest.fixture
def serve() -> Iterator[Callable[[Any], str]]:
    """Serve an ASGI application on a free port of 127.0.0.1; gives its address."""
    with contextlib.ExitStack() as servers:

        def start(app: Any) -> str:
            listening = servers.enter_context(socket.create_server(("127.0.0.1", 0)))
            server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off", ws="none"))
            thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
            thread.start()
            servers.callback(thread.join)
            servers.callback(setattr, server, "should_exit", True)
            return f"http://127.0.0.1:{listening.getsockname()[1]}"

        yield start


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder with real data, which is not part of the repository."""
    default = Path(__file__).resolve().parents[2] / "shared" / "data"
    folder = Path(os.environ.get("CONCORD_SHARED_DATA", default))
    if not folder.is_dir():
        pytest.skip(f"{folder} is not there. Set CONCORD_SHARED_DATA to the folder with the shared data.")
    return folder
