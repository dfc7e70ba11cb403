"""What an export would be, before anything is written."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concord.curation.gates import ItemGates
from concord.curation.policies import Policies
from concord.export.options import ExportOptions
from concord.export.preview import preview
from concord.records.item import Message, ToolCall

ORDERS = st.lists(
    st.lists(st.sampled_from(["d1 > d2 > d3", "d3 > d1 = d2", "d2 > d3", "d1 = d2"]), max_size=2),
    min_size=1,
    max_size=3,
)
GATES = st.builds(
    ItemGates,
    min_item_agreement=st.sampled_from([0.0, 0.5]),
    min_chars=st.sampled_from([0, 4]),
    drop_duplicates=st.booleans(),
)
POLICIES = st.builds(
    Policies,
    pairs=st.sampled_from(["all", "adjacent", "best-worst", "best-rest", "one"]),
    max_pairs=st.sampled_from([None, 2]),
)


@settings(max_examples=12)
@given(ORDERS, GATES, POLICIES, st.sampled_from(["trl-sft", "trl-dpo"]))
def test_a_preview_counts_what_the_export_writes(new_campaign, exported, orders, gates, policies, kind) -> None:
    campaign = new_campaign()
    sure = campaign.item("sure", "the first", "the second")
    for who in ("ann", "bob"):
        campaign.rank(sure, who, "d1 > d2")
    for number, of_item in enumerate(orders):
        item = campaign.item(f"q{number}", "first", "two", "third")
        for who, order in enumerate(of_item):
            campaign.rank(item, f"annotator {who}", order)
    chosen = {"gates": gates, "policies": policies}
    seen = preview(campaign.store, campaign.project, ExportOptions(kind, **chosen))
    written = exported(campaign, kind, out=str(campaign.project.id), **chosen)
    assert seen["counts"] == written.manifest["counts"]
    assert seen["funnel"] == written.manifest["funnel"]
    assert seen["rows"] == written.rows()[:3]


def test_a_preview_of_nothing_says_what_keeps_everything(campaign) -> None:
    campaign.rank(campaign.item("q1", "one", "two"), "ann", "d1 = d2")
    assert preview(campaign.store, campaign.project, ExportOptions("trl-dpo")) == {
        "format": "trl-dpo",
        "counts": {"in": 1, "written": {}, "dropped": {"tie": 1}},
        "funnel": [{"reason": "tie", "out": 1, "left": 0}],
        "warnings": [],
        "rows": [],
    }


@pytest.mark.parametrize(
    ("name", "dropped"),
    [("alpaca", {"no user message": 1, "tool calls": 1}), ("openai-sft", {"no user message": 1})],
)
def test_a_preview_counts_what_the_format_cannot_express(campaign, exported, name: str, dropped) -> None:
    call = ToolCall("weather", {"city": "Bern"}, None)
    asked = (Message("user", "Weather?"), Message("assistant", "", (call,)), Message("tool", "rain"))
    unasked = (Message("system", "Be brief."),)
    for item, messages in (("plain", (Message("user", "Hi."),)), ("called", asked), ("unasked", unasked)):
        campaign.edit(campaign.item(item, messages=messages), "ann", "answer")
    seen = preview(campaign.store, campaign.project, ExportOptions(name))
    written = exported(campaign, name).manifest
    assert (seen["counts"], seen["funnel"]) == (written["counts"], written["funnel"])
    assert seen["counts"]["dropped"] == dropped
