"""Arms: assigned for ever by seed and id; control, canary and repeat at the desk; and that none of them leaks."""

from collections import Counter
from datetime import timedelta
from functools import partial
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concord.agreement.arms import Constancy, Watch, constancies, watches
from concord.agreement.report import report
from concord.agreement.report_json import as_json
from concord.desk.arms import arm_of
from concord.desk.queue import Assignment, open_item
from concord.desk.submit import Submission, submit_edit, submit_ranking
from concord.export.interchange import interchange_lines
from concord.ids import new_id
from concord.records.annotation import Edit
from concord.records.project import Settings

SHARES = st.tuples(*[st.integers(0, 33)] * 3).map(lambda percents: [percent / 100 for percent in percents])
IDS = st.lists(st.uuids(), min_size=1, max_size=20)


def with_shares(shares: list[float], seed: int = 0) -> Settings:
    return Settings(control=shares[0], canary=shares[1], repeat=shares[2], seed=seed)


@given(SHARES, IDS, IDS, st.integers(0, 2**31))
def test_an_item_s_arm_stays_whatever_items_come(shares, first: list[UUID], later: list[UUID], seed: int) -> None:
    arm = partial(arm_of, with_shares(shares, seed))
    before = {item: arm(item) for item in first}
    after = {item: arm(item) for item in reversed(later + first)}
    assert after | before == after
    assert {
        name for name, share in zip(("undrafted", "canary", "repeat"), shares, strict=True) if not share
    }.isdisjoint(after.values())


def test_arms_have_their_shares() -> None:
    arms = Counter(arm_of(with_shares([0.1, 0.2, 0.3], seed=7), new_id()) for _ in range(4_000))
    found = [arms[name] / 4_000 for name in ("undrafted", "canary", "repeat")]  # type: ignore[index]
    assert np.allclose(found, [0.1, 0.2, 0.3], atol=0.04)  # five standard errors


def test_another_seed_is_another_choice() -> None:
    items = [new_id() for _ in range(200)]
    one, other = ([arm_of(with_shares([0.5, 0, 0], seed), item) for item in items] for seed in (1, 2))
    assert one != other


# ---- at the desk


class Desk:
    """Somebody at work; every judgement takes a minute."""

    def __init__(self, campaign) -> None:
        self.campaign, self.store, self.project = campaign, campaign.store, campaign.project
        self.now = campaign.project.created_at

    def open(self, annotator: str = "ann") -> Assignment | None:
        return open_item(self.store, self.project, annotator, now=self.now)

    def finish(self, task: Assignment, order: list[str] | None = None, text: str = "answer") -> str:
        self.now += timedelta(minutes=1)
        submission = Submission(task.presentation.id, task.presentation.annotator, 1.0, self.now)
        if task.step == "edit":
            return submit_edit(self.store, submission, text)
        by_name = {draft.name: draft.id for draft in task.drafts}
        ranked = [by_name[name] for name in order] if order else [draft.id for draft in task.drafts]
        return submit_ranking(self.store, submission, [[draft] for draft in ranked])

    def names(self, annotator: str = "ann") -> list[str]:
        """The items given until there is no more."""
        given = []
        while task := self.open(annotator):
            given.append(task.item.name)
            self.finish(task)
        return given


@pytest.fixture
def desk(new_campaign):
    return lambda **chosen: Desk(new_campaign(**{"task": "rank", "overlap": 1, **chosen}))


def test_a_control_item_is_answered_from_nothing(desk) -> None:
    here = desk(task="rank+edit")
    here.campaign.item("q1", arm="undrafted")
    assert here.store.queue_counts(here.project, "ann").open == 1
    task = here.open()
    assert (task.presentation.task, task.step, task.drafts, task.best) == ("edit", "edit", (), None)
    assert here.finish(task) == "stored"
    [annotation] = here.store.annotations(here.project.id)
    assert annotation.judgement == Edit(None, "answer")
    assert here.store.missing_drafts(here.project.id, candidates=3).drafts == 0


def test_a_repeat_comes_after_ten_others_in_the_opposite_order(desk) -> None:
    here = desk(repeat=0.1)
    here.campaign.item("again", "one", "two", "three", arm="repeat")
    here.campaign.items(14, "one", "two", "three")
    first = here.open()
    assert here.finish(first) == "stored"
    between = []
    while (task := here.open()) and task.item.name != "again":
        between.append(task.item.name)
        here.finish(task)
    assert len(between) == 10
    assert task.presentation.id != first.presentation.id
    assert task.drafts == first.drafts[::-1]
    assert here.open() == task
    assert here.finish(task) == here.finish(task).replace("repeated", "stored")
    assert here.names() == ["q11", "q12", "q13", "q14"]
    assert here.open() is None


def test_a_repeat_comes_earlier_when_nothing_else_is_left_but_not_at_once(desk) -> None:
    here = desk(repeat=0.1)
    here.campaign.items(2, "one", "two")
    here.campaign.item("again", "one", "two", arm="repeat")
    assert here.names() == ["q1", "q2", "again"]
    here.campaign.item("q3", "one", "two")
    assert here.names() == ["q3", "again"]


def test_a_repeat_takes_no_place_and_both_judgements_stand(desk) -> None:
    here = desk(repeat=0.1, overlap=2)
    here.campaign.item("again", "one", "two", arm="repeat")
    here.campaign.item("q1", "one", "two")
    assert here.names("ann") == ["again", "q1", "again"]
    assert here.names("ben") == ["again", "q1", "again"]
    assert [check for check in here.store.verify() if check.wrong] == []
    assert here.store.counts(here.project.id).annotations == 6
    ranked = as_json(report(here.store, here.project))["agreement"]["ranking"]["repeat"]["statistics"]["kendall_w"]
    assert (ranked["items"], ranked["annotators"]) == (1, 2)


