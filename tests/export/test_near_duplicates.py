"""Near-duplicate prompts are never in two splits (invariant 5), in real exports."""

from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from concord.ids import new_id
from concord.records.annotation import Annotation, Edit
from concord.records.item import Item, Message

SPLITS = ("train", "validation", "test")
FORMS = ("{}", "{}!", "  {} ", "Please, {}", "{} now")
BODY = "tell me all that is known of animal number {} and where exactly animal {} lives"
_folders = count()


@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 8), st.sampled_from(FORMS)), min_size=12, max_size=20), st.integers(0, 99))
@pytest.mark.parametrize("kind", ["trl-sft"])
def test_no_split_parts_near_duplicates(new_campaign, exported, kind: str, prompts, seed: int) -> None:
    campaign = new_campaign()
    store, project, now = campaign.store, campaign.project, campaign.project.created_at
    texts = [form.format(BODY.format(f"n{animal}", f"n{animal}")) for animal, form in prompts]
    items = [Item(new_id(), project.id, f"q{n}", (Message("user", text),)) for n, text in enumerate(texts)]
    store.add_items(items, overlap=1)
    store.add_annotations(
        [Annotation(new_id(), project.id, item.id, "ana", Edit(None, "So."), "file", now) for item in items]
    )
    written = exported(campaign, kind, seed=seed, shares=(0.5, 0.25, 0.25), out=f"out{next(_folders)}")
    present = [split for split in SPLITS if (written.folder / f"{split}.jsonl").exists()]
    split_of = {row["item_id"]: split for split in present for row in written.rows(split)}
    for animal in {animal for animal, _ in prompts}:
        assert len({split_of[f"q{n}"] for n, (other, _) in enumerate(prompts) if other == animal}) == 1
