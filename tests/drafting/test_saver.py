from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from concord.drafting.saver import Saver
from concord.errors import StorageError
from concord.ids import new_id
from concord.records.draft import Draft
from concord.records.run import DraftFailure

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def draft(number: int) -> Draft:
    return Draft(new_id(), new_id(), new_id(), f"d{number}", "text", "model", NOW)


class Store:
    def __init__(self) -> None:
        self.groups: list[tuple[int, int]] = []

    def add_results(self, drafts, failures) -> None:
        self.groups.append((len(drafts), len(failures)))


def save(store, results, *, most: int = 100) -> list[int]:
    saved: list[int] = []

    async def work() -> None:
        saver = Saver(store, lambda group: saved.append(len(group)), most=most)
        working = asyncio.create_task(saver.work())
        for result in results:
            await saver.add(result)
        await saver.end()
        await working

    asyncio.run(work())
    return saved


def test_what_comes_together_is_stored_together_and_told_once_it_is():
    store = Store()
    failure = DraftFailure(new_id(), new_id(), new_id(), "d9", "timeout", "No answer.", NOW)
    assert save(store, [draft(1), failure, draft(2)]) == [3]
    assert store.groups == [(2, 1)]


def test_no_more_wait_than_may():
    store = Store()
    assert sum(save(store, map(draft, range(1, 21)), most=4)) == 20
    assert max(drafts for drafts, _ in store.groups) <= 5


def test_nothing_is_not_stored():
    store = Store()
    assert save(store, []) == store.groups == []


def test_a_store_that_cannot_write_ends_the_work():
    class FullStore(Store):
        def add_results(self, drafts, failures) -> None:
            raise StorageError("the disk is full.")

    with pytest.raises(StorageError):
        save(FullStore(), [draft(1)])
