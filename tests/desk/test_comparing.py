"""Comparing two drafts at the desk: which two, what is stored, what the edit begins from, and where it all flows."""

from datetime import timedelta

import pytest

from concord.agreement.arms import Constancy, Watch, constancies, watches
from concord.agreement.report import report
from concord.agreement.report_json import as_json
from concord.curation.standing import standings
from concord.desk.factual import Facts
from concord.desk.queue import Assignment, open_item
from concord.desk.submit import Submission, annotation_id, submit_comparison, submit_edit
from concord.desk.undo import undo_submit
from concord.errors import InputError, ReasonMissing
from concord.export.interchange import interchange_lines
from concord.ids import new_id
from concord.imports.ready import import_items
from concord.records.annotation import Comparison, Edit, FactualChecks, kind_of
from concord.records.kinds import Strength

HOUR = timedelta(hours=1)


class Desk:
    """Somebody at work; every judgement takes a minute."""

    def __init__(self, campaign) -> None:
        self.campaign, self.store, self.project = campaign, campaign.store, campaign.project
        self.now = campaign.project.created_at

    def open(self, annotator: str = "ann") -> Assignment:
        task = open_item(self.store, self.project, annotator, now=self.now)
        assert task
        return task

    def submission(self, task: Assignment) -> Submission:
        self.now += timedelta(minutes=1)
        return Submission(task.presentation.id, task.presentation.annotator, 1.0, self.now, task.attempt)

    def prefer(self, task: Assignment, value: str, strength: Strength = "clearly") -> str:
        """Submit that the draft of this name is better, or `tie`, or `both_bad`."""
        by_name = {draft.name: draft.id for draft in task.drafts}
        chosen = Comparison(by_name[value], strength=strength) if value in by_name else Comparison(value)  # type: ignore[arg-type]
        return submit_comparison(self.store, self.submission(task), chosen)


@pytest.fixture
def desk(new_campaign):
    return lambda **chosen: Desk(new_campaign(**{"task": "compare", "overlap": 1, **chosen}))


def names(task: Assignment) -> set[str]:
    return {draft.name for draft in task.drafts}


def test_a_comparison_is_stored_with_its_two_drafts_and_how_much_better_one_is(desk) -> None:
    here = desk()
    here.campaign.item("q1", "one", "two")
    task = here.open()
    assert here.prefer(task, "d2", "much") == "stored"
    assert here.prefer(task, "d2", "much") == "repeated"
    [stored] = here.store.submitted(task.presentation.id)
    one, two = sorted(task.drafts, key=lambda draft: draft.name)
    assert stored.judgement == Comparison(two.id, tuple(sorted((one.id, two.id))), "much")
    assert open_item(here.store, here.project, "ann", now=here.now) is None
    assert [check for check in here.store.verify() if check.wrong] == []


@pytest.mark.parametrize(
    ("chosen", "message"),
    [
        (None, "The drafts are not compared yet. Choose the better one, or say that neither is."),
        (
            Comparison(new_id(), strength="much"),
            "The comparison names a draft that was not shown. Compare the drafts on the screen.",
        ),
        (
            Comparison("tie", strength="much"),
            "It is not clear how much better the draft is. Choose slightly, clearly or much.",
        ),
    ],
)
def test_what_is_no_comparison_of_the_drafts_shown_is_refused(desk, chosen: Comparison, message: str) -> None:
    here = desk()
    here.campaign.item("q1", "one", "two")
    with pytest.raises(InputError) as caught:
        submit_comparison(here.store, here.submission(here.open()), chosen)
    assert str(caught.value) == message


def test_how_much_better_a_draft_is_has_to_be_said(desk) -> None:
    here = desk()
    here.campaign.item("q1", "one", "two")
    task = here.open()
    with pytest.raises(InputError) as caught:
        submit_comparison(here.store, here.submission(task), Comparison(task.drafts[0].id))
    assert str(caught.value) == "It is not clear how much better the draft is. Choose slightly, clearly or much."


def test_of_more_drafts_all_annotators_compare_the_same_two(desk) -> None:
    here = desk(overlap=3)
    item = here.campaign.item("q1")
    for name, text in (("d2", "one"), ("d3", "one"), ("d4", "four"), ("d5", "five")):
        here.campaign.draft(item, name, text)
    assert names(here.open("ann")) == {"d2", "d4"}  # the first two different ones
    here.campaign.draft(item, "d1", "came later")
    assert names(here.open("bob")) == {"d2", "d4"}


@pytest.mark.parametrize(("value", "begins_with"), [("d1", "d1"), ("d2", "d2"), ("tie", "left"), ("both_bad", None)])
def test_the_edit_begins_from_the_better_draft(desk, value: str, begins_with: str | None) -> None:
    here = desk(task="compare+edit")
    here.campaign.item("q1", "one", "two")
    task = here.open()
    left = task.drafts[0].name
    here.prefer(task, value)
    editing = here.open()
    assert (editing.presentation, editing.step) == (task.presentation, "edit")
    assert (editing.best and editing.best.name) == (left if begins_with == "left" else begins_with)
    assert submit_edit(here.store, here.submission(editing), "answer") == "stored"
    [_, edit] = here.store.submitted(task.presentation.id)
    assert edit.judgement == Edit(editing.best and editing.best.id, "answer")


def test_an_edit_before_the_comparison_is_refused(desk) -> None:
    here = desk(task="compare+edit")
    here.campaign.item("q1", "one", "two")
    with pytest.raises(InputError) as caught:
        submit_edit(here.store, here.submission(here.open()), "answer")
    assert str(caught.value) == "The drafts are not compared yet. Compare them, then edit the better one."


