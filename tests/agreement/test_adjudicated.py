"""People beside reviewers, from a real store."""

from __future__ import annotations

import json
from datetime import timedelta

from concord.agreement.report import report
from concord.agreement.report_html import as_html
from concord.agreement.report_json import as_json
from concord.ids import new_id
from concord.records.annotation import Adjudication
from concord.records.kinds import Decision


def decide(campaign, item, draft: str | None, *, decision: Decision = "pick", later: int = 0) -> None:
    drafts = {one.name: one for one in campaign.store.drafts(item.id)}
    picked = drafts[draft] if draft else None
    at = campaign.project.created_at + timedelta(hours=later)
    campaign.store.add_adjudication(
        Adjudication(
            new_id(),
            campaign.project.id,
            item.id,
            "rae",
            decision,
            picked and picked.id,
            picked and picked.text,
            "clear",
            at,
        )
    )


def test_each_annotator_is_set_beside_the_reviewers_picks(campaign) -> None:
    items = [campaign.item(f"q{n}", "one", "two", "three") for n in range(4)]
    for item in items:
        campaign.rank(item, "ann", "d1 > d2 > d3")
        campaign.rank(item, "ben", "d2 = d3 > d1")
    decide(campaign, items[0], "d2")
    decide(campaign, items[0], "d1", later=1)  # the newest counts
    decide(campaign, items[1], "d3")
    decide(campaign, items[2], None, decision="reject")
    [found] = report(campaign.store, campaign.project).adjudicated
    assert {who: (one.value, one.items) for who, one in found.people.items()} == {"ann": (0.5, 2), "ben": (0.5, 2)}
    assert (found.all.value, found.all.items, found.all.annotations, found.all.annotators) == (0.5, 2, 4, 2)
    assert found.sentence.startswith("In 50 % ")


def test_a_comparison_is_set_beside_a_pick_and_a_tie_is_not(campaign) -> None:
    item = campaign.item("q1", "one", "two")
    for who, better in (("ann", "d1"), ("ben", "d2"), ("cid", "tie")):
        campaign.compare(item, who, better)
    decide(campaign, item, "d1")
    result = report(campaign.store, campaign.project)
    assert {who: one.value for who, one in result.adjudicated[0].people.items()} == {"ann": 1.0, "ben": 0.0}
    written = json.loads(json.dumps(as_json(result)))
    assert list(written["adjudications"]["adjudications"]["by_annotator"]) == ["ann", "ben"]
    assert "People beside reviewers" in as_html(written)


def test_without_a_pick_nobody_is_set_beside_anything(campaign) -> None:
    item = campaign.item("q1", "one", "two")
    campaign.rank(item, "ann", "d1 > d2")
    decide(campaign, item, None, decision="reject")
    result = report(campaign.store, campaign.project)
    assert result.adjudicated == ()
    assert as_json(result)["adjudications"] == {}


def test_each_annotators_edits_are_set_beside_the_decided_text(campaign) -> None:
    item, other = campaign.item("q1", "one"), campaign.item("q2", "one")
    for who, text in (("ann", "kitten"), ("ben", "sitting")):
        campaign.edit(item, who, text)
        campaign.edit(other, who, text)
    campaign.decide(item, "edit", "d1", "sitting")
    campaign.decide(other, "reject")
    result = report(campaign.store, campaign.project)
    [found] = result.adjudicated
    assert {who: round(one.value, 3) for who, one in found.people.items()} == {"ann": 0.571, "ben": 1.0}
    assert found.all.annotations == 2
    assert found.sentence in as_html(as_json(result))
