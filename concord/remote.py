"""The verbs, asked of the app that has the workspace open."""

from __future__ import annotations

import http.client
import shutil
import socket
import time
import urllib.parse
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from concord.errors import (
    ConcordError,
    Conflict,
    DiskFull,
    EndpointError,
    InputError,
    LabelStudioError,
    NotFound,
    StorageError,
    TemplateProblem,
    WorkspaceBusy,
)
from concord.evaluating import Evaluation
from concord.export.folder import whole_folder
from concord.export.options import ExportOptions
from concord.ids import new_id
from concord.records.project import Served
from concord.remote_check import RemoteCheckVerbs
from concord.remote_enrich import RemoteEnrichVerbs
from concord.remote_labelstudio import RemoteLabelStudioVerbs
from concord.remote_people import RemotePeopleVerbs
from concord.remote_review import RemoteReviewVerbs
from concord.remote_template import part
from concord.verbs import DraftRequest, FileImport, JudgeRequest, OnRun, OnShare, Result

_SECONDS_BETWEEN_LOOKS = 0.5
_CHUNK = 1 << 20


class RemoteVerbs(RemoteReviewVerbs, RemoteEnrichVerbs, RemoteLabelStudioVerbs, RemotePeopleVerbs, RemoteCheckVerbs):
    """See `concord.verbs.Verbs`."""

    def __init__(self, served: Served) -> None:
        self._served = served

    def create_project(self, name: str, settings: Mapping[str, Any]) -> Result:
        """Create an empty project."""
        return self._ask("POST", "projects", {"name": name, "settings": dict(settings)})

    def list_projects(self) -> list[Result]:
        """All projects with their counts."""
        return self._ask("GET", "projects")

    def show_project(self, name: str) -> Result:
        """A project, its counts and its settings."""
        return self._ask("GET", f"projects/{part(name)}")

    def import_file(self, project: str, path: Path, how: FileImport, on_share: OnShare | None = None) -> Result:
        """Send a file to be imported."""
        query = urllib.parse.urlencode({"file": path.name, "how": orjson.dumps(asdict(how)).decode()})
        return self._send(f"projects/{part(project)}/import?{query}", path, on_share)

    def plan(self, project: str, request: DraftRequest) -> Result:
        """What a run would take."""
        return self._ask("POST", f"projects/{part(project)}/plan", asdict(request))

    def models(self) -> list[Result]:
        """The models of servers on the machine where the app runs."""
        return self._ask("GET", "models")

    def draft(self, project: str, request: DraftRequest, on_run: OnRun | None = None) -> Result:
        """Draft what is missing, and return when it is done."""
        run = self._ask("POST", f"projects/{part(project)}/runs", asdict(request))
        path = f"projects/{part(project)}/runs/{run['id']}"
        try:
            while run["state"] == "running":
                if on_run:
                    on_run(run)
                time.sleep(_SECONDS_BETWEEN_LOOKS)
                run = self._ask("GET", path)
        except KeyboardInterrupt:
            self._ask("POST", f"{path}/stop")
            raise
        return run

    def sent(self, project: str) -> list[Result]:
        """What left for which endpoint, by purpose."""
        return self._ask("GET", f"projects/{part(project)}/sent")

    def arms(self, project: str) -> Result:
        """How many items each arm has, who saw the planted faults, and who ranks alike twice."""
        return self._ask("GET", f"projects/{part(project)}/arms")

    def judge(self, project: str, request: JudgeRequest) -> Result:
        """Ask the judge about drafts that it has not judged, and say what it thinks of all."""
        return self._ask("POST", f"projects/{part(project)}/judge", asdict(request))

    def export_annotations(self, project: str, target: Path, *, all_arms: bool = False) -> Result:
        """Write items, responses and annotations in the interchange format."""
        self._download(f"projects/{part(project)}/annotations?all_arms={all_arms}", target)
        with target.open("rb") as file:
            return {"file": str(target), "items": sum(1 for _ in file)}

    def agreement(self, project: str) -> Result:
        """The agreement report."""
        return self._ask("GET", f"projects/{part(project)}/agreement")

    def export(self, project: str, options: ExportOptions, out: Path) -> Result:
        """Write a data set."""
        with whole_folder(out) as folder:
            written = self._ask("POST", f"projects/{part(project)}/exports", asdict(options))
            manifest: Result = written["manifest"]
            for name in ("README.md", "manifest.json", *(file["name"] for file in manifest["files"])):
                self._download(f"projects/{part(project)}/exports/{written['id']}/{name}", folder / name)
        return manifest

    def preview_export(self, project: str, options: ExportOptions) -> Result:
        """What an export would write, gate by gate."""
        return self._ask("POST", f"projects/{part(project)}/exports/preview", asdict(options))

    def evaluate(self, project: str, asked: Evaluation) -> Result:
        """Measure a model's answers to the test split."""
        return self._ask("POST", f"projects/{part(project)}/evaluate", asdict(asked))

    def add_samples(self) -> Result:
        """Add the two sample projects, if they are not there."""
        return self._ask("POST", "samples")

    def backup(self, target: Path) -> Result:
        """Copy the database."""
        self._download("backup", target)
        return {"file": str(target), "bytes": target.stat().st_size}

    def verify(self) -> Result:
        """Look through the whole workspace."""
        return self._ask("GET", "verify")

    def _send(self, path: str, file: Path, on_share: OnShare | None = None) -> Any:
        try:
            with file.open("rb") as content:
                return self._ask("POST", path, _Sending(content, file.stat().st_size, on_share))
        except OSError as error:
            raise InputError(f"{file}: {error.strerror}. Check the path.") from error

    def _ask(self, method: str, path: str, body: object = None) -> Any:
        content = body if body is None or isinstance(body, _Sending) else orjson.dumps(body)
        with self._answer(method, path, content) as answer:
            return orjson.loads(answer.read())

    def _steps(self, path: str, body: object = None, *, last: str) -> Iterator[Result]:
        """The lines of an answer as they come; the one with the key `last` ends it, or else it broke off."""
        content = None if body is None else orjson.dumps(body)
        with self._answer("GET" if body is None else "POST", path, content) as answer:
            for line in answer:
                step = orjson.loads(line)
                if "error" in step:
                    raise _refusal(answer.status, line)
                yield step
                if last in step:
                    return
            raise http.client.IncompleteRead(b"")

    def _download(self, path: str, target: Path) -> None:
        partial = target.with_name(f"{target.name}.{new_id().hex[-8:]}")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with self._answer("GET", path) as answer, partial.open("wb") as file:
                shutil.copyfileobj(answer, file, _CHUNK)
                if answer.length:  # http.client takes an early end for the end
                    raise http.client.IncompleteRead(b"", answer.length)
            partial.replace(target)
        except OSError as error:
            raise DiskFull(f"{target}: {error.strerror}. Choose another place or free some space.") from error
        finally:
            with suppress(OSError):  # it is not there, or its folder is none
                partial.unlink()

    @contextmanager
    def _answer(self, method: str, path: str, content: Any = None) -> Generator[http.client.HTTPResponse]:
        url = urllib.parse.urlsplit(self._served.url)
        connection = http.client.HTTPConnection(url.hostname or "127.0.0.1", url.port)
        headers = {"Authorization": f"Bearer {self._served.token}", "Content-Type": "application/json"}
        if isinstance(content, _Sending):
            headers |= {"Content-Type": "application/octet-stream", "Content-Length": str(content.size)}
        try:
            with suppress(BrokenPipeError, ConnectionResetError):  # refused while it was sent: the answer says why
                connection.request(method, f"/api/v1/{path}", content, headers)
            answer = connection.getresponse()
            if answer.status >= http.client.BAD_REQUEST:
                raise _refusal(answer.status, answer.read())
            yield answer
        except (ConnectionError, http.client.HTTPException) as error:
            raise StorageError(
                f"The app at {self._served.url} has the workspace open but does not answer ({error}). "
                "Wait a moment, or close it."
            ) from error
        finally:
            connection.close()


