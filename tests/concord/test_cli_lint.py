"""`concord template lint`: what it says, how it ends, and the same over HTTP."""

import gc
import http.client
import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from starlette.applications import Starlette
from starlette.responses import StreamingResponse
from starlette.routing import Mount, Route

from concord import cli_text
from concord.api import create_api
from concord.api_service import Service
from concord.conversion.lint import STEP
from concord.drafting.worker import Drafter
from concord.errors import NotFound, StorageError
from concord.local import LocalVerbs
from concord.records.project import Project, Served
from concord.remote import RemoteVerbs
from storage.store import Store

PROMPTS = Path(__file__).parents[2] / "prompts"
TOKEN = "only-for-its-owner"


def test_a_template_alone_has_notes(concord) -> None:
    said = concord("template", "lint", "review-reply")
    assert said.code == 0
    assert said.out.startswith("review-reply (")
    assert "0 errors, 0 warnings, 1 note." in said.out
    assert "note: The template names no target: a person or a model writes every answer." in said.out


def test_without_an_id_all_templates_are_looked_at(concord) -> None:
    reports = concord("template", "lint", "--json").json
    assert [report["template"] for report in reports] == [
        *("dialogsum-summary", "review-points", "review-reply"),
        *("support-handover", "support-reply", "support-topic"),
    ]
    assert {report["rows"] for report in reports} == {None}


def test_over_rows_the_ones_that_show_a_finding_are_named(concord, reviews: str) -> None:
    said = concord("template", "lint", "review-reply", "--project", reviews)
    assert (said.code, said.err) == (0, "")
    assert "2 rows: 2 give an item, 0 give none, 0 cannot be rendered." in said.out
    assert "note: The template does not use 'item_id'. (100.0% of the rows)" in said.out
    assert "  reviews.jsonl, line 2, row " in said.out
    assert "Rows by tokens, prompt and target together: 0 above 1,024, 0 above 2,048, 0 above 4,096." in said.out


def test_warnings_end_well_and_an_error_does_not(concord, write_lines, rows: list[dict[str, Any]]) -> None:
    concord("project", "create", "reviews")
    write_lines("twice.jsonl", [*rows, {**rows[0], "item_id": "r3"}])
    concord("import", "reviews", "twice.jsonl")
    said = concord("template", "lint", "review-reply", "--project", "reviews", "--json")
    assert (said.code, said.json["levels"]["warning"]) == (0, 1)
    write_lines("bad.jsonl", [{"text": ["a", "list"], "product": "Fan", "stars": 1}])
    concord("import", "reviews", "bad.jsonl")
    said = concord("template", "lint", "review-reply", "--project", "reviews")
    assert (said.code, said.out) == (1, "")
    assert "error: 1 row cannot be rendered: 'text' is no string. (25.0% of the rows)" in said.err


def test_without_an_id_the_templates_that_fit_the_rows_are_looked_at(concord, reviews: str, write_lines) -> None:
    reports = concord("template", "lint", "--project", reviews, "--json").json
    assert [(report["template"], report["rows"]) for report in reports] == [("review-points", 2), ("review-reply", 2)]
    concord("project", "create", "other")
    concord("import", "other", str(write_lines("other.jsonl", [{"x": 1}])))
    said = concord("template", "lint", "--project", "other")
    assert said.code == 1
    assert said.err == "No template fits the rows of 'other', which have ['x']. Name one to see what they lack.\n"


def test_a_terminal_shows_how_far_it_is(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    with cli_text.rows_progress("looking at") as on_step:
        assert on_step
        on_step({"template": "t", "done": 1_000, "rows": 3_000})
    assert "looking at 1,000 of 3,000 rows, " in (said := capsys.readouterr().err)
    assert " a second, about " in said


# ---- over HTTP


@pytest.fixture
def served(store: Store, serve: Callable[[Any], str]) -> Any:
    api = create_api()
    drafter = Drafter(store)
    api.state.service = Service(store, LocalVerbs(store, PROMPTS), drafter, TOKEN)
    yield Served(serve(Starlette(routes=[Mount("/api", api)])), TOKEN)
    drafter.close()


@pytest.fixture
def many(store: Store, project: Project) -> Project:
    """A project of a few thousand dialogues."""
    texts = [json.dumps({"dialogue": f"#Person1#: {number}"}).encode() for number in range(3 * STEP + 1)]
    with store.staging(project.id, "many.jsonl", project.created_at) as stage:
        stage.add(range(1, len(texts) + 1), texts)
        stage.commit()
    return project


def test_the_app_says_what_the_store_says(served: Served, store: Store, many: Project) -> None:
    steps: list[Any] = []
    remote = RemoteVerbs(served).lint("dialogsum-summary", many.name, steps.append)
    assert remote == json.loads(json.dumps(LocalVerbs(store, PROMPTS).lint("dialogsum-summary", many.name)))
    assert [step["done"] for step in steps] == [STEP, 2 * STEP, 3 * STEP]
    assert {(step["template"], step["rows"]) for step in steps} == {("dialogsum-summary", 3 * STEP + 1)}
    assert RemoteVerbs(served).lint(None, None)[0]["rows"] is None


def test_the_app_refuses_in_the_same_words(served: Served) -> None:
    with pytest.raises(NotFound, match=r"There is no template 'nope'"):
        RemoteVerbs(served).lint("nope", None)


def test_an_answer_that_breaks_off_is_an_error(serve: Callable[[Any], str]) -> None:
    def half(_: Any) -> StreamingResponse:
        return StreamingResponse(iter([b'{"template": "t", "done": 1000, "rows": 3000}\n']))

    address = serve(Starlette(routes=[Route("/api/v1/lint", half)]))
    with pytest.raises(StorageError, match=r"has the workspace open but does not answer"):
        RemoteVerbs(Served(address, TOKEN)).lint("t", "p")


def test_a_fault_on_the_way_is_the_error_that_it_is(serve: Callable[[Any], str]) -> None:
    def failing(_: Any) -> StreamingResponse:
        return StreamingResponse(iter([b'{"error": "NotFound", "detail": "There is no row 7. Check the id."}\n']))

    address = serve(Starlette(routes=[Route("/api/v1/lint", failing)]))
    with pytest.raises(NotFound, match=r"There is no row 7\. Check the id\."):
        RemoteVerbs(Served(address, TOKEN)).lint("t", "p")


def test_who_closes_the_connection_ends_the_work(store: Store, many: Project, serve: Callable[[Any], str]) -> None:
    ended = threading.Event()

    class Watched(LocalVerbs):
        def linting(self, template: str | None, project: str | None) -> Any:
            try:
                while True:
                    yield from (step for step in super().linting(template, project) if "done" in step)
            finally:
                ended.set()

    api = create_api()
    drafter = Drafter(store)
    api.state.service = Service(store, Watched(store, PROMPTS), drafter, TOKEN)
    url = urlsplit(serve(Starlette(routes=[Mount("/api", api)])))
    connection = http.client.HTTPConnection(url.hostname or "", url.port)
    path = f"/api/v1/lint?template=dialogsum-summary&project={many.name}"
    connection.request("GET", path, headers={"Authorization": f"Bearer {TOKEN}"})
    answer = connection.getresponse()
    assert json.loads(answer.readline())["done"] == STEP
    answer.close()
    connection.close()
    while not ended.wait(0.05):
        gc.collect()  # what nobody asks any more is garbage, and ends when it is collected
    drafter.close()
