"""Gates that a row passes by its texts: who drafted them, how long they are, their language, whether it was there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import pyarrow as pa

from concord.curation.funnel import (
    ANOTHER_LANGUAGE,
    DUPLICATE,
    MODEL_NOT_ALLOWED,
    NOT_FOUND_RIGHT,
    NUL_CHARACTER,
    TOO_LONG,
    TOO_SHORT,
)
from concord.curation.gates import ItemGates
from concord.curation.preference import KEPT, Bools, Reasons
from concord.export.source import ExportSource, column
from concord.language import language_of
from concord.records.kinds import Ints, TextKind


@dataclass(frozen=True)
class Side:
    """One text of each row: of several kinds, numbers that are -1 in the rows whose text is of another kind."""

    draft: Ints
    edit: Ints
    decision: Ints

    def numbers(self) -> tuple[tuple[TextKind, Ints], ...]:
        """The kinds with their numbers."""
        return ("draft", self.draft), ("edit", self.edit), ("decision", self.decision)


@dataclass(frozen=True)
class Rows:
    """What would be written: the item of each row, shape (n,), and its texts, the answer or both sides of a pair."""

    item: Ints
    sides: tuple[Side, ...]


@dataclass(frozen=True)
class _Facts:
    """What is known of one side: the model (a number, -1 for none), a key of the text, its characters, a NUL in it."""

    model: Ints
    key: Ints
    characters: Ints
    nul: Bools


def of_drafts(draft: Ints) -> Side:
    """Texts that are drafts, all of them."""
    none = np.full(len(draft), -1)
    return Side(draft, none, none)


def row_reasons(source: ExportSource, items: pa.Table, rows: Rows, gates: ItemGates) -> Reasons:
    """Why each row is held back, as an index into `curation.funnel.REASONS`; 0 where no gate does, shape (n,).

    Of equal rows the first that passes all other gates is kept.
    """
    reason = np.zeros(len(rows.item), dtype=np.uint8)
    if not _asked(gates):
        return reason
    if gates.found_right:
        _hold(reason, _not_found_right(source, rows.sides[0].draft), NOT_FOUND_RIGHT)
    models: dict[str, int] = {}
    facts = [_facts(source, side, models) for side in rows.sides]
    if gates.allowed_models or gates.denied_models:
        _hold(reason, _of_other_models(facts, models, gates), MODEL_NOT_ALLOWED)
    answers = np.stack([side.characters for side in facts])
    _hold(reason, answers.min(axis=0) < gates.min_chars, TOO_SHORT)
    if gates.max_chars is not None:
        prompt = column(source.prompt_facts(), "characters")[rows.item]
        _hold(reason, prompt + answers.max(axis=0) > gates.max_chars, TOO_LONG)
    if gates.drop_nul:
        prompt = column(source.prompt_facts(), "nul").astype(np.bool_)[rows.item]
        _hold(reason, np.any([prompt, *(side.nul for side in facts)], axis=0), NUL_CHARACTER)
    if gates.languages:
        _hold(reason, _foreign(source, rows, reason, gates.languages), ANOTHER_LANGUAGE)
    if gates.drop_duplicates:
        prompt = column(items, "prompt").view(np.int64)[rows.item]
        _hold(reason, _repeated(np.stack([prompt, *(side.key for side in facts)]), reason), DUPLICATE)
    return reason


def _asked(gates: ItemGates) -> bool:
    by_text = (gates.allowed_models, gates.denied_models, gates.languages, gates.drop_nul, gates.drop_duplicates)
    return bool(any(by_text) or gates.min_chars or gates.max_chars or gates.found_right)


def _hold(reason: Reasons, out: Bools, code: int) -> None:
    reason[out & (reason == KEPT)] = code


def _facts(source: ExportSource, side: Side, models: dict[str, int]) -> _Facts:
    """The facts of one side; `models` learns the number of each model."""
    rows = len(side.draft)
    model, key, characters = np.full(rows, -1), np.zeros(rows, np.int64), np.zeros(rows, np.int64)
    nul = np.zeros(rows, np.bool_)
    for kind, number in side.numbers():
        mine = np.flatnonzero(number >= 0)
        if not len(mine):
            continue
        table = source.text_facts(kind)
        line = np.searchsorted(column(table, "number"), number[mine])
        model[mine] = _numbered(table, models)[line]
        key[mine] = column(table, "key").view(np.int64)[line]
        characters[mine] = column(table, "characters")[line]
        nul[mine] = column(table, "nul")[line]
    return _Facts(model, key, characters, nul)


def _numbered(table: pa.Table, models: dict[str, int]) -> Ints:
    """The number of each line's model; -1 for none."""
    encoded = cast("Any", table["model"].combine_chunks()).dictionary_encode()
    numbers = [models.setdefault(name, len(models)) for name in encoded.dictionary.to_pylist()]
    codes = encoded.indices.fill_null(len(numbers)).to_numpy()
    return np.array([*numbers, -1])[codes]


def _not_found_right(source: ExportSource, draft: Ints) -> Bools:
    """The rows whose first text is a draft that no majority found right; `draft` is -1 where it is none."""
    checks = source.fact_counts()
    right = column(checks, "draft")[column(checks, "right") > column(checks, "wrong")]
    return (draft >= 0) & ~np.isin(draft, right)


def _of_other_models(facts: list[_Facts], models: dict[str, int], gates: ItemGates) -> Bools:
    out = {
        number
        for name, number in models.items()
        if name in gates.denied_models or (gates.allowed_models and name not in gates.allowed_models)
    }
    return np.any([np.isin(side.model, sorted(out)) for side in facts], axis=0)


def _foreign(source: ExportSource, rows: Rows, reason: Reasons, languages: tuple[str, ...]) -> Bools:
    """The rows with an answer in none of the languages; too short or unclear texts pass."""
    foreign = np.zeros(len(reason), dtype=np.bool_)
    for side in rows.sides:
        for kind, number in side.numbers():
            mine = np.flatnonzero((number >= 0) & (reason == KEPT))
            texts = source.texts(kind, np.unique(number[mine]).tolist()) if len(mine) else []
            out = [one for one, text in texts if (found := language_of(text)) and found not in languages]
            foreign[mine] |= np.isin(number[mine], out)
    return foreign


def _repeated(keys: Ints, reason: Reasons) -> Bools:
    """The rows whose keys, shape (keys, n), an earlier row has that is not held back."""
    kept = np.flatnonzero(reason == KEPT)
    first = np.unique(keys[:, kept], axis=1, return_index=True)[1]
    repeated = np.zeros(len(reason), dtype=np.bool_)
    repeated[kept] = True
    repeated[kept[first]] = False
    return repeated
