"""Rows for TRL, and for what reads its columns (Axolotl, torchtune, OpenRLHF, Unsloth).

The internal form is TRL's own conversational form, with an explicit prompt; the other types are made of whole columns.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from concord.export.conversion import Converted
from concord.export.lists import joined
from concord.export.source import column
from concord.records.kinds import Floats


def conversations(part: pa.Table) -> Converted:
    """`messages`: the prompt and its answer. TRL counts the loss on every turn of them."""
    return Converted(_after_texts(part, {"messages": joined(part["prompt"], part["completion"])}))


def implicit_prompts(part: pa.Table) -> Converted:
    """`chosen` and `rejected` as whole conversations; TRL finds the prompt as what they share."""
    sides = {side: joined(part["prompt"], part[side]) for side in ("chosen", "rejected")}
    return Converted(_after_texts(part, sides))


def margins(part: pa.Table) -> Converted:
    """Explicit pairs with a `margin`: the winner's share of the votes minus all other votes', at least 0.

    A pair that a reviewer decided has the greatest, 1; `RewardTrainer` takes no nulls.
    """
    share: Floats = np.nan_to_num(column(part, "agreement"), nan=1.0)
    return Converted(part.append_column("margin", pa.array(np.maximum(2 * share - 1, 0.0))))


def _after_texts(part: pa.Table, texts: dict[str, Any]) -> pa.Table:
    facts = part.drop_columns(
        [name for name in ("prompt", "completion", "chosen", "rejected") if name in part.schema.names]
    )
    columns: dict[str, Any] = {**texts, **dict(zip(facts.column_names, facts.columns, strict=True))}
    return pa.table(columns)
