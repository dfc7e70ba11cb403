"""The bridge to Label Studio, asked of the app: as it is on the store itself, and the key stays out of messages."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from stub_server import KEY, StubServer, serving

from concord.api import create_api
from concord.api_service import Service
from concord.drafting.worker import Drafter
from concord.errors import InputError, LabelStudioError
from concord.local import LocalVerbs
from concord.records.project import Project, Served
from concord.remote import RemoteVerbs
from concord.verbs_labelstudio import Adopting, LabelStudioCall, Watching
from storage.store import Store

CONFIG = '<View><Text name="q" value="$question"/><Rating name="clear" toName="q"/></View>'


@pytest.fixture
def stub() -> Iterator[StubServer]:
    with serving() as state:
        yield state


@pytest.fixture
def remote(store: Store, serve: Callable[[Any], str]) -> Iterator[RemoteVerbs]:
    """The verbs of an app over a real connection."""
    drafter, api = Drafter(store), create_api()
    api.state.service = Service(store, LocalVerbs(store, Path("prompts")), drafter, "only-for-its-owner")
    yield RemoteVerbs(Served(serve(Starlette(routes=[Mount("/api", api)])), "only-for-its-owner"))
    drafter.close()


def test_a_project_goes_there_and_comes_back_through_the_app(
    remote: RemoteVerbs, stub: StubServer, campaign: Any, project: Project, tmp_path: Path
) -> None:
    campaign.item("q1", "One.", "Two.")
    call = LabelStudioCall(KEY, stub.url)
    assert remote.push_labelstudio(project.name, call)["pushed"] == 1
    result = {"from_name": "edited", "to_name": "prompt", "type": "textarea", "value": {"text": ["Better."]}}
    stub.annotate(1, 5, [result])
    file = tmp_path / "export.json"
    file.write_text(json.dumps(list(stub.tasks.values())))
    assert remote.pull_labelstudio_file(project.name, file)["annotations"] == 1
    assert remote.pull_labelstudio_file(project.name, file, gold=True)["known"] == 0
    assert remote.pull_labelstudio(project.name, replace(call, gold=True))["annotations"] == 0
    assert remote.sync_labelstudio(project.name, call)["push"]["present"] == 1
    assert remote.watch_labelstudio(project.name, Watching(KEY, "http://127.0.0.1:8501", "us"))["number"] == 1


def test_a_project_is_adopted_through_the_app(remote: RemoteVerbs, stub: StubServer, store: Store) -> None:
    stub.projects[1] = {"id": 1, "title": "Theirs", "label_config": CONFIG}
    stub.tasks[1] = {"id": 1, "project": 1, "data": {"question": "Q?"}, "annotations": []}
    assert remote.adopt_labelstudio("theirs", Adopting(KEY, stub.url, 1, dry_run=True))["tasks"] == 1
    assert store.projects() == []
    assert remote.adopt_labelstudio("theirs", Adopting(KEY, stub.url, 1))["items"] == 1


def test_a_refusal_comes_through_as_itself_and_without_the_key(
    remote: RemoteVerbs, stub: StubServer, project: Project
) -> None:
    stub.fails["GET /api/current-user/whoami"] = 401
    with pytest.raises(LabelStudioError, match="refuses the key") as caught:
        remote.push_labelstudio(project.name, LabelStudioCall(KEY, stub.url))
    assert KEY not in str(caught.value)
    with pytest.raises(InputError, match="number") as unreadable:
        remote.adopt_labelstudio("theirs", Adopting(KEY, stub.url, "one"))  # pyright: ignore[reportArgumentType]
    assert KEY not in str(unreadable.value)
