"""The bridge to Label Studio on the page where files are imported."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from stub_server import KEY, StubServer, serving

from concord.records.annotation import Edit, Ratings
from concord.records.project import Project
from storage.store import Store

THEIRS = '<View><Text name="q" value="$question"/><Rating name="clear" toName="q"/></View>'
Open = Callable[..., AppTest]


@pytest.fixture
def stub(monkeypatch: pytest.MonkeyPatch) -> Iterator[StubServer]:
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", KEY)
    with serving() as state:
        yield state


def prose(app: AppTest) -> str:
    parts = [*app.markdown, *app.caption, *app.success, *app.error]
    return "\n".join(str(part.value) for part in parts).replace("\\", "")


def sync(app: AppTest) -> AppTest:
    return app.button("labelstudio-sync").click().run()


def test_a_sync_pushes_and_pulls_and_says_what_it_did(
    open_screen: Open, store: Store, project: Project, stub: StubServer
) -> None:
    app = open_screen("imports", project=project.name)
    app.text_input(f"labelstudio-{project.id}").set_value(stub.url).run()
    app = sync(app)
    assert "3 items pushed, 0 new annotations from 3 tasks." in prose(app)
    result = {"from_name": "edited", "to_name": "prompt", "type": "textarea", "value": {"text": ["Better."]}}
    stub.annotate(1, 5, [result])
    stub.annotate(1, 6, [], was_cancelled=True)
    app = sync(app)
    assert f"Its items are in project **1** at {stub.url}." in prose(app)
    assert "0 items pushed, 1 new skip, 1 new annotation from 3 tasks." in prose(app)
    [annotation] = store.annotations(project.id)
    assert isinstance(annotation.judgement, Edit)
    stub.tasks[1]["annotations"].pop(0)
    assert "1 annotation deleted there still counted here;" in prose(sync(app))


def test_a_project_made_there_is_looked_at_corrected_and_adopted(
    open_screen: Open, store: Store, stub: StubServer, new_campaign: Callable[..., Any]
) -> None:
    stub.projects[7] = {"id": 7, "title": "Theirs", "label_config": THEIRS}
    stub.tasks[1] = {"id": 1, "project": 7, "data": {"question": "Why?"}, "annotations": []}
    rating = {"from_name": "clear", "to_name": "q", "type": "rating", "value": {"rating": 4}}
    stub.annotate(1, 5, [rating])
    project = new_campaign().project
    app = open_screen("imports", project=project.name)
    app.segmented_control("labelstudio-direction").set_value("Adopt a project from there").run()
    app.text_input(f"labelstudio-{project.id}").set_value(stub.url).run()
    app.number_input(f"labelstudio-number-{project.id}").set_value(7).run()
    app.button("labelstudio-look").click().run()
    assert "**Theirs** · 1 task" in prose(app)
    assert "As it is proposed here, the desk asks to rate: clear." in prose(app)
    assert store.items(project.id) == []
    app.button("labelstudio-adopt").click().run()
    assert "1 new annotation from 1 task." in prose(app)
    assert f"Its tasks come from project **7** at {stub.url}." in prose(app)
    [annotation] = store.annotations(project.id)
    assert annotation.judgement == Ratings({"clear": 4.0})
    assert store.settings(project.id).task == "rate"


def test_a_failure_is_said_and_the_page_stays(open_screen: Open, project: Project, stub: StubServer) -> None:
    stub.fails["GET /api/current-user/whoami"] = 401
    app = open_screen("imports", project=project.name)
    app.text_input(f"labelstudio-{project.id}").set_value(stub.url).run()
    app = sync(app)
    assert "Label Studio refuses the key (Invalid token)." in prose(app)
    assert not app.exception


def test_without_a_key_the_page_says_what_to_set(
    open_screen: Open, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LABEL_STUDIO_API_KEY", raising=False)
    app = open_screen("imports", project=project.name)
    assert "Set `LABEL_STUDIO_API_KEY` to an access token of it where this app runs" in prose(app)
    assert "Sync" not in [button.label for button in app.button]
