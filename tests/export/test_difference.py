"""What two exports do not share."""

from concord.curation.policies import Policies
from concord.export.difference import Difference, differences


def test_settings_and_counts_that_differ_are_named(campaign, exported) -> None:
    for name in ("q1", "q2"):
        campaign.rank(campaign.item(name, "one", "two", "three"), "ann", "d1 > d2 > d3")
    before = exported(campaign, "trl-dpo", out="one").manifest
    after = exported(campaign, "trl-dpo", out="two", policies=Policies(pairs="adjacent")).manifest
    assert differences(before, after) == (
        Difference("options policies pairs", "all", "adjacent"),
        Difference("counts written train", 6, 4),
        Difference("counts dropped not of the policy", None, 2),
    )
    assert differences(before, before) == ()
