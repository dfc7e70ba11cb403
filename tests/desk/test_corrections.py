"""What I have judged, and corrections: the page as it was, and a judgement that supersedes."""

from datetime import timedelta

import orjson
import pytest

from concord.desk.corrections import open_correction
from concord.desk.factual import Facts
from concord.desk.queue import Assignment, extend_lease, open_item
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
from concord.errors import Conflict, NotFound
from concord.export.interchange import interchange_lines
from concord.records.annotation import Comparison, Edit, FactualChecks, Ranking
from concord.records.desk import Search
from concord.records.rubric import Criterion, Question

MINUTE = timedelta(minutes=1)


class Desk:
    """One who judges and corrects; every submit takes a minute."""

    def __init__(self, campaign, annotator: str = "ann") -> None:
        self.campaign, self.store, self.project = campaign, campaign.store, campaign.project
        self.annotator, self.now = annotator, campaign.project.created_at

    def open(self) -> Assignment:
        task = open_item(self.store, self.project, self.annotator, now=self.now)
        assert task
        return task

    def submit(self, task: Assignment, *, reverse: bool = False, text: str = "answer") -> str:
        self.now += MINUTE
        submission = Submission(task.presentation.id, self.annotator, 1.0, self.now, task.attempt)
        if task.step == "edit":
            return submit_edit(self.store, submission, text)
        order = reversed(task.drafts) if reverse else task.drafts
        return submit_ranking(self.store, submission, [[draft.id] for draft in order])

    def finish(self, count: int = 1, *, text: str = "answer") -> list[Assignment]:
        """Judge so many items."""
        done: list[Assignment] = []
        while len(done) < count:
            task = self.open()
            self.submit(task, text=text)
            if task.step == "edit" or task.presentation.task == "rank":
                done.append(task)
        return done

    def correct(self, task: Assignment) -> Assignment:
        """Open the correction, and see it on the desk."""
        open_correction(self.store, self.project, self.annotator, task.presentation.id, now=self.now)
        return self.open()

    def undo(self, task: Assignment) -> str:
        made = annotation_id(task.presentation.id, task.step, task.attempt)
        return undo_submit(self.store, self.project, self.annotator, made, now=self.now)

    def work(self, text: str = "", page: int = 0, limit: int = 20) -> list[str]:
        """The names of what was judged."""
        return [one.item for one in self.store.work(self.project.id, self.annotator, Search(text, page, limit)).works]

    def counting(self) -> list:
        return [one.judgement for one in self.store.annotations(self.project.id)]

    def reported(self) -> list:
        """The tiers that the agreement report is made of, best draft first."""
        [placements] = self.store.placements(self.project.id)
        return sorted(zip(placements.tier.tolist(), placements.draft.tolist(), strict=True))

    def places(self) -> list:
        return self.store.engine.read("select item_id, wanted, taken from queue order by position")


@pytest.fixture
def desk(new_campaign):
    def begin(task: str = "rank", items: int = 3, **chosen) -> Desk:
        campaign = new_campaign(task=task, overlap=1, **chosen)
        campaign.items(items, "one", "two")
        return Desk(campaign)

    return begin


def test_my_work_is_what_i_finished_newest_first_a_page_at_a_time(desk) -> None:
    ann = desk(items=4)
    ann.finish(3)
    ann.open()
    assert ann.work() == ["q3", "q2", "q1"]
    assert (ann.work(page=1, limit=2), ann.work(text="About Q2")) == (["q1"], ["q2"])
    assert ann.store.work(ann.project.id, "ann", Search(limit=2)).total == 3
    assert ann.store.work(ann.project.id, "bob", Search()).works == ()


def test_a_correction_shows_the_same_page_with_what_was_entered(desk) -> None:
    ann = desk(task="rank+edit")
    [edit] = ann.finish(text="half right")
    waiting = ann.open()
    again = ann.correct(edit)
    assert again.presentation.id != edit.presentation.id
    assert (again.item, again.drafts, again.step) == (edit.item, edit.drafts, "ranking")
    assert again.entered == Ranking(tuple((draft.id,) for draft in edit.drafts))
    assert again.corrects == ann.now
    ann.submit(again, reverse=True)
    text = ann.open()
    assert (text.step, text.entered.text, text.best) == ("edit", "half right", edit.drafts[-1])
    ann.submit(text, text="right")
    assert ann.open().presentation == waiting.presentation
    assert ann.counting() == [
        Ranking(tuple((draft.id,) for draft in reversed(edit.drafts))),
        Edit(edit.drafts[-1].id, "right"),
    ]


