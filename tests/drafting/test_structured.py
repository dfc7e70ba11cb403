from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from concord.drafting.completion import Completion
from concord.drafting.endpoint import Endpoint, endpoint_for, open_client
from concord.drafting.structured import complete_in_form
from concord.errors import EndpointError
from concord.records.item import Message
from concord.records.project import Settings

FORM = {"type": "json_schema", "json_schema": {"name": "x", "schema": {"type": "object"}}}
Serve = Callable[[object], str]


def server(asked: list[dict], *, knows: Sequence[str], status: int = 400) -> Starlette:
    """An endpoint that refuses requests with a parameter that it does not know."""

    async def complete(request: Request) -> Response:
        body = await request.json()
        asked.append(body)
        if unknown := [name for name in body if name not in knows]:
            return JSONResponse({"error": {"message": f"Unknown parameter: {unknown[0]}"}}, status)
        return JSONResponse({"choices": [{"message": {"content": "{}"}, "finish_reason": "stop"}]})

    return Starlette(routes=[Route("/v1/chat/completions", complete, methods=["POST"])])


def ask(endpoint: Endpoint) -> Completion:
    async def once() -> Completion:
        async with open_client(endpoint, {}) as client:
            client = client.with_options(max_retries=0)
            return await complete_in_form(client, endpoint, [Message("user", "Hi")], seed=7, response_format=FORM)

    return asyncio.run(once())


PLAIN = ("model", "messages", "temperature", "seed")


def test_an_endpoint_that_knows_forms_is_given_one(serve: Serve) -> None:
    asked: list[dict] = []
    endpoint = endpoint_for(Settings(), {}, base_url=serve(server(asked, knows=[*PLAIN, "response_format"])))
    assert ask(endpoint).text == "{}"
    assert [body["response_format"] for body in asked] == [FORM]


def test_an_endpoint_that_does_not_is_asked_without(serve: Serve) -> None:
    asked: list[dict] = []
    endpoint = endpoint_for(Settings(), {}, base_url=serve(server(asked, knows=PLAIN)))
    assert ask(endpoint).text == "{}"
    assert ["response_format" in body for body in asked] == [True, False]
    assert asked[0]["seed"] == asked[1]["seed"] == 7


def test_what_fails_for_another_reason_is_not_asked_again(serve: Serve) -> None:
    asked: list[dict] = []
    endpoint = endpoint_for(Settings(), {}, base_url=serve(server(asked, knows=(), status=500)))
    with pytest.raises(EndpointError, match="Unknown parameter"):
        ask(endpoint)
    assert len(asked) == 1


def test_the_demo_answers_in_a_form_as_without() -> None:
    assert ask(endpoint_for(Settings(), {})).text
