from __future__ import annotations

from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from concord.agreement.groups import all_pairs_within, numbered, sizes_of, starts_of

groups = st.lists(st.integers(0, 5), max_size=30).map(lambda numbers: np.array(sorted(numbers), dtype=np.int64))


@given(groups)
def test_pairs_within_are_all_pairs_of_positions_that_share_a_group(group: np.ndarray) -> None:
    left, right = all_pairs_within(group)
    expected = {(i, j) for i, j in combinations(range(len(group)), 2) if group[i] == group[j]}
    assert len(left) == len(expected)
    assert set(zip(left.tolist(), right.tolist(), strict=True)) == expected


@given(groups)
def test_starts_and_sizes_rebuild_the_groups(group: np.ndarray) -> None:
    assert np.repeat(group[starts_of(group)], sizes_of(group)).tolist() == group.tolist()


def test_numbered_keys_can_be_looked_up() -> None:
    distinct, place = numbered(np.array([7, 3, 7]))
    assert distinct[place].tolist() == [7, 3, 7]
