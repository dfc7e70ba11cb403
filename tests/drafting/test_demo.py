from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import openai
import pytest
from hypothesis import given
from hypothesis import strategies as st

from concord.drafting.demo import DEMO_NOTICE, Fault, demo_app, tokens
from concord.drafting.endpoint import Endpoint, endpoint_for, open_client
from concord.records.kinds import DEMO_MODEL
from concord.records.project import Settings

T = TypeVar("T")
Serve = Callable[[object], str]
PROMPT = [{"role": "user", "content": "Summarise.\n\nAnn: The kettle leaks again.\nBob: Since when does it leak?"}]


def using(act: Callable[[openai.AsyncOpenAI], Awaitable[T]], endpoint: Endpoint | None = None) -> T:
    async def run() -> T:
        async with open_client(endpoint or endpoint_for(Settings(), {})) as client:
            return await act(client)

    return asyncio.run(run())


def create(**request):
    return using(lambda client: client.chat.completions.create(model=DEMO_MODEL, messages=PROMPT, **request))


def test_the_model_says_that_it_is_no_language_model():
    [model] = using(lambda client: client.models.list()).data
    assert model.id == DEMO_MODEL
    assert "no language model" in model.owned_by
    assert model.description == DEMO_NOTICE
    assert "no-language-model" in create().system_fingerprint


def test_the_same_seed_gives_the_same_text_and_the_next_another():
    texts = [create(seed=seed).choices[0].message.content for seed in (5, 5, 6)]
    assert texts[0] == texts[1] != texts[2]


def test_n_choices_are_those_of_the_following_seeds():
    choices = create(n=3, seed=7).choices
    assert [choice.index for choice in choices] == [0, 1, 2]
    assert [choice.message.content for choice in choices] == [
        create(seed=seed).choices[0].message.content for seed in (7, 8, 9)
    ]


def test_tokens_are_counted_and_added():
    usage = create(n=2).usage
    assert usage.total_tokens == usage.prompt_tokens + usage.completion_tokens
    assert usage.completion_tokens > create(n=1).usage.completion_tokens


def test_a_prompt_may_come_in_parts():
    parts = [{"type": "text", "text": PROMPT[0]["content"]}]
    messages = [{"role": "developer", "content": "Be brief."}, {"role": "user", "content": parts}]
    answer = using(lambda client: client.chat.completions.create(model=DEMO_MODEL, messages=messages, seed=3))
    assert answer.choices[0].message.content == create(seed=3).choices[0].message.content


def test_an_answer_streams_over_a_real_socket(serve: Serve):
    async def stream(client: openai.AsyncOpenAI):
        options = {"include_usage": True}
        chunks = await client.chat.completions.create(
            model=DEMO_MODEL, messages=PROMPT, seed=4, n=2, stream=True, stream_options=options
        )
        return [chunk async for chunk in chunks]

    *chunks, last = using(stream, endpoint_for(Settings(), {}, base_url=serve(demo_app())))
    whole = create(seed=4, n=2)
    for choice in whole.choices:
        deltas = [chunk.choices[0] for chunk in chunks if chunk.choices[0].index == choice.index]
        assert "".join(delta.delta.content or "" for delta in deltas) == choice.message.content
        assert [delta.finish_reason for delta in deltas][-2:] == [None, "stop"]
    assert (last.choices, last.usage) == ([], whole.usage)


def test_a_stream_ends_with_done():
    async def events(client: openai.AsyncOpenAI) -> str:
        body = {"model": DEMO_MODEL, "messages": PROMPT, "stream": True}
        return await client.post("/chat/completions", body=body, cast_to=str)

    assert using(events).endswith("data: [DONE]\n\n")


@pytest.mark.parametrize(
    ("request_", "status", "param"),
    [
        ({"model": "gpt-none"}, 404, "model"),
        ({"temperature": 3}, 400, "temperature"),
        ({"n": 0}, 400, "n"),
        ({"seed": "x"}, 400, "seed"),
        ({"messages": []}, 400, "messages"),
        ({"messages": [{"role": "clown", "content": ""}]}, 400, "messages.0.role"),
    ],
)
def test_a_wrong_request_is_refused_in_the_shape_of_the_protocol(request_, status: int, param: str):
    request = {"model": DEMO_MODEL, "messages": PROMPT} | request_
    with pytest.raises(openai.APIStatusError) as caught:
        using(lambda client: client.chat.completions.create(**request))
    error = caught.value
    assert (error.status_code, error.param, error.type) == (status, param, "invalid_request_error")


def test_an_unknown_address_is_refused_in_the_shape_of_the_protocol():
    with pytest.raises(openai.NotFoundError, match="Unknown address or method"):
        using(lambda client: client.embeddings.create(model=DEMO_MODEL, input="x"))


def test_a_limit_says_when_to_ask_again(serve: Serve):
    endpoint = endpoint_for(Settings(), {}, base_url=serve(demo_app([Fault("rate_limited", 7)])))
    with pytest.raises(openai.RateLimitError) as caught:
        using(
            lambda client: client.with_options(max_retries=0).chat.completions.create(
                model=DEMO_MODEL, messages=PROMPT
            ),
            endpoint,
        )
    assert caught.value.response.headers["Retry-After"] == "7"
    assert caught.value.code == "rate_limit_exceeded"


@given(st.text(min_size=1).filter(str.strip))
def test_tokens_make_up_the_text(text: str):
    assert "".join(tokens(text)) == text
