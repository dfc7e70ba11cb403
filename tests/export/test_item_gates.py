"""Gates that hold back whole items, and what they do not hold back."""

import pytest

from concord.curation.gates import ItemGates

KINDS = ("trl-sft", "trl-dpo")


def left(written) -> list[str]:
    """The items that left, each once."""
    return list(dict.fromkeys(row["item_id"] for row in written.rows()))


@pytest.mark.parametrize("kind", KINDS)
def test_with_adjudicated_only_just_decided_items_leave(campaign, exported, kind: str) -> None:
    decided, voted, bare, rejected = campaign.items(4, "one", "two")
    for item in (decided, voted, rejected):
        campaign.rank(item, "ann", "d1 > d2")
    campaign.decide(decided, "pick", "d2")
    campaign.decide(rejected, "reject")
    written = exported(campaign, kind, gates=ItemGates(adjudicated_only=True))
    assert left(written) == [decided.name]
    assert {one["item"]: one["reason"] for one in written.manifest["dropped"]} == {
        voted.name: "not adjudicated",
        bare.name: "not adjudicated",
        rejected.name: "rejected by a reviewer",
    }


@pytest.mark.parametrize("kind", KINDS)
def test_items_whose_annotators_are_apart_stay_behind_unless_a_reviewer_decided(campaign, exported, kind: str) -> None:
    agreed, apart, alone, decided = campaign.items(4, "one", "two", "three")
    for item, orders in (
        (agreed, ("d1 > d2 > d3",) * 2),
        (apart, ("d1 > d2 > d3", "d2 > d1 > d3")),
        (alone, ("d1 > d2",)),
    ):
        for who, order in enumerate(orders):
            campaign.rank(item, f"annotator {who}", order)
    for who, order in enumerate(("d1 > d2 > d3", "d3 > d2 > d1")):
        campaign.rank(decided, f"annotator {who}", order)
    campaign.decide(decided, "pick", "d1")
    written = exported(campaign, kind, gates=ItemGates(min_item_agreement=0.8))
    assert left(written) == [agreed.name, decided.name]
    held = [one["item"] for one in written.manifest["dropped"] if one["reason"] == "item below agreement"]
    assert set(held) == {apart.name, alone.name}


def test_agreement_on_an_item_is_that_of_the_worst_question(campaign, exported) -> None:
    item = campaign.item("q1", "one", "two", "three")
    for who, order in (("ann", "d1 > d2 > d3"), ("bob", "d2 > d1 > d3")):
        campaign.rank(item, who, order)  # one of three pairs is discordant: 2/3
    assert len(exported(campaign, "trl-dpo", gates=ItemGates(min_item_agreement=0.66)).rows()) == 2
