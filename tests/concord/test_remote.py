"""The verbs, asked of an app over a real connection: they do what they do on the store itself."""

import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from starlette.applications import Starlette
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Mount

from concord.api import create_api
from concord.api_service import Service
from concord.conversion.apply import How
from concord.curation.gates import ItemGates
from concord.curation.mixtures import Share
from concord.curation.policies import Policies, Rated
from concord.curation.review import Ruling
from concord.desk.queue import open_item
from concord.desk.remarks import flag_item, skip_item
from concord.desk.submit import Submission
from concord.drafting.demo import Fault, demo_app
from concord.drafting.worker import Drafter
from concord.errors import (
    ConcordError,
    Conflict,
    DiskFull,
    EndpointError,
    InputError,
    NotFound,
    StorageError,
    TemplateProblem,
    WorkspaceBusy,
)
from concord.evaluating import Evaluation
from concord.export.options import ExportOptions
from concord.local import LocalVerbs
from concord.records.project import Served
from concord.remote import RemoteVerbs, answers
from concord.verbs import DraftRequest, FileImport, JudgeRequest, Page
from storage.store import Store

PROMPTS = Path(__file__).parents[2] / "prompts"
TOKEN = "only-for-its-owner"
MEGABYTE = 1024**2


@pytest.fixture
def local(store: Store) -> LocalVerbs:
    return LocalVerbs(store, PROMPTS)


@pytest.fixture
def drafter(store: Store) -> Iterator[Drafter]:
    made = Drafter(store)
    yield made
    made.close()


@pytest.fixture
def address(store: Store, local: LocalVerbs, drafter: Drafter, serve) -> str:
    """Where an app answers that takes uploads of one megabyte at most."""
    api = create_api()
    api.state.service = Service(store, local, drafter, TOKEN, most_bytes=MEGABYTE)
    return serve(Starlette(routes=[Mount("/api", api)]))


@pytest.fixture
def remote(address: str) -> RemoteVerbs:
    return RemoteVerbs(Served(address, TOKEN))


def told_by(app: Any, serve) -> RemoteVerbs:
    """The verbs of something that answers everything alike."""
    return RemoteVerbs(Served(serve(app), TOKEN))


# ---- the same as on the store


def test_the_app_does_what_the_command_line_does_by_itself(remote, local, rows, write_lines, tmp_path: Path) -> None:
    remote.create_project("reviews", {"task": "edit"})
    path = write_lines("reviews.jsonl", rows)
    shares: list[float] = []
    report = remote.import_file("reviews", path, FileImport(template="review-reply"), shares.append)
    assert (report["source"], report["stored"], report["applied"]["items"], shares) == ("reviews.jsonl", 2, 2, [1.0])
    assert remote.apply_template("review-reply", "reviews") == local.apply_template("review-reply", "reviews")
    runs: list[Any] = []
    assert remote.draft("reviews", DraftRequest(candidates=2), runs.append)["done"] == 4
    assert runs[0]["state"] == "running"
    assert remote.judge("reviews", JudgeRequest(order=True))["judged"] == 2
    assert remote.sent("reviews") == local.sent("reviews") != []
    assert remote.arms("reviews") == local.arms("reviews")
    assert remote.list_projects() == local.list_projects()
    assert remote.show_project("reviews") == local.show_project("reviews")
    assert remote.list_templates() == local.list_templates()
    assert remote.verify() == local.verify()
    assert remote.add_samples() == local.add_samples()
    assert remote.agreement(sample := remote.list_projects()[-1]["name"]) == local.agreement(sample)
    assert remote.export_annotations("reviews", tmp_path / "new" / "remote.jsonl")["items"] == 2
    local.export_annotations("reviews", tmp_path / "local.jsonl")
    assert (tmp_path / "new" / "remote.jsonl").read_bytes() == (tmp_path / "local.jsonl").read_bytes()
    assert remote.backup(tmp_path / "new" / "backup.duckdb")["bytes"] > 0


