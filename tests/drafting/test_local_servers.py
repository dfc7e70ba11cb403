from __future__ import annotations

import socket
from collections.abc import Callable

import pytest
from starlette.responses import JSONResponse, PlainTextResponse, Response

from concord.drafting.demo import demo_app
from concord.drafting.local_servers import LocalServer, find_servers
from concord.records.kinds import DEMO_MODEL

Serve = Callable[[object], str]


def port_of(address: str) -> int:
    return int(address.rpartition(":")[2].removesuffix("/v1"))


def answering(answer: Response) -> object:
    async def app(scope, receive, send) -> None:
        await answer(scope, receive, send)

    return app


def test_a_server_is_found_with_its_models(serve: Serve, closed_port: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("NO_PROXY")
    monkeypatch.setenv("HTTP_PROXY", closed_port)
    address = serve(demo_app())
    found = find_servers({port_of(address): "Ollama", port_of(closed_port): "vLLM"})
    assert found == [LocalServer("Ollama", address, (DEMO_MODEL,))]


@pytest.mark.parametrize(
    "answer",
    [
        PlainTextResponse("It works!"),
        JSONResponse({"data": [{"id": "m"}]}, 401),
        JSONResponse({"data": []}),
        JSONResponse([1, 2]),
        JSONResponse({"data": [{"name": "m"}, 3, {"id": 4}]}),
    ],
)
def test_what_is_no_model_server_is_passed_over(serve: Serve, answer: Response):
    assert find_servers({port_of(serve(answering(answer))): "Ollama"}) == []


def test_who_does_not_answer_in_time_is_not_there(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("concord.drafting.local_servers._SECONDS", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert find_servers({silent.getsockname()[1]: "Ollama"}) == []
