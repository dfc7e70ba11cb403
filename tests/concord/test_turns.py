"""Turns as plain data: nothing is lost on the way there and back, and prompts are told apart by their calls."""

import pytest

from concord.records.item import Message, ToolCall
from concord.turns import message_of, prompt_key, turn_of

CALLED = Message("assistant", "", (ToolCall("f", {"a": "02134", "b": 7}, "c1"),))


@pytest.mark.parametrize(
    "message", [Message("user", "Why?"), CALLED, Message("tool", "No.", name="f", tool_call_id="c1")]
)
def test_a_message_comes_back_as_it_was(message) -> None:
    assert message_of(turn_of(message)) == message


def test_prompts_that_call_tools_with_other_arguments_are_others() -> None:
    other = Message("assistant", "", (ToolCall("f", {"a": "x"}, "c1"),))
    assert prompt_key([CALLED]) != prompt_key([other])
    assert prompt_key([CALLED]) == prompt_key(
        [Message("assistant", "", (ToolCall("f", CALLED.tool_calls[0].arguments),))]
    )