def test_the_app_lists_the_same_disputes(remote, local, write_lines) -> None:
    local.create_project("answers", {})
    lines = [
        {
            "item_id": name,
            "prompt": f"What is {name}?",
            "annotations": [
                {"annotator": who, "kind": "label", "labels": {"tone": tone}}
                for who, tone in (("ana", "a"), ("ben", "b"))
            ],
        }
        for name in ("q1", "q2")
    ]
    local.import_file("answers", write_lines("items.jsonl", lines), FileImport())
    listed = remote.list_disputes("answers", Page(limit=1, offset=1))
    assert listed == local.list_disputes("answers", Page(limit=1, offset=1))
    assert [(one["item"], one["disagreement"], one["by"]) for one in listed] == [("q2", 0.5, "choices")]


def test_the_app_does_the_same_with_versions_of_templates(remote, local, rows, write_lines) -> None:
    local.create_project("reviews", {})
    local.import_file("reviews", write_lines("reviews.jsonl", rows), FileImport())
    ask = "---\nid: ask\ndescription: Ask\ninputs: {text: string}\n---\nWhat is good about {{ text }}\n"
    for source in (ask, ask.replace("good", "bad")):
        saved = remote.save_template(source, "a note", "Ada")
        assert (saved["note"], saved["author"]) == ("a note", "Ada")
    assert remote.template_versions("ask") == local.template_versions("ask")
    first = local.template_versions("ask")[1]["version"]
    assert remote.show_template("ask") == local.show_template("ask")
    assert remote.show_template("ask", first[:9]) == local.show_template("ask", first)
    assert remote.diff_template("ask") == local.diff_template("ask")
    assert remote.diff_template("ask", first, first) == local.diff_template("ask", first, first)
    assert remote.apply_template("ask", "reviews", How(rerender=True, skip_bad=True))["items"] == 2


def test_a_data_set_arrives_where_the_caller_wants_it(remote, local, write_lines, tmp_path: Path) -> None:
    edit = {"annotator": "ana", "kind": "edit", "text": "Because."}
    write_lines("items.jsonl", [{"item_id": "a", "prompt": "Why?", "responses": [], "annotations": [edit]}])
    remote.create_project("p", {})
    remote.import_file("p", tmp_path / "items.jsonl", FileImport(ready=True))
    policies = Policies(answer="all", rated=Rated("helpful", 4, 2))
    options = ExportOptions("trl-sft", gates=ItemGates(denied_models=("closed",)), policies=policies)
    assert remote.preview_export("p", options) == local.preview_export("p", options)
    for verbs in (remote, local):
        with pytest.raises(InputError, match="No export of 'p' holds anything out for testing"):
            verbs.evaluate("p", Evaluation({"a": "Because."}))
    manifest = remote.export("p", ExportOptions("trl-sft"), tmp_path / "out")
    local.export("p", ExportOptions("trl-sft"), tmp_path / "same")
    assert json.loads((tmp_path / "out" / "manifest.json").read_bytes()) == manifest
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {"README.md", "manifest.json", "train.jsonl", "train.parquet"}
    assert (tmp_path / "out" / "train.jsonl").read_bytes() == (tmp_path / "same" / "train.jsonl").read_bytes()


def test_a_data_set_of_several_projects_arrives_too(remote, local, write_lines, tmp_path: Path) -> None:
    edit = {"annotator": "ana", "kind": "edit", "text": "Because."}
    path = write_lines("items.jsonl", [{"item_id": "a", "prompt": "Why?", "responses": [], "annotations": [edit]}])
    for name in ("p", "q"):
        local.create_project(name, {})
        local.import_file(name, path, FileImport(ready=True))
    options = ExportOptions("openai-sft", mixture=(Share("q"),))
    assert remote.preview_export("p", options) == local.preview_export("p", options)
    manifest = remote.export("p", options, tmp_path / "out")
    assert {name: one["written"] for name, one in manifest["projects"].items()} == {"p": 1, "q": 1}
    ids = [json.loads(line)["item_id"] for line in (tmp_path / "out/train.ids.jsonl").read_bytes().splitlines()]
    assert ids == ["p/a", "q/a"]
    with pytest.raises(InputError, match="The mixture has 'p' itself"):
        remote.preview_export("p", ExportOptions("trl-sft", mixture=(Share("p"),)))


