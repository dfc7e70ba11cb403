import json
import os
from collections import Counter
from dataclasses import fields, replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from concord.curation.gates import Gates
from concord.curation.preference import PAIR_REASONS, PairVotes, decide_pairs

SHARED_DATA = Path(os.environ.get("CONCORD_SHARED_DATA", Path(__file__).parents[2] / "../shared/data"))
NO_GATES = Gates()


def pair_votes(*pairs):
    """Pairs as item, first, second, votes.

    f(irst), s(econd), t(ie), b(oth bad); E, e: first, second empty; =: same; P, p: first, second picked; R: rejected.
    """
    item, first, second, votes = zip(*pairs, strict=True) if pairs else ((), (), (), ())
    counts = [np.array([v.count(sign) for v in votes], dtype=np.int64) for sign in "fstb"]
    flags = [np.array([sign in v for v in votes], dtype=np.bool_) for sign in "Ee=PpR"]
    return PairVotes(*(np.array(numbers, dtype=np.int64) for numbers in (item, first, second)), *counts, *flags)


def reasons(votes, gates=NO_GATES):
    return [PAIR_REASONS[code] for code in decide_pairs(votes, gates).reason]


def shared_lines(name):
    path = SHARED_DATA / name
    if not path.exists():
        pytest.skip(f"{name} of the shared data is not here; CONCORD_SHARED_DATA names its folder")
    with path.open(encoding="utf-8", newline="\n") as file:
        return [json.loads(line) for line in file]


def votes_of(lines):
    """The votes of interchange lines: a ranking is a vote for each pair that it ranks."""
    pairs, numbered = [], 0
    for item, line in enumerate(lines):
        numbers = {response["id"]: numbered + n for n, response in enumerate(line["responses"])}
        numbered += len(numbers)
        texts = {response["id"]: response["text"].strip() for response in line["responses"]}
        for first, second in combinations(numbers, 2):
            votes = "".join(_vote(annotation, first, second) for annotation in line["annotations"])
            blank = "E" * (not texts[first]) + "e" * (not texts[second]) + "=" * (texts[first] == texts[second])
            if votes:
                pairs.append((item, numbers[first], numbers[second], votes + blank))
    return pair_votes(*pairs)


def _vote(annotation, first, second):
    if annotation["kind"] == "comparison":
        return {first: "f", second: "s", "tie": "t", "both_bad": "b"}[annotation["value"]]
    ranks = annotation["ranks"]
    if first not in ranks or second not in ranks:
        return ""
    return "f" if ranks[first] < ranks[second] else "s" if ranks[first] > ranks[second] else "t"


@pytest.mark.parametrize(
    ("votes", "reason"),
    [
        ("f", "kept"),
        ("ffs", "kept"),
        ("ssft", "kept"),
        ("", "too few votes"),
        ("t", "tie"),
        ("ttf", "tie"),
        ("tbf", "tie"),
        ("b", "both bad"),
        ("bbtf", "both bad"),
        ("fs", "no majority"),
        ("fst", "no majority"),
        ("ft", "no majority"),
        ("fftt", "no majority"),
        ("fftb", "no majority"),
        ("ffsst", "no majority"),
        ("fE", "empty response"),
        ("fe", "empty response"),
        ("fEe=", "empty response"),
        ("tE", "tie"),
        ("f=", "equal responses"),
    ],
)
def test_a_preference_is_a_strict_plurality_between_two_texts_that_differ(votes, reason):
    assert reasons(pair_votes((0, 0, 1, votes))) == [reason]


@pytest.mark.parametrize(
    ("votes", "reason"),
    [
        ("P", "kept"),
        ("sssP", "kept"),
        ("tttbbbP", "kept"),
        ("PE", "empty response"),
        ("P=", "equal responses"),
        ("ffR", "rejected by a reviewer"),
        ("ER", "rejected by a reviewer"),
    ],
)
def test_a_decision_beats_votes_and_gates(votes, reason):
    decided = decide_pairs(pair_votes((0, 0, 1, votes)), Gates(min_votes=9, min_agreement=1.0))
    assert ([PAIR_REASONS[code] for code in decided.reason], decided.first_chosen[0] or "P" not in votes) == (
        [reason],
        True,
    )


