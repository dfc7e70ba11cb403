import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from concord.curation.splits import SPLITS, Bound, assign, parse_shares
from concord.errors import InputError

SHARES = st.sampled_from([(1.0, 0.0, 0.0), (0.8, 0.1, 0.1), (0.5, 0.5, 0.0), (0.34, 0.33, 0.33), (0.998, 0.001, 0.001)])


def counts(split):
    return np.bincount(split, minlength=len(SPLITS)).tolist()


def names(count):
    return np.array([f"item-{n}" for n in range(count)])


@pytest.mark.parametrize("seed", [0, 1, -7])
def test_single_items_are_split_exactly(seed):
    assert counts(assign(np.arange(500), (0.8, 0.1, 0.1), seed, names(500))) == [400, 50, 50]


def test_large_and_small_clusters_are_in_every_split():
    cluster = np.concatenate([np.repeat(np.arange(100), 5), np.arange(100, 600)])
    split = assign(cluster, (0.8, 0.1, 0.1), 0, names(len(cluster)))
    assert counts(split) == [800, 100, 100]
    assert counts(split[:500]) == [400, 50, 50]


def test_small_clusters_even_out_a_large_one():
    cluster = np.concatenate([np.zeros(40, dtype=np.int64), np.arange(1, 61)])
    assert counts(assign(cluster, (0.5, 0.25, 0.25), 0, names(100))) == [50, 25, 25]


def test_a_split_with_a_small_share_still_gets_a_cluster():
    assert counts(assign(np.arange(20), (0.998, 0.001, 0.001), 0, names(20))) == [18, 1, 1]
    assert counts(assign(np.array([0, 0, 0, 1, 1, 2]), (0.8, 0.1, 0.1), 0, names(6))) == [3, 1, 2]


def test_another_seed_is_another_split():
    first, other = (assign(np.arange(500), (0.8, 0.1, 0.1), seed, names(500)) for seed in (0, 1))
    assert (first != other).any()


def test_most_items_stay_in_their_split_when_the_project_grows():
    before = assign(np.arange(1_000), (0.8, 0.1, 0.1), 0, names(1_000))
    after = assign(np.arange(1_100), (0.8, 0.1, 0.1), 0, names(1_100))
    assert (before == after[:1_000]).mean() > 0.95


@pytest.mark.parametrize("key", [np.arange(3), np.array(["é", "b", ""]), np.array(["é", "b", ""], dtype=object)])
def test_keys_are_numbers_or_texts(key):
    assert sorted(counts(assign(np.arange(3), (0.34, 0.33, 0.33), 0, key))) == [1, 1, 1]


def test_the_split_is_the_same_for_ever():
    assert assign(np.arange(8), (0.5, 0.25, 0.25), 0, names(8)).tolist() == [0, 0, 0, 1, 2, 1, 2, 0]
    assert assign(np.arange(8), (0.5, 0.25, 0.25), 0, np.arange(8)).tolist() == [1, 0, 2, 2, 0, 0, 1, 0]


def test_no_items_give_no_split():
    assert assign(np.arange(0), (0.8, 0.1, 0.1), 0, np.arange(0)).tolist() == []


@given(
    st.lists(st.integers(0, 8), min_size=1, max_size=60), SHARES, st.integers(0, 5), st.randoms(use_true_random=False)
)
def test_neither_the_order_of_items_nor_the_names_of_clusters_matter(cluster, shares, seed, random):
    cluster = np.unique(cluster, return_inverse=True)[1]
    order, renamed = list(range(len(cluster))), list(range(cluster.max() + 1))
    random.shuffle(order)
    random.shuffle(renamed)
    split = assign(cluster, shares, seed, names(len(cluster)))
    shuffled = assign(np.array(renamed)[cluster][order], shares, seed, names(len(cluster))[order])
    assert shuffled.tolist() == split[order].tolist()


