from __future__ import annotations

from collections import Counter
from math import isnan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concord.agreement.leave_one_out import credits, leave_one_out
from concord.agreement.votes import paired, votes_of

answers = st.dictionaries(
    st.tuples(st.sampled_from("abcdef"), st.integers(0, 5).map(str)), st.sampled_from("uvw"), min_size=1
).map(lambda given: [(annotator, item, value) for (annotator, item), value in given.items()])


@given(answers)
def test_credit_is_that_of_a_mode_drawn_among_the_others(answers: list[tuple[str, str, str]]) -> None:
    used = paired(votes_of(answers))
    credit, level = credits(used)
    for place in range(len(used.item)):
        others = (used.item == used.item[place]) & (used.annotator != used.annotator[place])
        counts = Counter(used.value[others].tolist())
        modes = [value for value, count in counts.items() if count == max(counts.values())]
        expected = 1 / len(modes) if used.value[place] in modes else 0
        assert (credit[place], level[place]) == (pytest.approx(expected), len(modes) > 1)


def test_each_annotator_has_a_value_and_the_note_says_how_often_the_others_are_level() -> None:
    rows = [(who, str(item), value) for item in range(20) for who, value in zip("xyz", "aab", strict=True)]
    found = leave_one_out(votes_of(rows), seed=0)
    assert {name: one.value for name, one in found.annotators.items()} == {"x": 0.5, "y": 0.5, "z": 0}
    assert found.all.value == pytest.approx(1 / 3)
    assert "the others are level for 67% of the answers" in str(found.all.note)
    assert (found.all.items, found.all.annotations, found.all.annotators) == (20, 60, 3)


def test_who_shares_no_item_has_no_value() -> None:
    rows = [("x", "1", "a"), ("y", "1", "a"), ("z", "2", "a")]
    assert set(leave_one_out(votes_of(rows), seed=0).annotators) == {"x", "y"}


def test_nothing_judged_twice_leaves_it_undefined() -> None:
    found = leave_one_out(votes_of([("x", "1", "a")]), seed=0)
    assert isnan(found.all.value)
    assert found.all.note == "not defined: no item was judged by two annotators"
    assert found.annotators == {}