def test_a_correction_supersedes_and_takes_no_place(desk) -> None:
    ann = desk()
    [first, _] = ann.finish(2)
    before = ann.places()
    again = ann.correct(first)
    assert [ann.submit(again, reverse=True), ann.submit(again, reverse=True)] == ["stored", "repeated"]
    assert ann.places() == before
    assert len(ann.counting()) == 2
    assert ann.work() == ["q1", "q2"]
    assert [one.corrected for one in ann.store.work(ann.project.id, "ann", Search()).works] == [True, False]
    [line, _, _] = map(orjson.loads, interchange_lines(ann.store, ann.project))
    assert [one["ranks"] for one in line["annotations"]] == [{again.drafts[1].name: 1, again.drafts[0].name: 2}]
    assert [check for check in ann.store.verify() if check.wrong] == []


def test_a_correction_can_be_corrected(desk) -> None:
    ann = desk()
    [first] = ann.finish()
    ann.submit(ann.correct(first), reverse=True)
    second = ann.correct(first)
    assert second.entered == Ranking(tuple((draft.id,) for draft in reversed(first.drafts)))
    ann.submit(second)
    assert ann.counting() == [Ranking(tuple((draft.id,) for draft in first.drafts))]


def test_a_correction_that_is_left_goes_away_and_the_same_page_comes_when_it_is_wanted_again(desk) -> None:
    ann = desk()
    first, _ = ann.finish(2)
    waiting = ann.open()
    page = ann.correct(first)
    ann.store.leave_correction(ann.project.id, "ann", ann.now)
    assert ann.open().presentation == waiting.presentation
    assert len(ann.counting()) == 2
    assert ann.correct(first).presentation == page.presentation


def test_a_correction_goes_away_by_itself_when_nobody_is_at_it(desk) -> None:
    ann = desk(lease_minutes=10)
    [first] = ann.finish()
    page = ann.correct(first)
    ann.now += 9 * MINUTE
    extend_lease(ann.store, ann.project, page.presentation, now=ann.now)
    ann.now += 9 * MINUTE
    assert ann.open().presentation == page.presentation
    ann.now += 11 * MINUTE
    assert ann.open().item.name == "q2"
    assert ann.submit(page, reverse=True) == "stored"  # from a tab that was left open


def half_corrected(ann: Desk) -> tuple[Assignment, list]:
    """A correction whose ranking is submitted and whose edit is not, and what counted before."""
    [first] = ann.finish(text="right before")
    before = ann.counting()
    page = ann.correct(first)
    ann.submit(page, reverse=True)
    return page, before


def test_a_correction_counts_nowhere_until_it_is_whole(desk) -> None:
    ann = desk(task="rank+edit")
    first, *_ = ann.finish(text="right before")
    before, reported, lines = ann.counting(), ann.reported(), list(interchange_lines(ann.store, ann.project))
    ann.submit(ann.correct(first), reverse=True)
    assert (ann.counting(), ann.reported(), list(interchange_lines(ann.store, ann.project))) == (
        before,
        reported,
        lines,
    )
    edit = ann.open()
    ann.submit(edit, text="right now")
    assert ann.counting() == [
        Ranking(tuple((draft.id,) for draft in reversed(first.drafts))),
        Edit(first.drafts[-1].id, "right now"),
    ]
    assert (ann.reported() != reported, ann.undo(edit), ann.reported()) == (True, "stored", reported)


