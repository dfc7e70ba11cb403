"""Which items belong together, so that no split tears them apart."""

from __future__ import annotations

import numpy as np

from concord.records import Ints


def clusters(prompt_key: Ints, row_key: Ints) -> Ints:
    """Put items that share a prompt, or come from the same row, into one cluster, on from item to item.

    Args:
        prompt_key: dense number of the item's folded prompt, shape (n,).
        row_key: dense number of the row that the item came from, -1 for none, shape (n,).

    Returns:
        The cluster of each item, numbered from 0 without gaps, shape (n,).

    >>> clusters(np.array([0, 0, 1, 2]), np.array([-1, 0, 0, -1]))
    array([0, 0, 0, 1])
    """
    prompts = prompt_key.max(initial=-1) + 1
    from_row = row_key >= 0
    a, b = prompt_key[from_row], prompts + row_key[from_row]
    label = _lowest_connected(a, b, prompts + row_key.max(initial=-1) + 1)[prompt_key]
    return np.unique(label, return_inverse=True)[1]


def _lowest_connected(a: Ints, b: Ints, nodes: int) -> Ints:
    """For each node, the lowest node that the edges a-b connect it with."""
    label = np.arange(nodes)
    apart = label[a] != label[b]
    while apart.any():
        one, other = label[a[apart]], label[b[apart]]
        # Not the ends but their labels move, and all that follows a label with it: long chains take few rounds.
        np.minimum.at(label, np.maximum(one, other), np.minimum(one, other))
        label = _followed(label)
        apart = label[a] != label[b]
    return label


def _followed(label: Ints) -> Ints:
    """Every label replaced by the label at the end of its chain."""
    further = label[label]
    while (further != label).any():
        label, further = further, further[further]
    return label
