"""Pushing to the hub: over HTTP to a hub of the test's own, which remembers what it was sent; never without a token."""

import base64
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from concord.errors import InputError
from concord.export.hub import hub_token, push


class Hub(ThreadingHTTPServer):
    """A hub with the four answers that an upload of small files needs."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.refuses = False
        self.asked: list[tuple[str, str | None]] = []
        self.created: dict[str, Any] = {}
        self.files: dict[str, bytes] = {}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Hub  # type: ignore[assignment]

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self._send({"error": "not found"}, 404)

    def do_POST(self) -> None:
        body = self._body()
        self.server.asked.append((self.path, self.headers.get("authorization")))
        if self.server.refuses:
            return self._send({"error": "no such owner"}, 403)
        if self.path == "/api/repos/create":
            self.server.created = json.loads(body)
            return self._send({"url": f"{self.server.url}/datasets/me/set"})
        if "/preupload/" in self.path:
            names = [file["path"] for file in json.loads(body)["files"]]
            return self._send({"files": [{"path": n, "uploadMode": "regular", "shouldIgnore": False} for n in names]})
        if "/commit/" in self.path:
            lines = [json.loads(line) for line in body.splitlines()]
            files = [line["value"] for line in lines if line["key"] == "file"]
            self.server.files = {file["path"]: base64.b64decode(file["content"]) for file in files}
            return self._send({"commitUrl": f"{self.server.url}/datasets/me/set/commit/abc", "commitOid": "abc"})
        return self._send({})

    def _body(self) -> bytes:
        if "chunked" not in self.headers.get("transfer-encoding", ""):
            return self.rfile.read(int(self.headers.get("content-length") or 0))
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def _send(self, said: dict[str, Any], status: int = 200) -> None:
        data = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    server = Hub()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    monkeypatch.setenv("HF_ENDPOINT", server.url)
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def folder(campaign, exported) -> Path:
    campaign.edit(campaign.item("q1"), "ann", "answer")
    return exported(campaign, "trl-sft").folder


def test_every_file_of_a_data_set_is_pushed_to_a_private_repository(hub: Hub, folder: Path) -> None:
    assert push(folder, "me/set", "hf_secret") == f"{hub.url}/datasets/me/set"
    assert (hub.created["type"], hub.created["name"]) == ("dataset", "set")
    assert hub.created.get("visibility") == "private" or hub.created.get("private") is True
    assert hub.files == {path.name: path.read_bytes() for path in folder.iterdir()}
    assert {token for _, token in hub.asked} == {"Bearer hf_secret"}


def test_what_the_hub_refuses_is_said_and_the_folder_stays(hub: Hub, folder: Path) -> None:
    hub.refuses = True
    with pytest.raises(InputError, match=r"^me/set: the hub did not take it \(.*403.*\)\. .* is whole; try again\.$"):
        push(folder, "me/set", "hf_secret")
    assert (folder / "manifest.json").is_file()


def test_without_a_token_nothing_is_pushed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HF_TOKEN", raising=False)
    with pytest.raises(InputError) as caught:
        hub_token()
    assert str(caught.value) == "Pushing needs a token that may write. Set HF_TOKEN, or leave --push out."


def test_a_name_that_is_none_is_refused(hub: Hub, folder: Path) -> None:
    with pytest.raises(InputError, match="the hub did not take it"):
        push(folder, "two words/set", "hf_secret")
    assert hub.files == {}
