"""The prompt of a line: conversations with tool calls, in either of their usual forms."""

from typing import Any

import pytest

from concord.imports.judgements import Refused
from concord.imports.prompts import messages_of, tools_of
from concord.records.item import Message, ToolCall

ASK, RESULT = {"role": "user", "content": "Rain?"}, {"role": "tool", "content": "No.", "tool_call_id": "c1"}


def conversation(*calls: Any, content: str | None = None) -> dict[str, Any]:
    return {"messages": [ASK, {"role": "assistant", "content": content, "tool_calls": list(calls)}, RESULT]}


@pytest.mark.parametrize(
    "call",
    [
        {"id": "c1", "name": "weather", "arguments": {"city": "02134", "days": 7}},
        {"id": "c1", "type": "function", "function": {"name": "weather", "arguments": {"city": "02134", "days": 7}}},
        {"id": "c1", "function": {"name": "weather", "arguments": '{"city": "02134", "days": 7}'}},
    ],
)
def test_a_tool_call_is_read_in_each_of_its_forms(call) -> None:
    assert messages_of(conversation(call)) == (
        Message("user", "Rain?"),
        Message("assistant", "", (ToolCall("weather", {"city": "02134", "days": 7}, "c1"),)),
        Message("tool", "No.", tool_call_id="c1"),
    )


@pytest.mark.parametrize(
    "call", [{"name": "weather"}, {"name": " ", "arguments": {}}, {"function": {"name": "f", "arguments": "["}}, 7]
)
def test_a_broken_tool_call_is_refused(call) -> None:
    with pytest.raises(Refused, match="a tool call has no name or no arguments"):
        messages_of(conversation(call))


def test_a_message_without_text_is_one_only_beside_tool_calls() -> None:
    with pytest.raises(Refused, match="a message has no known role or no text"):
        messages_of(conversation())


def test_tools_are_descriptions_of_functions() -> None:
    tool = {"type": "function", "function": {"name": "weather"}}
    assert tools_of({"tools": [tool]}) == (tool,)
    assert tools_of({}) == ()
    with pytest.raises(Refused, match="a tool is not described"):
        tools_of({"tools": [{"name": "weather"}]})


@pytest.mark.parametrize(
    ("foreign", "role"), [("human", "user"), ("prompter", "user"), ("gpt", "assistant"), ("bot", "assistant")]
)
def test_what_other_tools_call_the_roles_is_read(foreign: str, role: str) -> None:
    before, asked, _ = messages_of({"messages": [ASK, {"role": foreign, "content": "Yes?"}, ASK]})
    assert (before.role, asked) == ("user", Message(role, "Yes?"))


def test_a_role_that_nobody_has_is_refused() -> None:
    with pytest.raises(Refused, match="a message has no known role or no text"):
        messages_of({"messages": [{"role": "narrator", "content": "Once"}, ASK]})
