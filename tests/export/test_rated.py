"""Unpaired labels from ratings: thresholds, of which draft a rating is, gates, and a reviewer's decision."""

import re
from datetime import timedelta
from typing import Any

import pytest

from concord.curation.gates import ItemGates
from concord.curation.policies import Policies, Rated, parse_rated
from concord.desk.queue import open_item
from concord.desk.submit import Submission, submit_edit, submit_ratings
from concord.errors import InputError
from concord.records.annotation import Ratings
from concord.records.labelstudio import LabelStudioTask
from concord.records.rubric import Criterion

RATED = Policies(rated=Rated("helpful", 4, 2))
MIN_CHARS = ItemGates(min_chars=2)


def rate(campaign: Any, name: str, *values: float, texts: tuple[str, ...] = ("answer",)) -> Any:
    """An item that one annotator after the other rated."""
    item = campaign.item(name, *texts)
    for number, value in enumerate(values):
        campaign.judge(item, f"annotator {number}", Ratings({"helpful": value, "brief": 1.0}))
    return item


def labels(written: Any) -> dict[str, tuple[bool, int, float | None]]:
    """Label, annotators and agreement of each row, by item."""
    return {row["item_id"]: (row["label"], row["n_annotators"], row["agreement"]) for row in written.rows()}


def test_a_mean_from_the_threshold_on_is_good_up_to_the_other_is_bad_and_between_is_neither(campaign, exported) -> None:
    rate(campaign, "good", 5, 3)
    rate(campaign, "bad", 1, 2, 3)
    rate(campaign, "between", 3, 4)
    rate(campaign, "unrated")
    written = exported(campaign, "trl-kto", policies=RATED)
    assert labels(written) == {"good": (True, 2, 0.5), "bad": (False, 3, pytest.approx(2 / 3))}
    assert written.dropped() == {"neither good nor bad": 1, "not annotated": 1}
    assert written.manifest["options"]["policies"]["rated"] == {"question": "helpful", "good": 4, "bad": 2}


def test_a_rating_from_a_file_is_of_the_only_draft_that_there_was(campaign, exported) -> None:
    rate(campaign, "two", 5, texts=("one", "two"))
    later = rate(campaign, "later", 5)
    campaign.draft(later, "d2", "late", created_at=campaign.project.created_at + timedelta(days=1))
    written = exported(campaign, "trl-kto", policies=RATED)
    assert [(row["item_id"], row["draft_id"]) for row in written.rows()] == [("later", "d1")]
    assert written.dropped() == {"not annotated": 1}


def test_a_rating_in_label_studio_is_of_the_draft_that_was_shown_there(campaign, exported) -> None:
    item = campaign.item("q1", "one", "two")
    second = max(campaign.store.drafts(item.id), key=lambda draft: draft.name)
    task = LabelStudioTask(item.id, campaign.project.id, 1, (second.id,), campaign.project.created_at)
    campaign.store.note_labelstudio_tasks([task])
    campaign.judge(item, "ls-5", Ratings({"helpful": 5.0}), origin="labelstudio")
    written = exported(campaign, "trl-kto", policies=RATED)
    assert [(row["item_id"], row["draft_id"], row["label"]) for row in written.rows()] == [("q1", "d2", True)]


@pytest.mark.parametrize("task", ["rate", "rate+edit"])
def test_a_rating_at_the_desk_is_of_the_draft_that_was_shown(new_campaign, exported, task) -> None:
    campaign = new_campaign(task=task, overlap=1, candidates=1, rubric=(Criterion("helpful"),))
    campaign.item("q1", "one", "two")
    shown = open_item(campaign.store, campaign.project, "ann", now=campaign.project.created_at).presentation
    given = Submission(shown.id, "ann", 1.0, shown.created_at + timedelta(minutes=1))
    assert submit_ratings(campaign.store, given, {"helpful": 1}) == "stored"
    if task == "rate+edit":
        assert submit_edit(campaign.store, given, "one, but better") == "stored"
    [row] = exported(campaign, "trl-kto", policies=RATED).rows()
    assert (row["draft_id"], row["completion"][0]["content"], row["label"]) == ("d1", "one", False)


def test_ratings_pass_the_gates_on_votes_and_texts_and_a_decision_passes_those_on_votes(campaign, exported) -> None:
    rate(campaign, "kept", 5, 4)
    rate(campaign, "few", 5)
    rate(campaign, "apart", 5, 3)
    rate(campaign, "blank", 5, 5, texts=(" ",))
    rate(campaign, "short", 5, 5, texts=("a",))
    campaign.decide(rate(campaign, "picked", 1), "pick", "d1")
    campaign.decide(rate(campaign, "rejected", 5, 5), "reject")
    written = exported(campaign, "llamafactory-kto", policies=RATED, min_votes=2, min_agreement=0.8, gates=MIN_CHARS)
    rows = {row["item_id"]: (row["kto_tag"], row["source"], row["agreement"]) for row in written.rows()}
    assert rows == {"kept": (True, "votes", 1.0), "picked": (True, "adjudicated", None)}
    assert written.dropped() == {
        "rejected by a reviewer": 1,
        "too few votes": 1,
        "below agreement": 1,
        "empty response": 1,
        "too short": 1,
    }


def test_comparisons_are_the_labels_unless_ratings_are_asked_for(campaign, exported) -> None:
    item = rate(campaign, "q1", texts=("one", "two"))
    campaign.rank(item, "ann", "d2 > d1")
    assert [row["label"] for row in exported(campaign, "trl-kto").rows()] == [False, True]
    with pytest.raises(InputError, match=r"^There is nothing to export \(1 not annotated\)\."):
        exported(campaign, "trl-kto", out="other", policies=RATED)


@pytest.mark.parametrize("text", ["helpful", "helpful:4", "helpful:good:2"])
def test_thresholds_are_numbers(text: str) -> None:
    said = (
        f"rated is {text!r}. Give a question, from which mean rating on drafts are good, and up to which they are bad, "
        "such as helpfulness:4:2."
    )
    with pytest.raises(InputError, match=f"^{re.escape(said)}$"):
        parse_rated(text)


@pytest.mark.parametrize(("good", "bad"), [(3.0, 3.0), (2.0, 4.0)])
def test_no_draft_is_good_and_bad(good: float, bad: float) -> None:
    said = (
        f"Drafts rated {good:g} or more would be good, and {bad:g} or less bad, so that some are both. Give a higher "
        "number for good than for bad."
    )
    with pytest.raises(InputError, match=f"^{re.escape(said)}$"):
        Rated("helpful", good, bad)
