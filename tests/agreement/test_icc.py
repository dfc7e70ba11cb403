from __future__ import annotations

from dataclasses import replace
from math import isnan

import numpy as np
import pytest

from concord.agreement.icc import FORMS, iccs
from concord.agreement.votes import votes_of
from concord.records.report import Votes

SHROUT_FLEISS = ("9 2 5 8", "6 1 3 2", "8 4 6 8", "7 1 2 6", "10 5 6 9", "6 2 4 7")


def ratings(*rows: str) -> Votes:
    """A row for each item, `*` for a missing rating."""
    cells = [(f"r{who}", f"i{item}", x) for item, row in enumerate(rows) for who, x in enumerate(row.split())]
    return votes_of([cell for cell in cells if cell[2] != "*"], kind="rating")


def test_the_six_forms_are_those_of_shrout_and_fleiss() -> None:
    # Shrout & Fleiss 1979, "Intraclass correlations: uses in assessing rater reliability", table 4
    found = iccs(ratings(*SHROUT_FLEISS), seed=0)
    assert [round(found[form].value, 2) for form in FORMS] == [0.17, 0.29, 0.71, 0.44, 0.62, 0.91]
    assert all(one.low <= one.value <= one.high for one in found.values())


def test_incomplete_blocks_have_no_icc_and_the_note_counts_the_items() -> None:
    found = iccs(ratings("1 2", "2 *", "3 3", "4 4", "* 1"), seed=0)["2_1"]
    assert isnan(found.value)
    assert found.note == (
        "ICC(2,1): one rating, absolute agreement; not defined: 2 items lack a rating of some annotator; see alpha"
    )


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        (["3 3", "3 3"], "not defined: every value is 3"),
        (["3 4"], "not defined: there is one item"),
        (["3 *", "* 4"], "not defined: no item was judged by two annotators"),
    ],
)
def test_undefined_correlations_say_why(rows: list[str], reason: str) -> None:
    for one in iccs(ratings(*rows), seed=0).values():
        assert isnan(one.value)
        assert isnan(one.low)
        assert reason in str(one.note)


def test_a_systematic_shift_lowers_absolute_agreement_and_not_consistency() -> None:
    found = iccs(ratings("1 2", "2 3", "3 4", "4 5"), seed=0)
    assert found["3_1"].value == pytest.approx(1)
    assert found["2_1"].value < 0.8


def test_clusters_are_drawn_whole() -> None:
    rng = np.random.default_rng(0)
    own = np.repeat(rng.integers(1, 6, size=40), 5)
    rows = [f"{x} {y}" for x, y in zip(own, np.clip(own + rng.integers(-1, 2, size=200), 1, 5), strict=True)]
    votes = ratings(*rows)
    alone = iccs(votes, seed=0)["2_1"]
    together = iccs(replace(votes, clusters=_clusters(votes)), seed=0)["2_1"]
    assert together.value == alone.value
    assert "clusters of items resampled: 40" in str(together.note)


def _clusters(votes: Votes) -> np.ndarray:
    """Items are numbered by name, i0, i1, i10, …; five in a row share a cluster."""
    names = sorted(f"i{item}" for item in range(len(np.unique(votes.item))))
    return np.array([int(name[1:]) // 5 for name in names])
