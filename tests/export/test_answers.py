"""Answers for fine-tuning: the edit that stands for the others, else the draft ranked best."""

import pytest

from concord.curation.policies import Policies
from concord.records.annotation import Edit
from concord.records.item import Message


def answers(written) -> dict[str, str]:
    """The answer to each item."""
    return {row["item_id"]: row["completion"][0]["content"] for row in written.rows()}


def test_an_edit_is_the_answer(campaign, exported) -> None:
    turns = (Message("system", "Be brief."), Message("user", "Why?"))
    item = campaign.item("q1", "draft", messages=turns, template_id="reply", template_version="ab12")
    campaign.judge(item, "ann", Edit(campaign.store.drafts(item.id)[0].id, "edited"))
    written = exported(campaign, "trl-sft")
    assert written.rows() == [
        {
            "prompt": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Why?"}],
            "completion": [{"role": "assistant", "content": "edited"}],
            "item_id": "q1",
            "n_annotators": 1,
            "agreement": None,
            "source": "edit",
            "template_id": "reply",
            "template_version": "ab12",
        }
    ]
    assert written.manifest["templates"] == [{"id": "reply", "version": "ab12"}]


def test_of_several_edits_the_one_most_like_the_others_is_the_answer(campaign, exported) -> None:
    item = campaign.item("q1")
    for annotator, text in (("ann", "It rains."), ("bob", "It rains today."), ("cid", "It rains, today.")):
        campaign.edit(item, annotator, text)
    [row] = exported(campaign, "trl-sft").rows()
    assert (row["completion"][0]["content"], row["n_annotators"]) == ("It rains today.", 3)
    # Indel similarity, 2 * common / both lengths: with "It rains." 2 * 9 / 24, with "It rains, today." 2 * 15 / 31.
    assert row["agreement"] == pytest.approx((18 / 24 + 30 / 31) / 2)


def test_edits_that_differ_in_blanks_alone_agree_fully_and_the_first_is_the_answer(campaign, exported) -> None:
    item = campaign.item("q1")
    for annotator, text in (("ann", "It  rains."), ("bob", "It rains.\n")):
        campaign.edit(item, annotator, text)
    [row] = exported(campaign, "trl-sft").rows()
    assert (row["completion"][0]["content"], row["agreement"]) == ("It  rains.", 1.0)


def test_without_an_edit_the_draft_that_beats_the_others_is_the_answer(campaign, exported) -> None:
    item = campaign.item("q1", "one", "two", "three")
    for annotator, order in (("ann", "d2 > d1 > d3"), ("bob", "d2 > d3 > d1"), ("cid", "d1 > d2 > d3")):
        campaign.rank(item, annotator, order)
    [row] = exported(campaign, "trl-sft").rows()
    assert (row["completion"][0]["content"], row["source"], row["n_annotators"]) == ("two", "draft", 3)
    assert row["agreement"] == pytest.approx((2 / 3 + 3 / 3) / 2)  # over d1 and over d3


def test_an_edit_counts_before_a_ranking(campaign, exported) -> None:
    item = campaign.item("q1", "one", "two")
    for annotator in ("ann", "bob"):
        campaign.rank(item, annotator, "d1 > d2")
    campaign.edit(item, "ann", "by a person")
    assert answers(exported(campaign, "trl-sft")) == {"q1": "by a person"}


def test_the_newest_edit_of_each_person_counts(campaign, exported) -> None:
    item = campaign.item("q1")
    for text in ("first", "second", "third"):
        campaign.edit(item, "ann", text)
    [row] = exported(campaign, "trl-sft").rows()
    assert (row["completion"][0]["content"], row["n_annotators"]) == ("third", 1)


