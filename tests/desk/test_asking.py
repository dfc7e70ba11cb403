"""Ratings by a rubric and labels at the desk: of which draft, what must be answered, and how it is kept."""

from dataclasses import replace
from datetime import timedelta

import pytest

from concord.agreement.report import report
from concord.agreement.report_json import as_json
from concord.desk.factual import Facts
from concord.desk.queue import Assignment, open_item
from concord.desk.submit import Submission, annotation_id, submit_edit, submit_labels, submit_ratings
from concord.desk.undo import undo_submit
from concord.errors import InputError
from concord.records.annotation import Edit, FactualChecks, Labels, Ratings
from concord.records.project import Project
from concord.records.rubric import Criterion, Question

RUBRIC = (Criterion("helpful", "Does it help?"), Criterion("brief", low=0, high=2))
QUESTIONS = (Question("tone", ("warm", "cold")), Question("about", ("money", "time"), multi=True))


def opened(campaign, annotator: str = "ann", project: Project | None = None) -> Assignment:
    task = open_item(campaign.store, project or campaign.project, annotator, now=campaign.project.created_at)
    assert task
    return task


def submission(task: Assignment) -> Submission:
    shown = task.presentation
    return Submission(shown.id, shown.annotator, 1.0, shown.created_at + timedelta(minutes=1), task.attempt)


@pytest.fixture
def rating(new_campaign):
    campaign = new_campaign(task="rate", overlap=2, candidates=1, rubric=RUBRIC)
    campaign.item("q1", "one", "two")
    return campaign


@pytest.fixture
def labelling(new_campaign):
    return new_campaign(task="label", overlap=2, questions=QUESTIONS)


def test_the_first_draft_is_rated_by_every_criterion(rating) -> None:
    task = opened(rating)
    assert ([draft.name for draft in task.drafts], task.step) == (["d1"], "rating")
    assert submit_ratings(rating.store, submission(task), {"helpful": 4, "brief": 0}) == "stored"
    assert submit_ratings(rating.store, submission(task), {"brief": 0, "helpful": 4}) == "repeated"
    [stored] = rating.store.submitted(task.presentation.id)
    assert stored.judgement == Ratings({"brief": 0.0, "helpful": 4.0})
    assert [check for check in rating.store.verify() if check.wrong] == []


def test_a_draft_is_rated_as_it_came_and_then_edited(new_campaign) -> None:
    campaign = new_campaign(task="rate+edit", overlap=2, candidates=1, rubric=RUBRIC, factual_checks=True)
    campaign.item("q1", "one", "two")
    rating = opened(campaign)
    assert ([draft.name for draft in rating.drafts], rating.step, rating.to_check) == (["d1"], "rating", ())
    [d1] = rating.drafts
    facts = Facts({d1.id: "right"})
    with pytest.raises(InputError) as caught:
        submit_edit(campaign.store, submission(rating), "uno", facts=facts)
    assert str(caught.value) == "The draft is not rated yet. Rate it, then edit it."
    assert submit_ratings(campaign.store, submission(rating), {"helpful": 4, "brief": 0}) == "stored"
    edit = opened(campaign)
    assert (edit.presentation, edit.step, edit.best, edit.to_check) == (rating.presentation, "edit", d1, (d1.id,))
    assert submit_edit(campaign.store, submission(edit), "uno", facts=facts) == "stored"
    judged = [one.judgement for one in campaign.store.submitted(edit.presentation.id)]
    assert len(judged) == 3
    for one in (Ratings({"brief": 0.0, "helpful": 4.0}), FactualChecks(facts.values), Edit(d1.id, "uno")):
        assert one in judged
    assert open_item(campaign.store, campaign.project, "ann", now=campaign.project.created_at) is None


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"helpful": 4}, "1 of 2 questions have no answer yet, first 'brief'."),
        ({"helpful": 6, "brief": 0}, "'helpful' is 6. Choose a number from 1 to 5."),
        ({"helpful": 1.5, "brief": 0}, "'helpful' is 1.5. Choose a number from 1 to 5."),
        ({"helpful": 4, "brief": 0, "kind": 1}, "An answer is to a question that was not asked. Reload the desk."),
    ],
)
def test_ratings_that_the_rubric_does_not_ask_for_are_refused(rating, values: dict[str, float], message: str) -> None:
    with pytest.raises(InputError) as caught:
        submit_ratings(rating.store, submission(opened(rating)), values)
    assert str(caught.value) == message


