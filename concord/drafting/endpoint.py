"""The endpoint that drafts: which it is, and how its client is opened.

The key is read from the environment when the client is opened. It is in no record and in no message.
"""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx2
import openai

from concord.drafting.cost import FREE, Price
from concord.drafting.demo import demo_app
from concord.drafting.limits import Limits
from concord.errors import EndpointError, InputError
from concord.records.kinds import DEMO_MODEL
from concord.records.project import Settings

DEFAULT_MODEL = "gpt-5.4-mini"
NO_KEY = "no-key"
_DEFAULT_ADDRESS = "https://api.openai.com/v1"
_SECONDS_TO_CONNECT = 5


@dataclass(frozen=True)
class Endpoint:
    """Where drafts come from; it holds no secret.

    Attributes:
        model: the name that is asked for.
        base_url: the OpenAI-compatible endpoint; None is the demo, which has no address.
        key_variable: the environment variable that holds the key.
        temperature: sampling temperature.
        demo: whether the built-in demo drafter answers.
        limits: how much may be asked of it.
        price: of the model; None when it is unknown.
    """

    model: str
    base_url: str | None
    key_variable: str
    temperature: float
    demo: bool = False
    limits: Limits = field(default_factory=Limits)
    price: Price | None = None


def endpoint_for(
    settings: Settings, environ: Mapping[str, str], *, model: str | None = None, base_url: str | None = None
) -> Endpoint:
    """The endpoint that a project's settings mean in this environment; the arguments come before the settings.

    Without a key and without a base URL it is the demo drafter.

    Raises:
        InputError: the base URL is none, or holds what may be a secret.
    """
    limits = Limits(settings.concurrency, settings.requests_per_minute, settings.tokens_per_minute, settings.timeout)
    address = base_url or settings.base_url or environ.get("OPENAI_BASE_URL")
    name = model or settings.model
    if not address and (name == DEMO_MODEL or not _key(environ, settings.key_variable)):
        return Endpoint(
            DEMO_MODEL, None, settings.key_variable, settings.temperature, demo=True, limits=limits, price=FREE
        )
    checked = _checked(address or _DEFAULT_ADDRESS, settings.key_variable)
    found = name or DEFAULT_MODEL
    price = Price(*settings.prices[found]) if found in settings.prices else None
    return Endpoint(found, checked, settings.key_variable, settings.temperature, limits=limits, price=price)


def _checked(address: str, key_variable: str) -> str:
    if any(sign in address for sign in "@?#"):
        raise InputError(
            "base URL: it holds a user name, a query or a fragment. Give scheme, host and path only, "
            f"and the key in the environment variable {key_variable}."
        )
    try:
        url = httpx2.URL(address)
    except httpx2.InvalidURL as error:
        raise InputError(_no_address(address)) from error
    if url.scheme not in ("http", "https") or not url.host:
        raise InputError(_no_address(address))
    return address


def _no_address(address: str) -> str:
    return f"base URL {address!r}: it is not a web address. Give one such as http://127.0.0.1:8000/v1."


def _key(environ: Mapping[str, str], variable: str) -> str:
    return environ.get(variable, "").strip()


@asynccontextmanager
async def open_client(
    endpoint: Endpoint, environ: Mapping[str, str] = os.environ, *, retries: int = 2
) -> AsyncGenerator[openai.AsyncOpenAI]:
    """The client of an endpoint, closed in the end; it repeats a failed request `retries` times by itself.

    Raises:
        EndpointError: the key cannot be sent.
    """
    key = "" if endpoint.demo else _key(environ, endpoint.key_variable)
    if not (key.isascii() and key.isprintable()):
        raise EndpointError(
            "unauthorized",
            f"{where(endpoint)}: the key in {endpoint.key_variable} holds a character that no key has. Copy it again.",
        )
    async with openai.AsyncOpenAI(
        api_key=key or NO_KEY,
        base_url=endpoint.base_url or "http://demo/v1",
        timeout=openai.Timeout(endpoint.limits.timeout, connect=_SECONDS_TO_CONNECT, pool=None),
        max_retries=retries,
        http_client=_transport(endpoint),
    ) as client:
        yield client


def _transport(endpoint: Endpoint) -> httpx2.AsyncClient:
    """The demo is called in process; the network through aiohttp, at half the processor time of the default."""
    if endpoint.demo:
        return httpx2.AsyncClient(transport=httpx2.ASGITransport(app=demo_app()))
    most = endpoint.limits.concurrency
    return openai.DefaultAioHttpClient(limits=httpx2.Limits(max_connections=most, max_keepalive_connections=most))


def where(endpoint: Endpoint) -> str:
    """How a message names the endpoint."""
    return endpoint.base_url or "the demo drafter"
