"""The app as it runs: its samples, its API, the command line beside it, and how it begins and ends."""

import json
import os
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
SUPPORT = "Support replies (sample)"
REVIEWS = "Review replies (sample, simulated annotators)"
ROWS = [{"product": "Fan", "stars": 1, "text": "It hums."}, {"product": "Lamp", "stars": 5, "text": "Quiet and quick."}]


def written(path: Path, lines: list[Any]) -> str:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path.name


# ---- what it offers


def test_the_sample_projects_are_there(app) -> None:
    counts = {project["name"]: project["counts"] for project in app.call("GET", "projects")}
    assert counts.keys() == {SUPPORT, REVIEWS}
    assert counts[SUPPORT]["drafts"] == 3 * counts[SUPPORT]["items"] > 0
    assert counts[REVIEWS]["finished"] == counts[REVIEWS]["items"] > 0


def test_the_pages_are_there(app) -> None:
    status, content = app.request("GET", "/")
    assert status == 200
    assert b"<html" in content


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer guessed"}], ids=["no token", "wrong token"])
def test_the_api_wants_the_token(app, headers: dict[str, str]) -> None:
    status, content = app.request("GET", "/api/v1/projects", **headers)
    assert (status, json.loads(content)) == (
        401,
        {
            "error": "Unauthorized",
            "detail": "This call needs the token from concord.serve in the workspace. Send it as Bearer.",
        },
    )


def test_the_note_with_the_token_is_for_its_owner_alone(app) -> None:
    assert stat.S_IMODE((app.workspace / "concord.serve").stat().st_mode) == 0o600
    assert app.note["pid"] == app.process.pid
    assert app.note["token"] not in app.log


def test_what_is_unsaved_needs_a_right_to_be_saved(app) -> None:
    status, content = app.request("POST", "/api/v1/autosave", '{"token": "forged", "state": {}}')
    detail = "This page has no right to save here. Reload it; what you entered is kept in the browser."
    assert (status, json.loads(content)) == (400, {"error": "InputError", "detail": detail})


def test_the_api_describes_itself(app) -> None:
    status, content = app.request("GET", "/api/openapi.json")
    assert (status, json.loads(content)["servers"]) == (200, [{"url": "/api"}])
    status, page = app.request("GET", "/api/docs")
    assert (status, b"/api/static-offline-docs/swagger-ui.css" in page, b"http" in page) == (200, True, False)
    assert app.request("GET", "/api/static-offline-docs/swagger-ui.css")[0] == 200


# ---- the command line beside it


def test_every_command_works_while_the_app_has_the_workspace(app) -> None:
    written(app.folder / "reviews.jsonl", ROWS)
    item = {"item_id": "q1", "prompt": "Why?", "responses": [{"id": "a", "text": "So."}]}
    edit = {"annotator": "ana", "kind": "edit", "draft": "a", "text": "Because."}
    written(app.folder / "items.jsonl", [item | {"annotations": [edit]}])
    for words, said in [
        ("project create mine", "mine ("),
        ("import mine reviews.jsonl --template review-reply", "reviews.jsonl: 2 read: 2 are new"),
        ("template apply review-reply mine", "0 items made, 2 were there already"),
        ("draft mine --limit 1", "These drafts come from the demo drafter"),
        ("annotations import mine items.jsonl", "items.jsonl: 1 read: 1 are new"),
        ("annotations export mine out/items.jsonl", "3 items written to out/items.jsonl."),
        ("agreement mine", "edit (edit, main)"),
        ("export mine --format trl-sft --out out/set", "out/set: 1 train (of 3)."),
        ("project list", "name "),
        ("project show mine", "mine ("),
        ("template list", "id "),
        ("backup out/backup.duckdb", ""),
        ("verify", "check "),
        ("demo", "The sample projects are "),
    ]:
        done = app.concord(*words.split())
        assert (done.returncode, done.stderr) == (0, ""), words
        assert done.stdout.startswith(said), words
    out = app.folder / "out"
    assert (out / "items.jsonl").read_bytes().count(b"\n") == 3
    assert '"content":"Because."' in (out / "set" / "train.jsonl").read_text()
    assert (out / "backup.duckdb").stat().st_size > 0
    assert list((app.workspace / "partial").iterdir()) == []


