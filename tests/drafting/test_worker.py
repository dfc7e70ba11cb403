from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from concord.drafting.demo import Fault, demo_app
from concord.drafting.endpoint import Endpoint, endpoint_for
from concord.drafting.options import DraftOptions
from concord.drafting.worker import Drafter
from concord.errors import Conflict, NotFound, StorageError
from concord.ids import new_id
from concord.records.kinds import DEMO_MODEL
from concord.records.project import Settings
from storage.workspace import open_workspace

Serve = Callable[[object], str]
DEMO = endpoint_for(Settings(), {})


def endpoint_at(base_url: str) -> Endpoint:
    return endpoint_for(Settings(model=DEMO_MODEL), {}, base_url=base_url)


@contextmanager
def drafting(store) -> Iterator[Drafter]:
    drafter = Drafter(store)
    try:
        yield drafter
    finally:
        drafter.close()


def test_a_run_goes_on_in_the_background(world):
    store = world.store_of(4)
    with drafting(store) as drafter:
        begun = drafter.start(world.project, DEMO, DraftOptions(2))
        ended = drafter.wait(begun.id)
    assert (begun.state, begun.total, begun.done) == ("running", 8, 0)
    assert (ended.id, ended.state, ended.done) == (begun.id, "done", 8)
    assert store.saved[-1] == ended


def test_a_workspace_keeps_the_drafts(world, tmp_path: Path):
    store = open_workspace(tmp_path / "workspace")
    store.create_project(world.project)
    store.add_items(world.store_of(3).items, overlap=1)
    with drafting(store) as drafter:
        ended = drafter.wait(drafter.start(world.project, DEMO, DraftOptions(3)).id)
        again = drafter.wait(drafter.start(world.project, DEMO, DraftOptions(3)).id)
    assert store.counts(world.project.id).drafts == 9
    assert store.runs(world.project.id) == [again, ended]
    store.close()


def test_a_project_has_one_run_at_a_time(serve: Serve, world):
    endpoint = endpoint_at(serve(demo_app(lambda _: Fault("delayed", 0.2))))
    with drafting(world.store_of(1)) as drafter:
        first = drafter.start(world.project, endpoint, DraftOptions(1))
        with pytest.raises(Conflict) as caught:
            drafter.start(world.project, endpoint, DraftOptions(1))
        assert drafter.wait(first.id).state == "done"
        second = drafter.start(world.project, endpoint, DraftOptions(1))
        assert drafter.wait(second.id).total == 0
    assert str(caught.value) == "project 'parcels': a drafting run is under way. Wait for its end, or stop it."


def test_another_project_may_draft_at_the_same_time(serve: Serve, world):
    endpoint = endpoint_at(serve(demo_app(lambda _: Fault("delayed", 0.2))))
    with drafting(world.store_of(1)) as drafter:
        drafter.start(world.project, endpoint, DraftOptions(1))
        drafter.start(replace(world.project, id=new_id()), endpoint, DraftOptions(1))


def test_a_run_can_be_stopped(serve: Serve, world):
    begun = threading.Event()

    def faults(_: int) -> None:
        begun.set()

    store = world.store_of(200)
    with drafting(store) as drafter:
        run = drafter.start(world.project, endpoint_at(serve(demo_app(faults))), DraftOptions(3))
        begun.wait()
        drafter.stop(run.id)
        assert drafter.wait(run.id).state == "cancelled"


def test_close_stops_what_is_under_way(serve: Serve, world):
    store = world.store_of(200)
    with drafting(store) as drafter:
        drafter.start(world.project, endpoint_at(serve(demo_app())), DraftOptions(3))
    assert store.saved[-1].state == "cancelled"


def test_a_run_of_a_killed_process_is_marked(world):
    store = world.store_of(1)
    with drafting(store) as drafter:
        ended = drafter.wait(drafter.start(world.project, DEMO, DraftOptions(1)).id)
    killed = replace(ended, id=new_id(), state="running", finished_at=None)
    store.save_run(killed)
    with drafting(store):
        pass
    marked = store.saved[-1]
    assert (marked.id, marked.state) == (killed.id, "interrupted")
    assert marked.finished_at is not None
    assert marked.message == "Concord stopped before the run ended. Start again: finished drafts are kept."


def test_a_store_that_cannot_write_fails_the_run_with_its_message(world):
    class FullStore(world.MemoryStore):
        def add_results(self, drafts, failures):
            raise StorageError("workspace: the disk is full. Free some space and try again.")

    store = world.store_of(2, FullStore)
    with drafting(store) as drafter:
        ended = drafter.wait(drafter.start(world.project, DEMO, DraftOptions(1)).id)
    assert ended == store.saved[-1]
    assert (ended.state, ended.message) == ("failed", "workspace: the disk is full. Free some space and try again.")


def test_an_error_that_nobody_expected_fails_the_run_and_is_logged(world, caplog: pytest.LogCaptureFixture):
    class BrokenStore(world.MemoryStore):
        def add_results(self, drafts, failures):
            raise ZeroDivisionError

    store = world.store_of(2, BrokenStore)
    with drafting(store) as drafter:
        run = drafter.start(world.project, DEMO, DraftOptions(1))
        with pytest.raises(ZeroDivisionError):
            drafter.wait(run.id)
    assert (store.saved[-1].id, store.saved[-1].state) == (run.id, "failed")
    assert store.saved[-1].message == (
        "the run broke off for a reason that is in the log. Start it again: finished drafts are kept."
    )
    assert "ZeroDivisionError" in caplog.text


def test_a_run_that_was_not_begun_here_is_not_found(world):
    with drafting(world.store_of(0)) as drafter, pytest.raises(NotFound, match="it was not begun here"):
        drafter.stop(new_id())
