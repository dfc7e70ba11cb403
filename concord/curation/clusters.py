"""Which items belong together, so that no split tears them apart."""

from __future__ import annotations

import numpy as np

from concord.records.kinds import Ints

NO_TIES: Ints = np.zeros((0, 2), np.int64)


def clusters(prompt_key: Ints, row_key: Ints, ties: Ints = NO_TIES) -> Ints:
    """Put items that share a prompt, come from the same row, or were made from each other into one cluster, on and on.

    Args:
        prompt_key: dense number of the item's folded prompt, shape (n,).
        row_key: dense number of the row that the item came from, -1 for none, shape (n,).
        ties: what belongs together besides, such as near-duplicates (`concord.curation.duplicates`), or an item and
            the one that it paraphrases, shape (m, 2); numbers below n are items, others are things outside that tie
            items together.

    Returns:
        The cluster of each item, numbered from 0 without gaps, shape (n,).

    >>> clusters(np.array([0, 0, 1, 2]), np.array([-1, 0, 0, -1]))
    array([0, 0, 0, 1])
    >>> clusters(np.array([0, 1, 2]), np.array([-1, -1, -1]), np.array([[0, 3], [2, 3]]))
    array([0, 1, 0])
    """
    items, prompts = len(prompt_key), prompt_key.max(initial=-1) + 1
    outside = prompts + row_key.max(initial=-1) + 1 - items
    from_row = row_key >= 0
    tied = np.where(ties < items, prompt_key[np.minimum(ties, items - 1)] if items else 0, outside + ties)
    a = np.concatenate([prompt_key[from_row], tied[:, 0]])
    b = np.concatenate([prompts + row_key[from_row], tied[:, 1]])
    nodes = max(prompts + row_key.max(initial=-1), tied.max(initial=-1)) + 1
    return np.unique(_lowest_connected(a, b, nodes)[prompt_key], return_inverse=True)[1]


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
