"""The check that every data set passes before it is called done: its files are loaded back and looked through.

What would train wrongly ends the export, and nothing of it stays; what may be meant is told as a warning. Every row is
read, with its roles, and for empty, blank and equal texts, whole columns at once; every line of the JSONL is counted.
What takes longer is done for `DEEP` rows, evenly spread: both files are compared, texts are folded, tokens are counted.
The manifest says for how many.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from concord.errors import BrokenExport
from concord.export import tokens
from concord.export.lists import values_of
from concord.export.loading import loaded
from concord.export.options import ExportOptions
from concord.export.texts import READERS, Texts, row_lengths
from concord.export.writing import DataSet
from concord.ids import folded
from concord.records.kinds import Json

DEEP = 20_000
_pc = cast("Any", pc)  # its stubs know no plain values
_SHORT = 20
_ROLES = ("system", "user", "assistant", "tool")
LENGTHS = (1024, 2048, 4096)
"""Usual limits of trainers, in tokens: how many rows are beyond each."""


@dataclass
class Check:
    """What the check has found so far.

    Attributes:
        rows: how many were loaded back.
        deep: for how many of them everything was looked at.
        longest: tokens of the longest of these.
        faults: what would train wrongly, with the number of rows.
        doubled: rows whose answer begins with their whole prompt.
        beyond: rows longer than each of the limits, in tokens.
        same_before_cut: pairs whose sides differ only after `max_length`.
        good: rows with a good label, of those `labelled` at all.
    """

    counted: tokens.Counter
    max_length: int | None
    drop_long: bool = False
    rows: int = 0
    deep: int = 0
    longest: int = 0
    faults: Counter[str] = field(default_factory=Counter[str])
    beyond: Counter[int] = field(default_factory=Counter[int])
    doubled: int = 0
    same_before_cut: int = 0
    good: int = 0
    labelled: int = 0
    prompts: dict[str, set[int]] = field(default_factory=dict[str, set[int]])

    @property
    def limits(self) -> tuple[int, ...]:
        """The lengths that rows are held against, in tokens."""
        return tuple(sorted({*LENGTHS, *({self.max_length} if self.max_length else ())}))

    def summary(self) -> dict[str, Json]:
        """What the manifest says of it."""
        return {
            "rows": self.rows,
            "looked_through": self.deep,
            "tokens": {
                "how": self.counted.name,
                "longest": self.longest,
                "over": {str(limit): self.beyond[limit] for limit in self.limits},
            },
            "max_length": self.max_length,
            "long_rows": "dropped" if self.drop_long else "kept",
            "prompt_repeated_in_answer": self.doubled,
            "same_before_max_length": self.same_before_cut,
        }

    def warnings(self) -> tuple[str, ...]:
        """What somebody who trains on the rows must know, as sentences."""
        limit, rarer = self.max_length or 0, min(self.good, self.labelled - self.good)
        told = (
            (
                5 * rarer < self.labelled,
                f"Good labels: {self.good} of {self.labelled}. KTO wants both kinds: balance them by its weights for "
                "desirable and undesirable.",
            ),
            (self.doubled, f"Rows whose answer begins with the whole prompt: {self.doubled}."),
            (
                self.beyond[limit],
                f"Rows longer than {limit} tokens ({self.counted.name}): {self.beyond[limit]}. "
                "A trainer cuts or drops them.",
            ),
            (
                self.same_before_cut,
                f"Pairs whose sides differ only after {limit} tokens: {self.same_before_cut}. "
                "A trainer that cuts there learns nothing from them.",
            ),
        )
        return tuple(sentence for applies, sentence in told if applies)


def check(folder: Path, data_set: DataSet, options: ExportOptions) -> Check:
    """Load a written data set back and look through it.

    Raises:
        BrokenExport: it would not train as it should.
        InputError: there is no such tokenizer.
    """
    found = Check(tokens.counter(options.tokenizer), options.max_length, options.drop_long)
    step = -(-sum(data_set.rows.values()) // DEEP)
    for split, written in data_set.rows.items():
        before = found.rows
        for batch in loaded(folder, split, options.format, step):
            found.faults.update(batch.faults)
            _look_at(found, batch.rows, options, split, deep=batch.deep)
        if found.rows - before != written:
            found.faults[f"rows of {split} that cannot be read back"] += abs(written - found.rows + before)
    found.faults["prompts in two splits"] += _shared(found.prompts)
    if faults := +found.faults:
        said = ", ".join(f"{fault}: {number}" for fault, number in faults.items())
        raise BrokenExport(f"The data set does not pass its own check ({said}), and nothing was written. Report this.")
    return found


def _shared(prompts: dict[str, set[int]]) -> int:
    return sum(len(prompts[one] & prompts[other]) for one in prompts for other in prompts if one < other)


def _look_at(found: Check, rows: pa.Table, options: ExportOptions, split: str, *, deep: bool) -> None:
    found.rows += len(rows)
    _look_at_roles(found, rows)
    for name in {"label", "kto_tag"}.intersection(rows.column_names):
        found.labelled += len(rows)
        found.good += _count(rows[name])
    reader = READERS[options.format]
    answers = tuple(_pc.fill_null(side, "") for side in reader.answers(rows))
    empty = [_pc.equal(_pc.binary_length(side), 0) for side in answers]
    blank = [_pc.or_(none, _pc.utf8_is_space(side)) for none, side in zip(empty, answers, strict=True)]
    found.faults["empty answers"] += sum(map(_count, empty))
    found.faults["blank answers"] += _count(functools.reduce(_pc.or_, blank))
    if len(answers) == 2:
        found.faults["equal sides"] += _count(_pc.equal(*answers))
    if deep:
        found.deep += len(rows)
        _look_into(found, Texts(reader.prompts(rows), answers), split)


def _look_at_roles(found: Check, rows: pa.Table) -> None:
    """Every role is known; a prompt waits for the assistant, and the assistant speaks last in what it waits for."""
    schema = cast("Any", rows.schema)
    for name in ("prompt", "completion", "chosen", "rejected", "messages"):
        if name not in rows.column_names or not pa.types.is_list(schema.field(name).type):
            continue
        turns, lengths = values_of(rows[name])
        role = turns.field("role")
        last = role.take(pa.array(np.cumsum(lengths) - 1))
        wanted = ("user", "tool") if name == "prompt" else ("assistant",)
        found.faults["unknown roles"] += _others(role, _ROLES)
        found.faults[f"{name} that ends with the wrong role"] += _others(last, wanted)


def _others(role: Any, known: Sequence[str]) -> int:
    return len(role) - _count(_pc.is_in(role, pa.array(known)))


def _look_into(found: Check, texts: Texts, split: str) -> None:
    prompts: list[str] = texts.prompts.to_pylist()
    answers: list[list[str]] = [side.to_pylist() for side in texts.answers]
    seen = found.prompts.setdefault(split, set())
    seen.update(hash(folded(prompt)) for prompt in prompts)
    for prompt, *sides in zip(prompts, *answers, strict=True):
        found.doubled += any(side.startswith(prompt) and len(side) > len(prompt) > _SHORT for side in sides)
        found.faults["sides equal after folding"] += len(sides) == 2 and _folded_equal(*sides)
    _measure(found, texts, prompts, answers)


def _folded_equal(one: str, other: str) -> bool:
    """Whether two texts say the same but for blanks and composition; most differ at their first letters already.

    A letter whose successor is ASCII too is composed with nothing.
    """
    begin, other_begin = one.lstrip()[:2], other.lstrip()[:2]
    if begin.isascii() and other_begin.isascii() and begin[:1] != other_begin[:1]:
        return False
    return folded(one) == folded(other)


def _measure(found: Check, texts: Texts, prompts: Sequence[str], answers: Sequence[Sequence[str]]) -> None:
    length = row_lengths(texts, found.counted)
    found.longest = max(found.longest, int(length.max(initial=0)))
    for limit in found.limits:
        found.beyond[limit] += int((length > limit).sum())
    if found.max_length and len(answers) == 2:
        for row in np.flatnonzero(length > found.max_length).tolist():
            one, other = (found.counted.cut(f"{prompts[row]}\n{side[row]}", found.max_length) for side in answers)
            found.same_before_cut += one == other


def _count(which: Any) -> int:
    return _pc.sum(which).as_py() or 0
