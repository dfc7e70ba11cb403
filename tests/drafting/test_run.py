from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

import pytest

from concord.drafting.demo import Fault, demo_app
from concord.drafting.endpoint import Endpoint, endpoint_for
from concord.drafting.options import DraftOptions
from concord.drafting.run import PATIENCE, draft_items
from concord.errors import StorageError
from concord.records.kinds import DEMO_MODEL
from concord.records.project import Settings
from concord.records.run import DraftingRun

CONCURRENCY = Settings().concurrency
Serve = Callable[[object], str]
DEMO = endpoint_for(Settings(), {})


def endpoint_at(base_url: str) -> Endpoint:
    return endpoint_for(Settings(model=DEMO_MODEL), {}, base_url=base_url)


def draft(
    world, store, endpoint: Endpoint = DEMO, *, stop=None, on_progress=None, candidates: int = 3, **options
) -> DraftingRun:
    wish = DraftOptions(candidates, **options)
    return asyncio.run(draft_items(store, world.project, endpoint, wish, on_progress=on_progress, stop=stop))


def test_each_item_gets_its_candidates_and_they_differ(world):
    store = world.store_of(5)
    run = draft(world, store)
    assert (run.state, run.done, run.failed, run.total, run.message) == ("done", 15, 0, 15, None)
    for item in store.items:
        drafts = [draft for draft in store.drafts.values() if draft.item_id == item.id]
        assert {draft.name for draft in drafts} == {"d1", "d2", "d3"}
        assert len({draft.text for draft in drafts}) == 3


def test_a_draft_says_where_it_came_from(world):
    store = world.store_of(1)
    run = draft(world, store, candidates=1)
    [made] = store.drafts.values()
    assert (made.source, made.model, made.run_id) == ("model", DEMO_MODEL, run.id)
    assert made.params["temperature"] == 0.7
    assert made.params["finish_reason"] == "stop"
    assert made.tokens_in
    assert made.tokens_out


def test_limit_counts_items(world):
    store = world.store_of(5)
    assert draft(world, store, limit=2).total == 6


def test_nothing_missing_is_done_at_once(world):
    run = draft(world, world.store_of(0))
    assert (run.state, run.total) == ("done", 0)


def test_progress_begins_with_nothing_and_ends_with_all(world):
    store, seen = world.store_of(4), []
    ended = draft(world, store, on_progress=seen.append)
    assert store.saved == seen
    assert (seen[0].done, seen[0].state, seen[-1]) == (0, "running", ended)
    assert len(seen) <= 4


def test_a_second_run_asks_for_nothing(serve: Serve, world):
    seen: list[int] = []
    store, endpoint = world.store_of(4), endpoint_at(serve(demo_app(seen.append)))
    assert draft(world, store, endpoint).done == 12
    assert draft(world, store, endpoint).total == 0
    assert len(seen) == 12


def test_a_stopped_run_is_taken_up_and_asks_for_nothing_twice(serve: Serve, world):
    seen, stop = [], threading.Event()

    def faults(number: int) -> None:
        seen.append(number)
        if number == 20:
            stop.set()

    store, endpoint = world.store_of(20), endpoint_at(serve(demo_app(faults)))
    first = draft(world, store, endpoint, stop=stop)
    assert first.state == "cancelled"
    assert 20 <= first.done == len(store.drafts) == len(seen) <= 20 + CONCURRENCY
    assert first.message == f"Stopped after {first.done} of 60 drafts. Start again for the others."
    second = draft(world, store, endpoint)
    assert (second.state, second.total) == ("done", 60 - first.done)
    assert len(seen) == len(store.drafts) == 60


def test_a_request_that_hangs_does_not_hold_up_the_stop(serve: Serve, world, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("concord.drafting.run._SECONDS_OF_GRACE", 0.1)
    stop = threading.Event()

    def faults(number: int) -> Fault:
        stop.set()
        return Fault("delayed", 1.5)

    run = draft(world, world.store_of(1), endpoint_at(serve(demo_app(faults))), stop=stop)
    assert (run.state, run.done) == ("cancelled", 0)


def test_no_more_requests_are_under_way_than_allowed(serve: Serve, world):
    under_way, most = 0, 0
    demo = demo_app()

    async def counting(scope, receive, send) -> None:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0.01)
        await demo(scope, receive, send)
        under_way -= 1

    draft(world, world.store_of(20), endpoint_at(serve(counting)))
    assert 1 < most <= CONCURRENCY


def test_a_failure_is_kept_and_the_rest_goes_on(serve: Serve, world):
    store = world.store_of(4)
    run = draft(world, store, endpoint_at(serve(demo_app([None, Fault("html"), Fault("no_text")]))))
    assert (run.state, run.done, run.failed) == ("done", 10, 2)
    assert run.message is not None
    assert run.message.startswith("2 of 12 drafts did not come (2 nonsense). http://127.0.0.1:")
    assert {failure.fault for failure in store.failures} == {"nonsense"}
    assert all(failure.run_id == run.id for failure in store.failures)
    assert run.message.endswith(store.failures[-1].message)


def test_what_failed_is_asked_for_again(serve: Serve, world):
    store, endpoint = world.store_of(2), endpoint_at(serve(demo_app([Fault("html")])))
    assert draft(world, store, endpoint).failed == 1
    assert draft(world, store, endpoint).done == 1


def test_a_wrong_key_ends_the_run_early(serve: Serve, world):
    seen: list[int] = []

    def faults(number: int) -> Fault:
        seen.append(number)
        return Fault("unauthorized")

    run = draft(world, world.store_of(100), endpoint_at(serve(demo_app(faults))))
    assert (run.state, run.done, run.total) == ("failed", 0, 300)
    assert PATIENCE <= run.failed == len(seen) < PATIENCE + CONCURRENCY
    assert run.message is not None
    assert run.message.endswith(
        "/v1: it wants a key, and OPENAI_API_KEY is not set (401). Set it. Then start again: finished drafts are kept."
    )


def test_an_endpoint_that_is_down_ends_the_run_early(closed_port: str, world):
    run = draft(world, world.store_of(1), endpoint_at(closed_port))
    assert (run.state, run.failed) == ("failed", 3)
    assert run.message == (
        f"{closed_port}: it cannot be reached. Check that it runs, the base URL, the network and the proxy. "
        "Then start again: finished drafts are kept."
    )


def test_an_endpoint_that_goes_down_ends_the_run_early(serve: Serve, world):
    def faults(number: int) -> Fault | None:
        return Fault("unauthorized") if number > 30 else None

    run = draft(world, world.store_of(100), endpoint_at(serve(demo_app(faults))))
    assert (run.state, run.done) == ("failed", 30)
    assert PATIENCE <= run.failed < 100


def test_fewer_failures_than_patience_keep_the_run_going(serve: Serve, world):
    plan = [Fault("unauthorized")] * (PATIENCE - 1)
    run = draft(world, world.store_of(10), endpoint_at(serve(demo_app(plan))))
    assert (run.state, run.done, run.failed) == ("done", 23, 7)


def test_a_key_that_cannot_be_sent_fails_the_run(world, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-ключ")
    run = draft(world, world.store_of(1), endpoint_at("http://127.0.0.1:1/v1"))
    assert (run.state, run.done, run.failed) == ("failed", 0, 3)


def test_a_store_that_cannot_write_ends_the_run(world):
    class FullStore(world.MemoryStore):
        def add_results(self, drafts, failures):
            raise StorageError("the disk is full.")

    with pytest.raises(StorageError):
        draft(world, world.store_of(5, FullStore))
