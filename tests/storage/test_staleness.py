"""Items of older versions: what they are, and what happens to them while people work."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import UUID

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concord.desk.queue import open_item
from concord.desk.submit import Submission, submit_edit
from concord.ids import derived_id, new_id
from concord.records.annotation import Adjudication, Edit
from concord.records.item import Item, Message
from concord.records.template import Application, Placed, RenderedRows, Stale, Template

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


class Versions:
    """A project whose rows are rendered with one version of a template after the other."""

    def __init__(self, campaign: Any) -> None:
        self.campaign, self.store, self.project = campaign, campaign.store, campaign.project
        self.rows = [new_id() for _ in range(4)]
        self.applied = 0

    def apply(
        self, version: str, rows: Iterable[int] = (0, 1, 2, 3), *, empty: Iterable[int] = (), **how: Any
    ) -> Placed:
        self.applied += 1
        when = NOW + timedelta(minutes=self.applied)
        application = Application(new_id(), self.project.id, "ask", version, when)
        self.store.add_template(Template("ask", version, "source", "", {}, (), None))
        self.store.add_application(application)
        made = RenderedRows([self.item(version, row) for row in rows], [self.rows[row] for row in empty])
        return self.store.place_items(application, made, **{"overlap": 1, "rerender": True, **how})

    def item(self, version: str, row: int) -> Item:
        item_id = derived_id(self.rows[row], version)
        messages = (Message("user", f"{version} of {row}"),)
        facts = {"row_id": self.rows[row], "template_id": "ask", "template_version": version}
        return Item(item_id, self.project.id, f"{version}-{row}", messages, **facts)

    def queued(self) -> list[str]:
        return [item.name for item in self.store.items(self.project.id)]

    def retired(self) -> dict[UUID, tuple[UUID | None, str]]:
        """What took the place of each retired item, and why."""
        found = self.store.engine.read(
            "select item_id, replaced_by, reason from retired where project_id = $1", self.project.id
        )
        return {item_id: (heir, reason) for item_id, heir, reason in found}

    def wrong(self) -> dict[str, int]:
        # These rows are none: only their ids are of interest.
        return {
            check.name: check.wrong
            for check in self.store.verify()
            if check.wrong and check.name != "every item from a row names a row"
        }


@pytest.fixture
def versions(new_campaign: Callable[..., Any]) -> Callable[[], Versions]:
    return lambda: Versions(new_campaign(task="edit", overlap=1, candidates=1))


def stale(made: Versions) -> list[tuple[Any, ...]]:
    return [(one.version, one.items, one.answers, one.replaceable) for one in made.store.stale(made.project.id)]


def test_nothing_is_stale_before_another_version_is_applied(versions) -> None:
    made = versions()
    made.apply("v1")
    assert made.store.stale(made.project.id) == []


def test_items_of_an_older_version_and_their_answers_are_stale(versions) -> None:
    made = versions()
    made.apply("v1")
    made.campaign.judge(made.item("v1", 0), "ana", Edit(None, "So."))
    assert made.apply("v2", [0, 1], rerender=False) == Placed(0, 0, 2, 0)
    assert made.store.stale(made.project.id) == [Stale("ask", "v2", 4, 1, 3)]


def test_an_item_gives_its_place_to_that_of_the_newer_version(versions) -> None:
    made = versions()
    made.apply("v1")
    assert made.apply("v2", [1]) == Placed(1, 0, 0, 1)
    assert made.queued() == ["v1-0", "v2-1", "v1-2", "v1-3"]
    old = made.item("v1", 1)
    assert made.retired() == {old.id: (made.item("v2", 1).id, "replaced by a newer version")}
    assert made.store.item(old.id) == old
    assert made.wrong() == {}


def test_a_row_left_out_by_the_newer_version_leaves_the_queue(versions) -> None:
    made = versions()
    made.apply("v1")
    assert made.apply("v2", [0], empty=[1]) == Placed(1, 0, 0, 2)
    assert made.queued() == ["v2-0", "v1-2", "v1-3"]
    assert made.retired() == {
        made.item("v1", 0).id: (made.item("v2", 0).id, "replaced by a newer version"),
        made.item("v1", 1).id: (None, "left out by a newer version"),
    }


@pytest.mark.parametrize("worked", ["judged", "held", "decided"])
def test_what_somebody_works_on_is_not_replaced(versions, worked: str) -> None:
    made = versions()
    made.apply("v1")
    first = made.item("v1", 0)
    for row in range(4):
        made.campaign.draft(made.item("v1", row), "d1", "A draft.")
    if worked == "judged":
        made.campaign.judge(first, "ana", Edit(None, "So."))
    elif worked == "held":
        assert open_item(made.store, made.project, "ana", now=datetime.now(UTC)).item == first
    else:
        decision = Adjudication(new_id(), made.project.id, first.id, "rae", "reject", None, None, "Unclear.", NOW)
        made.store.add_adjudication(decision)
    assert made.apply("v2") == Placed(3, 0, 1, 3)
    assert made.queued() == ["v1-0", "v2-1", "v2-2", "v2-3"]
    assert stale(made) == [("v2", 1, int(worked == "judged"), 0)]


def test_a_lease_that_ran_out_holds_nothing_and_its_late_answer_is_not_taken(versions) -> None:
    made = versions()
    made.apply("v1", [0])
    made.campaign.draft(made.item("v1", 0), "d1", "A draft.")
    task = open_item(made.store, made.project, "ana", now=NOW - timedelta(days=1))
    assert made.apply("v2", [0]) == Placed(1, 0, 0, 1)
    late = Submission(task.presentation.id, "ana", 9.0, datetime.now(UTC))
    assert submit_edit(made.store, late, "Too late.") == "lapsed"
    assert (made.store.counts(made.project.id).annotations, made.wrong()) == (0, {})


def test_a_retired_item_is_neither_given_out_nor_drafted_for_nor_counted(versions) -> None:
    made = versions()
    made.apply("v1", [0])
    made.campaign.draft(made.item("v1", 0), "d1", "A draft.")
    made.apply("v2", [0])
    assert open_item(made.store, made.project, "ana", now=NOW) is None
    wanted, _ = made.store.wanted_drafts(made.project.id, candidates=1, limit=10)
    assert [one.item for one in wanted] == [made.item("v2", 0)]
    counts = made.store.counts(made.project.id)
    assert (counts.items, counts.drafts) == (1, 0)


def test_an_older_version_that_is_applied_again_takes_its_items_back(versions) -> None:
    made = versions()
    made.apply("v1", [0, 1])
    made.campaign.draft(made.item("v1", 0), "d1", "A draft.")
    made.apply("v2", [0, 1])
    assert made.apply("v1", [0, 1]) == Placed(2, 0, 0, 2)
    assert made.queued() == ["v1-0", "v1-1"]
    assert made.wrong() == {}


def test_a_judgement_from_a_file_brings_a_retired_item_back(versions) -> None:
    made = versions()
    made.apply("v1", [0])
    made.campaign.draft(made.item("v1", 0), "d1", "A draft.")
    made.apply("v2", [0])
    made.campaign.judge(made.item("v1", 0), "ana", Edit(None, "So."))
    assert made.queued() == ["v2-0", "v1-0"]
    assert (stale(made), made.retired(), made.wrong()) == ([("v2", 1, 1, 0)], {}, {})


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("apply"), st.sampled_from(["v1", "v2", "v3"]), st.sets(st.integers(0, 3)), st.booleans()),
        st.tuples(st.just("open"), st.sampled_from("ab")),
        st.tuples(st.just("submit"), st.sampled_from("ab")),
        st.tuples(st.just("import"), st.sampled_from(["v1", "v2"]), st.integers(0, 3)),
        st.tuples(st.just("wait"), st.integers(1, 90)),
    ),
    max_size=14,
)


@settings(max_examples=25)
@given(steps=STEPS)
def test_whatever_happens_no_work_is_lost_and_no_row_asked_twice(versions, steps) -> None:
    made = versions()
    world = _World(made)
    world.take(("apply", "v1", {0, 1, 2, 3}, True))
    for step in steps:
        world.take(step)
    world.check()


class _World:
    """Annotators, files and a lead, at work on the same rows."""

    def __init__(self, made: Versions) -> None:
        self.made, self.now = made, datetime.now(UTC)
        self.held: dict[str, Any] = {}
        self.imported = 0

    def take(self, step: tuple[Any, ...]) -> None:
        getattr(self, f"_{step[0]}")(*step[1:])

    def _apply(self, version: str, rows: set[int], rerender: bool) -> None:
        empty = {0, 1, 2, 3} - rows
        self.made.apply(version, sorted(rows), empty=sorted(empty), rerender=rerender)
        for row in rows:
            if self.made.item(version, row).name in self.made.queued():
                self.made.campaign.draft(self.made.item(version, row), "d1", f"{version} {row}")

    def _open(self, who: str) -> None:
        self.held[who] = open_item(self.made.store, self.made.project, who, now=self.now)

    def _submit(self, who: str) -> None:
        if task := self.held.pop(who, None):
            submit_edit(self.made.store, Submission(task.presentation.id, who, 9.0, self.now), "So.")

    def _import(self, version: str, row: int) -> None:
        item = self.made.item(version, row)
        known = self.made.store.engine.read("select 1 from items where id = $1", item.id)
        if known:
            self.imported += 1
            self.made.campaign.judge(item, f"file {self.imported}", Edit(None, "So."))

    def _wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    def check(self) -> None:
        made = self.made
        assert made.wrong() == {}
        items = made.store.items(made.project.id)
        queued, retired = {item.id for item in items}, set(made.retired())
        judged = {one.item_id for one in made.store.annotations(made.project.id)}
        assert not queued & retired
        assert judged <= queued
        # Of the items of a row, those beyond one are there because somebody judged them.
        for row in made.rows:
            assert len([item for item in items if item.row_id == row and item.id not in judged]) <= 1


def test_an_export_says_which_items_were_replaced(versions) -> None:
    made = versions()
    made.apply("v1", [0, 1])
    made.apply("v2", [0], empty=[1])
    with made.store.export_source(made.project.id) as source:
        assert cast("pa.Table", source.items())["name"].to_pylist() == ["v2-0"]
        assert source.retired() == [("v1-0", "replaced by a newer version"), ("v1-1", "left out by a newer version")]


def test_versions_that_were_kept_are_listed_newest_first(versions) -> None:
    made = versions()
    made.apply("v1", [0])
    made.apply("v2", [0])
    assert [version for version, _ in made.store.kept_versions("ask")] == ["v2", "v1"]
