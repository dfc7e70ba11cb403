"""Which item comes next, to whom, with which drafts in which order."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from concord.desk.queue import Assignment, extend_lease, open_item, tasks_of
from concord.desk.submit import Submission, submit_edit, submit_ranking
from concord.errors import InputError, NotFound
from concord.ids import new_id
from concord.records.annotation import Edit
from concord.records.desk import QueueCounts
from concord.records.item import Item
from concord.records.run import DraftingRun

MINUTE = timedelta(minutes=1)


class Desk:
    """A campaign as an annotator meets it."""

    def __init__(self, campaign) -> None:
        self.campaign, self.store, self.project = campaign, campaign.store, campaign.project
        self.now: datetime = campaign.project.created_at

    def open(self, annotator: str) -> Assignment | None:
        return open_item(self.store, self.project, annotator, now=self.now)

    def finish(self, task: Assignment) -> str:
        """Submit what the step asks for."""
        submission = Submission(task.presentation.id, task.presentation.annotator, 1.0, self.now)
        if task.step == "ranking":
            return submit_ranking(self.store, submission, [[draft.id] for draft in task.drafts])
        return submit_edit(self.store, submission, "answer")

    def names(self, annotator: str) -> list[str]:
        """The items that an annotator is given until there is no more."""
        given = []
        while task := self.open(annotator):
            given.append(task.item.name)
            self.finish(task)
        return given


@pytest.fixture
def desk(new_campaign):
    """Makes a desk with the given settings."""
    return lambda **chosen: Desk(new_campaign(**{"task": "rank", "overlap": 1, **chosen}))


def test_items_come_in_the_order_of_the_queue(desk) -> None:
    here = desk()
    here.campaign.items(5, "one", "two")
    assert here.names("ann") == ["q1", "q2", "q3", "q4", "q5"]
    assert here.open("bob") is None


def test_an_item_is_given_to_as_many_as_it_wants(desk) -> None:
    here = desk(overlap=2)
    here.campaign.items(3, "one", "two")
    assert [here.open(name).item.name for name in ("ann", "bob", "cid", "dan", "eve", "fay")] == [
        "q1", "q1", "q2", "q2", "q3", "q3",
    ]  # fmt: skip
    assert here.open("gus") is None


def test_who_asks_again_gets_the_item_they_hold(desk) -> None:
    here = desk()
    here.campaign.items(3, "one", "two")
    first = here.open("ann")
    here.now += MINUTE
    assert here.open("ann") == first
    assert here.open("bob").item != first.item


def test_nobody_is_given_an_item_that_they_judged_elsewhere(desk) -> None:
    here = desk(overlap=3)
    first, _ = here.campaign.items(2, "one", "two")
    here.campaign.rank(first, "ann", "d1 > d2")
    assert here.names("ann") == ["q2"]


def test_a_lease_lasts_as_long_as_the_project_says(desk) -> None:
    here = desk(lease_minutes=30)
    here.campaign.items(1, "one", "two")
    here.open("ann")
    here.now += 30 * MINUTE
    assert here.open("bob") is None
    here.now += MINUTE
    assert here.open("bob").item.name == "q1"


def test_a_lease_is_renewed_by_work_and_by_coming_back(desk) -> None:
    here = desk(lease_minutes=30)
    here.campaign.items(1, "one", "two")
    task = here.open("ann")
    for _ in range(3):
        here.now += 25 * MINUTE
        extend_lease(here.store, here.project, task.presentation, now=here.now)
        assert here.open("bob") is None
    here.now += 25 * MINUTE
    assert here.open("ann") == task
    here.now += 25 * MINUTE
    assert here.open("bob") is None


def test_who_comes_back_late_finds_their_item_as_long_as_nobody_took_it(desk) -> None:
    here = desk(lease_minutes=30)
    here.campaign.items(2, "one", "two")
    task = here.open("ann")
    here.now += 300 * MINUTE
    assert here.open("ann") == task
    here.now += 300 * MINUTE
    assert here.open("bob").item == task.item
    again = here.open("ann")
    assert (again.item.name, again.presentation.id == task.presentation.id) == ("q2", False)


def test_a_finished_lease_cannot_be_extended(desk) -> None:
    here = desk()
    here.campaign.items(1, "one", "two")
    task = here.open("ann")
    here.finish(task)
    extend_lease(here.store, here.project, task.presentation, now=here.now)
    assert here.store.engine.read("select lease_until from assignments") == [(None,)]


# ---- drafts


def test_drafts_are_shown_in_an_order_of_the_presentation_s_own(desk) -> None:
    here = desk(overlap=40)
    here.campaign.items(1, "one", "two", "three")
    orders = {name: [draft.name for draft in here.open(name).drafts] for name in map(str, range(40))}
    assert len({tuple(order) for order in orders.values()}) > 2
    assert {name: [draft.name for draft in here.open(name).drafts] for name in orders} == orders


def test_equal_drafts_are_shown_once_and_blank_ones_not_at_all(desk) -> None:
    here = desk()
    here.campaign.items(1, "same", " same\n", "", " \n", "cafe\u0301", "café")
    assert sorted(draft.name for draft in here.open("ann").drafts) == ["d1", "d5"]


@pytest.mark.parametrize(("task", "texts", "given"), [
    ("rank", ("one",), False),
    ("rank", ("same", "same "), False),
    ("rank", ("one", ""), False),
    ("rank+edit", ("one", "one"), False),
    ("rank", ("one", "two"), True),
    ("edit", ("one",), True),
    ("edit", ("",), False),
    ("edit", (), False),
])  # fmt: skip
def test_an_item_waits_until_there_is_something_to_judge(desk, task: str, texts: tuple[str, ...], given: bool) -> None:
    here = desk(task=task)
    here.campaign.items(1, *texts)
    assert bool(here.open("ann")) is given


def run_of(here: Desk) -> DraftingRun:
    return DraftingRun(new_id(), here.project.id, "m", 9, 0, 0, "running", here.now)


def test_while_drafts_are_made_an_item_waits_for_all_of_them(desk) -> None:
    here = desk(candidates=3)
    item = here.campaign.item("q1", "one", "two")
    run = run_of(here)
    here.store.save_run(run)
    assert here.open("ann") is None
    assert here.store.queue_counts(here.project, "ann") == QueueCounts(done=0, open=0, waiting=1)
    here.campaign.draft(item, "d3", "three")
    assert len(here.open("ann").drafts) == 3


def test_after_the_run_what_came_is_enough(desk) -> None:
    here = desk(candidates=3)
    here.campaign.item("q1", "one", "two")
    run = run_of(here)
    here.store.save_run(run)
    here.store.save_run(replace(run, state="failed"))
    assert len(here.open("ann").drafts) == 2


def test_drafts_that_come_after_the_opening_are_not_shown(desk) -> None:
    here = desk()
    item = here.campaign.item("q1", "one", "two")
    task = here.open("ann")
    here.campaign.draft(item, "d0", "late")
    assert here.open("ann").drafts == task.drafts


# ---- steps


def test_an_edit_begins_from_the_draft_ranked_best(desk) -> None:
    here = desk(task="rank+edit")
    here.campaign.items(2, "one", "two", "three")
    task = here.open("ann")
    assert (task.step, task.best, task.unsaved) == ("ranking", None, {})
    submission = Submission(task.presentation.id, "ann", 1.0, here.now)
    worst, *tied = [draft.id for draft in task.drafts]
    submit_ranking(here.store, submission, [tied, [worst]])
    editing = here.open("ann")
    assert (editing.step, editing.presentation, editing.drafts) == ("edit", task.presentation, task.drafts)
    assert editing.best == task.drafts[1]  # of the tied ones the first shown
    submit_edit(here.store, submission, "edited")
    assert here.open("ann").item.name == "q2"


def test_without_a_ranking_everybody_begins_from_the_same_draft(desk) -> None:
    here = desk(task="edit", overlap=10)
    here.campaign.items(1, "one", "two", "three")
    begun = [here.open(f"annotator {n}") for n in range(10)]
    assert {task.best.name for task in begun} == {"d1"}
    assert len({task.presentation.draft_ids for task in begun}) > 1


def test_between_ranking_and_edit_the_place_is_kept_for_ever(desk) -> None:
    here = desk(task="rank+edit", overlap=1)
    here.campaign.items(1, "one", "two")
    here.finish(here.open("ann"))
    here.now += timedelta(days=30)
    assert here.open("bob") is None
    task = here.open("ann")
    assert task.step == "edit"
    assert here.finish(task) == "stored"
    assert here.open("bob") is None


def test_the_task_is_that_of_the_day_it_was_shown(desk) -> None:
    here = desk(task="rank")
    here.campaign.items(2, "one", "two")
    task = here.open("ann")
    here.project = replace(here.project, settings=replace(here.project.settings, task="edit"))
    assert here.open("ann").step == "ranking"
    here.finish(task)
    assert here.open("ann").step == "edit"


def test_the_guidelines_version_that_was_read_is_kept(desk) -> None:
    here = desk()
    here.campaign.items(2, "one", "two")
    versions = []
    for text in ("Be kind.", "Be brief."):
        here.store.save_guidelines(here.project.id, text)
        task = here.open("ann")
        versions.append(task.presentation.guidelines_version)
        here.finish(task)
    assert versions == [1, 2]


def test_what_was_on_the_screen_can_be_rebuilt(desk) -> None:
    here = desk(task="edit")
    item = here.campaign.item("q1", "one", "two")
    task = here.open("ann")
    here.finish(task)
    [annotation] = here.store.submitted(task.presentation.id)
    shown = here.store.presentation(annotation.presentation_id)
    assert shown == task.presentation
    assert [
        draft.text for draft_id in shown.draft_ids for draft in here.store.drafts(item.id) if draft.id == draft_id
    ] == [draft.text for draft in task.drafts]
    assert annotation.judgement == Edit(task.best.id, "answer")


# ---- counts


def test_counts_say_what_is_done_open_and_waiting(desk) -> None:
    here = desk(overlap=2)
    here.campaign.items(4, "one", "two")
    here.campaign.item("no drafts yet")
    assert here.store.queue_counts(here.project, "ann") == QueueCounts(done=0, open=4, waiting=1)
    here.finish(here.open("ann"))
    held = here.open("ann")
    assert held.item.name == "q2"
    assert here.store.queue_counts(here.project, "ann") == QueueCounts(done=1, open=2, waiting=2)
    here.finish(here.open("bob"))
    assert here.store.queue_counts(here.project, "ann") == QueueCounts(done=1, open=2, waiting=1)
    assert here.store.queue_counts(here.project, "cid") == QueueCounts(done=0, open=3, waiting=1)


def test_open_is_as_many_as_will_be_given(desk) -> None:
    here = desk(overlap=2)
    here.campaign.items(6, "one", "two")
    counts = here.store.queue_counts(here.project, "ann")
    assert len(here.names("ann")) == counts.open == 6


def test_nobody_in_particular_gets_nothing(desk) -> None:
    with pytest.raises(InputError) as caught:
        desk().open(" ")
    assert str(caught.value) == "The desk needs to know who you are. Choose a name."


def test_a_presentation_that_is_not_there_is_said(desk) -> None:
    unknown = new_id()
    with pytest.raises(NotFound) as caught:
        desk().store.presentation(unknown)
    assert str(caught.value) == f"There is no presentation {unknown}. Reload the desk."


def test_projects_do_not_share_their_queues(desk) -> None:
    one, other = desk(), desk()
    one.campaign.items(1, "one", "two")
    assert other.open("ann") is None
    assert isinstance(one.open("ann").item, Item)
    assert other.store.queue_counts(other.project, "ann") == QueueCounts(0, 0, 0)


def test_a_project_asks_for_its_task_and_for_what_templates_and_prompts_are_asked(desk) -> None:
    here = desk(task="label")
    here.campaign.items(1, "one", "two")
    assert tasks_of(here.project, here.store.item_kinds(here.project.id)) == ("label",)
    assert tasks_of(here.project, {"response", "conversion"}) == ("label", "rank+edit")
    assert here.store.item_kinds(new_id()) == set()
