from dataclasses import replace
from datetime import timedelta

from concord.ids import folded_key, new_id
from concord.records import DraftFailure, DraftingRun


def test_a_draft_comes_back_as_it_went_in(campaign) -> None:
    item = campaign.item()
    draft = campaign.draft(
        item,
        "d1",
        "text\u2028 with 'all' \\ of \x00 it 🚉",
        source="model",
        model="m",
        params={"temperature": 0.7, "seed": 7, "stop": ["\n"], "user": None},
        prompt_hash="ab",
        template_version="cd",
        few_shot=(new_id(), new_id()),
        tokens_in=10,
        tokens_out=20,
        cost=0.00012,
        latency=1.5,
        run_id=new_id(),
    )
    plain = campaign.draft(item, "d0", "")
    assert campaign.store.drafts(item.id) == [plain, draft]
    assert list(campaign.store.project_drafts(campaign.project.id)) == [plain, draft]


def test_a_draft_that_is_there_already_stays_as_it_is(campaign) -> None:
    item = campaign.item()
    draft = campaign.draft(item, "d1", "text")
    assert campaign.store.add_drafts([replace(draft, text="other")]) == 0
    assert campaign.store.add_drafts([]) == 0
    assert campaign.store.drafts(item.id) == [draft]


def test_the_newest_drafts_come_first(campaign) -> None:
    item, now = campaign.item(), campaign.project.created_at
    drafts = [campaign.draft(item, f"d{n}", "text", created_at=now + timedelta(seconds=n)) for n in range(5)]
    assert campaign.store.latest_drafts(campaign.project.id, limit=2) == [drafts[4], drafts[3]]


def test_wanted_drafts_fill_every_item_up_to_its_number(campaign) -> None:
    store, project = campaign.store, campaign.project
    fresh, half, file = campaign.item("fresh"), campaign.item("half"), campaign.item("file", "a", "b", "c")
    campaign.draft(half, "d2", "text")
    campaign.item("control", arm="undrafted")
    campaign.draft(file, "by-a-person", "text")

    def wanted(candidates: int, limit: int | None = None) -> list[tuple[str, str]]:
        return [(w.item.name, w.name) for w in store.wanted_drafts(project.id, candidates=candidates, limit=limit)]

    assert wanted(2) == [("fresh", "d1"), ("fresh", "d2"), ("half", "d1")]
    assert wanted(5)[-1] == ("file", "d4")
    assert wanted(3, limit=1) == [("fresh", "d1"), ("fresh", "d2"), ("fresh", "d3")]
    assert store.wanted_drafts(project.id, candidates=1)[0].item == fresh


def test_drafts_are_known_by_item_name_and_folded_text(campaign) -> None:
    item = campaign.item("q1", "some  text", "")
    assert campaign.store.draft_keys(campaign.project.id) == {
        item.id: {"d1": folded_key("some text"), "d2": folded_key("")}
    }


def test_the_queue_counts_drafts_that_differ(campaign) -> None:
    item = campaign.item("q1", "same", " same\n", "", "other")
    assert campaign.store.engine.read("select drafts from queue where item_id = $1", item.id) == [(2,)]


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


def test_what_went_wrong_in_a_run_is_kept(campaign) -> None:
    run, item, now = new_id(), new_id(), campaign.project.created_at
    failures = [
        DraftFailure(new_id(), run, item, f"d{n}", "timeout", "No answer.", now + timedelta(seconds=n))
        for n in range(3)
    ]
    for failure in (*reversed(failures), failures[0]):
        campaign.store.add_failure(failure)
    assert campaign.store.failures(run) == failures
    assert campaign.store.failures(new_id()) == []