def test_what_was_submitted_of_a_correction_that_is_left_half_way_is_taken_back(desk) -> None:
    ann = desk(task="rank+edit")
    page, before = half_corrected(ann)
    edit = ann.open()
    assert (edit.presentation, edit.step) == (page.presentation, "edit")
    ann.store.save_unsaved(edit.presentation.id, "edit", {"text": "half"}, ann.now)
    ann.store.leave_correction(ann.project.id, "ann", ann.now)
    assert ann.counting() == before
    again = ann.correct(page)
    assert (again.presentation, again.step, again.attempt) == (page.presentation, "ranking", 1)
    assert again.entered == Ranking(tuple((draft.id,) for draft in reversed(page.drafts)))
    ann.submit(again, reverse=True)
    edit = ann.open()
    assert edit.unsaved == {"text": "half"}
    ann.submit(edit, text="right now")
    assert ann.counting() == [again.entered, Edit(page.drafts[-1].id, "right now")]
    assert [check for check in ann.store.verify() if check.wrong] == []


@pytest.mark.parametrize("annotator", ["ann", "bob"])
def test_half_a_correction_that_nobody_is_at_is_taken_back_when_anybody_comes(desk, annotator) -> None:
    ann = desk(task="rank+edit", lease_minutes=10)
    page, before = half_corrected(ann)
    ann.now += 11 * MINUTE
    came = open_item(ann.store, ann.project, annotator, now=ann.now)
    assert came.presentation != page.presentation
    assert ann.counting() == before


def test_half_a_correction_is_taken_back_when_another_page_is_opened(desk) -> None:
    ann = desk(task="rank+edit")
    [other] = ann.finish()
    _, before = half_corrected(ann)
    ann.correct(other)
    assert ann.counting() == before


def test_a_correction_that_is_wanted_again_half_way_goes_on_where_it_was(desk) -> None:
    ann = desk(task="rank+edit")
    page, _ = half_corrected(ann)
    again = ann.correct(page)
    assert (again.presentation, again.step, again.attempt) == (page.presentation, "edit", 0)


def test_a_ranking_from_a_tab_that_was_left_open_opens_the_correction_again(desk) -> None:
    ann = desk(task="rank+edit")
    first, other = ann.finish(2)
    page = ann.correct(first)
    ann.correct(other)
    ann.submit(page, reverse=True)
    assert (ann.open().presentation, ann.open().step) == (page.presentation, "edit")
    before = ann.counting()
    ann.store.leave_correction(ann.project.id, "ann", ann.now)
    assert ann.counting() == before
    assert len(before) == 4


def test_of_a_correction_whose_edit_was_taken_back_the_ranking_is_taken_back_when_it_is_left(desk) -> None:
    ann = desk(task="rank+edit")
    page, before = half_corrected(ann)
    edit = ann.open()
    ann.submit(edit, text="right now")
    ann.undo(edit)
    assert ann.open().presentation == page.presentation
    ann.store.leave_correction(ann.project.id, "ann", ann.now)
    assert ann.counting() == before


def test_only_one_correction_is_open(desk) -> None:
    ann = desk()
    first, second = ann.finish(2)
    ann.correct(first)
    page = ann.correct(second)
    ann.submit(page, reverse=True)
    assert ann.open().item.name == "q3"


def test_a_correction_can_be_taken_back(desk) -> None:
    ann = desk()
    first, _ = ann.finish(2)
    page = ann.correct(first)
    ann.submit(page, reverse=True)
    assert ann.undo(page) == "stored"
    assert ann.counting()[0] == Ranking(tuple((draft.id,) for draft in first.drafts))
    again = ann.open()
    assert (again.presentation, again.attempt) == (page.presentation, 1)
    assert again.entered == Ranking(tuple((draft.id,) for draft in reversed(first.drafts)))


def test_what_is_taken_back_comes_before_a_correction_that_was_open(desk) -> None:
    ann = desk()
    first, second = ann.finish(2)
    ann.correct(first)
    ann.undo(second)
    assert ann.open().presentation == second.presentation


def test_what_was_corrected_can_be_taken_back_no_more(desk) -> None:
    ann = desk()
    [first] = ann.finish()
    ann.submit(ann.correct(first), reverse=True)
    with pytest.raises(Conflict, match=r"Only your last submit can be undone\. Reload the desk\."):
        ann.undo(first)


