from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from concord.drafting import missing
from concord.drafting.missing import MissingDrafts
from concord.ids import new_id
from concord.records.run import DraftingRun


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(missing, "PAGE", 3)


def names(world, count: int, *, limit: int | None = None, readers: int = 1) -> list[tuple[str, str]]:
    run = DraftingRun(
        new_id(), world.project.id, "m", 0, 0, 0, "running", datetime.now(UTC), candidates=2, item_limit=limit
    )
    found: list[tuple[str, str]] = []

    async def read(drafts: MissingDrafts) -> None:
        while wanted := await drafts.next():
            found.append((wanted.item.name, wanted.name))

    async def read_all() -> None:
        drafts = MissingDrafts(world.store_of(count), run)
        await asyncio.gather(*(read(drafts) for _ in range(readers)))
        await drafts.close()

    asyncio.run(read_all())
    return found


@pytest.mark.parametrize("count", [0, 1, 3, 6, 7])
def test_each_draft_comes_once_and_in_order(world, count: int):
    assert names(world, count) == [(f"item-{n}", d) for n in range(count) for d in ("d1", "d2")]


def test_readers_share_the_drafts_among_them(world):
    assert sorted(names(world, 8, readers=5)) == [(f"item-{n}", d) for n in range(8) for d in ("d1", "d2")]


@pytest.mark.parametrize("limit", [1, 3, 5, 6, 100])
def test_the_limit_counts_items(world, limit: int):
    assert len(names(world, 8, limit=limit)) == 2 * min(8, limit)
