"""Rows for LLaMA-Factory, in its two forms, and the `dataset_info.json` by which it finds them.

Its loader skips rows whose turns do not alternate with no more than a line in its log, and its templates for models
that see or hear want a file for every `<image>`, `<video>` and `<audio>` in a text: such rows are left out here.
The description names the Parquet files: in JSONL its reader would take text that looks like a date for one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson
import pyarrow as pa

from concord.export.conversion import Row, Turn, Unfit, alternating, exchanges, no_tools, opening

_MEDIA = ("<image>", "<video>", "<audio>")
_FROM = {"user": "human", "assistant": "gpt", "tool": "observation"}
_TURN = pa.struct([("from", pa.string()), ("value", pa.string())])
_CHAT = [pa.field("conversations", pa.list_(_TURN)), pa.field("system", pa.string()), pa.field("tools", pa.string())]
_TURN_BASED = {"messages": "conversations", "system": "system", "tools": "tools"}
_TEXT_BASED = {"prompt": "instruction", "query": "input", "system": "system", "history": "history"}

SFT = _CHAT
DPO = [_CHAT[0], pa.field("chosen", _TURN), pa.field("rejected", _TURN), *_CHAT[1:]]
KTO = [_CHAT[0], pa.field("kto_tag", pa.bool_()), *_CHAT[1:]]
_INSTRUCTION = [pa.field(name, pa.string()) for name in ("instruction", "input")]
_BEFORE = [pa.field("system", pa.string()), pa.field("history", pa.list_(pa.list_(pa.string())))]
ALPACA = [*_INSTRUCTION, pa.field("output", pa.string()), *_BEFORE]
ALPACA_DPO = [*_INSTRUCTION, pa.field("chosen", pa.string()), pa.field("rejected", pa.string()), *_BEFORE]


def sft(row: Row) -> Row:
    """A conversation that ends with the answer."""
    chat = _chat(row)
    return chat | {"conversations": [*chat["conversations"], _said(row["completion"])]}


def dpo(row: Row) -> Row:
    """A conversation that waits for an answer, and two of them."""
    return _chat(row) | {side: _said(row[side]) for side in ("chosen", "rejected")}


def kto(row: Row) -> Row:
    """A conversation that ends with an answer, and whether that was good."""
    return sft(row) | {"kto_tag": row["label"]}


def alpaca(row: Row) -> Row:
    """One question with its answer; what was said before is the history."""
    return _instruction(row) | {"output": _text(row["completion"][0]["content"])}


def alpaca_dpo(row: Row) -> Row:
    """One question with two answers; what was said before is the history."""
    return _instruction(row) | {side: _text(row[side][0]["content"]) for side in ("chosen", "rejected")}


def dataset_info(name: str, splits: Sequence[str]) -> str:
    """`dataset_info.json`: an entry for each split, with every column that is used."""
    answers = {
        "llamafactory-dpo": {"chosen": "chosen", "rejected": "rejected"},
        "llamafactory-kto": {"kto_tag": "kto_tag"},
        "llamafactory-alpaca": {"response": "output"},
        "llamafactory-alpaca-dpo": {"chosen": "chosen", "rejected": "rejected"},
    }.get(name, {})
    told = "alpaca" if "alpaca" in name else "sharegpt"
    entry: dict[str, Any] = {"formatting": told}
    entry |= {"ranking": True} if name.endswith("dpo") else {}
    entry |= {"columns": (_TEXT_BASED if told == "alpaca" else _TURN_BASED) | answers}
    entries = {f"concord_{split}": {"file_name": f"{split}.parquet", **entry} for split in splits}
    return orjson.dumps(entries, option=orjson.OPT_INDENT_2).decode() + "\n"


def _chat(row: Row) -> Row:
    system, turns = opening(row["prompt"])
    said = [_turn(turn) for turn in turns]
    places = [("human", "observation"), ("gpt", "function_call")]
    if any(turn["from"] not in places[place % 2] for place, turn in enumerate(said)):
        raise Unfit("turns that do not alternate")
    return {"conversations": said, "system": system, "tools": row.get("tools") or ""}


def _turn(turn: Turn) -> Turn:
    calls = turn.get("tool_calls")
    if not calls:
        return {"from": _FROM[turn["role"]], "value": _text(turn["content"])}
    if turn["content"]:
        raise Unfit("text beside a tool call")
    functions = [
        {"name": call["function"]["name"], "arguments": orjson.loads(call["function"]["arguments"])} for call in calls
    ]
    said = orjson.dumps(functions if len(functions) > 1 else functions[0]).decode()
    return {"from": "function_call", "value": _text(said)}


def _said(answer: Sequence[Turn]) -> Turn:
    return {"from": "gpt", "value": _text(answer[0]["content"])}


def _text(said: str) -> str:
    """The same text, which stands for no file.

    Raises:
        Unfit: the loader would look for one.
    """
    if any(mark in said for mark in _MEDIA):
        raise Unfit("a text with the mark of an image, video or audio file")
    return said


def _instruction(row: Row) -> Row:
    no_tools(row)
    system, turns = opening(row["prompt"])
    turns = alternating(turns)
    return {
        "instruction": _text(turns[-1]["content"]),
        "input": "",
        "system": system,
        "history": [list(map(_text, pair)) for pair in exchanges(turns)],
    }
