import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from concord.curation.clusters import clusters


def ints(*numbers):
    return np.array(numbers, dtype=np.int64)


@pytest.mark.parametrize(
    ("prompt_key", "row_key", "expected"),
    [
        (ints(), ints(), []),
        (ints(0, 1, 2), ints(-1, -1, -1), [0, 1, 2]),
        (ints(0, 1, 0), ints(-1, -1, -1), [0, 1, 0]),
        (ints(0, 1, 2), ints(0, 1, 0), [0, 1, 0]),
        (ints(0, 0, 1, 2, 3), ints(-1, 0, 0, 1, 1), [0, 0, 0, 1, 1]),
    ],
)
def test_items_that_share_a_prompt_or_a_row_are_together(prompt_key, row_key, expected):
    assert clusters(prompt_key, row_key).tolist() == expected


@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(-1, 9)), min_size=1, max_size=12),
    st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), max_size=12),
)
def test_a_tie_puts_two_clusters_together_and_changes_nothing_else(keys, pairs):
    prompt_key = np.unique([prompt for prompt, _ in keys], return_inverse=True)[1]
    row_key = ints(*(row for _, row in keys))
    tied = clusters(prompt_key, row_key, np.array(pairs, np.int64).reshape(-1, 2))
    assert all(tied[a] == tied[b] for a, b in pairs if max(a, b) < len(keys))
    # A thing outside is like a row of its own for all items that are tied to it.
    apart = clusters(prompt_key, row_key)
    groups = {label: {number for number in range(len(keys)) if apart[number] == label} for label in set(apart.tolist())}
    joined = list(groups.values()) + [{number} for number in range(len(keys), 21)]
    for a, b in pairs:
        one, other = (next(group for group in joined if end in group) for end in (a, b))
        joined = [group for group in joined if group not in (one, other)] + [one | other]
    assert partition(tied) == {frozenset(i for i in group if i < len(keys)) for group in joined} - {frozenset()}


def test_a_chain_of_any_length_and_order_is_one_cluster():
    random = np.random.default_rng(0)
    links = np.arange(10_000)
    prompt_key, row_key = random.permutation(5_000)[links // 2], random.permutation(5_001)[(links + 1) // 2]
    assert not clusters(prompt_key, row_key).any()


def by_union_find(keys):
    """The partition that joining one item after another gives, as a set of sets of item numbers."""
    parent = list(range(len(keys)))

    def root(item):
        return item if parent[item] == item else root(parent[item])

    for later, (prompt, row) in enumerate(keys):
        for earlier, (other_prompt, other_row) in enumerate(keys[:later]):
            if prompt == other_prompt or row == other_row != -1:
                parent[root(later)] = root(earlier)
    return partition([root(item) for item in range(len(keys))])


def partition(labels):
    return {frozenset(np.flatnonzero(np.array(labels) == label).tolist()) for label in labels}


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(-1, 12)), min_size=1, max_size=25))
def test_clusters_are_those_of_a_union_find(keys):
    prompt_key = np.unique([prompt for prompt, _ in keys], return_inverse=True)[1]
    labels = clusters(prompt_key, ints(*(row for _, row in keys)))
    assert partition(labels) == by_union_find(keys)
    assert set(labels.tolist()) == set(range(labels.max() + 1))
