"""An answer that comes in pieces, put together as if it had come whole."""

from __future__ import annotations

from collections.abc import AsyncIterable, Mapping
from typing import cast

import httpx2
import openai
import orjson
from openai.types.chat import ChatCompletionMessageParam

from concord.records.kinds import Json

PATH = "/chat/completions"
_BEGIN = "data:"
_KEPT = ("id", "model", "usage", "error")


async def streamed(client: openai.AsyncOpenAI, body: Mapping[str, Json]) -> bytes:
    """Ask for a completion in pieces.

    Returns:
        The same JSON as an answer that comes whole; what was no stream at all is handed on as it came.

    Raises:
        openai.OpenAIError: the endpoint refused.
        httpx2.HTTPError: the connection broke off, or nothing more came.
    """
    rest = {name: value for name, value in body.items() if name not in ("model", "messages")}
    async with client.chat.completions.with_streaming_response.create(
        model=cast(str, body["model"]),
        messages=cast(list[ChatCompletionMessageParam], body["messages"]),
        stream=True,
        stream_options={"include_usage": True},
        extra_body=rest,
    ) as response:
        if "text/event-stream" not in response.headers.get("content-type", ""):
            return await response.read()
        return await joined(response.iter_lines())


async def joined(lines: AsyncIterable[str]) -> bytes:
    """The completion that these server-sent events are.

    Raises:
        httpx2.RemoteProtocolError: they end before the answer does.
    """
    answer: dict[str, Json] = {}
    texts: list[str] = []
    finish: Json = None
    async for line in lines:
        data = line.removeprefix(_BEGIN).strip() if line.startswith(_BEGIN) else ""
        if data == "[DONE]":
            return _answer(answer, texts, finish)
        if not data:
            continue
        try:
            event: Json = orjson.loads(data)
        except orjson.JSONDecodeError:
            return data.encode()  # said as it is: the answer is not JSON
        match event:
            case {"choices": [{"delta": _} as choice, *_]}:
                texts.append(_piece(choice))
                finish = choice.get("finish_reason") or finish
            case {"error": _}:
                return orjson.dumps(event)
            case _:
                pass
        if isinstance(event, dict):
            answer |= {name: event[name] for name in _KEPT if event.get(name) is not None}
    if finish is None:
        raise httpx2.RemoteProtocolError("the stream ended before the answer did")
    return _answer(answer, texts, finish)


def _piece(choice: Mapping[str, Json]) -> str:
    match choice:
        case {"delta": {"content": str(text)}}:
            return text
        case _:
            return ""


def _answer(answer: Mapping[str, Json], texts: list[str], finish: Json) -> bytes:
    choice: Json = {"index": 0, "message": {"role": "assistant", "content": "".join(texts)}, "finish_reason": finish}
    return orjson.dumps({**answer, "choices": [choice]})
