from __future__ import annotations

import pytest

from concord.agreement.label_sets import label_set, one_question_a_label
from concord.agreement.questions import of_votes
from concord.agreement.votes import votes_of

SETS = [("ann", "1", '["a","b"]'), ("ben", "1", '["a"]'), ("ann", "2", "[]"), ("ben", "2", '["b"]')]


@pytest.mark.parametrize("value", ["a", "[", "[1]", '{"a":1}', "[a]"])
def test_what_is_no_list_of_texts_is_no_set(value: str) -> None:
    assert label_set(value) is None


def test_plain_labels_are_no_sets() -> None:
    assert one_question_a_label(votes_of([("ann", "1", "a"), ("ben", "1", "b")])) == []


def test_a_single_label_among_sets_is_a_set_of_one() -> None:
    several = one_question_a_label(votes_of([*SETS, ("cat", "1", "b")], question="topic"))
    assert [one.question for one in several] == ["topic: a", "topic: b"]
    assert several[1].value.tolist() == [1, 0, 1, 0, 1]


def test_each_label_is_a_question_and_the_sets_have_their_mean() -> None:
    rows = [
        (who, str(i), x) for i in range(30) for who, x in (("ann", '["a"]'), ("ben", '["a","b"]' if i % 3 else "[]"))
    ]
    groups = [asked.group for asked in of_votes(votes_of(rows, question="topic"), seed=0)]
    assert [group.question for group in groups] == ["topic", "topic: a", "topic: b"]
    mean = groups[0].statistics["percent_agreement"]
    assert mean.value == pytest.approx(sum(group.statistics["percent_agreement"].value for group in groups[1:]) / 2)
    assert "the mean over 2 of 2 labels" in str(mean.note)
