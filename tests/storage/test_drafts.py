from dataclasses import replace
from datetime import timedelta

from concord.ids import folded_key, new_id
from concord.records.draft import Draft
from concord.records.run import DraftFailure, FailureKind


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

    def wanted(candidates: int, limit: int = 100) -> list[tuple[str, str]]:
        found, _ = store.wanted_drafts(project.id, candidates=candidates, limit=limit)
        return [(one.item.name, one.name) for one in found]

    assert wanted(2) == [("fresh", "d1"), ("fresh", "d2"), ("half", "d1")]
    assert wanted(5)[-1] == ("file", "d4")
    assert wanted(3, limit=1) == [("fresh", "d1"), ("fresh", "d2"), ("fresh", "d3")]
    assert store.wanted_drafts(project.id, candidates=1, limit=1)[0][0].item == fresh


def test_pages_of_wanted_drafts_hold_each_once(campaign) -> None:
    items, after, pages = campaign.items(7), 0, []
    while True:
        wanted, after = campaign.store.wanted_drafts(campaign.project.id, candidates=2, limit=3, after=after)
        if not wanted:
            break
        pages.append([one.item.id for one in wanted])
    assert [len(page) for page in pages] == [6, 6, 2]
    assert [item_id for page in pages for item_id in page[::2]] == [item.id for item in items]


def test_what_is_missing_is_counted_without_being_read(campaign) -> None:
    store, project_id = campaign.store, campaign.project.id
    campaign.item("q1", "a")
    campaign.item("q2")
    campaign.item("control", arm="undrafted")
    wanted, _ = store.wanted_drafts(project_id, candidates=3, limit=100)
    missing = store.missing_drafts(project_id, candidates=3)
    assert (missing.items, missing.drafts) == (2, 5) == (2, len(wanted))
    assert missing.characters == 5 * len('[{"role":"user","content":"What about q1?"}]')
    assert store.missing_drafts(project_id, candidates=3, limit=1)[:2] == (1, 2)
    assert store.missing_drafts(project_id, candidates=1)[:2] == (1, 1)
    assert store.missing_drafts(new_id(), candidates=3) == (0, 0, 0)


def test_usage_is_that_of_the_model_that_was_asked_for(campaign) -> None:
    item = campaign.item("q1")
    asked = {"params": {"model": "m"}, "model": "m-2026", "source": "model"}
    campaign.draft(item, "d1", "a", tokens_in=10, tokens_out=20, **asked)
    campaign.draft(item, "d2", "b", tokens_in=30, tokens_out=40, **asked)
    campaign.draft(item, "d3", "uncounted", **asked)
    campaign.draft(item, "d4", "c", tokens_in=1, tokens_out=1, params={"model": "other"})
    usage = campaign.store.token_usage(campaign.project.id, "m")
    assert usage == (2, 40, 60, 2 * len('[{"role":"user","content":"What about q1?"}]'))
    assert campaign.store.token_usage(campaign.project.id, "none") == (0, 0, 0, 0)


def test_results_are_stored_together_and_twice_is_once(campaign) -> None:
    item, run_id = campaign.item("q1"), new_id()
    now = campaign.project.created_at
    drafts = [Draft(new_id(), campaign.project.id, item.id, f"d{n}", f"text {n}", "model", now) for n in (1, 2)]
    failures = [DraftFailure(new_id(), run_id, item.id, "d3", "timeout", "No answer.", now)]
    for _ in range(2):
        campaign.store.add_results(drafts, failures)
    campaign.store.add_results([], [])
    assert campaign.store.drafts(item.id) == drafts
    assert campaign.store.failure_kinds(run_id) == [FailureKind("timeout", 1, "No answer.")]
    assert campaign.store.engine.read("select drafts from queue where item_id = $1", item.id) == [(2,)]


def test_drafts_are_known_by_item_name_and_folded_text(campaign) -> None:
    item = campaign.item("q1", "some  text", "")
    assert campaign.store.draft_keys(campaign.project.id) == {
        item.id: {"d1": folded_key("some text"), "d2": folded_key("")}
    }


def test_the_queue_counts_drafts_that_differ(campaign) -> None:
    item = campaign.item("q1", "same", " same\n", "", "other")
    assert campaign.store.engine.read("select drafts from queue where item_id = $1", item.id) == [(2,)]