@pytest.mark.parametrize("name", ["Q1/Q2", "a?b#c&d=e", "%2F", "..", "日本 é", "x/agreement/"])
def test_a_project_s_name_may_hold_anything(remote: RemoteVerbs, tmp_path: Path, name: str) -> None:
    remote.create_project(name, {})
    assert remote.show_project(name)["name"] == name
    assert remote.agreement(name)["project"] == name
    assert remote.export_annotations(name, tmp_path / "out.jsonl")["items"] == 0


def test_an_interrupted_command_stops_the_run_in_the_app(
    remote: RemoteVerbs, local: LocalVerbs, drafter: Drafter, campaign, serve
) -> None:
    campaign.items(40)
    slow = serve(demo_app(lambda _: Fault("delayed", 0.2))) + "/v1"

    def interrupt(run: dict[str, Any]) -> None:
        begun.append(UUID(run["id"]))
        raise KeyboardInterrupt

    begun: list[UUID] = []
    with pytest.raises(KeyboardInterrupt):
        remote.draft("helpdesk", DraftRequest(base_url=slow, model="concord-demo"), interrupt)
    assert drafter.wait(begun[0]).state == "cancelled"
    ended = local.run("helpdesk", begun[0])
    assert ended["message"] == f"Stopped after {ended['done']} of 120 drafts. Start again for the others."


# ---- refusals and accidents


@pytest.mark.parametrize(
    "kind",
    [Conflict, DiskFull, EndpointError, InputError, NotFound, StorageError, TemplateProblem, WorkspaceBusy],
)
def test_a_refusal_is_the_error_that_the_app_met(serve, kind: type[ConcordError]) -> None:
    refused = told_by(JSONResponse({"error": kind.__name__, "detail": "Why. Cure."}, 400), serve)
    with pytest.raises(kind) as caught:
        refused.list_projects()
    assert (type(caught.value), str(caught.value)) == (kind, "Why. Cure.")


def test_a_wrong_token_is_said(address: str) -> None:
    with pytest.raises(ConcordError) as caught:
        RemoteVerbs(Served(address, "guessed")).list_projects()
    assert str(caught.value) == "This call needs the token from concord.serve in the workspace. Send it as Bearer."


def test_an_answer_that_is_none_of_ours_is_said(serve) -> None:
    with pytest.raises(StorageError) as caught:
        told_by(PlainTextResponse("Internal Server Error", 500), serve).list_projects()
    assert str(caught.value) == "The app answered 500 to this command. Look at its log."


def test_an_upload_that_is_refused_while_it_is_sent_says_why(remote: RemoteVerbs, project, tmp_path: Path) -> None:
    path = tmp_path / "large.jsonl"
    path.write_bytes(b'{"text": "A row of a very large file."}\n' * 1_000_000)
    with pytest.raises(InputError) as caught:
        remote.import_file("helpdesk", path, FileImport())
    assert str(caught.value) == "large.jsonl: the file is larger than 1 MB. Split it."


