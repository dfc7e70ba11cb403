from __future__ import annotations

from math import isnan

import pytest

from concord.agreement.cohen import cohen_kappa
from concord.agreement.conger import conger_kappa
from concord.agreement.votes import votes_of


def test_for_two_annotators_it_is_cohens_kappa() -> None:
    rows = [(who, str(i), x) for who, row in {"x": "aabbcabc", "y": "abbbcacc"}.items() for i, x in enumerate(row)]
    votes = votes_of(rows)
    assert conger_kappa(votes, seed=0).value == pytest.approx(cohen_kappa(votes, seed=0).value)


def test_equal_answers_leave_it_undefined_with_the_reason() -> None:
    found = conger_kappa(votes_of([(who, str(i), "a") for who in "xyz" for i in range(4)]), seed=0)
    assert (isnan(found.value), found.note) == (True, "not defined: every value is a")


def test_no_votes_leave_it_undefined() -> None:
    assert isnan(conger_kappa(votes_of([]), seed=0).value)
