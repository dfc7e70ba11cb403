from __future__ import annotations

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from concord.drafting.completion import Completion
from concord.drafting.endpoint import Endpoint
from concord.drafting.recipe import one_completion, seed_of
from concord.drafting.request import Request
from concord.ids import new_id
from concord.records.draft import Wanted
from concord.records.item import Item, Message
from concord.records.kinds import DEMO_MODEL

ENDPOINT = Endpoint(DEMO_MODEL, None, "OPENAI_API_KEY", 0.7, demo=True)


@given(st.uuids(), st.integers(1, 100))
def test_seeds_of_an_item_follow_each_other_and_fit_32_bits(item_id, number):
    item = Item(item_id, new_id(), "item", ())
    first, second = (seed_of(Wanted(item, f"d{n}")) for n in (number, number + 1))
    assert second == first + 1
    assert 0 <= first < second < 2**31


def test_the_plain_recipe_asks_for_the_item_s_prompt_once():
    asked: list[Request] = []

    async def ask(request: Request) -> Completion:
        asked.append(request)
        return Completion("Because.", "m", 1, 1, 0.1, "stop")

    wanted = Wanted(Item(new_id(), new_id(), "item-1", (Message("user", "Why?"),)), "d2")
    parts = asyncio.run(one_completion(ENDPOINT)(ask, wanted))
    assert (parts.text, parts.few_shot, parts.params) == ("Because.", (), {})
    assert asked == [Request(ENDPOINT, wanted.item.messages, seed_of(wanted))]
