"""Near-duplicates: exact against a comparison of all pairs, and what is compared."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concord.curation.clusters import clusters
from concord.curation.duplicates import FEWEST, THRESHOLD, near_duplicates
from concord.curation.shingles import shingle_sets

TEXTS = st.lists(st.lists(st.sampled_from("abcd"), max_size=12).map(" ".join), max_size=FEWEST - 1)


def jaccard(one: str, other: str) -> float:
    first, second = (set(shingle_sets([text]).shingle.tolist()) for text in (one, other))
    return len(first & second) / len(first | second) if first | second else 0.0


def groups(texts, pairs) -> set[frozenset[int]]:
    """The partition that pairs make."""
    alone = np.full(len(texts), -1, np.int64)
    label = clusters(np.arange(len(texts)), alone, pairs)
    return {frozenset(np.flatnonzero(label == number).tolist()) for number in label.tolist()}


@settings(max_examples=40)
@given(TEXTS, st.sampled_from((0.3, 0.5, THRESHOLD, 1.0)))
def test_pairs_connect_what_a_comparison_of_all_pairs_connects(texts: list[str], threshold: float) -> None:
    found = near_duplicates(texts, threshold=threshold)
    alike = [pair for pair in combinations(range(len(texts)), 2) if jaccard(*(texts[n] for n in pair)) >= threshold]
    assert groups(texts, found.pairs) == groups(texts, np.array(alike, np.int64).reshape(-1, 2))
    for (one, other), likeness in zip(found.pairs.tolist(), found.likeness.tolist(), strict=True):
        assert one < other
        assert likeness == pytest.approx(jaccard(texts[one], texts[other]))


@settings(max_examples=40)
@given(TEXTS, st.randoms())
def test_the_order_of_the_texts_plays_no_part(texts: list[str], random) -> None:
    order = list(range(len(texts)))
    random.shuffle(order)
    place = np.argsort(np.array(order, np.int64)) if order else np.zeros(0, np.int64)
    shuffled = near_duplicates([texts[number] for number in order]).pairs
    expected = groups(texts, near_duplicates(texts).pairs)
    assert {frozenset(order[n] for n in group) for group in groups(texts, shuffled)} == expected
    assert len(place) == len(texts)


FORM = "Read the dialogue below with care and write a summary of it in no more than two sentences for a busy reader:"


def test_what_a_template_says_each_time_is_not_compared() -> None:
    texts = [f"{FORM} person {n} and person {n + 100} speak of case {n}" for n in range(40)]
    texts.append(texts[7].replace("speak", "Speak") + ".")
    texts.append(f"{FORM} person 8 and person 108 speak of case 8 again")
    assert groups(texts, near_duplicates(texts).pairs) >= {frozenset((7, 40)), frozenset((8, 41)), frozenset((9,))}


def test_each_template_has_its_own_wording() -> None:
    other = FORM[::-1]
    texts = [f"{form} {n} is told of case {n}{n} here" for form in (FORM, other, "") for n in range(FEWEST)]
    template = np.repeat(np.array([0, 1, -1]), FEWEST)
    assert len(near_duplicates(texts, template).pairs) == 0


def test_prompts_that_are_nothing_but_wording_are_compared_as_they_are() -> None:
    texts = [FORM] * 3 + [f"{FORM} {'xyz' * n} and {n}" for n in range(1, 20)]
    assert frozenset((0, 1, 2)) in groups(texts, near_duplicates(texts).pairs)


def test_a_thousand_copies_make_a_thousand_pairs() -> None:
    assert near_duplicates(["Why is the sky blue?"] * 1_001).pairs.tolist() == [[0, n] for n in range(1, 1_001)]


def test_a_large_family_is_one_group() -> None:
    body = " ".join(f"word{n}" for n in range(40))
    texts = [f"{body} tail{n}" for n in range(400)] + [f"apart{n} from{n} it{n} all{n}" for n in range(600)]
    assert frozenset(range(400)) in groups(texts, near_duplicates(texts).pairs)


@pytest.mark.parametrize("texts", [[], [""], ["?", "?"], ["one"]])
def test_where_there_is_nothing_to_compare_there_is_no_pair(texts: list[str]) -> None:
    assert near_duplicates(texts).pairs.shape == (0, 2)
