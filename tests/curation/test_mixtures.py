"""Mixtures: what a share takes, and whose rows stay behind where two projects meet."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from concord.curation.mixtures import Share, parse_share, parted, taken
from concord.errors import InputError

NAMES = [f"q{number}" for number in range(400)]


def chosen(weight: float, *, project: str = "b", seed: int = 0, names: list[str] = NAMES) -> set[str]:
    """The names that are taken."""
    return {name for name, one in zip(names, taken(names, Share(project, weight), seed), strict=True) if one}


def test_a_share_is_about_that_part_of_the_items() -> None:
    assert 0.22 < len(chosen(0.3)) / len(NAMES) < 0.38
    assert chosen(1.0) == set(NAMES)


@given(st.floats(0.01, 1.0), st.floats(0.01, 1.0), st.integers(0, 400), st.integers(0, 2**63 - 1))
def test_what_was_taken_stays_so_when_the_project_or_its_weight_grows(one, other, items, seed) -> None:
    less, more = sorted((one, other))
    assert chosen(less, seed=seed, names=NAMES[:items]) <= chosen(more, seed=seed)


def test_another_seed_or_project_is_another_choice() -> None:
    assert chosen(0.5) != chosen(0.5, seed=1)
    assert chosen(0.5) != chosen(0.5, project="c")


@pytest.mark.parametrize("weight", [0.0, -0.1, 1.5, float("nan")])
def test_a_weight_is_a_share(weight: float) -> None:
    said = (
        f"The weight of 'b' is {weight:g}, but it is a share of its items, above 0 and up to 1. Give a smaller one; no "
        "row is written twice, and to weigh a project more, take less of the others."
    )
    with pytest.raises(InputError, match=f"^{re.escape(said)}$"):
        Share("b", weight)


def test_a_name_with_a_colon_needs_its_weight() -> None:
    assert parse_share("a:b:0.5") == Share("a:b", 0.5)
    said = "'a:b' has 'b' for a weight, which is no number. Give a project and a weight, such as reviews:0.3."
    with pytest.raises(InputError, match=f"^{re.escape(said)}$"):
        parse_share("a:b")


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 2), st.integers(0, 2)), max_size=30))
def test_no_cluster_parts_between_projects_and_the_first_project_loses_nothing(rows) -> None:
    rows.sort(key=lambda row: row[2])
    cluster, split, project = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    out = parted(cluster, split, project)
    assert not out[project == 0].any()
    stays = [row for row, gone in zip(rows, out, strict=True) if not gone]
    assert all(a == b for c, a, p in stays for d, b, q in stays if c == d and p != q)
