"""What a Label Studio tells of its own accord."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from stub_server import KEY, MOMENT, StubServer

from concord.api import create_api
from concord.api_service import Service
from concord.drafting.worker import Drafter
from concord.errors import LabelStudioError
from concord.local import LocalVerbs
from concord.records.annotation import Edit
from concord.verbs_labelstudio import Adopting, LabelStudioCall, Watching
from storage.store import Store

SECRET = "between-the-two-of-us"
ADDRESS = "/v1/projects/helpdesk/labelstudio/webhook"
THEIRS = """<View><Text name="q" value="$question"/><TextArea name="answer" toName="q"/></View>"""


@pytest.fixture
def verbs(store: Store) -> LocalVerbs:
    return LocalVerbs(store, Path("prompts"))


@pytest.fixture
def listening(store: Store, verbs: LocalVerbs, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """The app's API, as a Label Studio that knows the secret reaches it."""
    monkeypatch.setenv("CONCORD_WEBHOOK_SECRET", SECRET)
    drafter, app = Drafter(store), create_api()
    app.state.service = Service(store, verbs, drafter, "only-for-its-owner")
    yield TestClient(app, base_url="http://127.0.0.1", headers={"Authorization": f"Bearer {SECRET}"})
    drafter.close()


def told(stub: StubServer, text: str, action: str = "ANNOTATION_CREATED", **fields: Any) -> dict[str, Any]:
    """A message about the first task, as Label Studio 1.23 writes it."""
    result = {"from_name": "edited", "to_name": "prompt", "type": "textarea", "value": {"text": [text]}}
    annotation = {"id": 9, "completed_by": 5, "result": [result], "updated_at": MOMENT} | fields
    task = {name: value for name, value in stub.tasks[1].items() if name != "annotations"}
    return {"action": action, "annotation": annotation, "task": task, "project": {"id": 1}}


def test_an_annotation_is_here_as_soon_as_it_is_told_of_and_a_pull_adds_nothing_to_it(
    campaign: Any, verbs: LocalVerbs, stub: StubServer, listening: TestClient
) -> None:
    item = campaign.item("q1", "One.", "Two.")
    verbs.push_labelstudio("helpdesk", LabelStudioCall(KEY, stub.url))
    answers = [listening.post(ADDRESS, json=told(stub, "Better.")).json()["annotations"] for _ in range(2)]
    assert answers == [1, 0]
    later = told(stub, "Best.", "ANNOTATION_UPDATED", updated_at="2026-05-05T12:00:00Z")
    assert listening.post(ADDRESS, json=later).json()["annotations"] == 1
    [annotation] = campaign.store.item_annotations(item.id)
    first = min(campaign.store.drafts(item.id), key=lambda draft: draft.name)
    assert (annotation.annotator, annotation.judgement) == ("ls-5", Edit(first.id, "Best."))
    stub.annotate(1, 5, later["annotation"]["result"], id=9, updated_at="2026-05-05T12:00:00Z")
    assert verbs.pull_labelstudio("helpdesk", LabelStudioCall(KEY))["annotations"] == 0


def test_a_skip_is_told_too_and_what_is_not_about_an_annotation_changes_nothing(
    campaign: Any, verbs: LocalVerbs, stub: StubServer, listening: TestClient
) -> None:
    campaign.item("q1", "One.", "Two.")
    verbs.push_labelstudio("helpdesk", LabelStudioCall(KEY, stub.url))
    assert listening.post(ADDRESS, json=told(stub, "", was_cancelled=True)).json()["skips"] == 1
    for action in ("PROJECT_UPDATED", "ANNOTATIONS_DELETED"):
        assert listening.post(ADDRESS, json={"action": action}).json() == {"annotations": 0, "skips": 0}


