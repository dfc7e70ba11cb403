from __future__ import annotations

import asyncio

import pytest

from concord.drafting.asking import Asker
from concord.drafting.completion import Completion, prompt_hash
from concord.drafting.endpoint import endpoint_for
from concord.drafting.request import Request
from concord.errors import InputError
from concord.records.item import Message
from concord.records.project import Settings

PROMPT = (Message("user", "Summarise.\n\nAnn: It leaks at 555-0100.\nBob: Since when does it leak?"),)
REQUEST = Request(endpoint_for(Settings(), {}), PROMPT, seed=1)


def ask(request: Request, **options) -> Completion:
    async def once() -> Completion:
        async with Asker(**options) as asker:
            return await asker(request)

    return asyncio.run(once())


def test_what_leaves_the_machine_is_what_the_screen_lets_through():
    sent: list[Request] = []

    def mask(messages):
        return [Message(message.role, message.content.replace("555-0100", "[phone]")) for message in messages]

    completion = ask(REQUEST, screen=mask, sent=sent.append)
    assert "555-0100" not in completion.text
    assert "[phone]" in sent[0].messages[0].content
    assert completion.prompt_hash == prompt_hash(sent[0].messages) != prompt_hash(PROMPT)


def test_nothing_is_sent_when_the_screen_refuses():
    def block(_):
        raise InputError("item-1: a phone number was found. Mask it.")

    sent: list[Request] = []
    with pytest.raises(InputError):
        ask(REQUEST, screen=block, sent=sent.append)
    assert sent == []