@pytest.mark.parametrize(
    ("orders", "edits", "options", "reason"),
    [
        ([], [], {}, "not annotated"),
        (["d1 = d2"], [], {}, "tie"),
        (["d1 > d2"], [], {"min_votes": 2}, "too few votes"),
        (["d1 > d2", "d1 > d2", "d2 > d1"], [], {"min_agreement": 0.7}, "below agreement"),
        ([], ["edited"], {"min_votes": 2}, "too few votes"),
        ([], ["edited"], {"min_agreement": 0.1}, "below agreement"),
        ([], ["It rains.", "No."], {"min_agreement": 0.9}, "below agreement"),
        (["d1 > d2", "d1 > d2"], ["edited"], {"min_votes": 2}, "too few votes"),
        ([], [" \n"], {}, "not annotated"),
    ],
)
def test_an_item_stays_behind_with_its_reason(campaign, exported, orders, edits, options, reason: str) -> None:
    good, item = campaign.item("good"), campaign.item("bad", "one", "two")
    for annotator in ("ann", "bob"):
        campaign.edit(good, annotator, "agreed")
    for number, order in enumerate(orders):
        campaign.rank(item, f"annotator {number}", order)
    for number, text in enumerate(edits):
        campaign.edit(item, f"annotator {number}", text)
    written = exported(campaign, "trl-sft", **options)
    assert answers(written) == {"good": "agreed"}
    assert written.manifest["dropped"] == [{"item": "bad", "reason": reason}]


def test_an_empty_draft_that_won_is_no_answer(campaign, exported) -> None:
    for name, texts in (("q1", ("", "two")), ("q2", ("one", "two"))):
        campaign.rank(campaign.item(name, *texts), "ann", "d1 > d2")
    written = exported(campaign, "trl-sft")
    assert answers(written) == {"q2": "one"}
    assert written.dropped() == {"empty response": 1}


def test_preferences_in_a_circle_give_no_answer(campaign, exported) -> None:
    item = campaign.item("q1", "one", "two", "three")
    for annotator, order in (("ann", "d1 > d2 > d3"), ("bob", "d2 > d3 > d1"), ("cid", "d3 > d1 > d2")):
        campaign.rank(item, annotator, order)
    campaign.edit(campaign.item("q2"), "ann", "answer")
    assert exported(campaign, "trl-sft").dropped() == {"cycle": 1}


def test_items_leave_in_the_order_of_the_queue(campaign, exported) -> None:
    items = campaign.items(30)
    for item in reversed(items):
        campaign.edit(item, "ann", item.name)
    assert list(answers(exported(campaign, "trl-sft"))) == [item.name for item in items]


# ---- policies


def test_the_edit_of_the_draft_ranked_best_is_the_answer_when_it_is_asked_for(campaign, exported) -> None:
    item = campaign.item("q1", "one", "two")
    first, second = campaign.store.drafts(item.id)
    for who, draft, text in (("ann", first, "One, better."), ("bob", first, "One, best."), ("cid", second, "Two.")):
        campaign.judge(item, who, Edit(draft.id, text))
    for who in ("dan", "eve"):
        campaign.rank(item, who, "d2 > d1")
    assert answers(exported(campaign, "trl-sft")) == {"q1": "One, best."}
    [row] = exported(campaign, "trl-sft", policies=Policies(answer="best-ranked")).rows()
    assert (row["completion"][0]["content"], row["n_annotators"]) == ("Two.", 3)


def test_every_different_edit_is_a_row_when_all_are_asked_for(campaign, exported) -> None:
    several, decided, ranked = campaign.items(3, "one", "two")
    for who, text in (("ann", "It rains."), ("bob", "It pours."), ("cid", "It  rains.")):
        campaign.edit(several, who, text)
        campaign.edit(decided, who, text)
    campaign.decide(decided, "pick", "d2")
    campaign.rank(ranked, "ann", "d1 > d2")
    written = exported(campaign, "trl-sft", policies=Policies(answer="all"))
    assert [(row["item_id"], row["completion"][0]["content"], row["n_annotators"]) for row in written.rows()] == [
        ("q1", "It rains.", 2),
        ("q1", "It pours.", 1),
        ("q2", "two", 3),
        ("q3", "one", 1),
    ]
