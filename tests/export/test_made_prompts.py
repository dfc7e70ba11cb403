"""An item and what it was made from are never in two splits (invariant 5), in real exports."""

from itertools import count
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from concord.ids import new_id
from concord.records.annotation import Annotation, Edit
from concord.records.item import Item, ItemOrigin

SPLITS = ("train", "validation", "test")
SHARES = {"shares": (0.5, 0.25, 0.25)}
_folders = count()


def made_from(campaign, name: str, *sources: Item) -> Item:
    """Store an item as approval leaves it."""
    item = campaign.item(name)
    ids = tuple(source.id for source in sources)
    campaign.store.add_origin(
        ItemOrigin(item.id, item.project_id, "self_instruct", ids, None, new_id(), campaign.project.created_at)
    )
    return item


def split_of(written: Any) -> dict[str, str]:
    present = [split for split in SPLITS if (written.folder / f"{split}.jsonl").exists()]
    return {row["item_id"]: split for split in present for row in written.rows(split)}


def answer(campaign, *items: Item) -> None:
    now = campaign.project.created_at
    edits = [Annotation(new_id(), i.project_id, i.id, "ana", Edit(None, "So."), "file", now) for i in items]
    campaign.store.add_annotations(edits)


@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.lists(st.integers(0, 9), min_size=1, max_size=3, unique=True), min_size=1, max_size=5),
    st.integers(0, 99),
)
def test_a_made_item_is_in_the_split_of_its_sources(new_campaign, exported, sources, seed: int) -> None:
    campaign = new_campaign()
    originals = campaign.items(10)
    made = [made_from(campaign, f"m{n}", *(originals[one] for one in of)) for n, of in enumerate(sources)]
    answer(campaign, *originals, *made)
    split = split_of(exported(campaign, "trl-sft", seed=seed, out=f"out{next(_folders)}", **SHARES))
    assert len(split) == 10 + len(made)
    for item, of in zip(made, sources, strict=True):
        assert {split[originals[one].name] for one in of} == {split[item.name]}


def test_sources_that_are_not_exported_still_tie_what_was_made_from_them(campaign, exported) -> None:
    row = new_id()
    control = campaign.item("control", arm="undrafted", row_id=row)
    same_row = [campaign.item(f"row{n}", row_id=row if n == 0 else UUID(int=n)) for n in range(6)]
    same_prompt = campaign.item("copy", messages=control.messages)
    made = [made_from(campaign, f"m{n}", control) for n in range(4)]
    answer(campaign, *same_row, same_prompt, *made)
    for seed in range(3):
        split = split_of(exported(campaign, "trl-sft", seed=seed, out=f"out{seed}", **SHARES))
        assert "control" not in split
        assert len({split[name] for name in ("row0", "copy", "m0", "m1", "m2", "m3")}) == 1


@pytest.mark.parametrize("kind", ["trl-sft", "trl-dpo"])
def test_a_prompt_that_waits_for_people_is_in_no_export(campaign, exported, kind: str) -> None:
    campaign.compare(campaign.item("q1", "one", "two"), "ana", "d1")
    campaign.rank(campaign.item("wish", "three", "four", kind="prompt"), "ana", "d1 > d2")
    written = exported(campaign, kind)
    assert [row["item_id"] for row in written.rows()] == ["q1"]
    assert written.manifest["counts"]["in"] == 1
