"""The prompt of an interchange line: its messages, with the tool calls among them, and the tools that it offers."""

from __future__ import annotations

from typing import Any, cast, get_args

import orjson

from concord.imports.judgements import Refused
from concord.imports.sieve import is_blank
from concord.records.item import Message, ToolCall
from concord.records.kinds import Json, Role

_ALIASES: dict[object, Role] = {
    "human": "user",
    "prompter": "user",
    "gpt": "assistant",
    "bot": "assistant",
    "model": "assistant",
    "developer": "system",
}
"""What other tools call the roles."""


def messages_of(data: dict[str, Json]) -> tuple[Message, ...]:
    """The messages of a line; none when it has no prompt.

    Raises:
        Refused: they are no conversation that wants an answer.
    """
    prompt, messages = data.get("prompt"), listed(data, "messages")
    if messages:
        return _conversation(tuple(map(_message, messages)))
    if prompt is None:
        return ()
    if not isinstance(prompt, str) or not prompt.strip():
        raise Refused("prompt", "the prompt is empty or not text", "Fill it in or remove the line.")
    return (Message("user", prompt),)


def tools_of(data: dict[str, Json]) -> tuple[dict[str, Json], ...]:
    """The tools that a line offers, each described as in the chat completions protocol.

    Raises:
        Refused: one of them is no description.
    """
    tools = listed(data, "tools")
    for tool in tools:
        function = tool.get("function") if isinstance(tool, dict) else None
        if not isinstance(function, dict) or is_blank(function.get("name")):
            raise Refused("tools", "a tool is not described", 'Write {"type": "function", "function": {"name": …}}.')
    return tuple(cast("list[dict[str, Json]]", tools))


def listed(data: dict[str, Json], field: str) -> list[Json]:
    """A field that is a list, or is left out.

    Raises:
        Refused: it is something else.
    """
    value = data.get(field)
    if value is None:
        return []
    if not isinstance(value, list):
        raise Refused(field, f"{field} is not a list", "Write a list, or leave the field out.")
    return value


def _conversation(turns: tuple[Message, ...]) -> tuple[Message, ...]:
    """The same turns, when they want an answer."""
    last = turns[-1]
    if last.role not in ("user", "tool") or is_blank(last.content):
        found = f"the last message is {'blank' if is_blank(last.content) else f'by {last.role!r}'}"
        raise Refused("messages", found, "End with what the user says; answers go to responses.")
    return turns


def _message(turn: Json) -> Message:
    said = turn.get("role") if isinstance(turn, dict) else None
    role = _ALIASES.get(said, said) if isinstance(said, str) else None
    if not isinstance(turn, dict) or role not in get_args(Role) or not _speaks(turn, role):
        roles = ", ".join(get_args(Role))
        raise Refused("messages", "a message has no known role or no text", f"Roles are {roles}; content is text.")
    name, answers = (turn[key] if isinstance(turn.get(key), str) else None for key in ("name", "tool_call_id"))
    calls = tuple(map(_call, listed(turn, "tool_calls")))
    content = cast("str | None", turn.get("content")) or ""
    return Message(cast("Role", role), content, calls, cast("str | None", name), cast("str | None", answers))


def _speaks(turn: dict[str, Json], role: object) -> bool:
    """Whether a message says something; beside tool calls its content may be null."""
    content = turn.get("content")
    return isinstance(content, str) or (content is None and role == "assistant" and bool(turn.get("tool_calls")))


def _call(call: Any) -> ToolCall:
    """A tool call, in either of its usual forms: with or without `function` around it, arguments as object or text."""
    outer = cast("dict[str, Any]", call) if isinstance(call, dict) else {}
    inner = cast("dict[str, Any]", outer.get("function", outer))
    arguments: object = inner.get("arguments")
    if isinstance(arguments, str):
        try:
            arguments = orjson.loads(arguments)
        except orjson.JSONDecodeError:
            arguments = None
    if not isinstance(arguments, dict) or is_blank(inner.get("name")):
        raise Refused("messages", "a tool call has no name or no arguments", 'Write {"name": …, "arguments": {…}}.')
    called = outer.get("id")
    return ToolCall(inner["name"], cast("dict[str, Json]", arguments), called if isinstance(called, str) else None)