def test_a_template_is_proposed_decided_and_applied_while_the_app_has_the_workspace(app) -> None:
    written(app.folder / "fans.jsonl", ROWS)
    for words in (
        ["project", "create", "fans"],
        ["import", "fans", "fans.jsonl"],
        ["template", "propose", "fans", "--task", "Answer the review", "--candidates", "2"],
    ):
        assert app.concord(*words).returncode == 0, words
    [case] = json.loads(app.concord("review", "fans", "--json").stdout)
    assert [one["draft"] for one in case["candidates"]] == ["d1", "d2"]
    refused = app.concord("review", "fans", "fans", "--pick", "d7", "--reviewer", "rae", "--reason", "clear")
    assert (refused.returncode, refused.stderr) == (
        1,
        "Item 'fans' has no draft 'd7' (there are: d1, d2). Check it.\n",
    )
    decided = app.concord("review", "fans", "fans", "--pick", "d1", "--reviewer", "rae", "--reason", "clear", "--apply")
    assert "2 items made" in decided.stdout


def test_a_command_is_a_process_beside_the_app(app) -> None:
    command = [sys.executable, "-m", "concord", "project", "show", SUPPORT, "--json"]
    environment = os.environ | {"CONCORD_WORKSPACE": str(app.workspace)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["name"] == SUPPORT


def test_bad_rows_come_back_as_they_do_without_the_app(app) -> None:
    (app.folder / "bad.jsonl").write_text("no JSON\n")
    done = app.concord("import", SUPPORT, "bad.jsonl")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("bad.jsonl, line 1: the line is not valid JSON")
    skipped = json.loads(app.concord("import", SUPPORT, "bad.jsonl", "--skip-bad", "--json").stdout)
    assert Path(skipped["rejects"]).parent == app.workspace / "rejects"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["project", "create", SUPPORT], f"A project named '{SUPPORT}' exists already. Choose another name."),
        (["import", SUPPORT, "none.jsonl"], "none.jsonl: No such file or directory. Check the path."),
        (["draft", SUPPORT, "--limit", "0"], "limit is 0. Give a number from 1 to 1,000,000,000."),
    ],
)
def test_stated_errors_are_those_of_the_command_line(app, words: list[str], message: str) -> None:
    done = app.concord(*words)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", f"{message}\n")


def test_a_workspace_that_is_open_is_not_restored_even_after_a_backup(app) -> None:
    assert app.concord("backup", "backup.duckdb").returncode == 0
    done = app.concord("restore", "backup.duckdb")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"{app.workspace}/concord.duckdb: another process has it open. Close the app and restore again.\n"
    )


def test_a_sender_who_leaves_early_leaves_nothing_behind(app) -> None:
    with socket.create_connection(("127.0.0.1", app.port)) as sender:
        head = "POST /api/v1/projects/p/import?file=rows.jsonl HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 999\r\n"
        sender.sendall(f"{head}Authorization: Bearer {app.note['token']}\r\n\r\nhalf a".encode())
        until(lambda: list((app.workspace / "partial").glob("*/rows.jsonl")))
    until(lambda: not list((app.workspace / "partial").iterdir()))
    assert "Traceback" not in app.log


def until(happened: Callable[[], object]) -> None:
    """Wait for what another process does in its own time."""
    deadline = time.monotonic() + 20
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.02)


# ---- who may not begin


def refused(*command: str, workspace: Path) -> subprocess.CompletedProcess[str]:
    """An app that ends before it has begun."""
    environment = os.environ | {"CONCORD_WORKSPACE": str(workspace)}
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_second_app_on_the_workspace_says_who_has_it(app) -> None:
    second = refused("concord", "serve", "--port", "0", workspace=app.workspace)
    assert (second.returncode, second.stderr) == (
        1,
        f"{app.workspace}/concord.duckdb: process {app.process.pid} has the workspace open. "
        "Close it, or choose another --workspace.\n",
    )
    assert app.call("GET", "projects")


def test_an_address_that_others_reach_is_refused(tmp_path: Path) -> None:
    by_us = refused("concord", "serve", "--host", "0.0.0.0", workspace=tmp_path / "workspace")
    message = "without accounts the app serves this machine alone. Use 127.0.0.1.\n"
    assert (by_us.returncode, by_us.stdout, by_us.stderr) == (1, "", f"--host 0.0.0.0: {message}")
    options = ["--server.address", "0.0.0.0", "--server.port", "0"]
    by_streamlit = refused("streamlit", "run", "app.py", *options, workspace=tmp_path / "workspace")
    assert by_streamlit.returncode == 1
    assert by_streamlit.stderr.endswith(f"server.address '0.0.0.0': {message}")
    assert "Traceback" not in by_streamlit.stderr
    assert not (tmp_path / "workspace").exists()


# ---- how it ends


def test_an_app_that_is_told_to_end_leaves_the_workspace_to_others(app) -> None:
    app.stop()
    assert not (app.workspace / "concord.serve").exists()
    assert "Traceback" not in app.log
    done = app.concord("verify")
    assert (done.returncode, done.stderr) == (0, "")
    assert SUPPORT in app.concord("project", "list").stdout
