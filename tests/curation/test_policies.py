"""Which preferences become pairs, checked against the definitions, pair by pair."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from concord.curation.policies import Policies, of_policy, within_cap
from concord.errors import InputError

# Two items: drafts 0 > 1 > 2 > 3 in full, and 4 > 5, 4 > 6.
BETTER = np.array([0, 0, 0, 1, 1, 2, 4, 4])
WORSE = np.array([1, 2, 3, 2, 3, 3, 5, 6])


@pytest.mark.parametrize(
    ("policy", "pairs"),
    [
        ("all", ["01", "02", "03", "12", "13", "23", "45", "46"]),
        ("one", ["01", "02", "03", "12", "13", "23", "45", "46"]),
        ("adjacent", ["01", "12", "23", "45", "46"]),
        ("best-rest", ["01", "02", "03", "45", "46"]),
        ("best-worst", ["03", "45", "46"]),
    ],
)
def test_a_policy_takes_its_pairs(policy, pairs) -> None:
    taken = of_policy(BETTER, WORSE, policy)
    assert [f"{a}{b}" for a, b in zip(BETTER[taken], WORSE[taken], strict=True)] == pairs


def test_the_widest_gap_of_a_prompt_comes_first_then_the_most_agreement() -> None:
    prompt = np.array([1, 1, 1, 1, 1, 1, 2, 2])
    agreement = np.array([1, 1, 1, 1, 1, 1, 0.6, 0.9])
    kept = within_cap(prompt, BETTER, WORSE, agreement, 1)
    assert [f"{a}{b}" for a, b in zip(BETTER[kept], WORSE[kept], strict=True)] == ["03", "46"]


ORDERS = st.lists(st.integers(0, 6), min_size=2, max_size=7)


@given(ORDERS)
def test_adjacent_pairs_are_those_that_nothing_lies_between(tiers) -> None:
    pairs = [(a, b) for a in range(len(tiers)) for b in range(len(tiers)) if tiers[a] < tiers[b]]
    if not pairs:
        return
    better, worse = np.array(pairs).T
    taken = of_policy(better, worse, "adjacent").tolist()
    assert taken == [not any((a, c) in pairs and (c, b) in pairs for c in range(len(tiers))) for a, b in pairs]


@given(st.lists(st.tuples(st.integers(0, 3), st.floats(0.5, 1)), min_size=1), st.integers(1, 4))
def test_no_prompt_has_more_than_the_cap_and_none_that_has_a_pair_loses_all(rows, cap) -> None:
    prompt, agreement = np.array([p for p, _ in rows]), np.array([a for _, a in rows])
    better = np.arange(len(rows)) * 2
    kept = within_cap(prompt, better, better + 1, agreement, cap)
    for one in set(prompt.tolist()):
        mine = prompt == one
        assert kept[mine].sum() == min(cap, mine.sum())
        assert agreement[mine & kept].min() >= agreement[mine & ~kept].max(initial=0)


@pytest.mark.parametrize(
    ("policies", "message"),
    [
        ({"answer": "longest"}, "answer is 'longest'. Choose one of agreed, best-ranked, all."),
        ({"pairs": "some"}, "pairs is 'some'. Choose one of all, adjacent, best-rest, best-worst, one."),
        ({"weights": "heavy"}, "weights is 'heavy'. Choose one of item, agreement, equal."),
        ({"max_pairs": 0}, "max_pairs is 0. Give a whole number from 1."),
    ],
)
def test_a_policy_that_is_none_is_refused(policies, message) -> None:
    with pytest.raises(InputError) as caught:
        Policies(**policies)
    assert str(caught.value) == message
