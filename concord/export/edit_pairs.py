"""Edits as preferences: what a person made of a draft is chosen over the draft."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from concord.curation.preference import Bools
from concord.export.options import ExportOptions
from concord.export.source import ExportSource, column
from concord.records.kinds import Ints

SHIFT = 0.2
"""From this relative change of length on, the pairs may teach length before anything else."""


class EditPairs(NamedTuple):
    """One element for each draft and what somebody made of it; equal texts of several people are one.

    Attributes:
        item: dense item number.
        edit: number of the edit.
        draft: number of the draft that it began from.
        people: how many made the same of it.
        blank: the edit has no text.
        same: the edit says what the draft says.
        names: of the draft.
    """

    item: Ints
    edit: Ints
    draft: Ints
    people: Ints
    blank: Bools
    same: Bools
    names: list[str]


def edit_pairs(source: ExportSource, options: ExportOptions) -> EditPairs:
    """The edits that could become pairs; none unless the policies ask for them."""
    table = source.edits()
    item, edit, draft = (column(table, name).astype(np.int64) for name in ("item", "edit", "draft"))
    blank, same = (column(table, name).astype(np.bool_) for name in ("blank", "same"))
    begun = np.flatnonzero(draft >= 0) if options.policies.edit_pairs else np.zeros(0, np.int64)
    text = np.unique(column(table, "text_key")[begun].astype(np.str_), return_inverse=True)[1]
    made = np.stack([item[begun], draft[begun], text])
    _, first, people = np.unique(made, axis=1, return_index=True, return_counts=True)
    order = np.argsort(first)
    one = begun[first[order]]
    names: list[str] = column(table, "name")[one].tolist()
    return EditPairs(item[one], edit[one], draft[one], people[order], blank[one], same[one], names)


def length_note(source: ExportSource, edit: Ints, draft: Ints) -> tuple[str, ...]:
    """A sentence when edits are, in the median, a fifth longer or shorter than the drafts they are chosen over.

    Args:
        source: knows the texts.
        edit: the edit of each pair, -1 for pairs of two drafts, shape (n,).
        draft: the draft that was not chosen, shape (n,).
    """
    mine = edit >= 0
    if not mine.any():
        return ()
    edited, drafted = (column(source.text_facts(kind), "characters") for kind in ("edit", "draft"))
    shift = float(np.median(edited[edit[mine]] / np.maximum(drafted[draft[mine]], 1))) - 1
    if abs(shift) < SHIFT:
        return ()
    word = "longer" if shift > 0 else "shorter"
    return (
        f"Edits that are chosen over their drafts are {abs(shift):.0%} {word} in the median ({mine.sum():,} pairs). "
        "A model may learn the length before anything else.",
    )
