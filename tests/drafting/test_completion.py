from __future__ import annotations

import asyncio
import traceback
from collections.abc import Callable

import openai
import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from concord.drafting.completion import FAULTS, Completion, complete
from concord.drafting.demo import Fault, demo_app
from concord.drafting.endpoint import Endpoint, endpoint_for, open_client
from concord.errors import EndpointError
from concord.records.item import Message
from concord.records.kinds import DEMO_MODEL
from concord.records.project import Settings

KEY = "sk-a-very-secret-key"
PROMPT = (
    Message("system", "Be brief."),
    Message("user", "Summarise.\n\nAnn: It leaks.\nBob: Since when does it leak?"),
)
Serve = Callable[[object], str]


def endpoint_at(base_url: str, *, model: str = DEMO_MODEL) -> Endpoint:
    return endpoint_for(Settings(model=model), {}, base_url=base_url)


def ask(endpoint: Endpoint, *, key: str = KEY, **options: float) -> Completion:
    """Ask once, without repeating."""

    async def once() -> Completion:
        async with open_client(endpoint, {"OPENAI_API_KEY": key}) as client:
            return await complete(client.with_options(max_retries=0, **options), endpoint, PROMPT, seed=1)

    return asyncio.run(once())


def failure(endpoint: Endpoint, **options) -> EndpointError:
    with pytest.raises(EndpointError) as caught:
        ask(endpoint, **options)
    return caught.value


def answering(answer: Response) -> object:
    async def app(scope, receive, send) -> None:
        await answer(scope, receive, send)

    return app


def test_the_demo_completes_without_key_and_network():
    completion = ask(endpoint_for(Settings(), {}))
    assert completion.text == "Ann says: “It leaks.” Bob asks: “Since when does it leak?”"
    assert (completion.model, completion.finish_reason) == (DEMO_MODEL, "stop")
    assert (completion.tokens_in, completion.tokens_out) == (18, 19)
    assert completion.latency > 0


def test_a_real_socket_gives_the_same_text(serve: Serve):
    assert ask(endpoint_at(serve(demo_app()))).text == ask(endpoint_for(Settings(), {})).text


FAILURES = {
    "unauthorized": ("unauthorized", "the key in OPENAI_API_KEY is not accepted (401). Set a valid one."),
    "rate_limited": (
        "rate_limited",
        "too many requests, or the account is used up (429: Rate limit reached.). Wait, or raise the limit.",
    ),
    "server": (
        "server",
        "the server failed (500: The server had an error while processing your request.). Try again later.",
    ),
    "html": (
        "nonsense",
        "the answer is not JSON: '<html><body><h1>It works!</h1></body></html>'. "
        "Check that the base URL is an OpenAI-compatible endpoint, and that the model writes text.",
    ),
    "json": (
        "nonsense",
        """the answer is no chat completion: '["this","is","no","completion"]'. """
        "Check that the base URL is an OpenAI-compatible endpoint, and that the model writes text.",
    ),
    "no_choices": (
        "nonsense",
        "the answer holds no choices. "
        "Check that the base URL is an OpenAI-compatible endpoint, and that the model writes text.",
    ),
    "no_text": (
        "nonsense",
        "the answer holds no text, finish_reason 'stop'. "
        "Check that the base URL is an OpenAI-compatible endpoint, and that the model writes text.",
    ),
}


@pytest.mark.parametrize("kind", FAILURES)
def test_what_an_endpoint_does_wrong_is_said(serve: Serve, kind):
    endpoint = endpoint_at(serve(demo_app([Fault(kind)])))
    error = failure(endpoint)
    fault, words = FAILURES[kind]
    assert (error.fault, str(error)) == (fault, f"{endpoint.base_url}: {words}")


def test_a_server_that_is_down_is_unreachable(closed_port: str):
    error = failure(endpoint_at(closed_port))
    assert error.fault == "unreachable"
    assert str(error) == (
        f"{closed_port}: it cannot be reached. Check that it runs, the base URL, the network and the proxy."
    )


def test_an_answer_that_takes_too_long_is_a_timeout(serve: Serve):
    error = failure(endpoint_at(serve(demo_app([Fault("delayed", 0.5)]))), timeout=0.05)
    assert error.fault == "timeout"
    assert str(error).endswith(
        "/v1: no answer within 60 seconds. Try again later, raise the timeout, or name a faster model."
    )


def test_a_missing_key_is_not_called_a_wrong_one(serve: Serve):
    error = failure(endpoint_at(serve(demo_app([Fault("unauthorized")]))), key="")
    assert error.fault == "unauthorized"
    assert str(error).endswith("/v1: it wants a key, and OPENAI_API_KEY is not set (401). Set it.")