def test_typed_words_of_a_correction_are_kept_until_its_submit(desk) -> None:
    ann = desk(task="edit")
    [first] = ann.finish(text="half right")
    page = ann.correct(first)
    assert page.entered.text == "half right"
    assert ann.store.save_unsaved(page.presentation.id, "edit", {"text": "nearly"}, ann.now)
    assert ann.open().unsaved == {"text": "nearly"}
    ann.submit(page, text="right")
    assert not ann.store.save_unsaved(page.presentation.id, "edit", {"text": "late"}, ann.now)


@pytest.mark.parametrize("decision", ["pick", "reject"])
def test_what_a_reviewer_decided_on_stays(desk, decision) -> None:
    ann = desk()
    [first] = ann.finish()
    page = ann.correct(first)
    ann.campaign.decide(first.item, decision, "d1" if decision == "pick" else None)
    cure = r"A reviewer has decided this item, so what it was decided on stays\. Say what is wrong in a comment\."
    with pytest.raises(Conflict, match=cure):
        ann.correct(first)
    with pytest.raises(Conflict, match=cure):
        ann.submit(page)
    assert [one.decided for one in ann.store.work(ann.project.id, "ann", Search()).works] == [True]


def test_what_a_reviewer_sent_back_can_be_corrected(desk) -> None:
    ann = desk()
    [first] = ann.finish()
    ann.campaign.decide(first.item, "send_back")
    assert ann.submit(ann.correct(first), reverse=True) == "stored"


def test_what_is_not_finished_or_not_mine_cannot_be_corrected(desk) -> None:
    ann = desk(task="rank+edit")
    [first] = ann.finish()
    open_now = ann.open()
    with pytest.raises(Conflict, match=r"You have not finished this item\. Finish it at the desk;"):
        ann.correct(open_now)
    with pytest.raises(NotFound, match=r"This item was not shown to 'bob'\. Reload the page\."):
        open_correction(ann.store, ann.project, "bob", first.presentation.id, now=ann.now)


def test_what_was_skipped_half_way_stays(desk) -> None:
    ann = desk(task="rank+edit")
    ranking = ann.open()
    ann.submit(ranking)
    skip_item(ann.store, Submission(ranking.presentation.id, "ann", None, ann.now), "unclear")
    assert ann.work() == []
    with pytest.raises(Conflict, match=r"You skipped this item, and that stays\. Reload the page\."):
        ann.correct(ranking)


def test_a_second_look_is_no_part_of_my_work_and_compares_with_the_first(new_campaign) -> None:
    campaign = new_campaign(task="rank", overlap=1, repeat=0.5)
    for name, arm in (("q1", "repeat"), ("q2", "drafted")):
        campaign.item(name, "one", "two", arm=arm)
    ann = Desk(campaign)
    task, _, again = ann.finish(3)
    assert again.item == task.item
    ann.submit(ann.correct(task), reverse=True)
    assert ann.work() == ["q1", "q2"]
    [one] = ann.store.ranked_twice(ann.project.id)
    assert one.first == -one.again  # shown the other way round, and the first shown came first both times


def test_every_kind_of_answer_comes_back_to_be_corrected_with_what_was_said_of_the_facts(new_campaign) -> None:
    asked = {"rubric": (Criterion("help"),), "questions": (Question("tone", ("warm", "cold")),)}
    for task in ("rate", "label", "compare"):
        campaign = new_campaign(task=task, overlap=1, factual_checks=task == "compare", **asked)
        campaign.items(1, "one", "two")
        ann = Desk(campaign)
        page = ann.open()
        drafts = [draft.id for draft in page.drafts]
        submission = Submission(page.presentation.id, "ann", 1.0, ann.now)
        match task:
            case "rate":
                submit_ratings(ann.store, submission, {"help": 4})
            case "label":
                submit_labels(ann.store, submission, {"tone": ["warm"]})
            case _:
                facts = Facts(dict.fromkeys(drafts, "right"))
                submit_comparison(ann.store, submission, Comparison(drafts[0], strength="much"), facts=facts)
        again = ann.correct(page)
        assert (again.presentation.rubric, again.presentation.questions) == (
            page.presentation.rubric,
            page.presentation.questions,
        )
        [counts] = [one for one in ann.counting() if not isinstance(one, FactualChecks)]
        assert again.entered == counts
        assert dict(again.said.values) == (dict.fromkeys(drafts, "right") if task == "compare" else {})
