"""What a run does about each way in which an endpoint fails, over real sockets."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Callable
from dataclasses import replace

import orjson
import pytest
from starlette.responses import JSONResponse, PlainTextResponse, Response

from concord.drafting.demo import demo_app
from concord.drafting.endpoint import endpoint_for
from concord.drafting.limits import Limits
from concord.drafting.options import DraftOptions
from concord.drafting.run import draft_items
from concord.records.kinds import DEMO_MODEL
from concord.records.project import Settings
from concord.records.run import DraftingRun

Serve = Callable[[object], str]
Behaviour = Callable[..., object]


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("concord.drafting.repeating._FIRST_PAUSE", 0.01)


class Faulty:
    """The demo endpoint, whose first answers are given by `faults`; it keeps when it was asked, and for what."""

    def __init__(self, *faults: object) -> None:
        self._faults, self._demo = iter(faults), demo_app()
        self.times: list[float] = []
        self.bodies: list[dict] = []

    async def __call__(self, scope, receive, send) -> None:
        self.times.append(time.monotonic())
        message = await receive()
        self.bodies.append(orjson.loads(message["body"]))
        rest = itertools.chain([message])

        async def again():
            return next(rest, None) or await receive()

        await next(self._faults, self._demo)(scope, again, send)


def broken_off(media_type: str, begin: bytes):
    """Begin an answer, then let the connection go."""

    async def app(scope, receive, send) -> None:
        headers = [(b"content-type", media_type.encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": begin, "more_body": True})
        await asyncio.sleep(0.01)
        raise ConnectionAbortedError

    return app


async def silent(scope, receive, send) -> None:
    await asyncio.sleep(1.5)


def refusal(status: int, headers: dict[str, str] | None = None, **error: str) -> Response:
    return JSONResponse({"error": {"message": "Not now.", **error}}, status, headers)


def draft(serve: Serve, world, endpoint: Faulty, **limits) -> tuple[DraftingRun, object]:
    """One draft."""
    store = world.store_of(1)
    found = endpoint_for(Settings(model=DEMO_MODEL), {}, base_url=serve(endpoint))
    options = {"timeout": 5, **limits}
    run = asyncio.run(
        draft_items(store, world.project, replace(found, limits=Limits(**options)), DraftOptions(candidates=1))
    )
    return run, store


REPEATED = {
    "429 without Retry-After": refusal(429),
    "429 with Retry-After": refusal(429, {"Retry-After": "0.01"}),
    "500": refusal(500),
    "503": refusal(503),
    "529": refusal(529),
    "408": refusal(408),
    "an answer that broke off": broken_off("application/json", b'{"choices": [{"message"'),
}


@pytest.mark.parametrize("fault", REPEATED.values(), ids=REPEATED)
def test_what_may_pass_is_asked_for_again(serve: Serve, world, fault):
    endpoint = Faulty(fault, fault)
    run, store = draft(serve, world, endpoint)
    assert (run.state, run.done, run.failed, run.repeated) == ("done", 1, 0, 2)
    assert len(endpoint.times) == 3
    assert len(store.drafts) == 1


COUNTED = {
    "invalid JSON": (PlainTextResponse("{"), "nonsense", "the answer is not JSON: '{'."),
    "a web page": (PlainTextResponse("<html>"), "nonsense", "the answer is not JSON: '<html>'."),
    "no choices": (JSONResponse({"choices": []}), "nonsense", "the answer holds no choices."),
    "a refused request": (refusal(400), "refused", "the request was refused (400: Not now.)."),
    "an account that is used up": (
        refusal(429, code="insufficient_quota"),
        "rate_limited",
        "too many requests, or the account is used up (429: Not now.). Wait, or raise the limit.",
    ),
    "a wait of an hour": (refusal(429, {"Retry-After": "3600"}), "rate_limited", "too many requests, or the account"),
    "a model that is not there": (refusal(404), "unreachable", "no model 'concord-demo' there (404: Not now.)."),
}


@pytest.mark.parametrize(("fault", "kind", "words"), COUNTED.values(), ids=COUNTED)
def test_what_does_not_pass_costs_the_draft_and_is_said(serve: Serve, world, fault, kind: str, words: str):
    endpoint = Faulty(fault)
    run, store = draft(serve, world, endpoint)
    assert (run.done, run.failed, run.repeated, len(endpoint.times)) == (0, 1, 0, 1)
    [failure] = store.failures
    assert failure.fault == kind
    assert f"/v1: {words}" in failure.message


def test_an_endpoint_is_given_the_time_that_it_asks_for(serve: Serve, world):
    endpoint = Faulty(refusal(503, {"retry-after-ms": "200"}))
    assert draft(serve, world, endpoint)[0].done == 1
    first, second = endpoint.times
    assert second - first >= 0.2


def test_after_a_timeout_answers_come_in_pieces(serve: Serve, world):
    endpoint = Faulty(silent)
    run, store = draft(serve, world, endpoint, timeout=0.3)
    assert (run.done, run.repeated) == (1, 1)
    assert [body.get("stream", False) for body in endpoint.bodies] == [False, True]
    [made] = store.drafts.values()
    assert (made.params["finish_reason"], made.tokens_in is not None) == ("stop", True)


def test_a_stream_that_breaks_off_is_asked_for_again(serve: Serve, world):
    event = b'data: {"choices": [{"delta": {"content": "Half an"}, "finish_reason": null}]}\n\n'
    endpoint = Faulty(silent, broken_off("text/event-stream", event), broken_off("text/event-stream", event))
    run, store = draft(serve, world, endpoint, timeout=0.3)
    assert (run.done, run.repeated) == (1, 3)
    assert all("Half an" not in made.text for made in store.drafts.values())


def test_an_endpoint_that_stays_silent_costs_the_draft(serve: Serve, world):
    endpoint = Faulty(silent, silent, silent)
    run, store = draft(serve, world, endpoint, timeout=0.1)
    assert (run.failed, len(endpoint.times)) == (1, 3)
    assert store.failures[0].fault == "timeout"
    assert "/v1: no answer within 0.1 seconds. Try again later, raise the" in store.failures[0].message


def answer(**rest) -> Response:
    choice = {"index": 0, "message": {"role": "assistant", "content": "It is lost."}, "finish_reason": "stop", **rest}
    return JSONResponse({"choices": [choice]})


def test_an_answer_without_usage_is_kept_and_counted_as_such(serve: Serve, world):
    run, store = draft(serve, world, Faulty(answer()))
    assert (run.done, run.uncounted, run.tokens_in, run.repeated) == (1, 1, 0, 0)
    [made] = store.drafts.values()
    assert (made.text, made.tokens_in, made.cost) == ("It is lost.", None, None)


def test_an_answer_that_was_cut_off_is_kept_and_says_so(serve: Serve, world):
    _, store = draft(serve, world, Faulty(answer(finish_reason="length")))
    [made] = store.drafts.values()
    assert made.params["finish_reason"] == "length"


def test_a_ceiling_is_passed_by_no_more_than_what_was_under_way(serve: Serve, world):
    at_once, tokens = 4, (100, 50)

    async def dear(scope, receive, send) -> None:
        usage = {"prompt_tokens": tokens[0], "completion_tokens": tokens[1]}
        choice = {"message": {"content": "It is lost."}, "finish_reason": "stop"}
        await asyncio.sleep(0.01)
        await JSONResponse({"choices": [choice], "usage": usage})(scope, receive, send)

    settings = Settings(model="m", concurrency=at_once, prices={"m": [1.0, 2.0]})
    endpoint = endpoint_for(settings, {}, base_url=serve(dear))
    each = (tokens[0] + 2 * tokens[1]) / 1e6
    store = world.store_of(100)
    options = DraftOptions(1, max_cost=20 * each)
    run = asyncio.run(draft_items(store, world.project, endpoint, options))
    assert run.state == "cancelled"
    assert run.cost == pytest.approx(len(store.drafts) * each)
    assert 19 * each <= run.cost <= (20 + at_once) * each
    assert run.message == (
        f"Stopped after {run.done} of 100 drafts. The next request would pass the cost ceiling of $0.004. "
        "Raise it to go on."
    )
