"""What may have moved a judgement beside substance."""

import numpy as np

from concord.ids import new_id
from concord.records.annotation import Change, Edit, Ranking
from concord.records.desk import Presentation

SHORT, LONG = "Yes.", "- Yes, **indeed**.\n- And more."


def shown(campaign, name: str, first: str, better: str, *, arm: str = "drafted") -> None:
    """An item whose two drafts were shown and ranked at the desk; `first` and `better` are d1 (short) or d2 (long)."""
    item = campaign.item(name, SHORT, LONG, arm=arm)
    ids = {draft.name: draft.id for draft in campaign.store.drafts(item.id)}
    other = {"d1": "d2", "d2": "d1"}
    presentation = Presentation(
        new_id(),
        campaign.project.id,
        item.id,
        "ann",
        "rank",
        (ids[first], ids[other[first]]),
        0,
        campaign.project.created_at,
    )
    campaign.store.engine.write(
        lambda query: query(
            "insert into presentations values ($1, $2, $3, 'ann', 'rank', $4, 0, $5)",
            presentation.id,
            presentation.project_id,
            presentation.item_id,
            f'["{presentation.draft_ids[0]}", "{presentation.draft_ids[1]}"]',
            presentation.created_at,
        )
    )
    tiers = ((ids[better],), (ids[other[better]],))
    campaign.judge(item, "ann", Ranking(tiers), presentation_id=presentation.id, seconds=3.0, origin="desk")


def test_a_decided_pair_says_whether_the_first_the_longer_and_the_formatted_one_won(campaign) -> None:
    shown(campaign, "q1", first="d1", better="d1")
    shown(campaign, "q2", first="d1", better="d2")
    shown(campaign, "canary", first="d1", better="d1", arm="canary")
    pulls = campaign.store.pulls(campaign.project.id)
    found = sorted(zip(pulls.first_shown.tolist(), pulls.longer.tolist(), pulls.formatted.tolist(), strict=True))
    assert found == [(-1, 1, 1), (1, -1, -1)]


def test_ties_are_left_out_and_an_unknown_order_is_0(campaign) -> None:
    campaign.rank(campaign.item("q1", SHORT, LONG), "ann", "d1 = d2")
    campaign.rank(campaign.item("q2", SHORT, LONG), "ann", "d2 > d1")
    pulls = campaign.store.pulls(campaign.project.id)
    assert (pulls.first_shown.tolist(), pulls.longer.tolist()) == ([0], [1])


def test_a_pace_is_the_seconds_and_the_characters_that_were_there_to_read(campaign) -> None:
    shown(campaign, "q1", first="d1", better="d1")
    campaign.rank(campaign.item("from a file", SHORT, LONG), "ann", "d1 > d2")
    paces = campaign.store.paces(campaign.project.id)
    assert paces.seconds.tolist() == [3.0]
    assert paces.characters[0] >= len(SHORT) + len(LONG) + len("What about q1?")


def test_edits_that_were_measured_say_how_far_they_went(campaign) -> None:
    item = campaign.item("q1", SHORT)
    [draft] = campaign.store.drafts(item.id)
    campaign.judge(item, "ann", Edit(draft.id, "Yes!", Change(1, 1.0)), seconds=7.0)
    campaign.judge(item, "bob", Edit(draft.id, "Oh.", Change(3, None)))
    campaign.judge(item, "cid", Edit(None, "From nothing."))
    changes = campaign.store.edit_changes(campaign.project.id)
    by_name = {changes.annotators[who]: n for n, who in enumerate(changes.annotator.tolist())}
    ann, bob = by_name["ann"], by_name["bob"]
    assert set(by_name) == {"ann", "bob"}
    assert (changes.distance[ann], changes.kept[ann], changes.seconds[ann]) == (1, 1.0, 7.0)
    assert changes.distance[bob] == 3
    assert np.isnan([changes.kept[bob], changes.seconds[bob]]).all()