def test_who_ranks_the_same_way_twice_is_constant(desk) -> None:
    here = desk(repeat=0.1, overlap=2)
    here.campaign.item("again", "one", "two", "three", arm="repeat")
    here.campaign.item("q1", "one", "two", "three")
    for annotator, second in (("ann", ["d1", "d2", "d3"]), ("ben", ["d2", "d1", "d3"])):
        for order in (["d1", "d2", "d3"], None, second):
            here.finish(here.open(annotator), order)
    assert constancies(here.store, here.project.id) == [Constancy("ann", 3, 3), Constancy("ben", 3, 2)]


def test_text_of_a_repeat_is_kept_until_its_submit(desk) -> None:
    here = desk(repeat=0.1, task="edit")
    here.campaign.item("again", "one", arm="repeat")
    here.campaign.item("q1", "one")
    here.finish(here.open())
    here.finish(here.open())
    task = here.open()
    assert here.store.save_unsaved(task.presentation.id, "edit", {"text": "half"}, here.now)
    assert here.open().unsaved == {"text": "half"}
    here.finish(task, text="whole")
    assert not here.store.save_unsaved(task.presentation.id, "edit", {"text": "late"}, here.now)
    texts = [a.judgement.text for a in here.store.annotations(here.project.id) if a.item_id == task.item.id]
    assert texts == ["answer", "whole"]


def test_repeats_end_when_a_lead_takes_the_share_away(desk) -> None:
    here = desk(repeat=0.0)
    here.campaign.item("again", "one", "two", arm="repeat")
    here.campaign.item("q1", "one", "two")
    assert here.names() == ["again", "q1"]


def canary(here: Desk, name: str = "c1", **planted):
    """A canary as a run makes it."""
    params = {"planted": {"kind": "number", "at": 5, "before": "3", "after": "9", **planted}, "copy_of": "d1"}
    item = here.campaign.item(name, arm="canary")
    here.campaign.draft(item, "d1", "It is 3 days.")
    here.campaign.draft(item, "d2", "It is 9 days.", params=params)
    return item


def test_who_ranks_the_sound_draft_above_its_faulty_copy_saw_the_fault(desk) -> None:
    here = desk(overlap=3)
    canary(here)
    for annotator, order in (("ann", ["d1", "d2"]), ("ben", ["d2", "d1"])):
        here.finish(here.open(annotator), order)
    assert watches(here.store, here.project.id) == [Watch("ann", 1, 1), Watch("ben", 1, 0)]


@pytest.mark.parametrize(("before", "after", "edit", "seen"), [
    ("3", "9", "It is 3 days.", 1), ("3", "9", "It is 9 days.", 0), ("3", "9", "Soon.", 1),
    ("is not", "is", "It is not so.", 1), ("is not", "is", "It is so.", 0),
    ("will", "will not", "It will come.", 1), ("will", "will not", "It will not come.", 0),
    ("It rains.", "", "Take it. It rains.", 1), ("It rains.", "", "Take it.", 0),
])  # fmt: skip
def test_who_edits_the_fault_away_saw_it(desk, before: str, after: str, edit: str, seen: int) -> None:
    here = desk(task="edit")
    planted = {"kind": "number", "at": 0, "before": before, "after": after}
    item = here.campaign.item("c1", arm="canary")
    here.campaign.draft(item, "d1", "faulty", params={"planted": planted})
    here.finish(here.open(), text=edit)
    assert watches(here.store, here.project.id) == [Watch("ann", 1, seen)]


# ---- invariant 10


@settings(max_examples=6)
@given(st.lists(st.sampled_from(["drafted", "undrafted", "canary", "repeat"]), min_size=1, max_size=5))
def test_no_other_arm_leaks_into_what_is_said_of_the_main_arm(new_campaign, arms: list[str]) -> None:
    mixed, main = (Desk(new_campaign(task="rank+edit", overlap=2, repeat=0.1)) for _ in range(2))
    for number, arm in enumerate(arms):
        texts = () if arm == "undrafted" else ("one", "two")
        mixed.campaign.item(f"q{number}", *texts, arm=arm)
        if arm == "drafted":
            main.campaign.item(f"q{number}", *texts)
    for here in (mixed, main):
        for annotator in ("ann", "ben"):
            while task := here.open(annotator):
                order = ["d1", "d2"] if (annotator == "ann") == task.item.name.endswith(("1", "4")) else ["d2", "d1"]
                here.finish(task, order if task.step == "ranking" else None, text=f"{annotator} {task.item.name}")
    assert _main_arm(mixed) == _main_arm(main)
    assert {item.name for item, _ in mixed.store.example_answers(mixed.project.id)} == {
        f"q{number}" for number, arm in enumerate(arms) if arm == "drafted"
    }
    written = b"".join(interchange_lines(mixed.store, mixed.project))
    assert written.count(b"\n") == arms.count("drafted")
    assert b"".join(interchange_lines(mixed.store, mixed.project, all_arms=True)).count(b"\n") == len(arms)
    with mixed.store.export_source(mixed.project.id) as source:
        assert source.items().num_rows == arms.count("drafted")


def _main_arm(here: Desk) -> dict:
    """What the report says of the main arm, by question.

    Ids differ by project, and break ties between items that are equally disputed and judgements of one moment.
    """
    found = as_json(report(here.store, here.project))["agreement"]
    main = {question: arms["main"] for question, arms in found.items() if "main" in arms}
    for said in main.values():
        said["disputed"] = sorted((one | {"id": None} for one in said["disputed"]), key=lambda one: one["item"])
        said["people"] = [person | {"earlier": None, "later": None} for person in said["people"]]
    return main
