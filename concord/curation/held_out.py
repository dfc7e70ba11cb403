"""Which items may be shown as examples: those of the training split, and of which cluster each item is."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

import numpy as np

from concord.curation.clusters import clusters
from concord.curation.duplicates import near_duplicates
from concord.curation.splits import SPLITS, Bound, Shares, assign
from concord.records.item import ItemPlace
from concord.records.kinds import Ints


class Belonging(NamedTuple):
    """The cluster of an item, and whether it may be shown to a model that is evaluated on the other splits."""

    cluster: int
    training: bool


def belonging(
    places: Sequence[ItemPlace],
    prompts: Iterable[str],
    shares: Shares,
    seed: int,
    known: Mapping[UUID, str] | None = None,
) -> dict[UUID, Belonging]:
    """Where each item of a project belongs.

    Items that an export has split stay in their split. The others are shared out as if all of the main arm left now; an
    export leaves out what does not pass its gates before it splits, so that single clusters may fall elsewhere there.

    Args:
        places: all items of the project.
        prompts: the text of each of their prompts.
        shares: of train, validation and test.
        seed: of the split.
        known: the split of items that an export by these shares and this seed placed.
    """
    if not places:
        return {}
    alike = near_duplicates(prompts, _codes([p.template_id for p in places])).pairs
    together = clusters(_codes([p.prompt_key for p in places]), _codes([p.row_id for p in places]), alike)
    main = np.array([place.arm == "drafted" for place in places])
    training = np.zeros(len(places), dtype=np.bool_)
    if main.any():
        dense = np.unique(together[main], return_inverse=True)[1]
        placed = np.array([SPLITS.index(known[place.id]) if known and place.id in known else -1 for place in places])
        names = np.array([place.name for place in places])
        split = assign(dense, shares, seed, names[main], Bound(known=placed[main]))
        training[main] = split == SPLITS.index("train")
    pairs = zip(together.tolist(), training.tolist(), strict=True)
    return {place.id: Belonging(*pair) for place, pair in zip(places, pairs, strict=True)}


def _codes(values: Sequence[Hashable]) -> Ints:
    """Dense numbers in order of appearance; -1 for None."""
    numbers: dict[Hashable, int] = {None: -1}
    return np.array([numbers.setdefault(value, len(numbers) - 1) for value in values], dtype=np.int64)
