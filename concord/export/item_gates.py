"""Gates that an item passes as a whole, before anybody looks at its votes or texts."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from concord.curation.disagreement import disagreement
from concord.curation.funnel import ITEM_BELOW_AGREEMENT, NOT_ADJUDICATED
from concord.curation.gates import ItemGates
from concord.curation.preference import KEPT, REJECTED, Bools, Reasons
from concord.export.source import ExportSource, column


def item_reasons(source: ExportSource, items: pa.Table, gates: ItemGates) -> Reasons:
    """Why each item is held back, as an index into `curation.funnel.REASONS`; 0 where no gate does, shape (items,).

    A reviewer's veto comes before all. An item that a reviewer decided needs no agreement.
    """
    decisions = source.decisions()
    vetoed, decided = (np.zeros(len(items), dtype=np.bool_) for _ in range(2))
    rejected = column(decisions, "rejected").astype(np.bool_)
    vetoed[column(decisions, "item")[rejected]] = True
    decided[column(decisions, "item")[~rejected]] = True
    apart = ~decided & _apart(source, items, gates.min_item_agreement)
    return np.select(
        [vetoed, ~decided & gates.adjudicated_only, apart],
        [np.uint8(REJECTED), np.uint8(NOT_ADJUDICATED), np.uint8(ITEM_BELOW_AGREEMENT)],
        np.uint8(KEPT),
    )


def _apart(source: ExportSource, items: pa.Table, least: float) -> Bools:
    """The items whose annotators agree less than is asked, or of whom nobody knows how far they do."""
    if not least:
        return np.zeros(len(items), dtype=np.bool_)
    judged = source.judged()
    agreement = 1 - disagreement(judged).value
    near = {name for name, one in zip(judged.names, agreement.tolist(), strict=True) if one >= least}
    names: list[str] = column(items, "name").tolist()
    return np.array([name not in near for name in names], dtype=np.bool_)
