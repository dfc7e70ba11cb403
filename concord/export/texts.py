"""What a written row says: its prompt and its answers as plain texts, read back from each format's own form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from concord.export.conversion import Row, Turn
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


Column = Callable[[pa.Table], Any]


@dataclass(frozen=True)
class Reader:
    """Reads `Texts` of rows; answers alone are quicker, for they are whole columns wherever rows have the same keys."""

    prompts: Column
    answers: Callable[[pa.Table], tuple[Any, ...]]

    def __call__(self, rows: pa.Table) -> Texts:
        """The texts of these rows."""
        return Texts(self.prompts(rows), self.answers(rows))


def explicit(*answers: str) -> Reader:
    """Reads rows whose prompt is a column of messages, and whose answers are columns of messages."""
    return Reader(_contents_of("prompt"), _columns(*map(_contents_of, answers)))


def whole(*columns: str) -> Reader:
    """Reads rows whose columns are conversations that end with the answer."""
    return Reader(lambda rows: _before_last(rows[columns[0]]), _columns(*map(_last, columns)))


def _columns(*columns: Column) -> Callable[[pa.Table], tuple[Any, ...]]:
    return lambda rows: tuple(column(rows) for column in columns)


def _by_row(say: Callable[[Row], str]) -> Column:
    return lambda rows: pa.array(map(say, rows.to_pylist()), pa.string())


def _plain(name: str) -> Column:
    return lambda rows: rows[name]


def _contents_of(name: str) -> Column:
    return lambda rows: _contents(rows[name])


def _last(name: str, field: str = "content") -> Column:
    """What the last element of each list of a column says."""

    def read(rows: pa.Table) -> Any:
        values, lengths = values_of(rows[name])
        return values.field(field).take(pa.array(np.cumsum(lengths) - 1))

    return read


def _first(name: str, field: str) -> Column:
    def read(rows: pa.Table) -> Any:
        values, lengths = values_of(rows[name])
        return values.field(field).take(pa.array(np.cumsum(lengths) - lengths))

    return read


def _value(name: str) -> Column:
    return lambda rows: cast("Any", pc).struct_field(rows[name], "value")


def _said_last(name: str) -> Column:
    """What the assistant says last in each transcript of a column."""

    def read(rows: pa.Table) -> Any:
        parts, lengths = values_of(cast("Any", pc).split_pattern(rows[name], ASSISTANT, max_splits=1, reverse=True))
        return parts.take(pa.array(np.cumsum(lengths) - 1))

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


def _before_last(column: pa.ChunkedArray[Any]) -> Any:
    """The turns before the last of each conversation."""
    turns, lengths = values_of(column)
    if turns.type.get_field_index("tool_calls") >= 0:
        rows = cast("list[Any]", column.to_pylist())
        return pa.array([_lines(row[:-1], "content") for row in rows], pa.string())
    before = np.ones(len(turns), dtype=np.bool_)
    before[np.cumsum(lengths) - 1] = False
    offsets = pa.array(np.concatenate([[0], np.cumsum(lengths - 1)]), pa.int32())
    lists = pa.ListArray.from_arrays(offsets, turns.field("content").filter(pa.array(before)))
    return cast("Any", pc).binary_join(lists, "\n")


def _lines(turns: Sequence[Row], key: str) -> str:
    """A conversation as text, with its tool calls as JSON."""
    return "\n".join(turn.get(key) or orjson.dumps(turn.get("tool_calls")).decode() for turn in turns)


def _openai(prompt: Callable[[Row], Sequence[Turn]], answers: Callable[[Row], Sequence[str]]) -> Reader:
    """Reads rows that are lines of JSON."""

    def read(rows: pa.Table) -> tuple[Any, ...]:
        lines: list[Any] = rows["row"].to_pylist()
        said = [answers(orjson.loads(line)) for line in lines]
        return tuple(pa.array(column, pa.string()) for column in zip(*said, strict=True))

    return Reader(_by_row(lambda row: _lines(prompt(orjson.loads(row["row"])), "content")), read)


def _both_outputs(row: Row) -> Sequence[str]:
    return [row[f"{word}preferred_output"][0]["content"] for word in ("", "non_")]


def _alpaca(*answers: str) -> Reader:
    def prompt(row: Row) -> str:
        before = [text for pair in row.get("history") or () for text in pair]
        return "\n".join([row.get("system") or "", *before, row["instruction"]])

    return Reader(_by_row(prompt), _columns(*map(_plain, answers)))


def _table(*answers: str) -> Reader:
    return Reader(_by_row(lambda row: f"{row['system']}\n{row['prompt']}"), _columns(*map(_plain, answers)))


_SHAREGPT = Reader(
    _by_row(lambda row: f"{row.get('system', '')}\n{_lines(row['conversations'][:-1], 'value')}"),
    _columns(_last("conversations", "value")),
)
_SHAREGPT_DPO = Reader(
    _by_row(lambda row: f"{row['system']}\n{_lines(row['conversations'], 'value')}"),
    _columns(_value("chosen"), _value("rejected")),
)
_HH = Reader(
    _by_row(lambda row: row["chosen"].rpartition(ASSISTANT)[0]), _columns(_said_last("chosen"), _said_last("rejected"))
)
_RANKINGS = Reader(_contents_of("prompt"), _columns(_first("responses", "text"), _last("responses", "text")))

SHAPES: dict[Shape, Reader] = {
    "answers": explicit("completion"),
    "pairs": explicit("chosen", "rejected"),
    "unpaired": explicit("completion"),
    "rankings": _RANKINGS,
}
"""How the internal form of each shape is read."""

READERS: dict[Format, Reader] = {
    "trl-sft": explicit("completion"),
    "trl-sft-messages": whole("messages"),
    "trl-dpo": explicit("chosen", "rejected"),
    "trl-dpo-implicit": whole("chosen", "rejected"),
    "trl-kto": explicit("completion"),
    "trl-reward": explicit("chosen", "rejected"),
    "openai-sft": _openai(lambda row: row["messages"][:-1], lambda row: [row["messages"][-1]["content"]]),
    "openai-dpo": _openai(lambda row: row["input"]["messages"], _both_outputs),
    "llamafactory-sft": _SHAREGPT,
    "llamafactory-dpo": _SHAREGPT_DPO,
    "llamafactory-kto": _SHAREGPT,
    "llamafactory-alpaca": _alpaca("output"),
    "llamafactory-alpaca-dpo": _alpaca("chosen", "rejected"),
    "axolotl-sft": whole("messages"),
    "axolotl-dpo": explicit("chosen", "rejected"),
    "alpaca": _alpaca("output"),
    "sharegpt": _SHAREGPT,
    "hh": _HH,
    "rankings": _RANKINGS,
    "table": _table("answer"),
    "table-dpo": _table("chosen", "rejected"),
}
