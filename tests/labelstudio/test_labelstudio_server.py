"""Each failure of a Label Studio is said in words."""

import base64
import json
from collections.abc import Iterator

import httpx
import pytest
from real_server import free_port
from stub_server import KEY, StubServer

from concord.errors import InputError, LabelStudioError
from concord.labelstudio.access import Access
from concord.labelstudio.server import PAGE, Server


@pytest.fixture
def transport() -> Iterator[httpx.Client]:
    with httpx.Client() as client:
        yield client


def personal_token() -> str:
    """A personal access token as it looks from outside, good until the year 2286."""
    parts = ({"alg": "HS256", "typ": "JWT"}, {"token_type": "refresh", "exp": 9_999_999_999})
    return ".".join(
        [*(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts), "c2ln"]
    )


def test_a_legacy_token_goes_out_as_it_is(stub: StubServer, transport: httpx.Client) -> None:
    Server(Access(stub.url, KEY), transport)
    assert stub.requests[-1] == f"GET /api/current-user/whoami Token {KEY}"


def test_a_personal_token_is_exchanged_first_and_said_to_be_refused_if_it_is(
    stub: StubServer, transport: httpx.Client
) -> None:
    stub.fails["POST /api/token/refresh/"] = 401
    with pytest.raises(LabelStudioError) as caught:
        Server(Access(stub.url, personal_token()), transport)
    assert str(caught.value) == (
        f"{stub.url}: Label Studio refuses the key (Invalid token). Set LABEL_STUDIO_API_KEY to a valid token."
    )


def test_a_wrong_key_is_said_without_the_key(stub: StubServer, transport: httpx.Client) -> None:
    stub.fails["GET /api/current-user/whoami"] = 401
    with pytest.raises(LabelStudioError, match="refuses the key") as caught:
        Server(Access(stub.url, KEY), transport)
    assert KEY not in repr(caught.value)
    assert KEY not in repr(Access(stub.url, KEY))


def test_a_server_that_is_too_old_is_said(stub: StubServer, transport: httpx.Client) -> None:
    stub.release = "1.7.3"
    with pytest.raises(LabelStudioError) as caught:
        Server(Access(stub.url, KEY), transport)
    assert str(caught.value) == f"{stub.url} is Label Studio 1.7.3, but 1.8 is needed. Upgrade it."


def test_another_kind_of_server_is_said(stub: StubServer, transport: httpx.Client) -> None:
    stub.release = "none"
    with pytest.raises(LabelStudioError) as caught:
        Server(Access(stub.url, KEY), transport)
    assert str(caught.value) == f"{stub.url} does not say which Label Studio it is. Check the address."


def test_nobody_at_the_address_is_said(transport: httpx.Client) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    with pytest.raises(LabelStudioError) as caught:
        Server(Access(url, KEY), transport)
    assert str(caught.value) == (
        f"{url}: Label Studio does not answer (ConnectError). Check that it runs and is reachable, then run the same "
        "again: what has arrived is kept."
    )


def test_a_project_that_is_gone_is_said(stub: StubServer, transport: httpx.Client) -> None:
    with pytest.raises(LabelStudioError) as caught:
        Server(Access(stub.url, KEY), transport).project(7)
    assert str(caught.value) == (
        f"{stub.url}: project 7 cannot be found (No Project matches the given query). It is deleted, or of another "
        "organization: check the key, or push anew with --new."
    )


def test_a_server_that_fails_is_said_and_a_push_is_not_repeated_by_itself(
    stub: StubServer, transport: httpx.Client
) -> None:
    server = Server(Access(stub.url, KEY), transport)
    server.create_project({"title": "mine"})
    stub.fails["POST /api/projects/1/import"] = 500
    with pytest.raises(LabelStudioError, match=r"failed on tasks for project 1 \(500\)\. Look at its log"):
        server.add_tasks(1, [{"data": {}}])
    assert len([request for request in stub.requests if "/import" in request]) == 1


@pytest.mark.parametrize("count", [0, PAGE, PAGE + 1])
def test_all_pages_are_read(stub: StubServer, transport: httpx.Client, count: int) -> None:
    server = Server(Access(stub.url, KEY), transport)
    server.add_tasks(server.create_project({"title": "mine"}), [{"data": {"n": n}} for n in range(count)])
    found = [task["data"]["n"] for page in server.pages(1, annotated=True) for task in page.tasks]
    assert found == list(range(count))


@pytest.mark.parametrize(
    ("url", "key", "message"),
    [
        ("ftp://host", KEY, "'ftp://host' is not the address of a Label Studio. Write it as http://host:8080."),
        (
            "http://host",
            " ",
            "There is no key for Label Studio. Set LABEL_STUDIO_API_KEY to an access token of it.",
        ),
    ],
)
def test_what_cannot_open_a_server_is_refused(url: str, key: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        Access(url, key)
    assert str(caught.value) == message
