"""Labels of drafts from ratings: good from one mean on, bad up to another.

A rating is of the one draft that its annotator was shown, here or in Label Studio, or, when it came from a file, of the
only draft of its item.
A draft that a reviewer picked is good, whatever its ratings; its label has no agreement.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from concord.curation.funnel import BETWEEN
from concord.curation.policies import Rated
from concord.curation.preference import BELOW_AGREEMENT, EMPTY, KEPT, TOO_FEW, Bools, Reasons
from concord.export.options import ExportOptions
from concord.export.source import ExportSource, column
from concord.records.kinds import Floats, Ints


class Labelled(NamedTuple):
    """Drafts that somebody judged, one element for each.

    Attributes:
        item: its number.
        draft: its number; ascending.
        label: whether it is good.
        people: how many annotators judged it.
        agreement: the mean share of them that the label rests on; NaN where it rests on none.
        adjudicated: whether a reviewer's decision made the label.
        reason: why it has no label, as an index into `curation.funnel.REASONS`; 0 where it has one.
    """

    item: Ints
    draft: Ints
    label: Bools
    people: Ints
    agreement: Floats
    adjudicated: Bools
    reason: Reasons


def rated_drafts(source: ExportSource, rated: Rated, held: Reasons, options: ExportOptions) -> Labelled:
    """The drafts that were rated or picked.

    Args:
        source: whose.
        rated: which ratings, and what is good and bad of them.
        held: why each item is held back, see `export.item_gates`.
        options: the gates on votes.
    """
    table = source.rated(rated.question, rated.good, rated.bad)
    item, draft, people, high, low = (
        column(table, name).astype(np.int64) for name in ("item", "draft", "people", "high", "low")
    )
    mean = column(table, "mean").astype(np.float64)
    picked, empty = (column(table, name).astype(np.bool_) for name in ("picked", "empty"))
    good, bad = picked | (mean >= rated.good), mean <= rated.bad
    share = np.where(picked, np.nan, np.where(good, high, low) / np.maximum(people, 1))
    reason = np.select(
        [
            held[item] != KEPT,
            empty,
            picked,
            people < options.min_votes,
            ~(good | bad),
            share < options.min_agreement,
        ],
        [held[item].astype(np.int64), EMPTY, KEPT, TOO_FEW, BETWEEN, BELOW_AGREEMENT],
        KEPT,
    ).astype(np.uint8)
    return Labelled(item, draft, good, people, share, picked, reason)
