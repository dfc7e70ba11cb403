from dataclasses import replace
from datetime import timedelta

from concord.ids import new_id
from concord.records.annotation import Edit, Ranking
from concord.records.gold import Known
from concord.records.run import Costs, DraftFailure, DraftingRun, FailureKind


def test_a_run_is_stored_as_far_as_it_is(campaign) -> None:
    store, project, now = campaign.store, campaign.project, campaign.project.created_at
    run = DraftingRun(new_id(), project.id, "m", 10, 0, 0, "running", now)
    store.save_run(run)
    assert store.interrupted_runs() == [run]
    done = replace(run, done=9, failed=1, state="done", finished_at=now + timedelta(minutes=1), message="One failed.")
    later = replace(run, id=new_id(), started_at=now + timedelta(hours=1), state="cancelled")
    store.save_run(done)
    store.save_run(later)
    assert store.runs(project.id) == [later, done]
    assert store.interrupted_runs() == []


def test_a_run_keeps_what_it_was_told_and_what_it_took(campaign) -> None:
    store, project, now = campaign.store, campaign.project, campaign.project.created_at
    told = {"candidates": 3, "item_limit": 5, "max_cost": 1.5}
    run = DraftingRun(new_id(), project.id, "m", 10, 0, 0, "running", now, cost=0.0, **told)
    store.save_run(run)
    later = replace(run, done=4, tokens_in=100, tokens_out=50, cost=0.25, uncounted=1, repeated=7)
    store.save_run(later)
    assert store.runs(project.id) == [later]
    unknown = replace(later, cost=None)
    store.save_run(unknown)
    assert store.runs(project.id) == [unknown]


def test_failures_are_counted_by_kind_with_the_last_words(campaign) -> None:
    run, item, now = new_id(), new_id(), campaign.project.created_at
    said = [("server", "Old."), ("timeout", "First."), ("timeout", "Second.")]
    failures = [
        DraftFailure(new_id(), run, item, f"d{n}", fault, message, now + timedelta(seconds=n))
        for n, (fault, message) in enumerate(said)
    ]
    for failure in (*reversed(failures), failures[0]):
        campaign.store.add_failure(failure)
    assert campaign.store.failure_kinds(run) == [FailureKind("timeout", 2, "Second."), FailureKind("server", 1, "Old.")]
    assert campaign.store.failures(run) == failures
    assert campaign.store.failure_kinds(new_id()) == campaign.store.failures(new_id()) == []


def test_costs_count_items_with_a_draft_that_was_ranked_best_or_edited(campaign) -> None:
    by_model = {"source": "model", "cost": 0.5}
    ranked, edited, alone, control = (campaign.item(name) for name in ("ranked", "edited", "alone", "control"))
    for item in (ranked, edited, alone):
        for name in ("d1", "d2"):
            campaign.draft(item, name, f"{name} of {item.name}", **by_model)
    campaign.rank(ranked, "ann", "d1 > d2")
    campaign.rank(ranked, "ben", "d2 > d1")
    [first, _] = campaign.store.drafts(edited.id)
    campaign.judge(edited, "ann", Edit(first.id, "Better."))
    campaign.edit(control, "ann", "Written from nothing.")
    assert campaign.store.costs(campaign.project.id) == Costs(3.0, 6, 0, 2)
    campaign.store.add_gold([Known(campaign.project.id, ranked.id, Ranking(()))], campaign.project.created_at)
    assert campaign.store.costs(campaign.project.id) == Costs(3.0, 6, 0, 1)
    campaign.draft(alone, "d3", "of unknown cost", source="model")
    campaign.draft(alone, "d4", "from a file", source="file")
    assert campaign.store.costs(campaign.project.id) == Costs(3.0, 7, 1, 1)