@pytest.mark.parametrize(
    ("votes", "gates", "reason"),
    [
        ("f", Gates(min_votes=2), "too few votes"),
        ("ft", Gates(min_votes=2), "no majority"),
        ("ff", Gates(min_votes=2), "kept"),
        ("ffs", Gates(min_agreement=0.67), "below agreement"),
        ("fffss", Gates(min_agreement=0.6), "kept"),
        ("fft", Gates(min_agreement=0.7), "below agreement"),
        ("fftE", Gates(min_agreement=0.7), "below agreement"),
    ],
)
def test_a_preference_meets_the_gates(votes, gates, reason):
    assert reasons(pair_votes((0, 0, 1, votes)), gates) == [reason]


def test_the_better_draft_is_the_one_with_more_votes():
    decided = decide_pairs(pair_votes((0, 0, 1, "ffs"), (1, 2, 3, "s")), Gates())
    assert decided.first_chosen.tolist() == [True, False]


def test_all_pairs_of_a_circle_are_dropped_and_those_around_it_are_kept():
    circle = (0, 0, 1, "f"), (0, 1, 2, "f"), (0, 0, 2, "s")
    above, below = (0, 3, 0, "f"), (0, 2, 4, "f")
    assert reasons(pair_votes(*circle, above, below)) == ["cycle", "cycle", "cycle", "kept", "kept"]


def test_a_bridge_between_two_circles_is_kept():
    one = (0, 0, 1, "f"), (0, 1, 2, "f"), (0, 2, 0, "f")
    other = (0, 3, 4, "f"), (0, 4, 5, "f"), (0, 5, 3, "f")
    assert reasons(pair_votes(*one, *other, (0, 2, 3, "f"))) == ["cycle"] * 6 + ["kept"]


def test_a_preference_that_is_dropped_anyway_closes_no_circle():
    votes = pair_votes((0, 0, 1, "ff"), (0, 1, 2, "ff"), (0, 2, 0, "f"))
    assert reasons(votes, Gates(min_votes=2)) == ["kept", "kept", "too few votes"]


def test_a_consistent_ranking_of_many_drafts_gives_all_its_pairs():
    pairs = [(0, first, second, "f") for first, second in combinations(range(30), 2)]
    assert reasons(pair_votes(*pairs)) == ["kept"] * 435


def test_a_pick_is_above_all_others_and_breaks_the_circle_that_it_was_in():
    circle = (0, 0, 1, "fP"), (0, 1, 2, "f"), (0, 0, 2, "sP")
    votes = pair_votes(*circle)
    assert reasons(votes, Gates()) == ["kept", "kept", "kept"]
    assert decide_pairs(votes, Gates()).first_chosen.tolist() == [True, True, True]


def test_no_votes_give_no_decision():
    assert reasons(pair_votes()) == []


def test_pandalm_gives_its_known_842_pairs():
    votes = votes_of(shared_lines("pandalm/comparisons.jsonl"))
    decided = decide_pairs(votes, Gates())
    assert Counter(PAIR_REASONS[code] for code in decided.reason) == {"kept": 842, "tie": 105, "empty response": 52}
    strict = np.isin(decided.reason, [PAIR_REASONS.index(reason) for reason in ("kept", "empty response")])
    assert Counter(decided.first_chosen[strict].tolist()) == {True: 422, False: 472}


def test_open_assistant_gives_its_known_754_pairs():
    assert Counter(reasons(votes_of(shared_lines("open-assistant/rankings.jsonl")))) == {"kept": 754}


