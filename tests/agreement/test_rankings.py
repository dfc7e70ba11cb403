from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from math import isnan

import evalica
import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import friedmanchisquare, kendalltau

from concord.agreement.rankings import alpha_of_ranks, kendall_tau_b, kendall_w, share_significant
from concord.agreement.statistic import Statistic
from concord.records.report import Placements

Tiers = Sequence[int | None]
Item = Sequence[Tiers]


def placements(*items: Item) -> Placements:
    """Items, each a list of annotators, each the tiers of drafts 0, 1, …; None is unranked."""
    rows = [
        (i, who, 100 * i + draft, tier)
        for i, item in enumerate(items)
        for who, tiers in enumerate(item)
        for draft, tier in enumerate(tiers)
        if tier is not None
    ]
    item, annotator, draft, tier = np.array(rows, dtype=np.int64).reshape(-1, 4).T
    return Placements("drafted", item, annotator, draft, tier, ("ann", "ben", "cat", "dan"))


def tau(*items: Item) -> Statistic:
    return kendall_tau_b(placements(*items), seed=0)


def w(*items: Item) -> Statistic:
    return kendall_w(placements(*items), seed=0)


tier = st.one_of(st.integers(1, 4), st.none())
an_item = st.integers(2, 6).flatmap(lambda n: st.lists(st.lists(tier, min_size=n, max_size=n), min_size=1, max_size=4))
a_complete_item = st.tuples(st.integers(2, 4), st.integers(3, 6)).flatmap(
    lambda size: st.lists(
        st.lists(st.integers(1, size[1]), min_size=size[1], max_size=size[1]), min_size=size[0], max_size=size[0]
    )
)


def scipys_tau(x: Tiers, y: Tiers) -> float:
    both = [(a, b) for a, b in zip(x, y, strict=True) if a is not None and b is not None]
    if len({a for a, _ in both}) < 2 or len({b for _, b in both}) < 2:
        return float("nan")
    return float(kendalltau(*zip(*both, strict=True), variant="b").statistic)


@given(st.lists(an_item, min_size=1, max_size=4))
def test_tau_b_is_scipys_averaged_over_pairs_and_then_over_items(items: list[Item]) -> None:
    means = []
    for item in items:
        taus = [scipys_tau(x, y) for x, y in combinations(item, 2)]
        defined = [one for one in taus if not isnan(one)]
        if defined:
            means.append(sum(defined) / len(defined))
    expected = sum(means) / len(means) if means else float("nan")
    found = tau(*items)
    assert found.value == pytest.approx(expected, abs=1e-12, nan_ok=True)
    assert found.items == len(means)


@given(a_complete_item)
def test_w_is_friedmans_chi_squared_over_m_times_n_minus_1(item: list[list[int]]) -> None:
    m, n = len(item), len(item[0])
    assume(any(len(set(tiers)) > 1 for tiers in item))
    # friedmanchisquare takes a sample for each draft, the annotators being its blocks
    chi_squared = friedmanchisquare(*np.array(item).T).statistic
    assert w(item).value == pytest.approx(chi_squared / (m * (n - 1)), abs=1e-12)


@given(st.permutations(range(1, 6)), st.permutations(range(1, 6)))
def test_w_of_two_annotators_is_spearmans_rho_moved_to_0_and_1(x: list[int], y: list[int]) -> None:
    rho = 1 - 6 * sum((a - b) ** 2 for a, b in zip(x, y, strict=True)) / (5**3 - 5)
    assert w([x, y]).value == pytest.approx((rho + 1) / 2)


def test_w_with_ties_by_hand() -> None:
    # ranks 1 2.5 2.5 4 and 1 2 3.5 3.5: sums 2 4.5 6 7.5, mean 5, S = 9 + .25 + 1 + 6.25 = 16.5;
    # each has one tie of two, T = 6: W = 12 * 16.5 / (4 * 60 - 2 * 12) = 198 / 216
    assert w([[1, 2, 2, 3], [1, 2, 3, 3]]).value == pytest.approx(198 / 216)


def test_tau_b_with_ties_is_scipys_documented_value() -> None:
    assert tau([[12, 2, 1, 12, 2], [1, 4, 7, 1, 0]]).value == pytest.approx(-0.47140452079103173, abs=1e-12)


def test_equal_rankings_give_1_and_opposite_ones_minus_1() -> None:
    assert (tau([[1, 2, 3], [1, 2, 3]]).value, w([[1, 2, 3], [1, 2, 3]]).value) == (1, 1)
    assert (tau([[1, 2, 3], [3, 2, 1]]).value, w([[1, 2, 3], [3, 2, 1]]).value) == (-1, 0)


def test_every_item_counts_alike_whatever_the_number_of_annotators() -> None:
    four = [[1, 2, 3]] * 4
    assert tau(four, [[1, 2, 3], [3, 2, 1]]).value == 0


