from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from concord.drafting.completion import Completion, prompt_hash
from concord.drafting.endpoint import Endpoint
from concord.drafting.provenance import Step, draft_of
from concord.drafting.recipe import Parts, seed_of
from concord.drafting.request import Request
from concord.ids import new_id
from concord.records.draft import Wanted
from concord.records.item import Item, Message
from concord.records.kinds import DEMO_MODEL
from concord.records.run import DraftingRun

ITEM = Item(new_id(), new_id(), "item-1", (Message("user", "Why?"),), template_version="v1")
NOW = datetime(2026, 1, 1, tzinfo=UTC)
RUN = DraftingRun(new_id(), ITEM.project_id, "m", 1, 0, 0, "running", NOW)
ENDPOINT = Endpoint(DEMO_MODEL, None, "OPENAI_API_KEY", 0.7, demo=True)
COMPLETION = Completion("Because.", "model-2026", 3, 2, 0.5, "length", prompt_hash(ITEM.messages))
STEP = Step(Request(ENDPOINT, ITEM.messages, seed_of(Wanted(ITEM, "d1"))), COMPLETION)


def test_a_draft_made_again_has_the_same_id():
    first, again, other = (
        draft_of(Wanted(ITEM, name), Parts("Because."), [STEP], RUN, now=NOW) for name in ("d1", "d1", "d2")
    )
    assert first.id == again.id != other.id


def test_a_draft_carries_what_was_asked_and_what_came():
    draft = draft_of(Wanted(ITEM, "d1"), Parts("Because."), [STEP], RUN, now=NOW)
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


def test_a_draft_of_several_steps_keeps_each_and_adds_up_what_they_cost():
    plan = Step(
        Request(ENDPOINT, (Message("user", "Plan."),), 7, temperature=0.0, purpose="plan"),
        Completion("1. Look.", "planner", 10, 5, 0.25, "stop", "ab", cost=0.5),
    )
    answer = replace(STEP, completion=replace(COMPLETION, cost=0.25))
    draft = draft_of(Wanted(ITEM, "d1"), Parts("Because.", params={"variant": "b"}), [plan, answer], RUN, now=NOW)
    assert (draft.tokens_in, draft.tokens_out, draft.cost, draft.latency) == (13, 7, 0.75, 0.75)
    assert (draft.model, draft.prompt_hash, draft.params["variant"]) == ("model-2026", COMPLETION.prompt_hash, "b")
    assert draft.params["steps"][0] == {
        "purpose": "plan",
        "model": DEMO_MODEL,
        "temperature": 0.0,
        "seed": 7,
        "finish_reason": "stop",
        "prompt_hash": "ab",
        "tokens_in": 10,
        "tokens_out": 5,
    }


def test_a_draft_made_of_another_one_costs_nothing():
    assert draft_of(Wanted(ITEM, "d2"), Parts("A copy."), [], RUN, now=NOW).cost == 0.0


def test_what_a_part_does_not_say_is_unknown_for_the_whole():
    uncounted = replace(STEP, completion=replace(COMPLETION, tokens_in=None))
    draft = draft_of(Wanted(ITEM, "d1"), Parts("Because."), [STEP, uncounted], RUN, now=NOW)
    assert (draft.tokens_in, draft.tokens_out, draft.cost) == (None, 4, None)
