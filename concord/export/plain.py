"""The forms in which public data sets are given away: Alpaca, ShareGPT, HH; and tables for people."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa

from concord.export.conversion import Row, Turn, Unfit, alternating, no_tools, opening

HUMAN, ASSISTANT = "\n\nHuman: ", "\n\nAssistant: "
_TEXT = pa.string()
_TURN = pa.struct([("from", _TEXT), ("value", _TEXT)])

ALPACA = [pa.field(name, _TEXT) for name in ("instruction", "input", "output")]
SHAREGPT = [pa.field("conversations", pa.list_(_TURN))]
HH = [pa.field(name, _TEXT) for name in ("chosen", "rejected")]
TABLE = [pa.field(name, _TEXT) for name in ("system", "prompt", "answer")]
TABLE_DPO = [pa.field(name, _TEXT) for name in ("system", "prompt", "chosen", "rejected")]

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def alpaca(row: Row) -> Row:
    """One instruction and its output; the form has no place for a system prompt or for earlier turns."""
    no_tools(row)
    system, turns = opening(row["prompt"])
    if system:
        raise Unfit("a system prompt")
    if len(alternating(turns)) > 1:
        raise Unfit("several turns")
    return {"instruction": turns[0]["content"], "input": "", "output": row["completion"][0]["content"]}


def sharegpt(row: Row) -> Row:
    """A conversation that ends with the answer."""
    no_tools(row)
    system, turns = opening(row["prompt"])
    names = {"system": "system", "user": "human", "assistant": "gpt"}
    said = [*([{"role": "system", "content": system}] if system else []), *alternating(turns), *row["completion"]]
    return {"conversations": [{"from": names[turn["role"]], "value": turn["content"]} for turn in said]}


def hh(row: Row) -> Row:
    """Two transcripts that begin alike.

    Raises:
        Unfit: a turn holds what starts the next turn, or there is a system prompt, for which the form has no place.
    """
    no_tools(row)
    system, turns = opening(row["prompt"])
    if system:
        raise Unfit("a system prompt")
    sides = {side: [*alternating(turns), *row[side]] for side in ("chosen", "rejected")}
    if any(mark.rstrip() in turn["content"] for said in sides.values() for turn in said for mark in (HUMAN, ASSISTANT)):
        raise Unfit("a text with the mark of a turn")
    return {side: transcript(said) for side, said in sides.items()}


def transcript(turns: Iterable[Turn]) -> str:
    r"""A conversation as HH writes it.

    >>> transcript([{"role": "user", "content": "Why?"}, {"role": "assistant", "content": "So."}])
    '\n\nHuman: Why?\n\nAssistant: So.'
    """
    return "".join((HUMAN if turn["role"] == "user" else ASSISTANT) + turn["content"] for turn in turns)


def table(row: Row) -> Row:
    """A prompt and its answer, to be read."""
    return _asked(row) | {"answer": row["completion"][0]["content"]}


def table_dpo(row: Row) -> Row:
    """A prompt, the better and the worse answer, to be read."""
    return _asked(row) | {side: row[side][0]["content"] for side in ("chosen", "rejected")}


def write_csv(tables: Iterable[pa.Table], target: Path) -> None:
    """Write rows as CSV; text that a spreadsheet would take for a formula begins with an apostrophe."""
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        for number, rows in enumerate(tables):
            if not number:
                writer.writerow(rows.column_names)
            writer.writerows([_cell(value) for value in row.values()] for row in rows.to_pylist())


def _cell(value: object) -> object:
    """A value that a spreadsheet shows and does not compute.

    >>> [_cell(value) for value in ("=1+1", "-2", "1-2", -2.0, None)]
    ["'=1+1", "'-2", '1-2', -2.0, None]
    """
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _asked(row: Row) -> Row:
    system, turns = opening(row["prompt"])
    alone = len(turns) == 1
    return {
        "system": system,
        "prompt": turns[0]["content"] if alone else "\n\n".join(f"{turn['role']}: {_shown(turn)}" for turn in turns),
    }


def _shown(turn: Turn) -> str:
    calls = [f"{call['function']['name']}({call['function']['arguments']})" for call in turn.get("tool_calls") or ()]
    return "\n".join([turn["content"], *calls] if turn["content"] else calls)
