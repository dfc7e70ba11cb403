"""A small Label Studio on a real socket: it keeps projects, tasks and annotations, and fails when it is told to."""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

KEY = "0123456789abcdef0123456789abcdef01234567"
MOMENT = "2026-05-04T12:00:00.000000Z"


@dataclass
class StubServer:
    """What it holds; `fails` gives the status that a method and path are answered with, `requests` all that came."""

    url: str = ""
    release: str = "1.23.2"
    projects: dict[int, dict[str, Any]] = field(default_factory=dict)
    tasks: dict[int, dict[str, Any]] = field(default_factory=dict)
    webhooks: list[dict[str, Any]] = field(default_factory=list)
    fails: dict[str, int] = field(default_factory=dict)
    loses_answers: bool = False
    refuses_local: bool = False
    requests: list[str] = field(default_factory=list)

    def annotate(self, task: int, user: object, result: list[dict[str, Any]], **fields: Any) -> dict[str, Any]:
        """An annotation of a task."""
        annotations = self.tasks[task]["annotations"]
        made = {"id": 100 * task + len(annotations), "completed_by": user, "result": result, "updated_at": MOMENT}
        annotations.append(made | fields)
        return annotations[-1]

    def answer(self, method: str, path: str, query: dict[str, list[str]], body: Any) -> tuple[int, Any]:
        """Status and content of an answer."""
        if path == "/api/version/":
            return 200, {"release": self.release}
        if path == "/api/current-user/whoami":
            return 200, {"id": 1, "username": "u1", "email": "u1@example.org"}
        if path == "/api/projects/":
            return self._projects(method, body, int(query.get("page", ["1"])[0]))
        if found := re.fullmatch(r"/api/projects/(\d+)(/import)?/?", path):
            return self._project(int(found[1]), found[2], body)
        if found := re.fullmatch(r"/api/webhooks/(\d+)?/?", path):
            return self._webhooks(method, found[1], body)
        if path == "/api/tasks/":
            return self._tasks(int(query["project"][0]), int(query["page"][0]), int(query["page_size"][0]))
        return 404, {"detail": "Not found."}

    def _projects(self, method: str, body: Any, page: int) -> tuple[int, Any]:
        if method == "GET" and page > 1:
            return 404, {"detail": "Invalid page."}
        if method == "GET":
            return 200, {"count": len(self.projects), "results": list(self.projects.values())}
        number = len(self.projects) + 1
        self.projects[number] = {**body, "id": number}
        return 201, self.projects[number]

    def _webhooks(self, method: str, number: str | None, body: Any) -> tuple[int, Any]:
        if method == "GET":
            return 200, self.webhooks
        if self.refuses_local:
            return 403, {"detail": "URL resolves to a reserved network address (block: 127.0.0.0/8)"}
        if number:
            self.webhooks[int(number) - 1].update(body)
            return 200, self.webhooks[int(number) - 1]
        self.webhooks.append({**body, "id": len(self.webhooks) + 1})
        return 201, self.webhooks[-1]

    def _project(self, number: int, importing: str | None, body: Any) -> tuple[int, Any]:
        if number not in self.projects:
            return 404, {"detail": "No Project matches the given query."}
        if not importing:
            return 200, self.projects[number]
        numbers = range(len(self.tasks) + 1, len(self.tasks) + 1 + len(body))
        for task, one in zip(numbers, body, strict=True):
            self.tasks[task] = {"id": task, "project": number, "annotations": [], **one}
        return 201, {"task_count": len(body), "task_ids": list(numbers)}

    def _tasks(self, project: int, page: int, size: int) -> tuple[int, Any]:
        found = [task for task in self.tasks.values() if task["project"] == project]
        shown = found[(page - 1) * size : page * size]
        return (
            (200, {"tasks": shown, "total": len(found)}) if shown or page == 1 else (404, {"detail": "Invalid page."})
        )


@contextmanager
def serving() -> Iterator[StubServer]:
    """An empty one that answers."""
    state = StubServer()

    class Handler(BaseHTTPRequestHandler):
        def handle_one(self) -> None:
            url = urlsplit(self.path)
            state.requests.append(f"{self.command} {self.path} {self.headers.get('Authorization')}")
            content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if status := state.fails.get(f"{self.command} {url.path}"):
                self.reply(status, {"detail": "Invalid token." if status == 401 else "as it was told"})
                return
            body = json.loads(content) if content else None
            answer = state.answer(self.command, url.path, parse_qs(url.query), body)
            if state.loses_answers and self.command == "POST":
                state.loses_answers = False
                self.close_connection = True
                return
            self.reply(*answer)

        def reply(self, status: int, answer: Any) -> None:
            content = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PATCH = handle_one

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        state.url = f"http://127.0.0.1:{listening.server_port}"
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield state
        listening.shutdown()
        thread.join()
