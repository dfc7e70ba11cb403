"""Edits that are chosen over the drafts they began from."""

from concord.curation.policies import Policies
from concord.records.annotation import Edit

EDITS = Policies(edit_pairs=True)


def edited(campaign, name: str, draft: str, *texts: str):
    """An item with a draft, and edits of it by different people."""
    item = campaign.item(name, draft)
    [begun] = campaign.store.drafts(item.id)
    for number, text in enumerate(texts):
        campaign.judge(item, f"annotator {number}", Edit(begun.id, text))
    return item


def test_an_edit_is_chosen_over_its_draft_when_it_is_asked_for(campaign, exported) -> None:
    edited(campaign, "q1", "It rain.", "It rains.")
    campaign.rank(campaign.item("q2", "one", "two"), "ann", "d1 > d2")
    assert [row["item_id"] for row in exported(campaign, "trl-dpo").rows()] == ["q2"]
    [by_votes, by_edit] = sorted(
        exported(campaign, "trl-dpo", policies=EDITS).rows(), key=lambda row: row["source"] == "edit"
    )
    assert by_votes["source"] == "votes"
    assert by_edit == {
        "prompt": [{"role": "user", "content": "What about q1?"}],
        "chosen": [{"role": "assistant", "content": "It rains."}],
        "rejected": [{"role": "assistant", "content": "It rain."}],
        "item_id": "q1",
        "chosen_id": "d1 edited",
        "rejected_id": "d1",
        "n_annotators": 1,
        "agreement": None,
        "pair_weight": 1.0,
        "source": "edit",
        "template_id": None,
        "template_version": None,
    }


def test_edits_that_change_nothing_or_leave_nothing_give_no_pair(campaign, exported) -> None:
    edited(campaign, "good", "It rain.", "It rains.")
    edited(campaign, "same", "It rains.", "It  rains.\n")
    edited(campaign, "blank", "It rains.", " ")
    written = exported(campaign, "trl-dpo", policies=EDITS)
    assert [row["item_id"] for row in written.rows()] == ["good"]
    assert written.manifest["dropped"] == [
        {"item": "same", "drafts": ["d1", "edit"], "reason": "equal responses"},
        {"item": "blank", "drafts": ["d1", "edit"], "reason": "empty response"},
    ]


def test_people_who_made_the_same_of_a_draft_are_one_pair_and_count_as_votes(campaign, exported) -> None:
    edited(campaign, "q1", "It rain.", "It rains.", "It rains. ", "It will rain.")
    rows = exported(campaign, "trl-dpo", policies=EDITS).rows()
    assert [(row["chosen"][0]["content"], row["n_annotators"]) for row in rows] == [
        ("It rains.", 2),
        ("It will rain.", 1),
    ]
    written = exported(campaign, "trl-dpo", out="two", policies=EDITS, min_votes=2)
    assert (len(written.rows()), written.dropped()) == (1, {"too few votes": 1})


def test_with_one_pair_a_prompt_an_edit_of_the_best_draft_is_chosen_over_the_worst_it_beats(campaign, exported) -> None:
    item = campaign.item("q1", "one", "two", "three")
    campaign.rank(item, "ann", "d1 > d2 > d3")
    best = campaign.store.drafts(item.id)[0]
    campaign.judge(item, "ann", Edit(best.id, "one, edited"))
    [row] = exported(campaign, "trl-dpo", policies=Policies(pairs="best-rest", edit_pairs=True)).rows()
    assert (row["chosen_id"], row["rejected_id"]) == ("d1 edited", "d1")  # nothing else is unbeaten


def test_edits_that_are_much_longer_than_their_drafts_are_a_warning(campaign, exported) -> None:
    edited(campaign, "q1", "Rain.", "It rains, and it will rain for the rest of the day.")
    [warning] = exported(campaign, "trl-dpo", policies=EDITS).manifest["warnings"][1:]
    assert warning == (
        "Edits that are chosen over their drafts are 920% longer in the median (1 pairs). "
        "A model may learn the length before anything else."
    )