def answers(served: Served) -> bool:
    """Whether somebody listens at that address."""
    url = urllib.parse.urlsplit(served.url)
    try:
        socket.create_connection((url.hostname or "127.0.0.1", url.port or 80), timeout=1).close()
    except OSError:
        return False
    return True


class _Sending:
    """A file on its way, telling how much of it is gone."""

    def __init__(self, file: BinaryIO, size: int, on_share: OnShare | None) -> None:
        self._file, self.size, self._on_share = file, size, on_share

    def __iter__(self) -> Iterator[bytes]:
        sent = 0
        while chunk := self._file.read(_CHUNK):
            yield chunk
            sent += len(chunk)
            if self._on_share:
                self._on_share(sent / self.size)


def _refusal(status: int, body: bytes) -> ConcordError:
    """The error that the app met, as its own class."""
    try:
        answer: Any = orjson.loads(body)
        kind, message = answer["error"], answer["detail"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return StorageError(f"The app answered {status} to this command. Look at its log.")
    if kind == "EndpointError":
        return EndpointError("refused", message)
    return _ERRORS.get(kind, InputError)(message)


_ERRORS: dict[str, type[ConcordError]] = {
    kind.__name__: kind
    for kind in (
        Conflict,
        DiskFull,
        InputError,
        LabelStudioError,
        NotFound,
        StorageError,
        TemplateProblem,
        WorkspaceBusy,
    )
}
