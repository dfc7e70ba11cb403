"""What holds whatever people do: any order of openings, submits, repetitions, autosaves and time going by."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random
from typing import Any
from uuid import UUID

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from concord.desk.autosave import make_token, save
from concord.desk.corrections import open_correction
from concord.desk.naming import assign, unassign
from concord.desk.queue import STEPS, Assignment, Step, assignment, open_item
from concord.desk.remarks import skip_item
from concord.desk.submit import (
    Submission,
    annotation_id,
    submit_comparison,
    submit_edit,
    submit_labels,
    submit_ranking,
    submit_ratings,
)
from concord.desk.undo import undo_submit
from concord.errors import Conflict, InputError, NotFound
from concord.records.annotation import Comparison, Edit
from concord.records.desk import Page
from concord.records.gold import Known
from concord.records.kinds import Outcome, Task
from concord.records.rubric import Criterion, Question

ANNOTATORS = ("ann", "bob", "cid", "dan")


def submit(campaign, task: Assignment, now: datetime, *, reverse: bool = False) -> Outcome:
    """Submit what the page asks for."""
    submission = Submission(task.presentation.id, task.presentation.annotator, 1.0, now, task.attempt)
    drafts = [draft.id for draft in (reversed(task.drafts) if reverse else task.drafts)]
    match task.step:
        case "ranking":
            return submit_ranking(campaign.store, submission, [[draft] for draft in drafts])
        case "comparison":
            return submit_comparison(campaign.store, submission, Comparison(drafts[0], strength="much"))
        case "rating":
            return submit_ratings(campaign.store, submission, {"help": 5 if reverse else 1})
        case "label":
            return submit_labels(campaign.store, submission, {"tone": ["cold", "warm"] if reverse else ["warm"]})
        case "edit":
            return submit_edit(campaign.store, submission, f"answer {reverse}")


def overfull(campaign) -> list:
    """Items with more annotators than they want, or whose number of annotators is wrong."""
    return campaign.store.engine.read(
        "select q.item_id, q.wanted, q.taken, count(a.item_id) as present from queue q "
        "left join assignments a on a.item_id = q.item_id where q.project_id = $1 group by all "
        "having q.taken > q.wanted or q.taken <> present",
        campaign.project.id,
    )


def judged(campaign) -> list[tuple[str, UUID, UUID, str]]:
    """(annotator, item, presentation, kind) of each judgement."""
    return campaign.store.engine.read(
        "select annotator, item_id, presentation_id, kind from current_annotations where project_id = $1",
        campaign.project.id,
    )


def judged_anew(campaign) -> list:
    """Annotators with items that they judged under two presentations."""
    pages = {(annotator, item, presentation) for annotator, item, presentation, _ in judged(campaign)}
    return [who for who, number in Counter(page[:2] for page in pages).items() if number > 1]


class Campaign(RuleBasedStateMachine):
    """Annotators at a small campaign; `pages` are all that were ever on a screen, each may still be used."""

    def __init__(self, new_campaign: Any) -> None:
        super().__init__()
        self.new_campaign = new_campaign

    @initialize(task=st.sampled_from(list(STEPS)), training=st.integers(0, 1))
    def begin(self, task: Any, training: int) -> None:
        asked = {"rubric": (Criterion("help"),), "questions": (Question("tone", ("warm", "cold"), multi=True),)}
        settings = {"training": training, "gold": 0.4 * training, **asked}
        self.campaign = self.new_campaign(task=task, overlap=2, lease_minutes=30, **settings)
        self.campaign.items(3, "one", "two")
        known = [self.campaign.item(name, "one", "two") for name in ("g1", "g2")]
        answers = [Known(self.campaign.project.id, item.id, Edit(None, "answer")) for item in known]
        self.campaign.store.add_gold(answers, self.campaign.project.created_at)
        self.last_step = STEPS[task][-1]
        self.now: datetime = self.campaign.project.created_at
        self.pages: list[Assignment] = []
        self.origins: dict[UUID, UUID] = {}
        self.acknowledged: dict[tuple[UUID, Step, int], tuple[UUID, str]] = {}
        self.undone: set[tuple[UUID, Step, int]] = set()
        self.unsaved: dict[tuple[UUID, Step], dict[str, str]] = {}
        self.skipped: set[tuple[UUID, str]] = set()
        self.named: dict[str, set[str]] = {}

    @rule(annotator=st.sampled_from(ANNOTATORS))
    def opens(self, annotator: str) -> None:
        task = open_item(self.campaign.store, self.campaign.project, annotator, now=self.now)
        if task:
            assert (task.item.id, annotator) not in self.skipped
            if task.presentation.id not in {page.presentation.id for page in self.pages}:
                assert annotator in self.named.get(task.item.name, {annotator})
            self.pages.append(task)

    @rule(minutes=st.sampled_from([1, 20, 31]))
    def time_goes_by(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(page=st.integers(0), reverse=st.booleans())
    def submits(self, page: int, reverse: bool) -> None:
        for task in self.pages[-1 - page % len(self.pages) :][:1] if self.pages else ():
            judgement, owner = (task.presentation.id, task.step, task.attempt), self.owner(task)
            try:
                outcome = submit(self.campaign, task, self.now, reverse=reverse)
            except InputError:
                assert task.step == "edit"  # its ranking was taken back
                continue
            except Conflict:
                known = judgement in self.acknowledged or judgement in self.undone
                assert known or owner in self.skipped or owner not in self.finished()
                continue
            assert (outcome == "repeated") == (judgement in self.acknowledged)
            if outcome == "stored":
                self.acknowledged[judgement] = owner
                self.unsaved.pop((task.presentation.id, task.step), None)

    @rule(page=st.integers(0))
    def skips(self, page: int) -> None:
        for task in self.pages[-1 - page % len(self.pages) :][:1] if self.pages else ():
            shown = task.presentation
            try:
                skip_item(self.campaign.store, Submission(shown.id, shown.annotator, None, self.now), "unclear")
            except Conflict:
                assert self.owner(task) in self.finished()
                continue
            self.skipped.add(self.owner(task))
            self.unsaved = {place: state for place, state in self.unsaved.items() if place[0] != shown.id}

    @rule(page=st.integers(0))
    def undoes(self, page: int) -> None:
        for task in self.pages[-1 - page % len(self.pages) :][:1] if self.pages else ():
            shown, judgement = task.presentation, (task.presentation.id, task.step, task.attempt)
            made = annotation_id(*judgement)
            try:
                outcome = undo_submit(self.campaign.store, self.campaign.project, shown.annotator, made, now=self.now)
            except NotFound:
                assert judgement not in self.acknowledged
                assert judgement not in self.undone
            except Conflict:
                assert judgement in self.acknowledged
            else:
                assert (outcome == "repeated") == (judgement in self.undone)
                self.acknowledged.pop(judgement, None)
                self.undone.add(judgement)

    @rule(page=st.integers(0))
    def corrects(self, page: int) -> None:
        for task in self.pages[-1 - page % len(self.pages) :][:1] if self.pages else ():
            store, shown = self.campaign.store, task.presentation
            try:
                again = open_correction(store, self.campaign.project, shown.annotator, shown.id, now=self.now)
            except Conflict:
                stays = task.training or self.owner(task) in self.skipped
                assert stays or self.owner(task) not in self.finished()
                continue
            assert (again.item_id, again.draft_ids) == (shown.item_id, shown.draft_ids)
            self.origins[again.id] = self.origins.get(shown.id, shown.id)
            self.pages.append(assignment(store, Page(again, store.history(again.id))))

    @rule(annotators=st.sets(st.sampled_from(ANNOTATORS), min_size=1), item=st.sampled_from(["q1", "q2", "q3"]))
    def assigns(self, annotators: set[str], item: str) -> None:
        assign(self.campaign.store, self.campaign.project, sorted(annotators), [item], now=self.now)
        self.named.setdefault(item, set()).update(annotators)

    @rule(item=st.sampled_from(["q1", "q2", "q3"]))
    def unassigns(self, item: str) -> None:
        unassign(self.campaign.store, self.campaign.project, [item])
        self.named.pop(item, None)

    @rule(annotator=st.sampled_from(ANNOTATORS))
    def leaves_a_correction(self, annotator: str) -> None:
        self.campaign.store.leave_correction(self.campaign.project.id, annotator, self.now)

    @staticmethod
    def owner(task: Assignment) -> tuple[UUID, str]:
        """The item of a page, with whose page it is."""
        return task.presentation.item_id, task.presentation.annotator

    def finished(self) -> set[tuple[UUID, str]]:
        """The items that are judged to the end, with those who did."""
        return {owner for (_, step, _), owner in self.acknowledged.items() if step == self.last_step}

    @rule(page=st.integers(0), text=st.text("ab", max_size=3))
    def enters(self, page: int, text: str) -> None:
        for task in self.pages[-1 - page % len(self.pages) :][:1] if self.pages else ():
            shown = task.presentation
            token = make_token(self.campaign.store.secret, shown.annotator, shown.id, task.step)
            is_late = (shown.id, task.step) in {acknowledged[:2] for acknowledged in self.acknowledged}
            is_late = is_late or self.owner(task) in self.skipped
            if save(self.campaign.store, token, {"text": text}, now=datetime.now(UTC)):
                assert not is_late
                self.unsaved[shown.id, task.step] = {"text": text}

    @invariant()
    def a_correction_that_is_left_counts_whole_or_not_at_all(self) -> None:
        for page in self.origins:
            [(done, is_open)] = self.campaign.store.engine.read(
                "select done_at is not null, open_until is not null from corrections where presentation_id = $1", page
            )
            taken_back = {one.id for one in self.campaign.store.history(page).undone}
            for judgement in [one for one in self.acknowledged if one[0] == page]:
                if annotation_id(*judgement) in taken_back:
                    self.acknowledged.pop(judgement)
                    self.undone.add(judgement)
                    assert not done
            half = bool([one for one in self.acknowledged if one[0] == page]) and not done
            assert is_open or not half

    @invariant()
    def no_item_has_more_annotators_than_it_wants(self) -> None:
        assert overfull(self.campaign) == []

    def teardown(self) -> None:
        """What was acknowledged is there once, and nothing else; what was entered is there until its submit."""
        if not hasattr(self, "campaign"):
            return
        counting = {(*owner, step): presentation for (presentation, step, _), owner in self.acknowledged.items()}
        stored = judged(self.campaign)
        assert Counter((item, who, kind, page) for who, item, page, kind in stored) == Counter(
            (*judgement, page) for judgement, page in counting.items()
        )
        first = {(who, item, self.origins.get(page, page)) for who, item, page, _ in stored}
        assert len(first) == len({(who, item) for who, item, _ in first})
        assert [check for check in self.campaign.store.verify() if check.wrong] == []
        assert self.campaign.store.engine.read("select max(taken) from queue where arm = 'gold'") == [(0,)]
        history = self.campaign.store.history
        kept = {(page, step): history(page).unsaved.get(step) for page, step in self.unsaved}
        assert kept == self.unsaved


def test_the_invariants_hold_in_any_order_of_events(new_campaign) -> None:
    machine = partial(Campaign, new_campaign)
    run_state_machine_as_test(machine, settings=settings(max_examples=20, stateful_step_count=20))


@pytest.mark.parametrize("task", ["rank+edit", "compare+edit"])
def test_the_invariants_hold_with_many_at_work_at_once_and_leases_running_out(new_campaign, task: Task) -> None:
    campaign = new_campaign(task=task, overlap=3, lease_minutes=30)
    campaign.items(15, "one", "two", "three")

    def work(number: int) -> Counter[Outcome]:
        """Open, walk away, come back to old pages, submit twice; by a clock that runs at a pace of its own."""
        chance, now = Random(number), campaign.project.created_at
        pages: list[Assignment] = []
        outcomes: Counter[Outcome] = Counter()
        for _ in range(20):
            now += timedelta(minutes=chance.choice([0, 1, 40]))
            if task := open_item(campaign.store, campaign.project, f"annotator {number}", now=now):
                pages.append(task)
            for page in chance.choices(pages, k=chance.choice([0, 1, 1, 2])) if pages else ():
                outcomes[submit(campaign, page, now)] += 1
        return outcomes

    with ThreadPoolExecutor(8) as pool:
        outcomes = sum(pool.map(work, range(8)), Counter())
    assert overfull(campaign) == []
    assert judged_anew(campaign) == []
    assert len(judged(campaign)) == outcomes["stored"] == len(set(judged(campaign)))
    assert outcomes["repeated"] > 0
    assert [check for check in campaign.store.verify() if check.wrong] == []


def test_a_campaign_ends_with_every_item_judged_by_as_many_as_it_wants(new_campaign) -> None:
    campaign = new_campaign(task="rank", overlap=3)
    campaign.items(20, "one", "two")

    def work(annotator: str) -> int:
        done = 0
        while task := open_item(campaign.store, campaign.project, annotator, now=campaign.project.created_at):
            assert submit(campaign, task, campaign.project.created_at) == "stored"
            done += 1
        return done

    with ThreadPoolExecutor(5) as pool:
        assert sum(pool.map(work, "abcde")) == 60
    assert campaign.store.counts(campaign.project.id).finished == 20
    assert set(Counter(item for _, item, _, _ in judged(campaign)).values()) == {3}
