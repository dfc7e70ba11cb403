"""Known answers at the desk: training before real work, gold among it; neither takes a place nor counts elsewhere."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import orjson
import pytest

from concord.agreement.report import report
from concord.desk.corrections import open_correction
from concord.desk.gold import is_gold_due
from concord.desk.queue import Assignment, open_item
from concord.desk.remarks import skip_item
from concord.desk.submit import Submission, annotation_id, submit_ranking
from concord.desk.undo import undo_submit
from concord.errors import Conflict
from concord.export.interchange import interchange_lines
from concord.records.annotation import Ranking
from concord.records.desk import QueueCounts, Search
from concord.records.gold import Known
from concord.records.project import Project, Settings

MINUTE = timedelta(minutes=1)


class Desk:
    """Annotators who rank; every submit takes a minute."""

    def __init__(self, campaign) -> None:
        self.campaign, self.store, self.project = campaign, campaign.store, campaign.project
        self.now = campaign.project.created_at

    def make_gold(self, item, order: str = "d1 d2") -> None:
        ids = {draft.name: draft.id for draft in self.store.drafts(item.id)}
        known = Known(self.project.id, item.id, Ranking(tuple((ids[name],) for name in order.split())))
        self.now += MINUTE
        self.store.add_gold([known], self.now)

    def open(self, annotator: str = "ann") -> Assignment | None:
        return open_item(self.store, self.project, annotator, now=self.now)

    def submit(self, task: Assignment, order: str = "d1 d2") -> str:
        self.now += MINUTE
        ids = {draft.name: draft.id for draft in task.drafts}
        submission = Submission(task.presentation.id, task.presentation.annotator, 1.0, self.now, task.attempt)
        return submit_ranking(self.store, submission, [[ids[name]] for name in order.split()])

    def given(self, annotator: str = "ann") -> list[str]:
        """The items that somebody is given until there are no more; `!` marks training."""
        names = []
        while task := self.open(annotator):
            names.append(task.item.name + "!" * task.training)
            self.submit(task)
        return names


def with_settings(desk: Desk, **chosen) -> Project:
    """The project as it would be with other settings."""
    return replace(desk.project, settings=replace(desk.project.settings, **chosen))


@pytest.fixture
def desk(new_campaign):
    def begin(gold: int = 2, real: int = 3, **chosen) -> Desk:
        made = Desk(new_campaign(task="rank", overlap=1, **chosen))
        for n in range(gold):
            made.make_gold(made.campaign.item(f"g{n}", "one", "two"))
        made.campaign.items(real, "one", "two")
        return made

    return begin


def test_a_new_annotator_is_trained_before_real_work(desk) -> None:
    ann = desk(gold=3, training=2)
    given = ann.given()
    assert [name[0] + name[-1] for name in given[:2]] == ["g!", "g!"]
    assert given[2:] == ["q1", "q2", "q3"]
    assert ann.store.trained(ann.project.id, "ann") == 2


def test_everybody_is_trained_whatever_the_items_want(desk) -> None:
    both = desk(gold=2, training=2)
    assert sorted(both.given("ann"))[:2] == sorted(both.given("bob"))[:2] == ["g0!", "g1!"]
    assert both.store.engine.read("select distinct taken from queue where arm = 'gold'") == [(0,)]


def test_who_has_had_real_work_is_not_trained_any_more(new_campaign) -> None:
    campaign = new_campaign(task="rank", overlap=1, training=1)
    [first, _] = campaign.items(2, "one", "two")
    office = Desk(campaign)
    task = office.open()
    assert task
    office.submit(task)
    office.make_gold(campaign.item("g", "one", "two"))
    assert first.name == task.item.name
    assert office.given() == ["q2"]
    assert office.given("bob") == ["g!"]


def test_without_training_and_gold_known_answers_stay_away(desk) -> None:
    assert desk().given() == ["q1", "q2", "q3"]


def test_gold_is_mixed_in_at_its_share_once_each_and_looks_like_any_other(desk) -> None:
    ann = desk(gold=6, real=12)
    ann.project = with_settings(ann, gold=0.5)
    given = ann.given()
    assert set(given) >= {f"q{n}" for n in range(1, 13)}
    assert 0 < sum(name[0] == "g" for name in given) <= 6
    assert max(Counter(given).values()) == 1
    assert not any(name.endswith("!") for name in given)


def test_the_share_of_gold_is_what_is_set() -> None:
    due = [is_gold_due(Settings(gold=0.2, seed=3), "ann", n) for n in range(4_000)]
    assert abs(sum(due) / 4_000 - 0.2) < 0.04  # six standard errors
    assert due != [is_gold_due(Settings(gold=0.2, seed=3), "bob", n) for n in range(4_000)]


def test_a_page_with_a_known_answer_waits_for_its_annotator(desk) -> None:
    ann = desk(training=1)
    first = ann.open()
    ann.now += 100 * MINUTE
    again = ann.open()
    assert first
    assert again
    assert first.presentation == again.presentation
    assert [ann.submit(again), ann.submit(again)] == ["stored", "repeated"]


def test_training_is_not_taken_back_and_not_corrected_but_gold_is(desk) -> None:
    ann = desk(gold=2, training=1)
    task = ann.open()
    assert task
    ann.submit(task)
    made = annotation_id(task.presentation.id, "ranking")
    with pytest.raises(Conflict, match=r"You have seen the known answer, so what you submitted stays\."):
        undo_submit(ann.store, ann.project, "ann", made, now=ann.now)
    with pytest.raises(Conflict):
        open_correction(ann.store, ann.project, "ann", task.presentation.id, now=ann.now)
    assert ann.store.work(ann.project.id, "ann", Search()).works == ()
    ann.project = with_settings(ann, gold=1.0)
    gold = ann.open()
    assert gold
    assert gold.item.name.startswith("g")
    ann.submit(gold)
    [one] = ann.store.work(ann.project.id, "ann", Search()).works
    assert one.item == gold.item.name
    open_correction(ann.store, ann.project, "ann", gold.presentation.id, now=ann.now)
    page = ann.open()
    assert page
    ann.submit(page, "d2 d1")
    undo_submit(ann.store, ann.project, "ann", annotation_id(page.presentation.id, "ranking"), now=ann.now)
    assert sorted(answer.purpose for answer in ann.store.given(ann.project.id)) == ["gold", "training"]


def test_a_known_answer_that_is_skipped_does_not_come_again(desk) -> None:
    ann = desk(gold=2, training=2)
    task = ann.open()
    assert task
    skip_item(ann.store, Submission(task.presentation.id, "ann", None, ann.now), "unclear")
    other = ann.open()
    assert other
    assert (other.training, other.item == task.item) == (True, False)
    assert ann.store.unseen_training(ann.project.id, "ann") is None
    ann.submit(other)
    assert ann.store.unseen_training(ann.project.id, "ann") == other.presentation.id
    assert ann.given() == ["q1", "q2", "q3"]


def test_progress_counts_gold_as_work_done_so_that_it_does_not_show(desk) -> None:
    ann = desk(gold=1, real=2, training=1)
    assert ann.store.queue_counts(ann.project, "ann") == QueueCounts(0, 2, 0)
    ann.given()
    assert ann.store.queue_counts(ann.project, "ann") == QueueCounts(3, 0, 0)
    counts = ann.store.counts(ann.project.id)
    assert (counts.items, counts.finished, counts.annotations) == (2, 2, 2)


def test_judgements_of_known_answers_count_nowhere_unless_asked_for(desk) -> None:
    office = desk(gold=2, real=1, training=2)
    for annotator in ("ann", "bob"):
        office.given(annotator)
    assert [len(one.tier) for one in office.store.placements(office.project.id)] == [2]  # of q1, by one annotator
    assert [group.question for group in report(office.store, office.project).groups] == ["ranking"]
    names = [orjson.loads(line)["item_id"] for line in interchange_lines(office.store, office.project)]
    assert names == ["q1"]
    every = [orjson.loads(line)["item_id"] for line in interchange_lines(office.store, office.project, all_arms=True)]
    assert sorted(every) == ["g0", "g1", "q1"]
    with office.store.export_source(office.project.id) as source:
        assert source.items()["name"].to_pylist() == ["q1"]
    assert office.store.judged_together(office.project.id).names == ()


def test_the_newest_known_answer_counts_and_the_same_again_is_not_new(desk) -> None:
    ann = desk(gold=1, training=1)
    ann.given()
    [one] = ann.store.given(ann.project.id)
    assert one.known == one.given
    item = ann.store.named_item(ann.project.id, "g0")
    ann.make_gold(item, "d2 d1")
    [other] = ann.store.given(ann.project.id)
    assert other.known == Ranking(one.known.tiers[::-1]) != other.given
    assert ann.store.add_gold([Known(ann.project.id, item.id, other.known)], ann.now) == 0
    assert ann.store.known(ann.project.id, item.id) == [other.known]
    assert [check for check in ann.store.verify() if check.wrong] == []


def test_what_was_judged_as_real_work_stands_beside_what_is_known_later(desk) -> None:
    ann = desk(gold=0, real=1)
    ann.given()
    ann.make_gold(ann.store.named_item(ann.project.id, "q1"), "d2 d1")
    [one] = ann.store.given(ann.project.id)
    assert (one.annotator, one.purpose, one.known == one.given) == ("ann", "gold", False)
    ann.project = with_settings(ann, gold=1.0)
    assert ann.given() == []