@given(st.lists(st.integers(0, 8), min_size=1, max_size=60), SHARES, st.integers(0, 5))
def test_clusters_are_whole_and_every_split_with_a_share_has_one(cluster, shares, seed):
    cluster = np.unique(cluster, return_inverse=True)[1]
    split = assign(cluster, shares, seed, names(len(cluster)))
    homes = {(c, s) for c, s in zip(cluster.tolist(), split.tolist(), strict=True)}
    assert len(homes) == len(set(cluster.tolist()))
    used = {home for _, home in homes}
    wanted = {home for home, share in enumerate(shares) if share}
    assert used <= wanted
    assert used == wanted or len(homes) < len(wanted)


@given(st.lists(st.integers(0, 8), min_size=1, max_size=60), SHARES, st.integers(0, 5))
def test_no_split_misses_its_share_by_more_than_the_largest_cluster(cluster, shares, seed):
    cluster = np.unique(cluster, return_inverse=True)[1]
    wanted, largest = np.array(shares) * len(cluster), np.bincount(cluster).max()
    assume(wanted[wanted > 0].min() >= largest)
    split = assign(cluster, shares, seed, names(len(cluster)))
    assert np.abs(counts(split) - wanted).max() <= largest


def test_shares_are_read_from_text():
    assert parse_shares("0.8, 0.1,0.1") == (0.8, 0.1, 0.1)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("0.8,0.2", "split is '0.8,0.2', which is not three numbers."),
        ("most,some,few", "split is 'most,some,few', which is not three numbers."),
        ("80,10,10", "split is 80,10,10, which adds up to 100 and not to 1."),
        ("1.2,-0.1,-0.1", "split is 1.2,-0.1,-0.1, but a share is a number from 0 to 1."),
        ("nan,0.5,0.5", "split is nan,0.5,0.5, but a share is a number from 0 to 1."),
        ("inf,0,0", "split is inf,0,0, which adds up to inf and not to 1."),
    ],
)
def test_shares_that_are_none_are_refused(text, found):
    with pytest.raises(InputError) as caught:
        parse_shares(text)
    assert str(caught.value) == f"{found} Give the shares of train, validation and test, such as 0.8,0.1,0.1."


def test_a_split_by_shares_that_are_none_is_refused():
    with pytest.raises(InputError, match="adds up to 2 and not to 1"):
        assign(np.arange(3), (1.0, 1.0, 0.0), 0, names(3))


# ---- splits that were decided before


def test_what_has_a_split_keeps_it_and_the_new_even_out_the_shares():
    known = np.concatenate([np.repeat([0, 1, 2], [30, 10, 10]), np.full(50, -1)])
    split = assign(np.arange(100), (0.5, 0.25, 0.25), 0, names(100), Bound(known))
    assert split[:50].tolist() == known[:50].tolist()
    assert counts(split) == [50, 25, 25]


def test_a_cluster_of_several_known_splits_is_where_it_was_held_out_longest():
    cluster, known = np.array([0, 0, 0, 1, 1, 2]), np.array([0, 2, -1, 0, 1, 0])
    assert assign(cluster, (0.8, 0.1, 0.1), 0, names(6), Bound(known)).tolist() == [2, 2, 2, 1, 1, 0]


@given(st.lists(st.integers(1, 30), min_size=1, max_size=6), SHARES, st.integers(0, 5))
def test_an_item_never_changes_its_split_however_the_project_grows(batches, shares, seed):
    known = np.zeros(0, np.int64)
    for new in batches:
        number = len(known) + new
        grown = assign(
            np.arange(number), shares, seed, names(number), Bound(np.concatenate([known, np.full(new, -1)]))
        ).astype(np.int64)
        assert grown[: len(known)].tolist() == known.tolist()
        assert np.abs(counts(grown) - np.array(shares) * number).max() <= len(batches) + 1
        known = grown


def test_every_stratum_has_its_share_of_every_split():
    stratum = np.arange(1_000) % 5
    split = assign(np.arange(1_000), (0.8, 0.1, 0.1), 0, names(1_000), Bound(stratum=stratum))
    assert counts(split) == [800, 100, 100]
    for one in range(5):
        assert np.abs(counts(split[stratum == one]) - np.array([160, 20, 20])).max() <= 1


def test_strata_of_one_item_each_still_fill_every_split():
    split = assign(np.arange(20), (0.5, 0.25, 0.25), 0, names(20), Bound(stratum=np.arange(20)))
    assert counts(split) == [10, 5, 5]
