"""A judging model against people, on a real store."""

from __future__ import annotations

from math import isnan

import pytest

from concord.agreement.judges import judges
from concord.agreement.report import report
from concord.agreement.report_html import as_html
from concord.agreement.report_json import as_json
from concord.ids import new_id
from concord.records.kinds import Verdict
from concord.records.opinion import Opinion


def judged(campaign, name: str, order: str, verdict: Verdict, *, flipped: bool = False, arm: str = "drafted") -> None:
    """An item that ann ranked, and of which the judge says whether d1 (first) or d2 (second) is better."""
    item = campaign.item(name, f"one {name}", f"two {name}", arm=arm)
    first, second = campaign.store.drafts(item.id)
    campaign.rank(item, "ann", order)
    campaign.store.add_opinions(
        [
            Opinion(
                new_id(),
                campaign.project.id,
                item.id,
                first.id,
                second.id,
                "big",
                verdict,
                flipped,
                campaign.project.created_at,
            )
        ]
    )


def test_ties_count_in_s1_and_are_left_out_of_s2(campaign) -> None:
    judged(campaign, "same", "d1 > d2", "first")
    judged(campaign, "other", "d2 > d1", "first")
    judged(campaign, "tied", "d1 = d2", "first")
    judged(campaign, "both tied", "d1 = d2", "tie")
    judged(campaign, "flipped", "d1 > d2", "first", flipped=True)
    judged(campaign, "canary", "d1 > d2", "first", arm="canary")
    [judge] = judges(campaign.store.verdicts(campaign.project.id), seed=0)
    assert (judge.model, judge.with_ties.value, judge.with_ties.annotations) == ("big", pytest.approx(2 / 5), 5)
    assert (judge.without_ties.value, judge.without_ties.annotations) == (0.5, 2)
    assert judge.people["ann"].value == 0.5
    assert judge.flipped == pytest.approx(1 / 5)


def test_only_ties_leave_s2_undefined_with_the_reason(campaign) -> None:
    judged(campaign, "tied", "d1 = d2", "tie")
    [judge] = judges(campaign.store.verdicts(campaign.project.id), seed=0)
    assert isnan(judge.without_ties.value)
    assert str(judge.without_ties.note).startswith("not defined: every pair is tied")


def test_the_report_has_the_judge_beside_published_figures(campaign) -> None:
    judged(campaign, "same", "d1 > d2", "first")
    page = as_html(as_json(report(campaign.store, campaign.project)))
    assert "Judge big against people" in page
    assert "MT-bench, first turn, S2: human and human 81 % (479 votes), GPT-4 and human 85 % (859)" in page


def test_without_a_judge_there_is_none(campaign) -> None:
    campaign.rank(campaign.item("q1", "one", "two"), "ann", "d1 > d2")
    assert judges(campaign.store.verdicts(campaign.project.id), seed=0) == []
