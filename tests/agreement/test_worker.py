"""Reports in the background."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from concord.agreement import worker
from concord.agreement.report import report
from concord.agreement.report_json import as_json
from concord.agreement.worker import Reporter
from concord.errors import InputError
from concord.records.annotation import Labels, Ratings


@pytest.fixture
def reporter(store) -> Iterator[Reporter]:
    made = Reporter(store)
    yield made
    made.close()


def test_a_report_is_made_once_for_one_state_of_the_project(campaign, reporter) -> None:
    campaign.judge(campaign.item("q1"), "ann", Labels({"q": "yes"}))
    counts = campaign.store.counts(campaign.project.id)
    first = reporter.ask(campaign.project, counts, patience=60)
    assert (first.report.groups[0].question, first.share) == ("q", None)
    assert reporter.ask(campaign.project, counts).report is first.report


def test_a_report_that_is_no_longer_fresh_is_made_anew(campaign, reporter, monkeypatch) -> None:
    item = campaign.item("q1")
    for who in ("ann", "ben"):
        campaign.judge(item, who, Labels({"q": "yes"}))
        found = reporter.ask(campaign.project, campaign.store.counts(campaign.project.id), patience=60)
        monkeypatch.setattr(worker, "FRESH", -1.0)
    assert found.report.groups[0].statistics["percent_agreement"].annotations == 2


def test_whoever_does_not_wait_is_told_how_far_it_is(campaign, store, monkeypatch) -> None:
    reached, go_on = threading.Event(), threading.Event()

    class Slow:
        """The store, whose last answer lets itself be waited for."""

        def __getattr__(self, name: str) -> object:
            return getattr(store, name)

        def contradictions(self, project_id: object) -> object:
            reached.set()
            go_on.wait()
            return store.contradictions(project_id)

    reporter = Reporter(Slow())
    campaign.judge(campaign.item("q1"), "ann", Labels({"q": "yes"}))
    counts = store.counts(campaign.project.id)
    reporter.ask(campaign.project, counts)
    reached.wait()
    asked = reporter.ask(campaign.project, counts)
    go_on.set()
    assert (asked.report, asked.share) == (None, pytest.approx(1 / 3))
    assert reporter.ask(campaign.project, counts, patience=60).report is not None
    reporter.close()


def test_what_keeps_a_report_from_being_made_is_told_to_whoever_asks(campaign, reporter) -> None:
    campaign.judge(campaign.item("q1"), "ann", Ratings({"q": float("nan")}))
    with pytest.raises(InputError, match="ordinal agreement needs numbers"):
        reporter.ask(campaign.project, campaign.store.counts(campaign.project.id), patience=60)


def test_a_report_of_many_annotations_is_computed_in_another_process_and_is_the_same(
    campaign, reporter, monkeypatch
) -> None:
    for i in range(6):
        item = campaign.item(f"q{i}", "one", "two")
        for who in ("ann", "ben"):
            campaign.judge(item, who, Labels({"q": "yes" if i % 2 else who}))
            campaign.rank(item, who, "d1 > d2" if i % 3 else "d2 > d1")
            campaign.edit(item, who, f"by {who}")
    monkeypatch.setattr(worker, "MANY", 1)
    asked = reporter.ask(campaign.project, campaign.store.counts(campaign.project.id), patience=60)
    assert as_json(asked.report) == as_json(report(campaign.store, campaign.project))