def test_a_task_that_is_new_there_becomes_an_item_of_the_project_that_adopted_it(
    verbs: LocalVerbs, stub: StubServer, listening: TestClient, store: Store
) -> None:
    stub.projects[1] = {"id": 1, "title": "Theirs", "label_config": THEIRS}
    stub.tasks[1] = {"id": 1, "project": 1, "data": {"question": "Why?"}, "annotations": []}
    verbs.adopt_labelstudio("helpdesk", Adopting(KEY, stub.url, 1))
    stub.tasks[1] = {"id": 2, "project": 1, "data": {"question": "When?"}}
    message = told(stub, "")
    message["annotation"]["result"] = [{"from_name": "answer", "value": {"text": ["At noon."]}}]
    answer = listening.post(ADDRESS, json=message).json()
    assert (answer["items"], answer["annotations"]) == (1, 1)
    found = store.project("helpdesk")
    assert sorted(item.messages[0].content for item in store.items(found.id)) == ["When?", "Why?"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"project": {"id": 2}}, "The message is of project 2, not 1. Correct the webhook's address."),
        ({"task": None}, "The message has no task. Let the webhook send its payload."),
        ({"task": {"id": "x", "data": {}}}, "The message's task has no id. Let the webhook send its payload."),
        ({"annotation": []}, "The message has no annotation. Let the webhook send its payload."),
    ],
)
def test_a_message_that_says_too_little_is_refused(
    campaign: Any, verbs: LocalVerbs, stub: StubServer, listening: TestClient, change: Any, message: str
) -> None:
    campaign.item("q1", "One.", "Two.")
    verbs.push_labelstudio("helpdesk", LabelStudioCall(KEY, stub.url))
    answer = listening.post(ADDRESS, json=told(stub, "Better.") | change)
    assert (answer.status_code, answer.json()["detail"]) == (400, message)


def test_whoever_does_not_know_the_secret_is_refused_and_without_one_nobody_is_heard(
    campaign: Any, listening: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = listening.post(ADDRESS, json={}, headers={"Authorization": "Bearer guessed"})
    assert (refused.status_code, SECRET in refused.text) == (401, False)
    monkeypatch.delenv("CONCORD_WEBHOOK_SECRET")
    unheard = listening.post(ADDRESS, json={})
    assert (unheard.status_code, unheard.json()["detail"]) == (
        404,
        "No Label Studio is listened to. Set CONCORD_WEBHOOK_SECRET where the app runs.",
    )


def test_a_label_studio_that_speaks_to_no_local_address_says_what_to_do(
    campaign: Any, verbs: LocalVerbs, stub: StubServer
) -> None:
    campaign.item("q1", "One.", "Two.")
    verbs.push_labelstudio("helpdesk", LabelStudioCall(KEY, stub.url))
    stub.refuses_local = True
    with pytest.raises(LabelStudioError) as caught:
        verbs.watch_labelstudio("helpdesk", Watching(KEY, "http://127.0.0.1:8501", SECRET))
    assert str(caught.value) == (
        f"{stub.url}: Label Studio does not speak to local addresses (URL resolves to a reserved network address "
        "(block: 127.0.0.0/8)). Start it with SSRF_PROTECTION_ENABLED=false, or pull instead."
    )
    assert stub.webhooks == []


def test_label_studio_is_told_once_where_to_tell_of_what(campaign: Any, verbs: LocalVerbs, stub: StubServer) -> None:
    campaign.item("q1", "One.", "Two.")
    verbs.push_labelstudio("helpdesk", LabelStudioCall(KEY, stub.url))
    verbs.watch_labelstudio("helpdesk", Watching(KEY, "http://127.0.0.1:8501", "an older one"))
    answer = verbs.watch_labelstudio("helpdesk", Watching(KEY, "http://127.0.0.1:8501/", SECRET))
    [webhook] = stub.webhooks
    assert answer["to"] == webhook["url"] == f"http://127.0.0.1:8501/api{ADDRESS}"
    assert webhook["headers"] == {"Authorization": f"Bearer {SECRET}"}
    assert (webhook["project"], webhook["actions"]) == (1, ["ANNOTATION_CREATED", "ANNOTATION_UPDATED"])
