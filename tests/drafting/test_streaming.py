from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx2
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from concord.drafting.streaming import joined


def event(content: str | None = None, finish: str | None = None, **rest) -> str:
    delta = {} if content is None else {"content": content}
    return f"data: {orjson.dumps({'choices': [{'delta': delta, 'finish_reason': finish}], **rest}).decode()}"


def join(*lines: str) -> dict:
    async def stream() -> AsyncIterator[str]:
        for line in lines:
            yield line

    return orjson.loads(asyncio.run(joined(stream())))


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), max_size=8))
def test_pieces_become_the_text_that_they_are_pieces_of(pieces: list[str]):
    usage = 'data: {"choices": [], "usage": {"prompt_tokens": 3}}'
    answer = join(*map(event, pieces), event(finish="stop", model="m"), "", ": alive", usage, "data: [DONE]")
    [choice] = answer["choices"]
    assert choice["message"]["content"] == "".join(pieces)
    assert (choice["finish_reason"], answer["model"], answer["usage"]) == ("stop", "m", {"prompt_tokens": 3})


def test_an_answer_that_was_cut_off_by_length_is_whole():
    assert join(event("Yes, be"), event(finish="length"))["choices"][0]["finish_reason"] == "length"


def test_a_stream_that_ends_before_the_answer_does_broke_off():
    with pytest.raises(httpx2.RemoteProtocolError):
        join(event("Yes, be"))


def test_an_error_in_a_stream_is_handed_on():
    assert join(event("Yes"), 'data: {"error": {"message": "out of memory"}}') == {
        "error": {"message": "out of memory"}
    }


def test_what_is_no_json_is_handed_on_as_it_came():
    async def stream() -> AsyncIterator[str]:
        yield "data: <html>"

    assert asyncio.run(joined(stream())) == b"<html>"
