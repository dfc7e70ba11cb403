"""The command line as it is typed: `concord("project", "list")` gives the exit code and what was written."""

import json
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from concord.__main__ import main

ROWS = [
    {"item_id": "r1", "product": "Fan", "stars": 1, "text": "The hinge broke on day two. The colour is lovely."},
    {"item_id": "r2", "product": "Lamp", "stars": 5, "text": "Quiet and quick. I would buy it again."},
]


@dataclass(frozen=True)
class Said:
    """What a command said, and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What a command with `--json` said."""
        return json.loads(self.out)


@pytest.fixture
def concord(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """Run a command in this process, in an empty folder with a workspace of its own, without key and endpoint."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CONCORD_WORKSPACE", "workspace")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID"):
        monkeypatch.delenv(name, raising=False)

    def run(*words: str) -> Said:
        try:
            code = main(words)
        except SystemExit as left:  # argparse, after wrong usage
            code = int(left.code or 0)
        return Said(code, *capsys.readouterr())

    return run


@pytest.fixture
def rows() -> list[dict[str, Any]]:
    """Two product reviews."""
    return [dict(row) for row in ROWS]


@pytest.fixture
def write_lines(tmp_path: Path) -> Callable[..., Path]:
    """Write a file with one JSON object a line; text is written as it is."""

    def write(name: str, lines: list[Any]) -> Path:
        path = tmp_path / name
        texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
        path.write_text("".join(f"{text}\n" for text in texts), encoding="utf-8")
        return path

    return write


@pytest.fixture
def reviews(concord: Callable[..., Said], write_lines: Callable[..., Path], rows: list[dict[str, Any]]) -> str:
    """The name of a project with two items that want drafts."""
    write_lines("reviews.jsonl", rows)
    concord("project", "create", "reviews")
    said = concord("import", "reviews", "reviews.jsonl", "--template", "review-reply")
    assert said.code == 0, said.err
    return "reviews"


@pytest.fixture
def closed_port() -> str:
    """An address where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return f"http://127.0.0.1:{listening.getsockname()[1]}"