def test_a_missing_file_is_said_before_anything_is_sent(remote: RemoteVerbs, project, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        remote.import_file("helpdesk", tmp_path / "none.jsonl", FileImport())
    assert str(caught.value) == f"{tmp_path}/none.jsonl: No such file or directory. Check the path."


def test_a_place_that_cannot_be_written_is_said(remote: RemoteVerbs, project, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DiskFull) as caught:
        remote.backup(tmp_path / "file" / "backup")
    assert str(caught.value) == f"{tmp_path}/file/backup: File exists. Choose another place or free some space."


def test_an_app_that_is_gone_is_said(closed_port: str, tmp_path: Path) -> None:
    with pytest.raises(StorageError) as caught:
        RemoteVerbs(Served(closed_port, TOKEN)).list_projects()
    assert str(caught.value) == (
        f"The app at {closed_port} has the workspace open but does not answer ([Errno 111] Connection refused). "
        "Wait a moment, or close it."
    )
    assert not answers(Served(closed_port, TOKEN))


def test_an_app_that_dies_while_it_answers_leaves_no_half_a_file(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        dying = threading.Thread(target=answer_in_half, args=(listening,))
        dying.start()
        verbs = RemoteVerbs(Served(f"http://127.0.0.1:{listening.getsockname()[1]}", TOKEN))
        with pytest.raises(StorageError, match="does not answer"):
            verbs.backup(tmp_path / "backup.duckdb")
        dying.join()
    assert list(tmp_path.iterdir()) == []


def answer_in_half(listening: socket.socket) -> None:
    connection, _ = listening.accept()
    with connection:
        connection.recv(65_536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf")


def test_the_app_assigns_and_lists_remarks_as_the_command_line_does(remote, local, store, write_lines) -> None:
    local.create_project("crew", {"task": "rank", "overlap": 2})
    responses = [{"id": "a", "text": "one"}, {"id": "b", "text": "two"}]
    lines = [{"item_id": f"q{n}", "prompt": f"Why {n}?", "responses": responses} for n in range(3)]
    local.import_file("crew", write_lines("items.jsonl", lines), FileImport())
    assert remote.assign("crew", ["ann"], ["q1"]) == {"items": 1, "short": 1}
    assert remote.assign("crew", ["ann", "bob"], 5) == {"items": 2, "short": 0}
    assert remote.unassign("crew", ["q1"]) == {"items": 1}
    assert local.unassign("crew") == {"items": 2}
    now = store.project("crew").created_at
    task = open_item(store, store.project("crew"), "ann", now=now)
    assert task
    shown = Submission(task.presentation.id, "ann", None, now)
    flag_item(store, shown, "other", "upside down")
    skip_item(store, shown, "unclear")
    assert remote.remarks("crew") == local.remarks("crew")
    assert [(one["kind"], one["item"], one["reason"], one["note"]) for one in local.remarks("crew")] == [
        ("flag", "q0", "other", "upside down"),
        ("skip", "q0", "unclear", ""),
    ]


def test_which_items_are_meant_must_be_said_in_one_way(remote) -> None:
    for body in ({"annotators": ["ann"]}, {"annotators": ["ann"], "items": [], "limit": 1}):
        with pytest.raises(InputError, match=r"Which items\? Give either items or limit\."):
            remote._ask("POST", "projects/crew/assign", body)


def test_known_answers_reach_the_app_and_annotators_are_held_against_them_alike(remote, local, write_lines) -> None:
    local.create_project("crew", {"task": "rank", "overlap": 2})
    responses = [{"id": "a", "text": "one"}, {"id": "b", "text": "two"}]
    judged = [{"annotator": "ann", "kind": "ranking", "ranks": {"a": 1, "b": 2}}]
    lines = [{"item_id": f"q{n}", "prompt": f"Why {n}?", "responses": responses, "annotations": judged} for n in (1, 2)]
    local.import_file("crew", write_lines("items.jsonl", lines), FileImport())
    gold = write_lines("gold.jsonl", [{"item_id": "q1", "annotations": judged}])
    assert remote.gold_from_file("crew", gold) == {"answers": 1, "items": 0, "drafts": 0, "problems": []}
    local.review("crew", "q2", Ruling("pick", "rae", "clear", "b"))
    assert remote.gold_from_decision("crew", "q2") == {"item": "q2", "answers": 3}
    assert remote.annotators("crew") == local.annotators("crew")
    [ann] = local.annotators("crew")
    assert (ann["gold"]["hits"], ann["gold"]["choices"]) == (1, 2)
