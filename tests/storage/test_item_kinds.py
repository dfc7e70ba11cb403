"""Items that want a template or a new prompt stay out of all that is counted, drafted and exported of answers."""

from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concord.desk.queue import open_item
from concord.errors import NotFound
from concord.export.interchange import interchange_lines
from concord.ids import new_id
from concord.records.annotation import Edit
from concord.records.draft import Draft
from concord.records.item import Item

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
JUDGEMENTS = st.lists(
    st.tuples(st.sampled_from(["ana", "ben", "zoe"]), st.sampled_from(["d1 > d2", "d2", "d1 = d2", "edit"])), max_size=6
)


def plain(columns: Any) -> list[Any]:
    """Columns as rows, which come in no order."""
    fields = [vars(one) for one in columns]
    arrays = [[value.tolist() for value in one.values() if isinstance(value, np.ndarray)] for one in fields]
    others = [[value for value in one.values() if not isinstance(value, np.ndarray)] for one in fields]
    return [(other, sorted(zip(*array, strict=True))) for other, array in zip(others, arrays, strict=True)]


def seen(campaign) -> dict[str, Any]:
    """What the rest of Concord learns of a project's answers."""
    store, project = campaign.store, campaign.project
    with store.export_source(project.id) as source:
        exported = [source.items().num_rows, source.pair_votes().num_rows, source.edits().num_rows, source.provenance()]
    return {
        "counts": store.counts(project.id),
        "items": store.items(project.id),
        "latest": store.latest_drafts(project.id, limit=9),
        "wanted": store.wanted_drafts(project.id, candidates=4, limit=9),
        "missing": store.missing_drafts(project.id, candidates=4),
        "costs": store.costs(project.id),
        "votes": plain(store.votes(project.id)),
        "placements": [
            (one.arm, one.annotators, sorted(zip(one.item, one.annotator, one.draft, one.tier, strict=True)))
            for one in store.placements(project.id)
        ],
        "edits": store.edits(project.id),
        "exported": exported,
        "interchange": list(interchange_lines(store, project)),
    }


@settings(max_examples=8)
@given(answers=JUDGEMENTS, proposals=JUDGEMENTS, kind=st.sampled_from(["conversion", "prompt"]))
def test_no_judgement_of_another_kind_reaches_a_report_a_count_or_an_export(
    new_campaign, answers, proposals, kind: str
) -> None:
    campaign = new_campaign()
    judge(campaign, campaign.item("q1", "Yes.", "No."), answers)
    before = seen(campaign)
    judge(campaign, campaign.item("tickets", "one", "two", kind=kind), proposals)
    assert seen(campaign) == before


def judge(campaign, item: Item, judgements: list[tuple[str, str]]) -> None:
    drafts = campaign.store.drafts(item.id)
    for annotator, said in judgements:
        if said == "edit":
            campaign.judge(item, annotator, Edit(drafts[0].id, f"by {annotator}"))
        else:
            campaign.rank(item, annotator, said)


def test_an_item_is_found_by_its_name_whatever_its_kind(campaign) -> None:
    item = campaign.item("tickets", kind="conversion")
    assert campaign.store.named_item(campaign.project.id, "tickets") == item
    with pytest.raises(NotFound, match="no item 'gone'"):
        campaign.store.named_item(campaign.project.id, "gone")


def test_an_item_may_be_queued_ahead_of_all_others_with_its_drafts(campaign) -> None:
    first = campaign.item("q1")
    ahead = Item(new_id(), campaign.project.id, "q0", first.messages)
    draft = Draft(new_id(), campaign.project.id, ahead.id, "d1", "Yes.", "model", NOW)
    for _ in range(2):
        campaign.store.add_ahead(ahead, [draft], overlap=2)
    assert [item.name for item in campaign.store.items(campaign.project.id)] == ["q0", "q1"]
    assert campaign.store.drafts(ahead.id) == [draft]


@pytest.mark.parametrize("task", ["edit", "rank", "rank+edit"])
def test_a_template_is_ranked_and_edited_whatever_the_project_asks_of_answers(new_campaign, task) -> None:
    campaign = new_campaign(task=task)
    campaign.item("tickets", "one", "two", kind="conversion")
    given_out = open_item(campaign.store, campaign.project, "ana", now=NOW)
    assert given_out
    assert given_out.presentation.task == "rank+edit"
