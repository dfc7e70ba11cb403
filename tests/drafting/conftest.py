from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from types import SimpleNamespace
from uuid import UUID

import pytest

from concord.ids import new_id
from concord.records.draft import Draft, Missing, Wanted
from concord.records.item import Item, Message
from concord.records.project import Project, Settings
from concord.records.run import DraftFailure, DraftingRun, Usage


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No key, no other endpoint, and no proxy on the way to this machine."""
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def serve(serve: Callable[[object], str]) -> Callable[[object], str]:
    """Serve an ASGI application on a free port of 127.0.0.1; gives its base URL."""
    return lambda app: f"{serve(app)}/v1"


@pytest.fixture
def closed_port() -> str:
    """A base URL where nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return f"http://127.0.0.1:{listening.getsockname()[1]}/v1"


class MemoryStore:
    """The part of the store that drafting needs, in memory."""

    def __init__(self, items: Sequence[Item]) -> None:
        self.items = list(items)
        self.drafts: dict[UUID, Draft] = {}
        self.failures: list[DraftFailure] = []
        self.saved: list[DraftingRun] = []

    def _missing(self, project_id: UUID, candidates: int) -> list[tuple[int, list[Wanted]]]:
        present = {(draft.item_id, draft.name) for draft in self.drafts.values()}
        found = [
            (place, [Wanted(item, name) for n in range(1, candidates + 1) if (item.id, name := f"d{n}") not in present])
            for place, item in enumerate(self.items, 1)
            if item.project_id == project_id
        ]
        return [(place, wanted) for place, wanted in found if wanted]

    def wanted_drafts(
        self, project_id: UUID, *, candidates: int, limit: int, after: int = 0
    ) -> tuple[list[Wanted], int]:
        page = [one for one in self._missing(project_id, candidates) if one[0] > after][:limit]
        return [wanted for _, many in page for wanted in many], page[-1][0] if page else after

    def missing_drafts(self, project_id: UUID, *, candidates: int, limit: int | None = None) -> Missing:
        lacking = [wanted for _, wanted in self._missing(project_id, candidates)][:limit]
        lengths = [sum(len(message.content) for message in one.item.messages) for many in lacking for one in many]
        return Missing(len(lacking), len(lengths), sum(lengths))

    def token_usage(self, project_id: UUID, model: str) -> Usage:
        return Usage(0, 0, 0, 0)

    def add_results(self, drafts: Sequence[Draft], failures: Sequence[DraftFailure]) -> None:
        self.drafts |= {draft.id: draft for draft in drafts if draft.id not in self.drafts}
        self.failures += failures

    def save_run(self, run: DraftingRun) -> None:
        self.saved.append(run)

    def interrupted_runs(self) -> list[DraftingRun]:
        latest = {run.id: run for run in self.saved}
        return [run for run in latest.values() if run.state == "running"]


def dialogue_item(project: Project, number: int) -> Item:
    prompt = (
        "Summarise the dialogue.\n\n"
        f"#Person1#: Did parcel {number} arrive? I sent it on Monday.\n"
        f"#Person2#: No, parcel {number} is still missing. Where can it be?\n"
        "#Person1#: Let me ask the post office about the parcel."
    )
    return Item(new_id(), project.id, f"item-{number}", (Message("user", prompt),))


@pytest.fixture
def world() -> SimpleNamespace:
    """A project, and a function that makes a store with so many items."""
    project = Project(new_id(), "parcels", Settings(), datetime(2026, 1, 1, tzinfo=UTC))

    def store_of(count: int, kind: type[MemoryStore] = MemoryStore) -> MemoryStore:
        return kind([dialogue_item(project, number) for number in range(count)])

    return SimpleNamespace(project=project, store_of=store_of, MemoryStore=MemoryStore)