def test_a_compared_item_keeps_its_place_until_it_is_edited(desk) -> None:
    here = desk(task="compare+edit")
    here.campaign.item("q1", "one", "two")
    task = here.open()
    here.prefer(task, "d1")
    here.now += 9 * HOUR
    assert open_item(here.store, here.project, "bob", now=here.now) is None
    assert here.open().presentation == task.presentation


def test_a_wrong_draft_is_preferred_to_a_right_one_only_with_a_reason(desk) -> None:
    here = desk(factual_checks=True)
    here.campaign.item("q1", "one", "two")
    task = here.open()
    one, two = sorted(task.to_check)
    chosen = Comparison(two, strength="much")
    with pytest.raises(InputError) as unchecked:
        submit_comparison(here.store, here.submission(task), chosen)
    assert (
        str(unchecked.value) == "2 of 2 drafts are not checked yet. Say first: factually right, wrong, or cannot tell."
    )
    facts = Facts({one: "right", two: "wrong"})
    with pytest.raises(ReasonMissing):
        submit_comparison(here.store, here.submission(task), chosen, facts=facts)
    reasoned = Facts(facts.values, "The error is in the date alone.")
    assert submit_comparison(here.store, here.submission(task), chosen, facts=reasoned) == "stored"
    stored = {kind_of(made.judgement): made for made in here.store.submitted(task.presentation.id)}
    assert stored["comparison"].reason == "The error is in the date alone."
    assert stored["factual"].judgement == FactualChecks(facts.values)


def test_undo_brings_back_what_was_chosen(desk) -> None:
    here = desk()
    here.campaign.item("q1", "one", "two")
    task = here.open()
    here.prefer(task, "d1", "slightly")
    undo_submit(here.store, here.project, "ann", annotation_id(task.presentation.id, "comparison"), now=here.now)
    again = here.open()
    assert (again.presentation, again.attempt) == (task.presentation, 1)
    assert isinstance(again.entered, Comparison)
    assert again.entered.strength == "slightly"
    assert here.prefer(again, "d2") == "stored"
    assert len(list(here.store.annotations(here.project.id))) == 1


def test_a_comparison_at_second_sight_shows_the_drafts_the_other_way_round_and_is_held_against_the_first(desk) -> None:
    here = desk(repeat=0.5, overlap=2)
    here.campaign.item("again", "one", "two", arm="repeat")
    here.campaign.item("q1", "one", "two")
    for annotator, second in (("ann", "d1"), ("bob", "d2")):
        first = here.open(annotator)
        here.prefer(first, "d1")
        here.prefer(here.open(annotator), "tie")
        again = here.open(annotator)
        assert (again.item, again.drafts) == (first.item, first.drafts[::-1])
        here.prefer(again, second)
    assert constancies(here.store, here.project.id) == [Constancy("ann", 1, 1), Constancy("bob", 1, 0)]


def test_who_prefers_the_sound_draft_to_its_faulty_copy_saw_the_fault(desk) -> None:
    here = desk(overlap=3)
    item = here.campaign.item("c1", arm="canary")
    here.campaign.draft(item, "d1", "It is 3 days.")
    planted = {"planted": {"kind": "number", "at": 5, "before": "3", "after": "9"}, "copy_of": "d1"}
    here.campaign.draft(item, "d2", "It is 9 days.", params=planted)
    here.campaign.draft(item, "d3", "Soon.")
    for annotator, value in (("ann", "d1"), ("bob", "d2"), ("cid", "tie")):
        here.prefer(here.open(annotator), value)
    assert watches(here.store, here.project.id) == [Watch("ann", 1, 1), Watch("bob", 1, 0), Watch("cid", 1, 0)]


# ---- where comparisons go


@pytest.fixture
def compared(desk) -> Desk:
    """Three drafts, of which ann and bob compared the first two; both prefer the second."""
    here = desk(overlap=2, candidates=3)
    item = here.campaign.item("q1")
    for name, model in (("d1", "tiny"), ("d2", "big"), ("d3", "tiny")):
        here.campaign.draft(item, name, f"{name} says so.", model=model)
    for annotator, strength in (("ann", "slightly"), ("bob", "much")):
        here.prefer(here.open(annotator), "d2", strength)
    return here


def test_agreement_is_about_who_is_better_and_not_about_how_much(compared) -> None:
    found = as_json(report(compared.store, compared.project))["agreement"]["preference"]["main"]["statistics"]
    agreed = found["percent_agreement"]
    assert (agreed["value"], agreed["items"], agreed["annotations"]) == (1.0, 1, 2)
    duels = compared.store.duels(compared.project.id)
    models = [{duels.models[one], duels.models[other]} for one, other in zip(duels.one, duels.other, strict=True)]
    assert models == [{"tiny", "big"}] * 2


def test_a_draft_that_was_not_compared_stands_below(compared) -> None:
    [item] = compared.store.items(compared.project.id)
    ranks = {
        one.draft.name: one.mean_rank
        for one in standings(compared.store.drafts(item.id), compared.store.item_annotations(item.id))
        if one.draft
    }
    assert ranks == {"d2": 1.0, "d1": 2.0, "d3": 3.0}


def test_comparisons_come_back_from_the_interchange_format_as_they_were(compared, campaign, tmp_path) -> None:
    path = tmp_path / "items.jsonl"
    path.write_bytes(b"".join(interchange_lines(compared.store, compared.project)))
    assert import_items(campaign.store, campaign.project, path).problems == ()
    again = tmp_path / "again.jsonl"
    again.write_bytes(b"".join(interchange_lines(campaign.store, campaign.project)))
    assert again.read_bytes().count(b'"strength":"much"') == 1
    told = {line.annotator: line.judgement.strength for line in campaign.store.annotations(campaign.project.id)}
    assert told == {"ann": "slightly", "bob": "much"}