def test_a_page_keeps_the_rubric_that_it_showed(rating) -> None:
    task = opened(rating)
    later = replace(rating.project, settings=replace(rating.project.settings, rubric=(Criterion("kind"),)))
    rating.store.save_settings(later.id, later.settings)
    assert opened(rating, project=later).presentation.rubric == RUBRIC
    assert submit_ratings(rating.store, submission(task), {"helpful": 5, "brief": 2}) == "stored"
    assert opened(rating, "bob", later).presentation.rubric == (Criterion("kind"),)


def test_agreement_knows_ratings_by_the_names_of_the_criteria(rating) -> None:
    for annotator in ("ann", "bob"):
        submit_ratings(rating.store, submission(opened(rating, annotator)), {"helpful": 4, "brief": 1})
    found = as_json(report(rating.store, rating.project))["agreement"]
    assert set(found) == {"helpful", "brief"}
    assert found["helpful"]["main"]["statistics"]["percent_agreement"]["value"] == 1.0


def test_undo_brings_back_the_ratings(rating) -> None:
    task = opened(rating)
    submit_ratings(rating.store, submission(task), {"helpful": 4, "brief": 0})
    made = annotation_id(task.presentation.id, "rating")
    undo_submit(rating.store, rating.project, "ann", made, now=rating.project.created_at + timedelta(minutes=2))
    assert opened(rating).entered == Ratings({"brief": 0.0, "helpful": 4.0})


@pytest.mark.parametrize("texts", [(), ("one",), ("one", "two")])
def test_prompts_are_labelled_with_or_without_an_answer(labelling, texts: tuple[str, ...]) -> None:
    labelling.item("q1", *texts)
    assert labelling.store.queue_counts(labelling.project, "ann").open == 1
    task = opened(labelling)
    assert ([draft.text for draft in task.drafts], task.step) == (list(texts[:1]), "label")
    labels = {"tone": ["cold"], "about": ["time", "money"]}
    assert submit_labels(labelling.store, submission(task), labels) == "stored"
    [stored] = labelling.store.submitted(task.presentation.id)
    assert stored.judgement == Labels({"about": '["money","time"]', "tone": "cold"})


def test_everybody_labels_the_same_even_when_a_draft_came_between(labelling) -> None:
    item = labelling.item("q1")
    assert opened(labelling).drafts == ()
    labelling.draft(item, "d1", "one")
    assert opened(labelling, "bob").drafts == ()


def test_a_control_item_is_labelled_too(labelling) -> None:
    labelling.item("q1", arm="undrafted")
    assert opened(labelling).step == "label"


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        ({"tone": ["warm"]}, "1 of 2 questions have no answer yet, first 'about'."),
        ({"tone": ["warm"], "about": []}, "1 of 2 questions have no answer yet, first 'about'."),
        ({"tone": ["warm", "cold"], "about": ["time"]}, "'tone' is 'warm, cold'. Choose of what is on the screen."),
        ({"tone": ["mild"], "about": ["time"]}, "'tone' is 'mild'. Choose of what is on the screen."),
    ],
)
def test_labels_that_were_not_asked_for_are_refused(labelling, labels: dict[str, list[str]], message: str) -> None:
    labelling.item("q1")
    with pytest.raises(InputError) as caught:
        submit_labels(labelling.store, submission(opened(labelling)), labels)
    assert str(caught.value) == message


def test_sets_of_labels_made_at_the_desk_are_sets_to_agreement(labelling) -> None:
    labelling.item("q1")
    for annotator, about in (("ann", ["time"]), ("bob", ["money", "time"])):
        labels = {"tone": ["warm"], "about": about}
        submit_labels(labelling.store, submission(opened(labelling, annotator)), labels)
    found = as_json(report(labelling.store, labelling.project))["agreement"]
    assert {"tone", "about", "about: money", "about: time"} == set(found)