def test_an_unranked_draft_is_left_out_of_tau_and_its_item_out_of_w() -> None:
    items = [[1, 2, None], [1, 2, 3]], [[1, 2, 3], [2, 1, 3]]
    assert tau(*items).value == pytest.approx((1 + 1 / 3) / 2)
    found = w(*items)
    assert (found.items, found.value) == (1, pytest.approx(0.75))
    assert found.note is not None
    assert found.note.startswith("1 of 2 items not ranked completely by all, or all tied")


def test_rankings_of_different_drafts_have_no_w() -> None:
    assert isnan(w([[1, 2, None], [None, 1, 2]]).value)


def test_counts_are_of_the_items_that_have_a_value() -> None:
    found = tau([[1, 2], [1, 2]], [[1, 2]], [[1, 1], [1, 2]])
    assert (found.items, found.annotations, found.annotators) == (1, 2, 2)
    assert found.note is not None
    assert found.note.startswith("1 of 2 pairs not defined; 1 of 3 items not ranked by two")


@pytest.mark.parametrize("statistic", [tau, w])
def test_nothing_is_defined_when_no_item_was_ranked_twice(statistic: type) -> None:
    found = statistic([[1, 2, 3]], [[2, 1]])
    assert (isnan(found.value), found.items) == (True, 0)
    assert found.note == "not defined: no item was judged by two annotators"


def test_all_tied_is_not_defined_with_the_reason() -> None:
    assert tau([[1, 1], [1, 2]]).note == (
        "not defined: in every pair one ranking is all tied, or fewer than two drafts are common; "
        "1 of 1 pairs not defined"
    )
    assert w([[1, 1], [1, 1]]).note == (
        "not defined: no item was ranked completely, and not all tied, by two annotators; "
        "1 of 1 items not ranked completely by all, or all tied"
    )


def test_w_of_one_draft_is_not_defined() -> None:
    assert isnan(w([[1], [1]]).value)


@pytest.mark.parametrize("statistic", [tau, w])
def test_no_rankings_are_not_defined(statistic: type) -> None:
    assert statistic().note == "not defined: no item was judged by two annotators"


def test_many_items_have_an_interval() -> None:
    rng = np.random.default_rng(0)
    items = [[rng.permutation(4).tolist(), rng.permutation(4).tolist(), list(range(4))] for _ in range(200)]
    for found in (tau(*items), w(*items)):
        assert found.low < found.value < found.high
        assert found.note is None


def ranked(tiers: list[list[list[int]]], *, models: tuple[str, ...] = ("a", "b", "c")) -> Placements:
    """Tiers by item, annotator and model; 0 is unranked."""
    cells = [
        (item, who, model, tier)
        for item, rankings in enumerate(tiers)
        for who, ranking in enumerate(rankings)
        for model, tier in enumerate(ranking)
        if tier
    ]
    item, who, model, tier = (np.array(column, dtype=np.int64) for column in zip(*cells, strict=True))
    return Placements("drafted", item, who, item * 9 + model, tier, ("ann", "ben", "cat"), model, models)


def test_the_share_of_significant_items_is_friedmans() -> None:
    rng = np.random.default_rng(0)
    tiers = [[rng.permutation(6).tolist() for _ in range(3)] for _ in range(20)] + [[[1, 2, 3, 4, 5, 6]] * 3] * 5
    tiers = [[[place + 1 for place in ranking] for ranking in item] for item in tiers[:20]] + tiers[20:]
    expected = [friedmanchisquare(*np.array(item).T).pvalue < 0.05 for item in tiers]
    found = share_significant(ranked(tiers, models=tuple("abcdef")), seed=0)
    assert found.value == np.mean(expected)


def test_alpha_over_ranks_is_evalicas_of_the_ranks_as_ratings() -> None:
    rng = np.random.default_rng(0)
    tiers = [[(rng.permutation(3) + 1).tolist() for _ in range(3)] for _ in range(30)]
    found = alpha_of_ranks(ranked(tiers), seed=0)
    ratings = pd.DataFrame(np.array(tiers).transpose(1, 0, 2).reshape(3, 90))  # annotators x (item, model)
    assert found is not None
    assert found.value == pytest.approx(evalica.alpha(ratings, "ordinal").alpha)
    assert "clusters of items resampled: 30" in str(found.note)


@pytest.mark.parametrize(
    "tiers", [[[[1, 2, 0], [1, 2, 0]], [[0, 1, 2], [0, 2, 1]]], [[[1, 2, 3], [1, 2, 0]], [[1, 2, 3], [1, 2, 3]]]]
)
def test_alpha_over_ranks_wants_the_same_models_everywhere(tiers: list[list[list[int]]]) -> None:
    assert alpha_of_ranks(ranked(tiers), seed=0) is None
