"""What is flagged, and what only looks like it."""

import asyncio

import pytest

from concord.drafting.completion import Completion
from concord.drafting.endpoint import endpoint_for
from concord.drafting.flags import flagging, flags_of
from concord.drafting.recipe import one_completion
from concord.ids import new_id
from concord.records.draft import Wanted
from concord.records.item import Item, Message
from concord.records.project import Settings

DIALOGUE = "Summarise the dialogue between the customer and the agent in one sentence.\n\n" + (
    "Customer: My parcel has been missing since Monday and nobody answers.\nAgent: Let me ask the carrier about it."
)


def flags(text: str, *, prompt: str = DIALOGUE, finish_reason: str | None = "stop", language: str | None = None):
    return flags_of(text, [Message("user", prompt)], finish_reason=finish_reason, language=language)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The customer misses a parcel, and the agent asks the carrier.", ()),
        ("I'm sorry, but I can't help with that request.", ("refusal",)),
        ("I cannot comply with this.", ("refusal",)),
        ("I’m unable to provide that information here.", ("refusal",)),
        ("I'm sorry, I can't find your order. Could you send me its number?", ()),
        ("I am not able to reach the carrier today, but I will try again.", ()),
        ("As an AI language model, I have no parcels.", ("boilerplate",)),
        ("Sure! Here's the sentence you wanted: a parcel is missing.", ("boilerplate",)),
        ("Here is a short summary: a parcel is missing.", ("boilerplate",)),
        ("Here is the parcel you asked for.", ()),
        ("As an AI, I cannot assist with that.", ("refusal", "boilerplate")),
        (DIALOGUE, ("echo",)),
        (DIALOGUE[:100].upper() + " and so on, with words of its own.", ("echo",)),
        ("My parcel has been missing since Monday and nobody answers.", ()),
        ("Der Kunde vermisst seit Montag sein Paket, und der Mitarbeiter fragt nach.", ("language",)),
        ("Merci.", ()),
    ],
)
def test_a_draft_is_flagged_for_what_it_is(text: str, found: tuple[str, ...]) -> None:
    assert flags(text) == found


@pytest.mark.parametrize(
    ("reason", "found"), [("length", ("truncated",)), ("content_filter", ("refusal",)), (None, ())]
)
def test_why_the_endpoint_stopped_counts(reason: str | None, found: tuple[str, ...]) -> None:
    assert flags("A parcel is missing.", finish_reason=reason) == found


def test_the_language_that_is_wanted_comes_before_the_prompt_s() -> None:
    german = "Der Kunde vermisst seit Montag sein Paket, und der Mitarbeiter fragt nach."
    assert flags(german, language="de") == ()
    assert flags("The customer has been missing a parcel since Monday.", language="de") == ("language",)


def test_a_prompt_whose_language_is_not_clear_asks_for_none() -> None:
    assert flags("The customer has been missing a parcel since Monday.", prompt="3 + 4 = ?") == ()


def test_a_recipe_that_flags_looks_at_the_answer_that_became_the_draft() -> None:
    async def ask(request) -> Completion:
        return Completion("A parcel is mis", "m", 1, 1, 0.1, "length")

    item = Item(new_id(), new_id(), "q1", (Message("user", DIALOGUE),))
    recipe = flagging(one_completion(endpoint_for(Settings(), {})), language=None)
    assert asyncio.run(_made(recipe, ask, Wanted(item, "d1"))).flags == ("truncated",)


async def _made(recipe, ask, wanted):
    return await recipe(ask, wanted)
