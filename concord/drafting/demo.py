"""The demo endpoint: an ASGI application that speaks the OpenAI protocol and needs no key and no network.

It drafts by extraction (`concord.drafting.extraction`), writes templates from patterns
(`concord.drafting.template_writing`), turns prompts around (`concord.drafting.demo_prompts`), says plainly that it is
no language model, and can be told to fail in the ways in which real endpoints fail, so that tests and the demo take the
path that a real endpoint takes.
"""

from __future__ import annotations

import asyncio
import itertools
import re
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal

import orjson
from pydantic import BaseModel, Field, ValidationError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from concord.drafting.demo_prompts import new_prompts
from concord.drafting.demo_steps import step_answer, task_of
from concord.drafting.extraction import candidates
from concord.drafting.template_writing import written_templates
from concord.records.item import Message
from concord.records.kinds import DEMO_MODEL, Json

DEMO_NOTICE = (
    "These drafts come from the demo drafter, which is no language model: it rearranges sentences of the prompt. "
    "Set OPENAI_API_KEY, or name a base URL, to draft with a model."
)
_FINGERPRINT = "extraction-1-no-language-model"


@dataclass(frozen=True)
class Fault:
    """One way to fail.

    Attributes:
        kind: which; `delayed` answers as usual, after `seconds`.
        seconds: how long to wait, or what `Retry-After` says with `rate_limited` and `server`.
    """

    kind: Literal["unauthorized", "rate_limited", "server", "html", "json", "no_choices", "no_text", "delayed"]
    seconds: float = 0.0


Faults = Sequence[Fault | None] | Callable[[int], Fault | None]


def demo_app(faults: Faults = ()) -> Starlette:
    """The application.

    Args:
        faults: what goes wrong: a plan with one entry for each completion that is asked for, in order, after which all
            goes well; or a function of the request's number, which begins at 1.
    """
    numbers = itertools.count(1)
    fault_of = faults if callable(faults) else _planned(faults)

    async def complete(request: Request) -> Response:
        fault = fault_of(next(numbers))
        if fault is not None and fault.kind == "delayed":
            await asyncio.sleep(fault.seconds)
        elif fault is not None:
            return _failure(fault)
        return _completion(await request.body())

    return Starlette(
        routes=[
            Route("/v1/models", _models),
            Route("/v1/chat/completions", complete, methods=["POST"]),
        ],
        exception_handlers={HTTPException: _refusal_of},
    )


def _planned(plan: Sequence[Fault | None]) -> Callable[[int], Fault | None]:
    return lambda number: plan[number - 1] if number <= len(plan) else None


# ---- requests


class _Part(BaseModel):
    type: Literal["text"]
    text: str


class _ChatMessage(BaseModel):
    role: Literal["system", "developer", "user", "assistant", "tool"]
    content: str | list[_Part]


class _StreamOptions(BaseModel):
    include_usage: bool = False


class _ChatRequest(BaseModel):
    model: str
    messages: list[_ChatMessage] = Field(min_length=1)
    n: int = Field(default=1, ge=1, le=128)
    seed: int | None = None
    temperature: float | None = Field(default=None, ge=0, le=2)
    stream: bool = False
    stream_options: _StreamOptions = _StreamOptions()
    response_format: dict[str, Any] | None = None


async def _models(_: Request) -> Response:
    model = {"id": DEMO_MODEL, "object": "model", "created": 0, "owned_by": "concord: extraction, no language model"}
    return JSONResponse({"object": "list", "data": [model | {"description": DEMO_NOTICE}]})


def _completion(body: bytes) -> Response:
    try:
        asked = _ChatRequest.model_validate_json(body)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        return _refusal(400, f"{where or 'body'}: {first['msg']}", param=where or None)
    if asked.model != DEMO_MODEL:
        return _refusal(404, f"The model '{asked.model}' does not exist", param="model", code="model_not_found")
    answer = _answer(asked, f"chatcmpl-{sha256(body).hexdigest()[:24]}")
    if asked.stream:
        events = _events(answer, include_usage=asked.stream_options.include_usage)
        return StreamingResponse(events, media_type="text/event-stream")
    return JSONResponse(_whole(answer))


