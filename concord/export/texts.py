"""What a written row says: its prompt and its answers as plain texts, read back from each format's own form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, cast

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from concord.export.conversion import Row
from concord.export.formats import Format
from concord.export.lists import values_of
from concord.export.plain import ASSISTANT
from concord.export.tokens import Counter
from concord.records.kinds import Ints, Shape


class Texts(NamedTuple):
    """The texts of rows, one element for each.

    Attributes:
        prompts: the turns before the answer, a line for each.
        answers: the answer, or both sides; of rankings the best and the worst draft.
    """

    prompts: Any
    answers: tuple[Any, ...]


Reader = Callable[[pa.Table], Texts]


def explicit(*answers: str) -> Reader:
    """Reads rows whose prompt is a column of messages, and whose answers are columns of messages."""

    def read(rows: pa.Table) -> Texts:
        return Texts(_contents(rows["prompt"]), tuple(_contents(rows[name]) for name in answers))

    return read


def whole(*columns: str) -> Reader:
    """Reads rows whose columns are conversations that end with the answer."""

    def read(rows: pa.Table) -> Texts:
        parted = [_parted(rows[name]) for name in columns]
        return Texts(parted[0][0], tuple(last for _, last in parted))

    return read


def by_row(say: Callable[[Row], Sequence[str]]) -> Reader:
    """Reads each row alone: the prompt, then the answers."""

    def read(rows: pa.Table) -> Texts:
        said = [say(row) for row in rows.to_pylist()]
        prompts, *answers = (pa.array(column, pa.string()) for column in zip(*said, strict=True))
        return Texts(prompts, tuple(answers))

    return read


def row_lengths(texts: Texts, counted: Counter) -> Ints:
    """The tokens of each row, prompt and longest answer together, without those that a chat template adds."""
    asked = counted.count(texts.prompts.to_pylist())
    return asked + np.max([counted.count(side.to_pylist()) for side in texts.answers], axis=0)


def _contents(column: pa.ChunkedArray[Any]) -> Any:
    turns, lengths = values_of(column)
    if turns.type.get_field_index("tool_calls") >= 0:
        return pa.array([_lines(row, "content") for row in cast("list[Any]", column.to_pylist())], pa.string())
    if (lengths == 1).all():
        return turns.field("content")
    offsets = pa.array(np.concatenate([[0], np.cumsum(lengths)]), pa.int32())
    lists = pa.ListArray.from_arrays(offsets, turns.field("content"))
    return cast("Any", pc).binary_join(lists, "\n")


def _parted(column: pa.ChunkedArray[Any]) -> tuple[Any, Any]:
    """The turns before the last of each conversation, and the last."""
    turns, lengths = values_of(column)
    contents, ends = turns.field("content"), np.cumsum(lengths)
    if turns.type.get_field_index("tool_calls") >= 0:
        rows = cast("list[Any]", column.to_pylist())
        return pa.array([_lines(row[:-1], "content") for row in rows], pa.string()), contents.take(pa.array(ends - 1))
    last = np.zeros(len(contents), dtype=np.bool_)
    last[ends - 1] = True
    offsets = pa.array(np.concatenate([[0], np.cumsum(lengths - 1)]), pa.int32())
    before = pa.ListArray.from_arrays(offsets, contents.filter(pa.array(~last)))
    return cast("Any", pc).binary_join(before, "\n"), contents.filter(pa.array(last))


def _lines(turns: Sequence[Row], key: str) -> str:
    """A conversation as text, with its tool calls as JSON."""
    return "\n".join(turn.get(key) or orjson.dumps(turn.get("tool_calls")).decode() for turn in turns)


def _openai_sft(row: Row) -> Sequence[str]:
    return _lines(row["messages"][:-1], "content"), row["messages"][-1]["content"]


def _openai_dpo(row: Row) -> Sequence[str]:
    sides = (row[f"{word}preferred_output"][0]["content"] for word in ("", "non_"))
    return _lines(row["input"]["messages"], "content"), *sides


def _sharegpt(row: Row) -> Sequence[str]:
    said = row["conversations"]
    return f"{row.get('system', '')}\n{_lines(said[:-1], 'value')}", said[-1]["value"]


def _sharegpt_dpo(row: Row) -> Sequence[str]:
    prompt = f"{row['system']}\n{_lines(row['conversations'], 'value')}"
    return prompt, row["chosen"]["value"], row["rejected"]["value"]


def _alpaca(*answers: str) -> Reader:
    def say(row: Row) -> Sequence[str]:
        before = [text for pair in row.get("history") or () for text in pair]
        return "\n".join([row.get("system") or "", *before, row["instruction"]]), *(row[name] for name in answers)

    return by_row(say)


def _hh(row: Row) -> Sequence[str]:
    prompt, _, chosen = row["chosen"].rpartition(ASSISTANT)
    return prompt, chosen, row["rejected"].rpartition(ASSISTANT)[2]


def _rankings(row: Row) -> Sequence[str]:
    return _lines(row["prompt"], "content"), row["responses"][0]["text"], row["responses"][-1]["text"]


def _table(*answers: str) -> Callable[[Row], Sequence[str]]:
    return lambda row: (f"{row['system']}\n{row['prompt']}", *(row[name] for name in answers))


SHAPES: dict[Shape, Reader] = {
    "answers": explicit("completion"),
    "pairs": explicit("chosen", "rejected"),
    "unpaired": explicit("completion"),
    "rankings": by_row(_rankings),
}
"""How the internal form of each shape is read."""

READERS: dict[Format, Reader] = {
    "trl-sft": explicit("completion"),
    "trl-sft-messages": whole("messages"),
    "trl-dpo": explicit("chosen", "rejected"),
    "trl-dpo-implicit": whole("chosen", "rejected"),
    "trl-kto": explicit("completion"),
    "trl-reward": explicit("chosen", "rejected"),
    "openai-sft": by_row(lambda row: _openai_sft(orjson.loads(row["row"]))),
    "openai-dpo": by_row(lambda row: _openai_dpo(orjson.loads(row["row"]))),
    "llamafactory-sft": by_row(_sharegpt),
    "llamafactory-dpo": by_row(_sharegpt_dpo),
    "llamafactory-kto": by_row(_sharegpt),
    "llamafactory-alpaca": _alpaca("output"),
    "llamafactory-alpaca-dpo": _alpaca("chosen", "rejected"),
    "axolotl-sft": whole("messages"),
    "axolotl-dpo": explicit("chosen", "rejected"),
    "alpaca": _alpaca("output"),
    "sharegpt": by_row(_sharegpt),
    "hh": by_row(_hh),
    "rankings": by_row(_rankings),
    "table": by_row(_table("answer")),
    "table-dpo": by_row(_table("chosen", "rejected")),
}
