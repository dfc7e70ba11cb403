"""The answers that people gave to the test split, for a model to be measured against."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from concord.errors import InputError
from concord.export.answers import select_answers
from concord.export.options import ExportOptions
from concord.export.source import ExportSource, ExportStore, column
from concord.records.kinds import Ints, TextKind
from concord.records.project import Project


class Reference(NamedTuple):
    """One item of the test split.

    Attributes:
        item: its name.
        answer: the text that an export of answers gives.
        others: what other people wrote for the same item.
    """

    item: str
    answer: str
    others: tuple[str, ...]


def references(store: ExportStore, project: Project) -> list[Reference]:
    """The items that the newest export with a test split held out, as far as they have an answer now.

    Raises:
        InputError: no export held anything out for testing.
    """
    with store.export_source(project.id) as source:
        held_out = _held_out(source)
        if not len(held_out):
            raise InputError(
                f"No export of {project.name!r} holds anything out for testing. Export it with --split 0.8,0.1,0.1."
            )
        chosen = select_answers(source, ExportOptions("trl-sft")).chosen
        names: list[str] = column(source.items(), "name").tolist()
        item = column(chosen, "item")
        mine = np.flatnonzero(np.isin(item, held_out))
        texts: dict[int, str] = {}
        others: dict[int, list[str]] = {}
        for kind in ("edit", "draft"):
            numbers = np.array([-1 if number is None else number for number in chosen[kind].to_pylist()], np.int64)
            texts |= _texts(source, kind, item[mine], numbers[mine])
        decided = np.where(column(chosen, "adjudicated").astype(np.bool_), item, -1)
        texts |= _texts(source, "decision", item[mine], decided[mine])
        for number, _, text in source.edit_texts(item[mine].tolist()):
            if text.strip() and text != texts[number]:
                others.setdefault(number, []).append(text)
    return [Reference(names[one], texts[one], tuple(others.get(one, ()))) for one in item[mine].tolist()]


def _held_out(source: ExportSource) -> Ints:
    """The items of the test split that was decided last."""
    division = source.newest_division()
    if division is None:
        return np.zeros(0, np.int64)
    kept = source.kept_splits(division)
    return column(kept, "item")[column(kept, "split") == "test"].astype(np.int64)


def _texts(source: ExportSource, kind: TextKind, item: Ints, number: Ints) -> dict[int, str]:
    """The texts of the items that are answered by a text of this kind."""
    items = {one: of for one, of in zip(number.tolist(), item.tolist(), strict=True) if one >= 0}
    return {items[one]: text for one, text in source.texts(kind, list(items))} if items else {}
