"""One completion: asked for, read, and every way in which an endpoint fails put into words.

An `EndpointError` says where, what and what to do:

    async with open_client(endpoint) as client:
        try:
            completion = await complete(client, endpoint, item.messages, seed=1)
        except EndpointError as error:
            print(error)  # http://127.0.0.1:8000/v1: no answer within 60 seconds. Try again later, or name a …
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import cast

import openai
import orjson
from openai.types.chat import ChatCompletionMessageParam
from openai.types.chat.completion_create_params import ResponseFormat

from concord.drafting.endpoint import NO_KEY, SECONDS, Endpoint, where
from concord.errors import EndpointError, EndpointFault
from concord.records import Json, Message

FAULTS: Mapping[type[openai.OpenAIError], EndpointFault] = {
    openai.OpenAIError: "refused",
    openai.APIError: "refused",
    openai.APIStatusError: "refused",
    openai.BadRequestError: "refused",
    openai.ConflictError: "refused",
    openai.UnprocessableEntityError: "refused",
    openai.APIConnectionError: "unreachable",
    # Like a wrong address, a wrong model name fails for every item.
    openai.NotFoundError: "unreachable",
    openai.APITimeoutError: "timeout",
    openai.AuthenticationError: "unauthorized",
    openai.OAuthError: "unauthorized",
    openai.PermissionDeniedError: "unauthorized",
    openai.RateLimitError: "rate_limited",
    openai.InternalServerError: "server",
    openai.APIResponseValidationError: "nonsense",
}
"""What each error of the client means; a class that is not here means what its nearest base does."""


@dataclass(frozen=True)
class Completion:
    """What an endpoint answered.

    Attributes:
        model: the model that says it answered, which may be more exact than the name asked for.
        tokens_in: tokens of the prompt; None when the endpoint does not count.
        latency: seconds, repeated requests included.
        finish_reason: `length` when the text was cut off.
    """

    text: str
    model: str
    tokens_in: int | None
    tokens_out: int | None
    latency: float
    finish_reason: str | None


async def complete(
    client: openai.AsyncOpenAI,
    endpoint: Endpoint,
    messages: Sequence[Message],
    *,
    seed: int,
    response_format: Mapping[str, Json] | None = None,
) -> Completion:
    """Ask for one answer to a prompt; in a form, where the endpoint can hold the model to one.

    Raises:
        EndpointError: there is none that can be used.
    """
    began = perf_counter()
    try:
        # The raw answer, because the client hands on any JSON as if it were a completion.
        answer = await client.chat.completions.with_raw_response.create(
            model=endpoint.model,
            messages=[
                cast(ChatCompletionMessageParam, {"role": message.role, "content": message.content})
                for message in messages
            ],
            temperature=endpoint.temperature,
            seed=seed,
            response_format=openai.omit if response_format is None else cast(ResponseFormat, dict(response_format)),
        )
    except openai.OpenAIError as error:
        fault: EndpointFault = next(FAULTS[kind] for kind in type(error).__mro__ if kind in FAULTS)
        message = f"{where(endpoint)}: {_explanation(error, endpoint, client.api_key)}"
        # Not `from error`: the key may be in its text, where the endpoint repeats it.
        raise EndpointError(fault, message) from None
    return _completion(answer.content, endpoint, client.api_key, latency=perf_counter() - began)


# ---- what went wrong


def _explanation(error: openai.OpenAIError, endpoint: Endpoint, key: str) -> str:
    """What was found and what to do, in words for the person who drafts."""
    match error:
        case openai.APITimeoutError():
            return f"no answer within {SECONDS} seconds. Try again later, or name a faster model."
        case openai.APIConnectionError():
            return "it cannot be reached. Check that it runs, the base URL, the network and the proxy."
        case openai.AuthenticationError() if key == NO_KEY:
            return f"it wants a key, and {endpoint.key_variable} is not set (401). Set it."
        case openai.AuthenticationError():
            return f"the key in {endpoint.key_variable} is not accepted (401). Set a valid one."
        case openai.APIStatusError():
            return _status_explanation(error, endpoint, key)
        case _:
            return f"the client refused ({type(error).__name__}). Check the project's settings."


def _status_explanation(error: openai.APIStatusError, endpoint: Endpoint, key: str) -> str:
    said = f"{error.status_code}: {_excerpt(_said(error), key)}"
    match error.status_code:
        case 403:
            return f"the key in {endpoint.key_variable} may not use model {endpoint.model!r} ({said}). Use another."
        case 404:
            return f"no model {endpoint.model!r} there ({said}). Correct the model's name or the base URL."
        case 429:
            return f"too many requests, or the account is used up ({said}). Wait, or raise the limit."
        case status if status >= 500:
            return f"the server failed ({said}). Try again later."
        case _:
            return f"the request was refused ({said}). Change what this names, in the settings or in the template."


def _said(error: openai.APIStatusError) -> str:
    """The endpoint's own words: the message of an error in OpenAI's shape, or the body as it is."""
    match error.body:
        case {"message": str(message)}:
            return message
        case body:
            return str(body or "no reason given")


def _excerpt(text: str, key: str) -> str:
    """The begin of a text on one line, without the key and without what would steer a terminal."""
    printable = "".join(sign if sign.isprintable() else " " for sign in text.replace(key, "[key]"))
    flat = " ".join(printable.split())
    return flat if len(flat) <= 200 else flat[:200] + "…"


# ---- what was answered


def _completion(content: bytes, endpoint: Endpoint, key: str, *, latency: float) -> Completion:
    shown = repr(_excerpt(content.decode(errors="replace"), key))
    try:
        answer: Json = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise _nonsense(endpoint, f"the answer is not JSON: {shown}") from error
    match answer:
        case {"choices": [{"message": {"content": str(text)}} as choice, *_]} if text.strip():
            model = answer.get("model")
            tokens_in, tokens_out = _usage(answer.get("usage"))
            return Completion(
                text=text,
                model=model if isinstance(model, str) and model else endpoint.model,
                tokens_in=tokens_in,
                tokens_out=tokens_out,
                latency=latency,
                finish_reason=_finish_reason(choice),
            )
        case {"choices": [{"message": {}} as choice, *_]}:
            reason = _excerpt(repr(_finish_reason(choice)), key)
            raise _nonsense(endpoint, f"the answer holds no text, finish_reason {reason}")
        case {"choices": []}:
            raise _nonsense(endpoint, "the answer holds no choices")
        case _:
            raise _nonsense(endpoint, f"the answer is no chat completion: {shown}")


def _nonsense(endpoint: Endpoint, found: str) -> EndpointError:
    cure = "Check that the base URL is an OpenAI-compatible endpoint, and that the model writes text."
    return EndpointError("nonsense", f"{where(endpoint)}: {found}. {cure}")


def _usage(usage: Json) -> tuple[int | None, int | None]:
    match usage:
        case {"prompt_tokens": int(tokens_in), "completion_tokens": int(tokens_out)}:
            return tokens_in, tokens_out
        case _:
            return None, None


def _finish_reason(choice: Mapping[str, Json]) -> str | None:
    reason = choice.get("finish_reason")
    return reason if isinstance(reason, str) else None
