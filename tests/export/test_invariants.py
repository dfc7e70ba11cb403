"""Invariants 4, 5, 6 and 10 through real exports, under any gates and policies."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from concord.curation.gates import ItemGates
from concord.curation.policies import Policies
from concord.records.annotation import Edit
from concord.records.item import Message

TEXTS = {"d1": "one", "d2": "two two", "d3": " one", "d4": "four"}
ORDERS = ("d1 > d2 > d3", "d2 > d4", "d4 > d1 = d2", "d3 > d2 > d1 > d4", "d1 = d2")

judged = st.fixed_dictionaries(
    {
        "prompt": st.integers(0, 4),
        "arm": st.sampled_from(["drafted", "drafted", "drafted", "undrafted", "canary", "repeat"]),
        "orders": st.lists(st.sampled_from(ORDERS), max_size=3),
        "edits": st.lists(st.sampled_from(["four", "four, edited", "  "]), max_size=2),
        "decision": st.sampled_from([None, None, ("pick", "d2"), ("reject",)]),
    }
)
options = st.fixed_dictionaries(
    {
        "min_votes": st.integers(1, 2),
        "shares": st.sampled_from([(1.0, 0.0, 0.0), (0.5, 0.25, 0.25)]),
        "stratify": st.sampled_from(["none", "template", "source", "label"]),
        "gates": st.builds(
            ItemGates,
            adjudicated_only=st.booleans(),
            min_item_agreement=st.sampled_from([0.0, 0.6]),
            denied_models=st.sampled_from([(), ("closed",)]),
            max_chars=st.sampled_from([None, 25]),
            drop_nul=st.booleans(),
            drop_duplicates=st.booleans(),
        ),
        "policies": st.builds(
            Policies,
            answer=st.sampled_from(["agreed", "best-ranked", "all"]),
            pairs=st.sampled_from(["all", "adjacent", "best-rest", "best-worst", "one"]),
            max_pairs=st.sampled_from([None, 1]),
            edit_pairs=st.booleans(),
        ),
    }
)


def fill(campaign: Any, items: list[dict[str, Any]]) -> None:
    """One item that passes every gate, then those."""
    sure = campaign.item("sure")
    campaign.draft(sure, "d1", "yes")
    campaign.draft(sure, "d2", "no")
    for who in ("ann", "bob"):
        campaign.rank(sure, who, "d1 > d2")
    campaign.decide(sure, "pick", "d1")
    for number, one in enumerate(items):
        item = campaign.item(f"q{number}", arm=one["arm"], messages=(Message("user", f"Prompt {one['prompt']}?"),))
        drafts = [
            campaign.draft(item, name, text, model="closed" if name == "d4" else "open") for name, text in TEXTS.items()
        ]
        for who, order in enumerate(one["orders"]):
            campaign.rank(item, f"annotator {who}", order)
        for who, text in enumerate(one["edits"]):
            campaign.judge(item, f"annotator {who}", Edit(drafts[3].id, text))
        if one["decision"]:
            campaign.decide(item, *one["decision"])


@settings(max_examples=20)
@given(st.lists(judged, max_size=6), options, st.sampled_from(["trl-sft", "trl-dpo", "trl-kto"]))
def test_rows_are_what_was_judged_whole_clusters_all_accounted_for_and_of_the_main_arm(
    new_campaign, exported, items, options, kind
) -> None:
    campaign = new_campaign()
    fill(campaign, items)
    # `exported` holds invariant 6 to the counts: what entered was written, or dropped with a reason, one each.
    written = exported(campaign, kind, out=str(campaign.project.id), **options)
    rows = {split: written.rows(split) for split in written.manifest["counts"]["written"]}
    everything = [row for of_split in rows.values() for row in of_split]

    # 4: texts are those that were judged, by the names that the row gives them.
    for row in everything:
        for side in ("chosen", "rejected"):
            if kind == "trl-dpo" and row["item_id"] != "sure" and not row[f"{side}_id"].endswith(" edited"):
                assert row[side][0]["content"] == TEXTS[row[f"{side}_id"]]

    # 5: no prompt is in two splits.
    prompts = [{row["prompt"][0]["content"] for row in of_split} for of_split in rows.values()]
    assert sum(map(len, prompts)) == len(set().union(*prompts))
    assert written.manifest["leaks"] == {"prompts": 0, "rows": 0}

    # 6: the funnel leads from what entered to what was written.
    steps = written.manifest["funnel"]
    assert (steps[-1]["left"] if steps else written.manifest["counts"]["in"]) == len(everything)

    # 10: nothing of the other arms is in it, nor counted.
    apart = {f"q{number}" for number, one in enumerate(items) if one["arm"] != "drafted"}
    assert not apart & {row["item_id"] for row in everything}
    assert not apart & {one["item"] for one in written.manifest["dropped"]}
