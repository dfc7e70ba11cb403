"""Turns of a prompt as plain data, the way the store and the interchange format keep them; and the key of a prompt.

Arguments of a tool call are objects, never texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import orjson

from concord.ids import folded_key
from concord.records.item import Message, ToolCall
from concord.records.kinds import Json


def turn_of(message: Message) -> dict[str, Json]:
    """A message as plain data, without what it does not have.

    >>> turn_of(Message("user", "Why?"))
    {'role': 'user', 'content': 'Why?'}
    """
    turn: dict[str, Json] = {"role": message.role, "content": message.content}
    if message.tool_calls:
        turn["tool_calls"] = [
            {"id": call.id, "name": call.name, "arguments": dict(call.arguments)} for call in message.tool_calls
        ]
    if message.name is not None:
        turn["name"] = message.name
    if message.tool_call_id is not None:
        turn["tool_call_id"] = message.tool_call_id
    return turn


def message_of(turn: Mapping[str, Any]) -> Message:
    """The message that `turn_of` wrote down."""
    if len(turn) == 2:
        return Message(turn["role"], turn["content"])
    calls = tuple(ToolCall(call["name"], call["arguments"], call["id"]) for call in turn.get("tool_calls", ()))
    return Message(turn["role"], turn["content"], calls, turn.get("name"), turn.get("tool_call_id"))


def prompt_key(messages: Iterable[Message]) -> UUID:
    """A key that two prompts share when they differ in blanks, in Unicode composition or in roles alone."""
    return folded_key("\n".join(text for message in messages for text in _texts(message)))


def _texts(message: Message) -> list[str]:
    calls = [orjson.dumps([call.name, dict(call.arguments)]).decode() for call in message.tool_calls]
    return [message.content, *calls]