@st.composite
def _items(draw):
    """Items of two to six drafts with up to three votes for each pair, and maybe a pick, as rows for `pair_votes`."""
    rows, numbered = [], 0
    for item in range(draw(st.integers(1, 4))):
        drafts = draw(st.permutations(range(numbered, numbered + draw(st.integers(2, 6)))))
        numbered += len(drafts)
        picked = draw(st.sampled_from([None, None, *drafts]))
        for first, second in combinations(drafts, 2):
            votes = draw(st.text("fffssstb", max_size=3)) + {first: "P", second: "p"}.get(picked, "")
            rows.append((item, first, second, votes + draw(st.sampled_from(["", "", "", "", "E", "e", "="]))))
    return rows


def edges(votes, decided, mask):
    """(better, worse) of the pairs in the mask."""
    better = np.where(decided.first_chosen, votes.first, votes.second)[mask].tolist()
    worse = np.where(decided.first_chosen, votes.second, votes.first)[mask].tolist()
    return set(zip(better, worse, strict=True))


def reach(relation):
    """The transitive closure, by hand."""
    closure = set(relation)
    while True:
        further = {(a, d) for a, b in closure for c, d in relation if b == c} - closure
        if not further:
            return closure
        closure |= further


gates = st.builds(Gates, min_votes=st.integers(1, 3), min_agreement=st.sampled_from([0.0, 0.5, 0.6, 0.75, 1.0]))


@given(_items(), gates)
def test_exactly_the_preferences_on_a_circle_are_dropped_as_such(rows, gates):
    votes = pair_votes(*rows)
    decided = decide_pairs(votes, gates)
    circle = decided.reason == PAIR_REASONS.index("cycle")
    closure = reach(edges(votes, decided, circle | (decided.reason == 0)))
    assert all((worse, better) in closure for better, worse in edges(votes, decided, circle))
    assert all((worse, better) not in closure for better, worse in edges(votes, decided, decided.reason == 0))


@given(_items(), gates)
def test_what_is_kept_never_contradicts_itself(rows, gates):
    votes = pair_votes(*rows)
    decided = decide_pairs(votes, gates)
    closure = reach(edges(votes, decided, decided.reason == 0))
    assert not any((worse, better) in closure for better, worse in closure)


@given(_items(), gates, st.data())
def test_naming_the_other_draft_first_mirrors_the_decision(rows, gates, data):
    votes = pair_votes(*rows)
    swap = np.array(data.draw(st.lists(st.booleans(), min_size=len(rows), max_size=len(rows))), dtype=np.bool_)
    twins = {one: one.replace("first", "second") for one in ("first", "first_wins", "first_empty", "first_picked")}
    twins |= {second: first for first, second in twins.items()}
    values = {field.name: getattr(votes, field.name) for field in fields(votes)}
    mirrored = replace(votes, **{name: np.where(swap, values[twin], values[name]) for name, twin in twins.items()})
    before, after = decide_pairs(votes, gates), decide_pairs(mirrored, gates)
    assert after.reason.tolist() == before.reason.tolist()
    kept = before.reason == 0
    assert (after.first_chosen ^ swap)[kept].tolist() == before.first_chosen[kept].tolist()


@given(_items(), gates, st.randoms(use_true_random=False))
def test_the_order_of_items_does_not_matter(rows, gates, random):
    order = list({row[0] for row in rows})
    random.shuffle(order)
    shuffled = sorted(rows, key=lambda row: order.index(row[0]))
    shuffled = [(order.index(item), first, second, votes) for item, first, second, votes in shuffled]

    def decisions(some):
        decided = decide_pairs(pair_votes(*some), gates)
        names = [row[1:3] for row in some]
        return dict(zip(names, zip(decided.reason.tolist(), decided.first_chosen.tolist(), strict=True), strict=True))

    assert decisions(shuffled) == decisions(rows)


@given(_items(), gates)
def test_every_pair_is_kept_or_has_a_reason(rows, gates):
    decided = decide_pairs(pair_votes(*rows), gates)
    assert len(decided.reason) == len(rows)
    assert all(0 <= code < len(PAIR_REASONS) for code in decided.reason)
