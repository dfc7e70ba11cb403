"""Rows in OpenAI's form, which Azure, Together and Fireworks take too, and the published rules that they must pass.

The form has no place for metadata, and refuses keys that it does not know: ids and facts go to a file beside, line by
line. Arguments of tool calls are JSON texts here, and calls have ids.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import orjson
import pyarrow as pa

from concord.export.conversion import TEXTS, Row, Turn, Unfit, left_out
from concord.export.manifest import Dropped

_KEYS = {
    "system": {"role", "content", "name"},
    "user": {"role", "content", "name"},
    "assistant": {"role", "content", "name", "tool_calls", "weight"},
    "tool": {"role", "content", "tool_call_id"},
}
_SFT_KEYS, _INPUT_KEYS = ({"messages", "tools", "parallel_tool_calls"},) * 2
_DPO_KEYS = {"input", "preferred_output", "non_preferred_output"}


def sft(row: Row) -> Row:
    """A conversation whose last turn is learned; the assistant's earlier turns have the weight 0."""
    turns = _turns(row["prompt"])
    earlier = [turn | {"weight": 0} if turn["role"] == "assistant" else turn for turn in turns]
    return {"messages": [*earlier, _answer(row["completion"])], **_tools(row)}


def dpo(row: Row) -> Row:
    """A conversation that waits for an answer, and two answers of one message each."""
    return {
        "input": {"messages": _turns(row["prompt"]), **_tools(row)},
        "preferred_output": [_answer(row["chosen"])],
        "non_preferred_output": [_answer(row["rejected"])],
    }


class Lines:
    """The two files of a split while they are written: the rows, and for each the facts about it."""

    def __init__(self, convert: Callable[[Row], Row], folder: Path, split: str) -> None:
        self.names = (f"{split}.jsonl", f"{split}.ids.jsonl")
        self.rows = 0
        self.dropped: list[Dropped] = []
        self._convert = convert
        self._paths = [folder / name for name in self.names]

    def write(self, parts: Iterable[pa.Table]) -> None:
        """Write all rows that the form can express; files without rows do not stay."""
        with self._paths[0].open("wb") as lines, self._paths[1].open("wb") as facts:
            for row in (row for part in parts for batch in part.to_batches(10_000) for row in batch.to_pylist()):
                try:
                    lines.write(line(self._convert(row)))
                except Unfit as why:
                    self.dropped += left_out([row], [str(why)])
                    continue
                self.rows += 1
                facts.write(line({"line": self.rows} | {name: row[name] for name in row if name not in TEXTS}))
        for path in () if self.rows else self._paths:
            path.unlink()


def line(row: Mapping[str, Any]) -> bytes:
    r"""One object as a line of JSON; what ends a line for some readers is escaped.

    >>> line({"a": "\u2028"})
    b'{"a":"\\u2028"}\n'
    """
    text = orjson.dumps(row)
    for mark in ("\u2028", "\u2029", "\x85"):
        text = text.replace(mark.encode(), f"\\u{ord(mark):04x}".encode())
    return text + b"\n"


def broken_rules(row: Any) -> Iterator[str]:
    """What the published rules have against a row of either kind, each as a short sentence; nothing when it is sound.

    Source: the checks of OpenAI's notebook on preparing chat data, and FineTuneChatRequestInput and
    FineTunePreferenceRequestInput of its specification.
    """
    if not isinstance(row, dict):
        yield "the row is no object"
    elif "input" in row:
        yield from _preference_rules(cast("Row", row))
    else:
        yield from _chat_rules(cast("Row", row), _SFT_KEYS)
        if not any(turn.get("role") == "assistant" for turn in _messages(cast("Row", row))):
            yield "there is no message of the assistant"


def _preference_rules(row: Row) -> Iterator[str]:
    yield from _unknown_keys(row, _DPO_KEYS)
    yield from _chat_rules(cast("Row", row["input"]) if isinstance(row["input"], dict) else {}, _INPUT_KEYS)
    for side in ("preferred_output", "non_preferred_output"):
        said = row.get(side)
        if not isinstance(said, list) or [turn.get("role") for turn in cast("list[Turn]", said)] != ["assistant"]:
            yield f"{side} is not one message of the assistant"
        else:
            yield from _turn_rules(cast("list[Turn]", said)[0])


def _chat_rules(row: Row, keys: set[str]) -> Iterator[str]:
    yield from _unknown_keys(row, keys)
    turns = _messages(row)
    if not turns:
        yield "messages is empty"
    calls = {call.get("id") for turn in turns for call in turn.get("tool_calls", ())}
    for turn in turns:
        yield from _turn_rules(turn)
        if turn.get("role") == "tool" and turn.get("tool_call_id") not in calls:
            yield "a tool's result answers no call"


def _turn_rules(turn: Turn) -> Iterator[str]:
    role = turn.get("role")
    if role not in _KEYS:
        yield f"the role {role!r} is not known"
        return
    yield from _unknown_keys(turn, _KEYS[role])
    content = turn.get("content")
    if not (isinstance(content, str) and content.strip()) and not turn.get("tool_calls"):
        yield "a message has no content"
    if turn.get("weight", 0) not in (0, 1):
        yield "a weight is neither 0 nor 1"
    for call in turn.get("tool_calls", ()):
        if not call.get("id") or call.get("type") != "function" or not isinstance(call["function"]["arguments"], str):
            yield "a tool call lacks its id, its type or the text of its arguments"


def _unknown_keys(found: Row, known: set[str]) -> Iterator[str]:
    yield from (f"the key {key!r} is not known" for key in found if key not in known)


def _messages(row: Row) -> list[Turn]:
    turns = row.get("messages")
    return [turn for turn in cast("list[Any]", turns) if isinstance(turn, dict)] if isinstance(turns, list) else []


def _tools(row: Row) -> Row:
    return {"tools": orjson.loads(row["tools"])} if row.get("tools") else {}


def _answer(turns: Sequence[Turn]) -> Turn:
    return {"role": "assistant", "content": turns[0]["content"]}


def _turns(turns: Sequence[Turn]) -> list[Turn]:
    """The turns with the ids that calls and results need; a result without one answers the calls in their order."""
    said: list[Turn] = []
    open_calls: list[str] = []
    for turn in turns:
        calls = [
            {"id": call["id"] or f"call_{len(said)}_{number}", "type": "function", "function": call["function"]}
            for number, call in enumerate(turn.get("tool_calls") or ())
        ]
        open_calls += [call["id"] for call in calls]
        said.append(_said(turn, calls, open_calls))
    return said


def _said(turn: Turn, calls: list[Any], open_calls: list[str]) -> Turn:
    if turn["role"] == "tool":
        answers = turn.get("tool_call_id") or next(iter(open_calls), None)
        if answers not in open_calls:
            raise Unfit("a tool result that answers no call")
        open_calls.remove(answers)
        return {"role": "tool", "content": turn["content"], "tool_call_id": answers}
    content = turn["content"] or None if calls else turn["content"]
    if not calls and not (content or "").strip():
        raise Unfit("an empty turn")
    return {"role": turn["role"], "content": content, **({"tool_calls": calls} if calls else {})}
