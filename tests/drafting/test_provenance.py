from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from concord.drafting.completion import Completion
from concord.drafting.endpoint import Endpoint
from concord.drafting.provenance import draft_of, prompt_hash, seed_of
from concord.ids import new_id
from concord.records import DEMO_MODEL, DraftingRun, Item, Message, Wanted

ITEM = Item(new_id(), new_id(), "item-1", (Message("user", "Why?"),), template_version="v1")
NOW = datetime(2026, 1, 1, tzinfo=UTC)
RUN = DraftingRun(new_id(), ITEM.project_id, "m", 1, 0, 0, "running", NOW)
ENDPOINT = Endpoint(DEMO_MODEL, None, "OPENAI_API_KEY", 0.7, demo=True)
COMPLETION = Completion("Because.", "model-2026", 3, 2, 0.5, "length")


@given(st.uuids(), st.integers(1, 100))
def test_seeds_of_an_item_follow_each_other_and_fit_32_bits(item_id, number):
    item = Item(item_id, ITEM.project_id, "item", ())
    first, second = (seed_of(Wanted(item, f"d{n}")) for n in (number, number + 1))
    assert second == first + 1
    assert 0 <= first < second < 2**31


def test_a_draft_made_again_has_the_same_id():
    first, again, other = (
        draft_of(Wanted(ITEM, name), COMPLETION, ENDPOINT, RUN, now=NOW) for name in ("d1", "d1", "d2")
    )
    assert first.id == again.id != other.id


def test_a_draft_carries_what_was_asked_and_what_came():
    draft = draft_of(Wanted(ITEM, "d1"), COMPLETION, ENDPOINT, RUN, now=NOW)
    assert draft.created_at == NOW
    assert (draft.model, draft.tokens_in, draft.tokens_out, draft.latency) == ("model-2026", 3, 2, 0.5)
    assert draft.params == {
        "model": DEMO_MODEL,
        "temperature": 0.7,
        "seed": seed_of(Wanted(ITEM, "d1")),
        "finish_reason": "length",
    }
    assert (draft.template_version, draft.prompt_hash) == ("v1", prompt_hash(ITEM.messages))


def test_the_hash_is_that_of_the_canonical_json():
    # printf '[{"content":"Why?","role":"user"}]' | sha256sum
    expected = "51ce2e32ea943357e4d950121e26d546ff5e51d8ec66c7cce02cf270d7d5cfd3"
    assert prompt_hash(ITEM.messages) == expected
