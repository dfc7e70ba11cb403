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
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from time import perf_counter

import aiohttp
import httpx2
import openai
import orjson

from concord.drafting.endpoint import NO_KEY, Endpoint, where
from concord.drafting.repeating import retry_after
from concord.drafting.streaming import PATH, streamed
from concord.errors import EndpointError, EndpointFault
from concord.records.item import Message
from concord.records.kinds import Json

FAULTS: Mapping[type[Exception], EndpointFault] = {
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
    httpx2.HTTPError: "unreachable",
    httpx2.TimeoutException: "timeout",
    openai.AuthenticationError: "unauthorized",
    openai.OAuthError: "unauthorized",
    openai.PermissionDeniedError: "unauthorized",
    openai.RateLimitError: "rate_limited",
    openai.InternalServerError: "server",
    openai.APIResponseValidationError: "nonsense",
}
"""What each error of the client means; a class that is not here means what its nearest base does."""
PASSING = frozenset((408, 409, 425, 429, 500, 502, 503, 504, 520, 522, 524, 529))
"""The statuses after which the same request may be answered later."""


@dataclass(frozen=True)
class Completion:
    """What an endpoint answered.

    Attributes:
        model: the model that says it answered, which may be more exact than the name asked for.
        tokens_in: tokens of the prompt; None when the endpoint does not count.
        latency: seconds that the request took which was answered.
        finish_reason: `length` when the text was cut off.
        prompt_hash: sha256 (hex) of the messages that were sent.
        cost: US dollars; None when the price is unknown.
    """

    text: str
    model: str
    tokens_in: int | None
    tokens_out: int | None
    latency: float
    finish_reason: str | None
    prompt_hash: str = ""
    cost: float | None = None


def prompt_hash(messages: Sequence[Message]) -> str:
    """Sha256 (hex) of the messages that were sent, as JSON with sorted keys."""
    plain = [{"role": message.role, "content": message.content} for message in messages]
    return sha256(orjson.dumps(plain, option=orjson.OPT_SORT_KEYS)).hexdigest()


async def complete(  # noqa: PLR0913 - what the protocol has of options
    client: openai.AsyncOpenAI,
    endpoint: Endpoint,
    messages: Sequence[Message],
    *,
    seed: int,
    temperature: float | None = None,
    response_format: Mapping[str, Json] | None = None,
    max_tokens: int | None = None,
    stream: bool = False,
) -> Completion:
    """Ask for one answer to a prompt; most options are those of `concord.drafting.request.Request`.

    Args:
        client: see `open_client`.
        endpoint: whose model answers.
        messages: the prompt.
        seed: makes the answers to one prompt differ.
        temperature: None is the endpoint's.
        response_format: the form of the answer.
        max_tokens: where the answer is cut off.
        stream: let the answer come in pieces, so that the timeout counts from the last piece.

    Raises:
        EndpointError: there is none that can be used.
    """
    began = perf_counter()
    body: dict[str, Json] = {
        "model": endpoint.model,
        "messages": [{"role": message.role, "content": message.content} for message in messages],
        "temperature": endpoint.temperature if temperature is None else temperature,
        "seed": seed,
    }
    if response_format is not None:
        body["response_format"] = dict(response_format)
    if max_tokens is not None:
        body["max_tokens"] = max_tokens
    try:
        answer = await (streamed(client, body) if stream else _whole(client, body))
    except (openai.OpenAIError, httpx2.HTTPError) as error:
        # Not `from error`: the key may be in its text, where the endpoint repeats it.
        raise _endpoint_error(error, endpoint, client.api_key) from None
    if client.api_key != NO_KEY:
        # An endpoint that sends the key back must not bring it into a draft.
        answer = answer.replace(client.api_key.encode(), b"[key]")
    completion = _completion(answer, endpoint, client.api_key, latency=perf_counter() - began)
    return replace(completion, prompt_hash=prompt_hash(messages))


async def _whole(client: openai.AsyncOpenAI, body: Mapping[str, Json]) -> bytes:
    """The answer as it came; the client's typed call takes twice the time, and hands on any JSON as a completion."""
    return (await client.post(PATH, body=body, cast_to=httpx2.Response)).content


# ---- what went wrong


def _endpoint_error(error: Exception, endpoint: Endpoint, key: str) -> EndpointError:
    fault = _fault(error)
    message = f"{where(endpoint)}: {_explanation(error, fault, endpoint, key)}"
    match error:
        case openai.APIStatusError(status_code=status, response=response):
            asked = retry_after(response.headers, now=datetime.now(UTC))
            used_up = error.code == "insufficient_quota"
            return EndpointError(fault, message, passing=status in PASSING and not used_up, retry_after=asked)
        case openai.APIConnectionError() | httpx2.HTTPError():
            return EndpointError(fault, message, passing=True)
        case _:
            return EndpointError(fault, message)


def _fault(error: Exception) -> EndpointFault:
    """What an error means; the transport calls a broken connection a timeout, and what is beneath says what it was."""
    if isinstance(error, openai.APIConnectionError | httpx2.HTTPError):
        met = error if isinstance(error, httpx2.HTTPError) else error.__cause__
        beneath = met.__cause__ if met else None
        match met, beneath:
            case _, aiohttp.ClientConnectorError() | aiohttp.ConnectionTimeoutError():
                return "unreachable"
            case _, aiohttp.ServerTimeoutError():
                return "timeout"
            case _, aiohttp.ClientConnectionError() | aiohttp.ClientPayloadError():
                return "dropped"
            case httpx2.RemoteProtocolError() | httpx2.ReadError() | httpx2.WriteError(), _:
                return "dropped"
            case _:
                pass
    return next(FAULTS[kind] for kind in type(error).__mro__ if kind in FAULTS)


def _explanation(error: Exception, fault: EndpointFault, endpoint: Endpoint, key: str) -> str:
    """What was found and what to do, in words for the person who drafts."""
    match error:
        case _ if fault == "timeout":
            silence = f"no answer within {endpoint.limits.timeout} seconds"
            return f"{silence}. Try again later, raise the timeout, or name a faster model."
        case _ if fault == "dropped":
            return "the connection broke off before the answer was complete. Try again later."
        case openai.APIConnectionError() | httpx2.HTTPError():
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
    try:
        answer: Json = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise _nonsense(endpoint, f"the answer is not JSON: {_shown(content, key)}") from error
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
            raise _nonsense(endpoint, f"the answer is no chat completion: {_shown(content, key)}")


def _shown(content: bytes, key: str) -> str:
    return repr(_excerpt(content.decode(errors="replace"), key))


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