def test_an_unknown_model_is_named(serve: Serve):
    error = failure(endpoint_at(serve(demo_app()), model="gpt-none"))
    assert error.fault == "unreachable"
    assert str(error).endswith(
        "/v1: no model 'gpt-none' there (404: The model 'gpt-none' does not exist). "
        "Correct the model's name or the base URL."
    )


@pytest.mark.parametrize(
    ("status", "fault", "words"),
    [
        (400, "refused", "the request was refused (400: too long). Change what this names, in the settings or "),
        (
            403,
            "unauthorized",
            "the key in OPENAI_API_KEY may not use model 'concord-demo' (403: too long). Use another.",
        ),
        (409, "refused", "the request was refused (409: too long)."),
        (418, "refused", "the request was refused (418: too long)."),
        (422, "refused", "the request was refused (422: too long)."),
        (503, "server", "the server failed (503: too long). Try again later."),
    ],
)
def test_a_status_is_explained_with_the_words_of_the_endpoint(serve: Serve, status: int, fault: str, words: str):
    refusal = JSONResponse({"error": {"message": "too long"}}, status)
    error = failure(endpoint_at(serve(answering(refusal))))
    assert error.fault == fault
    assert f"/v1: {words}" in str(error)


@pytest.mark.parametrize(
    "body",
    ['{"choices": [{"message": {"content": null}}]}', '{"choices": [{"message": {"content": " "}}]}'],
)
def test_an_answer_without_text_is_nonsense(serve: Serve, body: str):
    error = failure(endpoint_at(serve(answering(Response(body, media_type="application/json")))))
    assert "the answer holds no text, finish_reason None. " in str(error)


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000, b'{"choices": 3}', b'{"choices": [7]}', b"null"])
def test_any_other_answer_is_nonsense(serve: Serve, body: bytes):
    error = failure(endpoint_at(serve(answering(Response(body, media_type="application/json")))))
    assert error.fault == "nonsense"
    assert len(str(error)) < 500


def test_an_endpoint_that_does_not_count_leaves_tokens_unknown(serve: Serve):
    answer = JSONResponse({"choices": [{"message": {"content": "Yes."}, "finish_reason": 3}], "usage": {"total": 1}})
    completion = ask(endpoint_at(serve(answering(answer))))
    assert (completion.text, completion.model, completion.finish_reason) == ("Yes.", DEMO_MODEL, None)
    assert (completion.tokens_in, completion.tokens_out) == (None, None)


@pytest.mark.parametrize("status", [200, 400, 401, 404, 429, 500])
def test_a_key_that_is_sent_back_is_not_shown(serve: Serve, status: int):
    async def echo(scope, receive, send) -> None:
        words = f"bad key: {Request(scope).headers['authorization']}"
        await PlainTextResponse(words, status)(scope, receive, send)

    error = failure(endpoint_at(serve(echo)))
    shown = "".join(traceback.format_exception(error)) + repr(error) + str(error)
    assert KEY not in shown


def test_what_an_endpoint_says_steers_no_terminal(serve: Serve):
    refusal = JSONResponse({"error": {"message": "no\x1b]0;owned\x07 more\u202e"}}, 422)
    error = failure(endpoint_at(serve(answering(refusal))))
    assert "(422: no ]0;owned more)" in str(error)


def test_a_refused_request_is_repeated(serve: Serve):
    seen: list[int] = []

    def faults(number: int) -> Fault | None:
        seen.append(number)
        return Fault("rate_limited", seconds=0.01) if number < 3 else None

    async def persist(endpoint: Endpoint) -> Completion:
        async with open_client(endpoint) as client:
            return await complete(client, endpoint, PROMPT, seed=0)

    assert asyncio.run(persist(endpoint_at(serve(demo_app(faults))))).text
    assert seen == [1, 2, 3]


# Errors of features that drafting does not use: structured output, webhooks, websockets.
ELSEWHERE = {
    openai.ContentFilterFinishReasonError,
    openai.InvalidWebhookSignatureError,
    openai.LengthFinishReasonError,
    openai.WebSocketConnectionClosedError,
    openai.WebSocketQueueFullError,
}


def test_every_error_of_the_client_has_a_fault():
    public = [getattr(openai, name) for name in openai.__all__]
    errors = {kind for kind in public if isinstance(kind, type) and issubclass(kind, Exception)}
    assert errors - ELSEWHERE == {kind for kind in FAULTS if issubclass(kind, openai.OpenAIError)}
