"""From the internal form of a row to a format's own: whole columns at once where it can be, else row by row.

Inside, a prompt is a list of messages with the roles `system`, `user`, `assistant` and `tool`; an answer is one more.
The arguments of a tool call are objects. What a format cannot express is left out with a reason, and never bent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple, cast

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from concord.export.lists import values_of
from concord.export.manifest import Dropped

TEXTS = ("prompt", "completion", "chosen", "rejected", "responses", "label", "tools")
"""The columns of the internal form that a format says in its own way; the others are facts about the row."""
_BATCH = 10_000

Row = dict[str, Any]
Turn = dict[str, Any]


class Converted(NamedTuple):
    """Rows as the format has them, and what it cannot express."""

    rows: pa.Table
    dropped: tuple[Dropped, ...] = ()


Convert = Callable[[pa.Table], Converted]


class Unfit(Exception):
    """The format has no way to say this row; the message is the reason under which it is counted."""


def unchanged(part: pa.Table) -> Converted:
    """The internal form as it is."""
    return Converted(part)


def asking(part: pa.Table) -> Converted:
    """The rows whose prompt waits for an answer: it holds a user's message, and ends with one or with a tool's result.

    After a prompt that ends otherwise, a chat template opens a second turn of the assistant.
    """
    turns, lengths = values_of(part["prompt"])
    role = cast("npt.NDArray[np.object_]", turns.field("role").to_numpy(zero_copy_only=False))
    ends = np.cumsum(lengths)
    asked = np.concatenate([[0], np.cumsum(role == "user")])
    silent = asked[ends] == asked[np.concatenate([[0], ends[:-1]])]
    closed = ~np.isin(role[ends - 1], ("user", "tool"))
    if not (silent | closed).any():
        return Converted(part)
    reasons = np.where(silent, "no user message", "the prompt does not end with the user")
    left = np.flatnonzero(silent | closed)
    kept = np.flatnonzero(~(silent | closed))
    return Converted(part.take(kept), left_out(part.take(left).to_pylist(), reasons[left].tolist()))


def by_rows(fields: Sequence[pa.Field[Any]], convert: Callable[[Row], Row]) -> Convert:
    """A conversion of each row alone.

    Args:
        fields: what `convert` gives; the facts about a row follow them.
        convert: makes the format's fields of a row, or raises `Unfit`.
    """

    def converted(part: pa.Table) -> Converted:
        facts = [name for name in part.column_names if name not in TEXTS]
        own: list[pa.Field[Any]] = [*fields, *(part.schema.field(name) for name in facts)]
        schema = pa.schema(own)
        unfit: list[Row] = []
        reasons: list[str] = []
        tables: list[pa.Table] = []
        for batch in part.to_batches(max_chunksize=_BATCH):
            kept: list[Row] = []
            for row in batch.to_pylist():
                try:
                    kept.append(convert(row) | {name: row[name] for name in facts})
                except Unfit as why:
                    unfit.append(row)
                    reasons.append(str(why))
            tables.append(pa.Table.from_pylist(kept, schema))
        return Converted(pa.concat_tables(tables), left_out(unfit, reasons))

    return converted


def left_out(rows: Sequence[Row], reasons: Sequence[str]) -> tuple[Dropped, ...]:
    """What the manifest says of rows that are not written."""
    names = ("chosen_id", "rejected_id", "draft_id")
    return tuple(
        Dropped(row["item_id"], reason, tuple(row[name] for name in names if name in row), row.get("project"))
        for row, reason in zip(rows, reasons, strict=True)
    )


def opening(turns: Sequence[Turn]) -> tuple[str, list[Turn]]:
    """The system's message, or "", and the turns after it.

    Raises:
        Unfit: there is another system message further on.
    """
    system = turns[0]["content"] if turns[0]["role"] == "system" else ""
    rest = list(turns[1:] if turns[0]["role"] == "system" else turns)
    if any(turn["role"] == "system" for turn in rest):
        raise Unfit("a system message that is not the first")
    return system, rest


def alternating(turns: Sequence[Turn]) -> list[Turn]:
    """The same turns, where user and assistant speak in turn and the user speaks first and last.

    Raises:
        Unfit: they do not, or tools take part.
    """
    if any(turn["role"] == "tool" or turn.get("tool_calls") for turn in turns):
        raise Unfit("tool calls")
    if [turn["role"] for turn in turns] != [("user", "assistant")[place % 2] for place in range(len(turns))]:
        raise Unfit("turns that do not alternate")
    return list(turns)


def no_tools(row: Row) -> None:
    """Refuse a row that offers tools.

    Raises:
        Unfit: it does.
    """
    if row.get("tools"):
        raise Unfit("tools")


def exchanges(turns: Sequence[Turn]) -> Iterator[tuple[str, str]]:
    """What was asked and answered before the last question, of turns that alternate."""
    return ((asked["content"], said["content"]) for asked, said in zip(turns[:-1:2], turns[1::2], strict=True))
