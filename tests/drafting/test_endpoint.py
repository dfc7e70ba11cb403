from __future__ import annotations

import asyncio

import pytest

from concord.drafting.cost import FREE
from concord.drafting.endpoint import DEFAULT_MODEL, Endpoint, endpoint_for, open_client
from concord.errors import EndpointError, InputError
from concord.records.kinds import DEMO_MODEL
from concord.records.project import Settings

KEY = "sk-a-very-secret-key"


def test_without_key_and_base_url_the_demo_drafts():
    endpoint = endpoint_for(Settings(model="some-model", temperature=0.3), {})
    assert endpoint == Endpoint(DEMO_MODEL, None, "OPENAI_API_KEY", 0.3, demo=True, price=FREE)


def test_with_a_key_the_default_endpoint_drafts():
    endpoint = endpoint_for(Settings(), {"OPENAI_API_KEY": KEY})
    assert (endpoint.model, endpoint.base_url, endpoint.demo) == (DEFAULT_MODEL, "https://api.openai.com/v1", False)


def test_the_key_is_looked_for_in_the_variable_of_the_project():
    assert endpoint_for(Settings(key_variable="MY_KEY"), {"OPENAI_API_KEY": KEY}).demo
    assert not endpoint_for(Settings(key_variable="MY_KEY"), {"MY_KEY": KEY}).demo


def test_a_blank_key_is_no_key():
    assert endpoint_for(Settings(), {"OPENAI_API_KEY": " \n"}).demo


def test_a_base_url_needs_no_key():
    assert not endpoint_for(Settings(), {}, base_url="http://127.0.0.1:8000/v1").demo


def test_arguments_come_before_settings_before_the_environment():
    environ = {"OPENAI_BASE_URL": "http://environment/v1"}
    settings = Settings(model="settings-model", base_url="http://settings/v1")
    assert endpoint_for(Settings(), environ).base_url == "http://environment/v1"
    assert endpoint_for(settings, environ).base_url == "http://settings/v1"
    asked = endpoint_for(settings, environ, model="asked-model", base_url="http://asked/v1")
    assert (asked.model, asked.base_url) == ("asked-model", "http://asked/v1")


def test_the_demo_can_be_named_although_there_is_a_key():
    assert endpoint_for(Settings(), {"OPENAI_API_KEY": KEY}, model=DEMO_MODEL).demo


@pytest.mark.parametrize("address", ["localhost:8000/v1", "ftp://host/v1", "http://", "http://[::1/v1"])
def test_a_base_url_that_is_none_is_refused(address: str):
    with pytest.raises(InputError) as caught:
        endpoint_for(Settings(), {}, base_url=address)
    assert str(caught.value) == (
        f"base URL {address!r}: it is not a web address. Give one such as http://127.0.0.1:8000/v1."
    )


@pytest.mark.parametrize("address", ["http://ann:secret@host/v1", "http://host/v1?key=secret", "http://host/#secret"])
def test_a_base_url_with_a_secret_is_refused_and_not_repeated(address: str):
    with pytest.raises(InputError) as caught:
        endpoint_for(Settings(key_variable="MY_KEY"), {}, base_url=address)
    assert str(caught.value) == (
        "base URL: it holds a user name, a query or a fragment. Give scheme, host and path only, "
        "and the key in the environment variable MY_KEY."
    )


def test_the_key_is_not_in_the_endpoint():
    assert KEY not in repr(endpoint_for(Settings(), {"OPENAI_API_KEY": KEY}))


def test_the_client_gets_the_key_when_it_is_opened():
    async def key_sent() -> str:
        endpoint = endpoint_for(Settings(), {"OPENAI_API_KEY": KEY})
        async with open_client(endpoint, {"OPENAI_API_KEY": f"{KEY}\n"}) as client:
            return client.api_key

    assert asyncio.run(key_sent()) == KEY


def test_the_demo_is_not_given_the_key():
    async def key_sent() -> str:
        endpoint = endpoint_for(Settings(), {"OPENAI_API_KEY": KEY}, model=DEMO_MODEL)
        async with open_client(endpoint, {"OPENAI_API_KEY": KEY}) as client:
            return client.api_key

    assert asyncio.run(key_sent()) == "no-key"


@pytest.mark.parametrize("key", ["sk-ключ", "sk-a\x00b", "sk-a\nb"])
def test_a_key_that_cannot_be_sent_is_refused_and_not_repeated(key: str):
    async def open_and_close() -> None:
        async with open_client(endpoint_for(Settings(), {"OPENAI_API_KEY": key}), {"OPENAI_API_KEY": key}):
            pass

    with pytest.raises(EndpointError) as caught:
        asyncio.run(open_and_close())
    assert caught.value.fault == "unauthorized"
    assert str(caught.value) == (
        "https://api.openai.com/v1: the key in OPENAI_API_KEY holds a character that no key has. Copy it again."
    )
