import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Indel

from concord.curation.consensus import medoid, winner
from concord.curation.gates import Gates
from concord.curation.preference import PAIR_REASONS, PairVotes, decide_pairs


def pair_votes(*pairs):
    """Pairs as item, first, second, votes.

    f(irst), s(econd), t(ie), b(oth bad); E, e: first, second empty; =: same; P, p: first, second picked; R: rejected.
    """
    item, first, second, votes = zip(*pairs, strict=True) if pairs else ((), (), (), ())
    counts = [np.array([v.count(sign) for v in votes], dtype=np.int64) for sign in "fstb"]
    flags = [np.array([sign in v for v in votes], dtype=np.bool_) for sign in "Ee=PpR"]
    return PairVotes(*(np.array(numbers, dtype=np.int64) for numbers in (item, first, second)), *counts, *flags)


def winners(votes, **gates):
    """(item, draft, reason) of each item."""
    found = winner(votes, decide_pairs(votes, Gates(**gates)))
    reasons = [PAIR_REASONS[code] for code in found.reason]
    return list(zip(found.item.tolist(), found.draft.tolist(), reasons, strict=True))


def test_the_medoid_is_the_text_nearest_to_the_others():
    texts = ["Boats sail.", "The boat sails at noon.", "The boat sails at ten.", "A boat sails at noon."]
    means = [
        np.mean([Indel.normalized_similarity(text, other) for place, other in enumerate(texts) if place != own])
        for own, text in enumerate(texts)
    ]
    found = medoid(texts)
    assert found.index == np.argmax(means) == 1
    assert found.similarity == pytest.approx(max(means))


def test_of_texts_equally_near_the_first_is_the_medoid():
    assert medoid(["aab", "aac", "aad", "aae"]).index == 0


def test_two_texts_are_equally_near_to_each_other():
    found = medoid(["ab", "ac"])
    assert (found.index, found.similarity) == (0, 0.5)


def test_a_text_alone_has_no_similarity():
    found = medoid(["only"])
    assert found.index == 0
    assert math.isnan(found.similarity)


@given(st.lists(st.text("ab ", max_size=6), min_size=2, max_size=6))
def test_a_medoid_is_a_text_and_its_similarity_a_share(texts):
    found = medoid(texts)
    assert 0 <= found.index < len(texts)
    assert 0 <= found.similarity <= 1


@pytest.mark.parametrize(
    ("pairs", "draft", "reason"),
    [
        ([(0, 0, 1, "f")], 0, "kept"),
        ([(0, 0, 1, "ssf")], 1, "kept"),
        ([(0, 0, 1, "t")], -1, "tie"),
        ([(0, 0, 1, "fs")], -1, "no majority"),
        ([(0, 0, 1, "bb")], -1, "both bad"),
        ([(0, 0, 1, "f"), (0, 0, 2, "f"), (0, 1, 2, "t")], 0, "kept"),
        ([(0, 0, 1, "t"), (0, 0, 2, "f"), (0, 1, 2, "f")], -1, "tie"),
        ([(0, 0, 1, "f"), (0, 0, 2, "t"), (0, 1, 2, "f")], 0, "kept"),
        ([(0, 0, 1, "f"), (0, 2, 3, "f")], -1, "no majority"),
        ([(0, 0, 1, "f"), (0, 1, 2, "f"), (0, 2, 0, "f")], -1, "cycle"),
        ([(0, 0, 1, "f"), (0, 1, 2, "f"), (0, 2, 0, "f"), (0, 3, 0, "f"), (0, 3, 1, "f"), (0, 3, 2, "f")], 3, "kept"),
    ],
)
def test_the_winner_is_the_only_draft_that_none_beats(pairs, draft, reason):
    assert winners(pair_votes(*pairs)) == [(0, draft, reason)]


@pytest.mark.parametrize(
    ("gates", "reason"), [({"min_votes": 4}, "too few votes"), ({"min_agreement": 0.7}, "below agreement")]
)
def test_a_majority_below_the_gates_makes_no_winner(gates, reason):
    assert winners(pair_votes((0, 0, 1, "ffs")), **gates) == [(0, -1, reason)]


def test_an_empty_draft_loses_or_leaves_the_item_without_a_winner():
    assert winners(pair_votes((0, 0, 1, "fe"), (1, 2, 3, "fE"))) == [(0, 0, "kept"), (1, -1, "empty response")]


def test_equal_drafts_stand_for_each_other():
    equal = (0, 0, 1, "s=")
    assert winners(pair_votes(equal, (0, 0, 2, "f"), (0, 1, 2, "f"))) == [(0, 0, "kept")]
    assert winners(pair_votes(equal, (0, 0, 2, "s"), (0, 1, 2, "s"))) == [(0, 2, "kept")]


def test_items_without_votes_are_not_spoken_of():
    assert winners(pair_votes((2, 5, 7, "f"), (9, 8, 9, "s"))) == [(2, 5, "kept"), (9, 9, "kept")]
    assert winners(pair_votes()) == []


@given(st.lists(st.text("fst", min_size=1, max_size=4), min_size=6, max_size=6))
def test_a_winner_is_beaten_by_none_and_every_other_draft_by_one(votes):
    pairs = [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]
    rows = [(0, *pair, v) for pair, v in zip(pairs, votes, strict=True)]
    beaten = set()
    for (first, second), v in zip(pairs, votes, strict=True):
        f, s, t = (v.count(sign) for sign in "fst")
        beaten |= {second} if f > max(s, t) else {first} if s > max(f, t) else set()
    [(_, draft, reason)] = winners(pair_votes(*rows))
    assert (draft >= 0) == (reason == "kept") == (len(beaten) == 3)
    assert draft not in beaten
    assert (reason == "cycle") == (len(beaten) == 4)
