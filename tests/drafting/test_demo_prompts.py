"""The demo drafter answers requests for new prompts: in the form asked for, always alike, out of what it was given."""

import asyncio
import json
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concord.drafting.completion import Completion, complete
from concord.drafting.demo_prompts import new_prompts
from concord.drafting.endpoint import endpoint_for, open_client
from concord.records.item import Message
from concord.records.kinds import DEMO_MODEL
from concord.records.project import Settings

METHODS = ("paraphrase", "reverse", "self_instruct")


def form(name: str) -> dict[str, Any]:
    return {"type": "json_schema", "json_schema": {"name": f"prompts_{name}", "schema": {}}}


def written(method: str, *messages: Message, seed: int = 0) -> list[str]:
    answer = new_prompts(messages, form(method), seed=seed)
    return json.loads(cast("str", answer))["prompts"]


def asked(messages: list[Message], structure: dict[str, Any] | None) -> Completion:
    async def run() -> Completion:
        endpoint = endpoint_for(Settings(), {})
        async with open_client(endpoint) as client:
            return await complete(client, endpoint, messages, seed=3, response_format=structure)

    return asyncio.run(run())


def test_the_real_client_gets_the_form_that_it_asks_for() -> None:
    found = asked([Message("user", "Name the capital of France.")], form("paraphrase"))
    assert json.loads(found.text)["prompts"][0] == "Of France: name the capital."
    assert found.model == DEMO_MODEL


@pytest.mark.parametrize("structure", [None, {"type": "json_object"}, form("other")])
def test_any_other_request_gets_a_draft(structure: dict[str, Any] | None) -> None:
    assert not asked([Message("user", "Why is the sky blue?")], structure).text.startswith("{")


def test_a_paraphrase_turns_what_is_asked_and_keeps_what_is_to_be_worked_on() -> None:
    material = "<review>\nGreat kettle. It leaks.\n</review>"
    texts = written("paraphrase", Message("user", f"Product: Kettle\n\nSum the review up in one word.\n\n{material}"))
    assert texts[0] == f"In one word: sum the review up.\nProduct: Kettle\n\n{material}"
    assert all(text.endswith(material) for text in texts)


def test_a_question_is_made_of_a_sentence_of_the_answer() -> None:
    texts = written("reverse", Message("user", "We are sorry that the hinge broke. A new one is on its way."))
    assert "Is it true that we are sorry that the hinge broke?" in texts


def test_new_prompts_are_about_the_words_of_the_examples() -> None:
    examples = [Message("assistant", text) for text in ("Describe a volcano.", "Describe a glacier.")]
    texts = written("self_instruct", *examples, Message("user", "Now write 3 new prompts."))
    assert all("volcano" in text or "glacier" in text for text in texts)
    assert not any("escribe" in text for text in texts)


@given(st.sampled_from(METHODS), st.text(max_size=200), st.integers(0, 99))
def test_whatever_the_text_there_is_at_least_one_and_the_same_each_time(method: str, text: str, seed: int) -> None:
    messages = Message("assistant", text), Message("user", text)
    texts = written(method, *messages, seed=seed)
    assert texts == written(method, *messages, seed=seed)
    assert texts
    assert all(one.strip() for one in texts)
    assert len(set(texts)) == len(texts)
