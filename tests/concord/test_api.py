"""The HTTP API, asked without a network."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from concord.api import create_api
from concord.api_service import SCRATCH, Service
from concord.desk.autosave import make_token
from concord.desk.queue import open_item
from concord.drafting.worker import Drafter
from concord.ids import new_id
from concord.local import LocalVerbs
from concord.version import VERSION
from storage.store import Store

PROMPTS = Path(__file__).parents[2] / "prompts"
TOKEN = "only-for-its-owner"
MEGABYTE = 1024**2


@pytest.fixture
def api(store: Store) -> Iterator[TestClient]:
    """A client that has the token, of an API that takes uploads of one megabyte at most."""
    drafter = Drafter(store)
    app = create_api()
    app.state.service = Service(store, LocalVerbs(store, PROMPTS), drafter, TOKEN, most_bytes=MEGABYTE)
    yield TestClient(app, base_url="http://127.0.0.1", headers={"Authorization": f"Bearer {TOKEN}"})
    drafter.close()


# ---- who may


@pytest.mark.parametrize("given", [{}, {"Authorization": "Bearer guessed"}, {"Authorization": f"Basic {TOKEN}"}])
def test_whoever_has_no_token_is_refused(api: TestClient, given: dict[str, str]) -> None:
    del api.headers["Authorization"]
    for method, path in addresses(api):
        answer = api.request(method, path, headers=given)
        assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer"), path
        assert answer.json() == {
            "error": "Unauthorized",
            "detail": "This call needs the token from concord.serve in the workspace. Send it as Bearer.",
        }


def addresses(api: TestClient) -> list[tuple[str, str]]:
    """Every method and path of the description but autosave and the webhook, which have secrets of their own."""
    paths: dict[str, dict[str, Any]] = api.get("/openapi.json").json()["paths"]
    found = [(method, path.replace("{", "").replace("}", "")) for path, methods in paths.items() for method in methods]
    assert len(found) > 12
    return [(method, path) for method, path in found if not path.endswith(("/autosave", "/webhook"))]


def test_an_upload_without_a_token_is_not_even_received(api: TestClient, store: Store) -> None:
    answer = api.post("/v1/projects/p/import?file=rows.jsonl", content=b"{}", headers={"Authorization": "Bearer no"})
    assert answer.status_code == 401
    assert not (store.folder / SCRATCH).exists()


# ---- what is wrong


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "error", "detail"),
    [
        (
            "GET",
            "projects/nope",
            None,
            404,
            "NotFound",
            "There is no project 'nope' (there are: 'helpdesk'). Check the name or create it.",
        ),
        (
            "POST",
            "projects",
            {"name": "helpdesk"},
            409,
            "Conflict",
            "A project named 'helpdesk' exists already. Choose another name.",
        ),
        (
            "POST",
            "projects",
            {"name": "p", "settings": {"task": "grade"}},
            400,
            "InputError",
            "task is 'grade'. Choose one of edit, rank, rank+edit, compare, compare+edit, rate, rate+edit, label.",
        ),
        (
            "POST",
            "projects",
            {"title": "p"},
            400,
            "InputError",
            "body.name: Field required; body.title: Extra inputs are not permitted. "
            "See /api/docs for what is expected.",
        ),
        (
            "POST",
            "projects/helpdesk/runs",
            {"candidates": 0},
            400,
            "InputError",
            "candidates is 0. Give a number from 1 to 1,000.",
        ),
        (
            "POST",
            "projects/helpdesk/runs",
            {"limits": 1},
            400,
            "InputError",
            "body.limits: Unexpected keyword argument. See /api/docs for what is expected.",
        ),
        (
            "POST",
            "projects/helpdesk/exports",
            {"format": "trl-sft", "shares": [1, 1, 1]},
            400,
            "InputError",
            "split is 1,1,1, which adds up to 3 and not to 1. Give the shares of train, validation and test, "
            "such as 0.8,0.1,0.1.",
        ),
        (
            "POST",
            "projects/helpdesk/exports",
            {"format": "trl-sft"},
            400,
            "InputError",
            "There is nothing to export (there are no items). Annotate some items first, or lower the gates.",
        ),
        ("GET", "nonsense", None, 404, "NotFound", "Not Found"),
        ("DELETE", "projects", None, 405, "MethodNotAllowed", "Method Not Allowed"),
    ],
)
def test_a_refusal_names_its_error_and_says_why(
    api: TestClient, project, method: str, path: str, body: object, status: int, error: str, detail: str
) -> None:
    answer = api.request(method, f"/v1/{path}", json=body)
    assert (answer.status_code, answer.json()) == (status, {"error": error, "detail": detail})


@pytest.mark.parametrize(
    ("query", "detail"),
    [
        ("file=..", "file is '..', which is not the name of a file. Give one, such as rows.jsonl."),
        ("file=/", "file is '/', which is not the name of a file. Give one, such as rows.jsonl."),
        ("file=%00", "file is '\\x00', which is not the name of a file. Give one, such as rows.jsonl."),
        ("", "query.file: Field required. See /api/docs for what is expected."),
        (
            'file=r.jsonl&how={"mapping":5}',
            "mapping: Input should be an object. See /api/docs for what is expected.",
        ),
        (
            'file=r.jsonl&how={"skip":true}',
            "skip: Unexpected keyword argument. See /api/docs for what is expected.",
        ),
        ("file=rows.txt", "rows.txt: files end in .jsonl, "),
    ],
)
def test_an_upload_that_cannot_be_used_is_refused(
    api: TestClient, project, store: Store, query: str, detail: str
) -> None:
    answer = api.post(f"/v1/projects/helpdesk/import?{query}", content=b"{}")
    assert (answer.status_code, answer.json()["error"]) == (400, "InputError")
    assert answer.json()["detail"].startswith(detail)
    assert left_over(store) == []


@pytest.mark.parametrize("told", [True, False], ids=["length told", "length not told"])
def test_an_upload_that_is_too_large_is_refused(api: TestClient, project, store: Store, told: bool) -> None:
    row = b'{"text": "A row of a very large file."}\n'
    count = MEGABYTE // len(row) + 1
    content = row * count if told else (row for _ in range(count))
    answer = api.post("/v1/projects/helpdesk/import?file=rows.jsonl", content=content)
    assert answer.json() == {"error": "InputError", "detail": "rows.jsonl: the file is larger than 1 MB. Split it."}
    assert (answer.status_code, store.counts(project.id).rows, left_over(store)) == (400, 0, [])


def left_over(store: Store) -> list[Path]:
    """What is still in the folder for files on their way."""
    return list((store.folder / SCRATCH).glob("*"))


# ---- what works


def test_a_file_comes_in_and_a_data_set_goes_out(api: TestClient, project, store: Store) -> None:
    edit = '{"annotator": "ana", "kind": "edit", "text": "Because."}'
    item = f'{{"item_id": "a", "prompt": "Why?", "responses": [], "annotations": [{edit}]}}'
    report = api.post("/v1/projects/helpdesk/import?file=items.jsonl", content=item.encode()).json()
    assert (report["source"], report["stored"], report["annotations"]) == ("items.jsonl", 1, 1)
    written = api.post("/v1/projects/helpdesk/exports", json={"format": "trl-sft"}).json()
    address = f"/v1/projects/helpdesk/exports/{written['id']}"
    assert api.get(f"{address}/manifest.json").json() == written["manifest"]
    assert '"content":"Because."' in api.get(f"{address}/train.jsonl").text
    assert api.get(f"{address}/concord.duckdb").status_code == 404
    assert api.get(f"/v1/projects/helpdesk/exports/{new_id()}/train.jsonl").status_code == 404
    assert '"item_id":"a"' in api.get("/v1/projects/helpdesk/annotations").text
    assert api.get("/v1/backup").content.find(b"DUCK") == 8
    assert left_over(store) == []


def test_a_project_s_name_may_hold_anything(api: TestClient) -> None:
    for name in ("Q1/Q2", "a?b#c&d=e", "日本 é"):
        assert api.post("/v1/projects", json={"name": name}).status_code == 200
        quoted = "".join(f"%{byte:02x}" for byte in name.encode())
        assert api.get(f"/v1/projects/{quoted}").json()["name"] == name
        assert api.get(f"/v1/projects/{quoted}/agreement").json()["agreement"] == {}


def test_a_run_is_followed_until_its_end(api: TestClient, campaign) -> None:
    campaign.item("q1")
    run = api.post("/v1/projects/helpdesk/runs", json={"candidates": 2}).json()
    api.app.state.service.drafter.wait(run_id := campaign.store.runs(campaign.project.id)[0].id)
    ended = api.get(f"/v1/projects/helpdesk/runs/{run_id}").json()
    assert (run["id"], ended["state"], ended["done"], ended["failures"]) == (str(run_id), "done", 2, {})
    assert "no language model" in ended["notice"]
    assert api.post(f"/v1/projects/helpdesk/runs/{run_id}/stop").json()["state"] == "done"
    assert api.post(f"/v1/projects/helpdesk/runs/{new_id()}/stop").status_code == 404


# ---- autosave


def test_autosave_keeps_what_whoever_has_the_item_entered(api: TestClient, campaign) -> None:
    campaign.item("q1", "one", "two")
    shown = open_item(campaign.store, campaign.project, "ana", now=datetime.now(UTC)).presentation
    token = make_token(campaign.store.secret, "ana", shown.id, "ranking")
    del api.headers["Authorization"]
    answer = api.post("/v1/autosave", content=f'{{"token": "{token}", "state": {{"reason": "So far."}}}}')
    assert (answer.status_code, answer.json()) == (200, {"saved": True})
    assert campaign.store.history(shown.id).unsaved["ranking"] == {"reason": "So far."}


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (
            '{"token": "forged", "state": {}}',
            "This page has no right to save here. Reload it; what you entered is kept in the browser.",
        ),
        ('{"token": "forged"}', "state: Field required. See /api/docs for what is expected."),
        (
            '{"token": "forged", "state": {"tiers": 99999999999999999999}}',
            "What is entered cannot be kept (Integer exceeds 64-bit range). Reload the page.",
        ),
        ("{", ": Invalid JSON: EOF while parsing an object at line 1 column 1. See /api/docs for what is expected."),
        ("x" * 2_000_001, "What is entered is too long to be kept. Shorten it."),
        ((b"x" * 1_000 for _ in range(2_001)), "What is entered is too long to be kept. Shorten it."),
    ],
    ids=["forged", "without state", "no number", "no JSON", "too long", "too long, unannounced"],
)
def test_autosave_without_a_right_or_a_sense_is_refused(api: TestClient, body: Any, detail: str) -> None:
    del api.headers["Authorization"]
    answer = api.post("/v1/autosave", content=body)
    assert (answer.status_code, answer.json()) == (400, {"error": "InputError", "detail": detail})


# ---- the description


def test_the_description_is_there_without_a_foreign_host(api: TestClient) -> None:
    del api.headers["Authorization"]
    description = api.get("/openapi.json").json()
    assert description["info"] == {"title": "Concord", "version": VERSION}
    page = api.get("/docs").text
    assert re.findall(r"https?://|[\"'(]//", page) == []
    assert '"validatorUrl": null' in page
    for address in re.findall(r'(?:src|href)="([^"]+)"', page):
        assert api.get(address).status_code == 200, address