def _answer(asked: _ChatRequest, name: str) -> _Answer:
    """A draft for each choice; the seed says with which to begin, and temperature changes nothing."""
    messages = [_message(message) for message in asked.messages]
    step = step_answer(messages)
    structured = step or new_prompts(messages, asked.response_format, seed=asked.seed or 0)
    drafts = (structured,) if structured else written_templates(messages) or candidates(task_of(messages))
    texts = tuple(drafts[((asked.seed or 0) + number) % len(drafts)] for number in range(asked.n))
    return _Answer(name, int(time.time()), texts, sum(len(tokens(message.content)) for message in messages))


def _message(message: _ChatMessage) -> Message:
    role = "system" if message.role == "developer" else message.role
    content = message.content
    return Message(role, content if isinstance(content, str) else "\n".join(part.text for part in content))


# ---- answers


@dataclass(frozen=True)
class _Answer:
    id: str
    created: int
    texts: tuple[str, ...]
    prompt_tokens: int


def tokens(text: str) -> list[str]:
    """Words and signs, each with the blanks after it: what counts as a token here, and travels as a chunk."""
    return re.findall(r"\s*(?:\w+|[^\w\s])\s*", text)


def _whole(answer: _Answer) -> Json:
    choices: list[Json] = [
        {"index": index, "message": {"role": "assistant", "content": text, "refusal": None}, "finish_reason": "stop"}
        for index, text in enumerate(answer.texts)
    ]
    return _body(answer, "chat.completion", choices=choices, usage=_usage(answer))


def _body(answer: _Answer, kind: str, **rest: Json) -> dict[str, Json]:
    return {
        "id": answer.id,
        "object": kind,
        "created": answer.created,
        "model": DEMO_MODEL,
        "system_fingerprint": _FINGERPRINT,
        **rest,
    }


def _usage(answer: _Answer) -> Json:
    written = sum(len(tokens(text)) for text in answer.texts)
    return {
        "prompt_tokens": answer.prompt_tokens,
        "completion_tokens": written,
        "total_tokens": answer.prompt_tokens + written,
    }


async def _events(answer: _Answer, *, include_usage: bool) -> AsyncIterator[bytes]:
    """The answer as server-sent events."""
    for choice in _deltas(answer):
        yield _event(_body(answer, "chat.completion.chunk", choices=[choice], usage=None))
    if include_usage:
        yield _event(_body(answer, "chat.completion.chunk", choices=[], usage=_usage(answer)))
    yield b"data: [DONE]\n\n"


def _deltas(answer: _Answer) -> Iterator[dict[str, Json]]:
    for index, text in enumerate(answer.texts):
        yield {"index": index, "delta": {"role": "assistant", "content": ""}, "finish_reason": None}
        for token in tokens(text):
            yield {"index": index, "delta": {"content": token}, "finish_reason": None}
        yield {"index": index, "delta": {}, "finish_reason": "stop"}


def _event(data: Json) -> bytes:
    return b"data: " + orjson.dumps(data) + b"\n\n"


# ---- failures


def _failure(fault: Fault) -> Response:
    """The answer that a fault gives in place of a completion."""
    retry = {"Retry-After": f"{fault.seconds:g}"}
    match fault.kind:
        case "unauthorized":
            return _refusal(401, "Incorrect API key provided.", code="invalid_api_key")
        case "rate_limited":
            return _refusal(429, "Rate limit reached.", code="rate_limit_exceeded", headers=retry)
        case "server":
            return _refusal(500, "The server had an error while processing your request.", headers=retry)
        case "html":
            return HTMLResponse("<html><body><h1>It works!</h1></body></html>")
        case "json":
            return JSONResponse(["this", "is", "no", "completion"])
        case "no_choices":
            return JSONResponse(_whole(_Answer("chatcmpl-none", 0, (), 0)))
        case _:
            return JSONResponse(_whole(_Answer("chatcmpl-none", 0, ("",), 0)))


async def _refusal_of(_: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return _refusal(status, "Unknown address or method. Try GET /v1/models or POST /v1/chat/completions.")


def _refusal(
    status: int,
    message: str,
    *,
    param: str | None = None,
    code: str | None = None,
    headers: dict[str, str] | None = None,
) -> Response:
    """An error in OpenAI's shape."""
    kind = "server_error" if status >= 500 else "invalid_request_error"
    error = {"message": message, "type": kind, "param": param, "code": code}
    return JSONResponse({"error": error}, status_code=status, headers=headers)
