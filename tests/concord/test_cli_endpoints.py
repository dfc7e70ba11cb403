"""An endpoint that fails: the command says which, what happened and what to do, and never the key."""

import pytest

from concord.drafting.demo import Fault, demo_app

KEY = "sk-not-a-real-key-4711"
AT_ONCE = 0.001  # seconds to wait before the client asks again


@pytest.fixture
def serve_faults(serve):
    """Serve an endpoint where each request meets the same fault; gives its base URL."""
    return lambda fault: serve(demo_app(fault if callable(fault) else lambda _: fault)) + "/v1"


@pytest.fixture
def draft(concord, reviews: str, monkeypatch: pytest.MonkeyPatch):
    """Draft once for each of the two items at an endpoint, with a key."""
    monkeypatch.setenv("OPENAI_API_KEY", KEY)

    def run(address: str, *words: str):
        said = concord("draft", reviews, "--base-url", address, "--model", "concord-demo", "--candidates", "1", *words)
        assert KEY not in said.out + said.err
        assert "Traceback" not in said.err
        return said

    return run


def test_an_endpoint_that_is_down(draft, closed_port: str) -> None:
    address = f"{closed_port}/v1"
    said = draft(address)
    assert (said.code, said.out) == (1, "")
    assert said.err.endswith(
        f"{address}: it cannot be reached. Check that it runs, the base URL, the network and the proxy. "
        "Then start again: finished drafts are kept.\n"
        "0 tokens in, 0 out: $0.00; 4 requests had to be repeated.\n0 of 2 drafts made by concord-demo, 2 failed.\n"
    )


def test_a_key_that_is_not_accepted(draft, serve_faults) -> None:
    address = serve_faults(Fault("unauthorized"))
    said = draft(address)
    assert (said.code, said.out) == (1, "")
    assert f"{address}: the key in OPENAI_API_KEY is not accepted (401). Set a valid one." in said.err


def test_a_key_that_is_missing(draft, serve_faults, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY")
    address = serve_faults(Fault("unauthorized"))
    assert f"{address}: it wants a key, and OPENAI_API_KEY is not set (401). Set it." in draft(address).err


def test_too_many_requests(draft, serve_faults) -> None:
    address = serve_faults(Fault("rate_limited", AT_ONCE))
    said = draft(address)
    message = (
        f"{address}: too many requests, or the account is used up (429: Rate limit reached.). Wait, or raise the limit."
    )
    assert (said.code, said.out) == (1, "")
    assert f"{message} Then start again: finished drafts are kept." in said.err
    assert said.err.endswith("0 of 2 drafts made by concord-demo, 2 failed.\n")


def test_a_web_page_in_place_of_an_answer(draft, serve_faults) -> None:
    address = serve_faults(Fault("html"))
    said = draft(address)
    assert (said.code, said.out) == (1, "")
    assert (
        f"{address}: the answer is not JSON: '<html><body><h1>It works!</h1></body></html>'. "
        "Check that the base URL is an OpenAI-compatible endpoint, and that the model writes text."
    ) in said.err


def test_some_drafts_are_more_than_none(draft, serve_faults) -> None:
    address = serve_faults(lambda number: Fault("no_text") if number == 1 else None)
    said = draft(address)
    assert (said.code, said.err) == (0, "")
    assert "1 failed (nonsense): " in said.out
    assert said.out.endswith("1 of 2 drafts made by concord-demo, 1 failed.\n")
    assert draft(address).out.endswith("1 of 1 drafts made by concord-demo, 0 failed.\n")


def test_a_failed_run_in_json(draft, serve_faults) -> None:
    said = draft(serve_faults(Fault("unauthorized")), "--json")
    run = said.json
    assert (said.code, said.err, run["state"], run["failed"]) == (1, "", "failed", 2)
    assert run["failures"]["unauthorized"]["count"] == 2
