"""Push and pull through a real socket: nothing doubled, nothing lost, nothing invented."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from stub_server import KEY, MOMENT, StubServer

from concord.desk.queue import Assignment, open_item
from concord.desk.submit import Submission, submit_comparison, submit_labels, submit_ratings
from concord.errors import Conflict, InputError, LabelStudioError
from concord.labelstudio.push import BATCH
from concord.local import LocalVerbs
from concord.records.annotation import Comparison, Edit, Judgement, Labels, Ranking, Ratings, kind_of
from concord.records.item import Item
from concord.records.rubric import Criterion, Question
from concord.verbs_labelstudio import Adopting, LabelStudioCall

LATER, LAST = "2026-05-05T12:00:00Z", "2026-05-06T12:00:00Z"
THEIRS = """<View><Text name="q" value="$question"/><Text name="l" value="$answer1"/><Text name="r" value="$answer2"/>
 <Pairwise name="better" toName="l,r"/><Rating name="clear" toName="q"/>
 <Choices name="tone" toName="q"><Choice value="warm"/><Choice value="cold"/></Choices></View>"""


@pytest.fixture
def verbs(store: Any) -> LocalVerbs:
    return LocalVerbs(store, Path("prompts"))


@pytest.fixture
def call(stub: StubServer) -> LabelStudioCall:
    return LabelStudioCall(KEY, stub.url)


def ranked(*drafts: str) -> dict[str, Any]:
    return {"from_name": "rank", "to_name": "answers", "type": "ranker", "value": {"ranker": {"rank": drafts}}}


def edited(text: str) -> dict[str, Any]:
    return {"from_name": "edited", "to_name": "prompt", "type": "textarea", "value": {"text": [text]}}


def test_a_task_shows_an_item_and_its_drafts_but_no_model(
    campaign: Any, verbs: LocalVerbs, stub: StubServer, call: LabelStudioCall
) -> None:
    item = campaign.item("q1", "One.", "Two.")
    campaign.draft(item, "d3", "Three.", model="gpt")
    campaign.draft(item, "d4", " One. ")
    campaign.draft(item, "d5", "I cannot help with that.", flags=("refusal",))
    campaign.item("alone", arm="undrafted")
    campaign.store.save_guidelines(campaign.project.id, "Be <fair>.")
    assert verbs.push_labelstudio("helpdesk", call)["pushed"] == 1
    [task] = stub.tasks.values()
    names = {str(draft.id): draft.name for draft in campaign.store.drafts(item.id)}
    assert sorted(names[one] for one in task["data"]["concord_drafts"]) == ["d1", "d2", "d3"]
    assert [one["id"] for one in task["data"]["items"]] == ["1", "2", "3"]
    assert (task["data"]["prompt"], task["data"]["draft"]) == ("What about q1?", "One.")
    assert "gpt" not in json.dumps(task)
    [prediction] = task["predictions"]
    assert (prediction["model_version"], prediction["result"][0]["value"]) == ("draft", {"text": ["One."]})
    project = stub.projects[1]
    assert (project["show_collab_predictions"], project["maximum_annotations"]) == (False, 2)
    assert project["expert_instruction"] == "Be &lt;fair&gt;."


def test_pushing_again_adds_what_is_new_and_leaves_what_waits_for_drafts(
    campaign: Any, verbs: LocalVerbs, stub: StubServer, call: LabelStudioCall
) -> None:
    campaign.items(BATCH + 1, "One.", "Two.")
    alone = campaign.item("alone", "One.")
    first = verbs.push_labelstudio("helpdesk", call)
    assert (first["pushed"], first["present"], first["waiting"]) == (BATCH + 1, 0, 1)
    campaign.draft(alone, "d2", "Two.")
    again = verbs.push_labelstudio("helpdesk", LabelStudioCall(KEY))
    assert (again["pushed"], again["present"], again["waiting"]) == (1, BATCH + 1, 0)
    assert (len(stub.tasks), len(stub.projects)) == (BATCH + 2, 1)


@pytest.mark.parametrize("answers", [0, 1])
def test_a_push_whose_answer_got_lost_is_found_again(
    campaign: Any, verbs: LocalVerbs, stub: StubServer, call: LabelStudioCall, answers: int
) -> None:
    campaign.items(3, "One.", "Two.")
    if answers:  # the project's answer came; that of its tasks will not
        stub.fails["POST /api/projects/1/import"] = 500
        with pytest.raises(LabelStudioError):
            verbs.push_labelstudio("helpdesk", call)
        stub.fails.clear()
    stub.loses_answers = True
    with pytest.raises(LabelStudioError, match="does not answer"):
        verbs.push_labelstudio("helpdesk", call)
    verbs.push_labelstudio("helpdesk", call)
    assert (len(stub.projects), len(stub.tasks)) == (1, 3)
    assert len(campaign.store.labelstudio_tasks(campaign.project.id)) == 3


def test_what_was_said_there_is_an_annotation_here(
    campaign: Any, verbs: LocalVerbs, stub: StubServer, call: LabelStudioCall
) -> None:
    item = campaign.item("q1", "One.", "Two.")
    verbs.push_labelstudio("helpdesk", call)
    other = ["2", "1"]
    stub.annotate(1, {"id": 5, "email": "ann@example.org"}, [ranked(*other), edited("Better.")], lead_time=9.5)
    stub.annotate(1, 6, [ranked("1", "2"), edited("Mine.")])
    stub.annotate(1, 7, [ranked(*other)], was_cancelled=True)
    stub.annotate(1, 8, [ranked(*other)], ground_truth=True)
    stub.annotate(1, None, [ranked(*other)])
    pulled = verbs.pull_labelstudio("helpdesk", call)
    assert (pulled["annotations"], pulled["skips"], pulled["annotators"]) == (3, 1, 2)
    assert pulled["left_out"] == {"rankings as they were shown": 1, "ground truth": 1, "by nobody": 1}
    second, first_shown = (UUID(one) for one in reversed(stub.tasks[1]["data"]["concord_drafts"]))
    first = min(campaign.store.drafts(item.id), key=lambda draft: draft.name).id
    found = campaign.store.item_annotations(item.id)
    assert sorted(((one.annotator, one.judgement, one.seconds, one.origin) for one in found), key=str) == [
        ("ls-5", Edit(first, "Better."), None, "labelstudio"),
        ("ls-5", Ranking(((second,), (first_shown,))), 9.5, "labelstudio"),
        ("ls-6", Edit(first, "Mine."), None, "labelstudio"),
    ]


def test_a_task_skipped_there_is_skipped_here_once_and_not_given_to_that_annotator(
    campaign: Any, verbs: LocalVerbs, stub: StubServer, call: LabelStudioCall
) -> None:
    item = campaign.item("q1", "One.", "Two.")
    assert open_item(campaign.store, campaign.project, "ls-7", now=campaign.project.created_at)
    verbs.push_labelstudio("helpdesk", call)
    stub.annotate(1, 7, [], was_cancelled=True, lead_time=4)
    assert [verbs.pull_labelstudio("helpdesk", call)["skips"] for _ in range(2)] == [1, 0]
    [skip] = campaign.store.skips(campaign.project.id)
    assert (skip.item_id, skip.annotator, skip.presentation_id) == (item.id, "ls-7", None)
    assert (skip.reason, skip.note, skip.seconds) == ("other", "skipped in Label Studio", 4.0)
    assert open_item(campaign.store, campaign.project, "ls-7", now=campaign.project.created_at) is None
    assert campaign.store.places(item.id).taken == 0
    assert all(check.wrong == 0 for check in campaign.store.verify())


def test_pulling_again_adds_nothing_and_a_change_takes_the_earlier_s_place_even_back_and_forth(
    campaign: Any, verbs: LocalVerbs, stub: StubServer, call: LabelStudioCall
) -> None:
    item = campaign.item("q1", "One.", "Two.")
    verbs.push_labelstudio("helpdesk", call)
    annotation = stub.annotate(1, 5, [edited("First.")])
    seen: list[tuple[int, str]] = []
    for text, moment in (("First.", MOMENT), ("First.", MOMENT), ("Second.", LATER), ("First.", LAST)):
        annotation |= {"result": [edited(text)], "updated_at": moment}
        new = verbs.pull_labelstudio("helpdesk", call)["annotations"]
        [current] = campaign.store.item_annotations(item.id)
        seen.append((new, current.judgement.text))
    assert seen == [(1, "First."), (0, "First."), (1, "Second."), (1, "First.")]


def test_what_was_deleted_there_is_told_and_counts_here_until_it_is_withdrawn(
    campaign: Any, verbs: LocalVerbs, stub: StubServer, call: LabelStudioCall, tmp_path: Path
) -> None:
    first, second = (campaign.item(name, "One.", "Two.") for name in ("q1", "q2"))
    verbs.push_labelstudio("helpdesk", call)
    changed = stub.annotate(1, 5, [edited("Old.")])
    stub.annotate(1, 6, [edited("Mine.")])
    stub.annotate(2, 5, [edited("Elsewhere.")])
    verbs.pull_labelstudio("helpdesk", call)
    changed |= {"result": [edited("New.")], "updated_at": LATER}
    export = tmp_path / "export.json"
    export.write_text(json.dumps(list(stub.tasks.values())))
    assert verbs.pull_labelstudio("helpdesk", call)["deleted"] == []

    stub.tasks[1]["annotations"].remove(changed)
    del stub.tasks[2]  # whoever clears up there deletes whole tasks
    told = verbs.pull_labelstudio("helpdesk", call)
    assert (told["deleted"], told["withdrawn"]) == ([{"item": "q1", "annotator": "ls-5"}], 0)
    assert len(campaign.store.item_annotations(first.id)) == 2

    withdrawn = verbs.pull_labelstudio("helpdesk", replace(call, withdraw=True))
    assert (withdrawn["deleted"], withdrawn["withdrawn"]) == (told["deleted"], 2)  # the older state of it, too
    assert [one.judgement.text for one in campaign.store.item_annotations(first.id)] == ["Mine."]
    assert [campaign.store.places(item.id).taken for item in (first, second)] == [1, 1]
    assert verbs.pull_labelstudio("helpdesk", replace(call, withdraw=True))["deleted"] == []
    assert verbs.pull_labelstudio_file("helpdesk", export)["annotations"] == 0  # an older state changes nothing
    stub.annotate(1, 5, [edited("Anew.")], id=999, updated_at=LAST)
    assert verbs.pull_labelstudio("helpdesk", call)["annotations"] == 1
    assert {one.judgement.text for one in campaign.store.item_annotations(first.id)} == {"Mine.", "Anew."}
    assert all(check.wrong == 0 for check in campaign.store.verify())


def test_a_task_that_is_skipped_after_all_has_lost_no_annotation(
    campaign: Any, verbs: LocalVerbs, stub: StubServer, call: LabelStudioCall
) -> None:
    campaign.item("q1", "One.", "Two.")
    verbs.push_labelstudio("helpdesk", call)
    annotation = stub.annotate(1, 5, [edited("Mine.")])
    verbs.pull_labelstudio("helpdesk", call)
    annotation |= {"was_cancelled": True, "updated_at": LATER}
    assert verbs.pull_labelstudio("helpdesk", call)["deleted"] == []


def test_an_older_export_changes_nothing_and_a_newer_one_needs_no_server(
    campaign: Any, verbs: LocalVerbs, stub: StubServer, call: LabelStudioCall, tmp_path: Path
) -> None:
    campaign.item("q1", "One.", "Two.")
    verbs.push_labelstudio("helpdesk", call)
    annotation = stub.annotate(1, 5, [edited("Old.")])
    older, newer = tmp_path / "older.json", tmp_path / "newer.json"
    older.write_text(json.dumps(list(stub.tasks.values())))
    annotation |= {"result": [edited("New.")], "updated_at": LATER}
    newer.write_text(json.dumps(list(stub.tasks.values())))
    counts = [verbs.pull_labelstudio_file("helpdesk", path)["annotations"] for path in (newer, older, newer)]
    assert counts == [1, 0, 0]


def test_results_that_cannot_be_read_and_tasks_of_others_are_counted(
    campaign: Any, verbs: LocalVerbs, stub: StubServer, call: LabelStudioCall
) -> None:
    campaign.item("q1", "One.", "Two.")
    verbs.push_labelstudio("helpdesk", call)
    stub.annotate(1, 5, [ranked("nobody"), edited("Good.")])
    stub.tasks[2] = {"id": 2, "project": 1, "data": {"concord_item": "no id"}, "annotations": []}
    pulled = verbs.pull_labelstudio("helpdesk", call)
    assert pulled["problems"] == (
        "Task 1: the control 'rank' names the response 'nobody', which the item does not have.",
    )
    assert (pulled["annotations"], pulled["left_out"]) == (1, {"tasks of no item of this project": 1})


ASKED: dict[str, Any] = {
    "compare": {},
    "compare+edit": {},
    "rate": {"candidates": 1, "rubric": (Criterion("helpful"), Criterion("brief", low=0, high=2))},
    "label": {"questions": (Question("tone", ("warm", "cold")), Question("about", ("money", "time"), multi=True))},
}


def result(control: str, **value: Any) -> dict[str, Any]:
    return {"from_name": control, "to_name": "prompt", "type": "whatever", "value": value}


def at_the_desk(campaign: Any, submit: Any) -> list[Judgement]:
    """What the desk stores of what one annotator says there."""
    task = open_item(campaign.store, campaign.project, "ann", now=campaign.project.created_at)
    assert task
    submit(task, Submission(task.presentation.id, "ann", 1.0, campaign.project.created_at))
    return [one.judgement for one in campaign.store.submitted(task.presentation.id)]


def pulled(campaign: Any, verbs: LocalVerbs, call: LabelStudioCall, item: Item) -> list[Judgement]:
    found = verbs.pull_labelstudio(campaign.project.name, call)
    assert (found["problems"], found["left_out"]) == ((), {})
    return [one.judgement for one in campaign.store.item_annotations(item.id) if one.origin == "labelstudio"]


def test_a_comparison_there_is_what_the_desk_stores_of_the_same_drafts(
    new_campaign: Any, verbs: LocalVerbs, stub: StubServer, call: LabelStudioCall
) -> None:
    campaign = new_campaign(task="compare", overlap=2)
    item = campaign.item("q1", "One.", "Two.", "Three.")
    verbs.push_labelstudio(campaign.project.name, call)
    data = stub.tasks[1]["data"]
    drafts = {str(draft.id): draft for draft in campaign.store.drafts(item.id)}
    shown = [drafts[one] for one in data["concord_drafts"]]
    assert sorted(draft.name for draft in shown) == ["d1", "d2"]
    assert [data["response1"], data["response2"]] == [draft.text for draft in shown]
    assert (stub.tasks[1]["predictions"], data["draft"]) == ([], "")
    stub.annotate(1, 5, [result("better", choices=["second-slightly"])])
    chosen = Comparison(shown[1].id, strength="slightly")
    assert pulled(campaign, verbs, call, item) == at_the_desk(
        campaign, lambda task, made: submit_comparison(campaign.store, made, chosen)
    )


@pytest.mark.parametrize("first", ["desk", "there"])
def test_the_two_that_were_compared_first_are_compared_by_all_here_and_there(
    new_campaign: Any, verbs: LocalVerbs, stub: StubServer, call: LabelStudioCall, first: str
) -> None:
    campaign = new_campaign(task="compare", overlap=2)
    item = campaign.item("q1")
    before = {campaign.draft(item, name, f"{name}.").id for name in ("d2", "d3")}

    def at_desk() -> set[UUID]:
        task = open_item(campaign.store, campaign.project, "ann", now=campaign.project.created_at)
        assert task
        return set(task.presentation.draft_ids)

    def there() -> set[UUID]:
        verbs.push_labelstudio(campaign.project.name, call)
        return {UUID(one) for one in stub.tasks[1]["data"]["concord_drafts"]}

    earlier, later = (at_desk, there) if first == "desk" else (there, at_desk)
    assert earlier() == before
    campaign.draft(item, "d1", "Late.")
    assert later() == before


def test_a_comparison_there_comes_with_an_edit_that_begins_with_the_first_draft_by_name(
    new_campaign: Any, verbs: LocalVerbs, stub: StubServer, call: LabelStudioCall
) -> None:
    campaign = new_campaign(task="compare+edit", overlap=2)
    item = campaign.item("q1", "One.", "Two.")
    verbs.push_labelstudio(campaign.project.name, call)
    stub.annotate(1, 5, [result("better", choices=["tie"]), edited("Mine.")])

    def submit(task: Assignment, made: Submission) -> None:
        submit_comparison(campaign.store, made, Comparison("tie"))

    [here] = at_the_desk(campaign, submit)
    first = min(campaign.store.drafts(item.id), key=lambda draft: draft.name)
    assert sorted(pulled(campaign, verbs, call, item), key=kind_of) == [here, Edit(first.id, "Mine.")]


def test_a_draft_is_rated_there_and_then_edited(
    new_campaign: Any, verbs: LocalVerbs, stub: StubServer, call: LabelStudioCall
) -> None:
    campaign = new_campaign(task="rate+edit", overlap=2, **ASKED["rate"])
    item = campaign.item("q1", "One.")
    verbs.push_labelstudio(campaign.project.name, call)
    assert stub.tasks[1]["data"]["draft"] == stub.tasks[1]["data"]["response1"] == "One."
    given = [result("rating_helpful", rating=4), result("rating_brief", choices=["2"]), edited("Mine.")]
    stub.annotate(1, 5, given)
    [draft] = campaign.store.drafts(item.id)
    expected = [Edit(draft.id, "Mine."), Ratings({"brief": 2.0, "helpful": 4.0})]
    assert sorted(pulled(campaign, verbs, call, item), key=kind_of) == expected


def test_ratings_there_are_what_the_desk_stores_of_the_same_draft(
    new_campaign: Any, verbs: LocalVerbs, stub: StubServer, call: LabelStudioCall
) -> None:
    campaign = new_campaign(task="rate", overlap=2, **ASKED["rate"])
    item = campaign.item("q1", "One.", "Two.")
    verbs.push_labelstudio(campaign.project.name, call)
    assert (stub.tasks[1]["data"]["response1"], len(stub.tasks[1]["data"]["concord_drafts"])) == ("One.", 1)
    stub.annotate(1, 5, [result("rating_helpful", rating=4), result("rating_brief", choices=["0"])])
    assert pulled(campaign, verbs, call, item) == at_the_desk(
        campaign, lambda task, made: submit_ratings(campaign.store, made, {"helpful": 4, "brief": 0})
    )


@pytest.mark.parametrize("drafts", [("One.",), ()])
def test_labels_there_are_what_the_desk_stores_of_the_same_answer_or_prompt(
    new_campaign: Any, verbs: LocalVerbs, stub: StubServer, call: LabelStudioCall, drafts: tuple[str, ...]
) -> None:
    campaign = new_campaign(task="label", overlap=2, **ASKED["label"])
    item = campaign.item("q1", *drafts)
    assert verbs.push_labelstudio(campaign.project.name, call)["waiting"] == 0
    shown = stub.tasks[1]["data"]
    assert (shown["response1"], shown["heading"]) == (("One.", "Response") if drafts else ("", ""))
    stub.annotate(1, 5, [result("label_tone", choices=["cold"]), result("label_about", choices=["time", "money"])])
    answers = {"tone": ["cold"], "about": ["money", "time"]}
    assert pulled(campaign, verbs, call, item) == at_the_desk(
        campaign, lambda task, made: submit_labels(campaign.store, made, answers)
    )


def test_what_was_not_answered_there_or_not_wholly_is_told_and_is_no_judgement(
    new_campaign: Any, verbs: LocalVerbs, stub: StubServer, call: LabelStudioCall
) -> None:
    campaign = new_campaign(task="rate", **ASKED["rate"])
    campaign.item("q1", "One.")
    verbs.push_labelstudio(campaign.project.name, call)
    stub.annotate(1, 5, [])
    stub.annotate(1, 6, [result("rating_helpful", rating=4)])
    stub.annotate(1, 7, [result("rating_helpful", rating=9), result("rating_brief", choices=["1"])])
    found = verbs.pull_labelstudio(campaign.project.name, call)
    assert (found["annotations"], found["problems"]) == (
        0,
        ("Task 1: the control 'rating_helpful' says 9, which is not on its scale.",),
    )
    assert found["left_out"] == {"annotations without an answer": 1, "half-filled answers": 1}


@pytest.mark.parametrize(("task", "pushed"), [("compare", 1), ("label", 2)])
def test_an_item_that_has_no_drafts_on_purpose_goes_there_where_none_are_needed(
    new_campaign: Any, verbs: LocalVerbs, stub: StubServer, call: LabelStudioCall, task: str, pushed: int
) -> None:
    campaign = new_campaign(task=task, **ASKED[task])
    campaign.item("q1", "One.", "Two.")
    campaign.item("alone", arm="undrafted")
    assert (verbs.push_labelstudio(campaign.project.name, call)["pushed"], len(stub.tasks)) == (pushed, pushed)


def test_a_screen_that_asks_something_else_than_the_project_does_now_gets_no_further_tasks(
    new_campaign: Any, verbs: LocalVerbs, stub: StubServer, call: LabelStudioCall
) -> None:
    campaign = new_campaign(task="rate", **ASKED["rate"])
    campaign.item("q1", "One.")
    verbs.push_labelstudio(campaign.project.name, call)
    changed = replace(campaign.project.settings, rubric=(Criterion("helpful", high=7),))
    campaign.store.save_settings(campaign.project.id, changed)
    with pytest.raises(Conflict) as caught:
        verbs.push_labelstudio(campaign.project.name, call)
    assert str(caught.value) == (
        f"Project 1 at {stub.url} was made when {campaign.project.name!r} asked something else: its control "
        "'rating_helpful' is missing or another. Push anew with --new, or take the change of the settings back."
    )
    stub.annotate(1, 5, [result("rating_helpful", rating=4), result("rating_brief", choices=["1"])])
    assert verbs.pull_labelstudio(campaign.project.name, call)["annotations"] == 1
    assert verbs.push_labelstudio(campaign.project.name, LabelStudioCall(KEY, stub.url, anew=True))["pushed"] == 1


def test_ground_truth_is_a_known_answer_by_which_annotators_are_measured_where_that_is_wished(
    new_campaign: Any, verbs: LocalVerbs, stub: StubServer, call: LabelStudioCall, tmp_path: Path
) -> None:
    campaign = new_campaign(task="label", **ASKED["label"])
    item = campaign.item("q1")
    name = campaign.project.name
    verbs.push_labelstudio(name, call)
    for user, tone in ((5, "warm"), (6, "cold")):
        stub.annotate(1, user, [result("label_tone", choices=[tone]), result("label_about", choices=["time"])])
    truth = [result("label_tone", choices=["warm"]), result("label_about", choices=["money"])]
    stub.annotate(1, 7, truth, ground_truth=True)
    left = verbs.pull_labelstudio(name, call)
    assert (left["annotations"], left["known"], left["left_out"]) == (2, 0, {"ground truth": 1})

    export = tmp_path / "export.json"
    export.write_text(json.dumps(list(stub.tasks.values())))
    taken = verbs.pull_labelstudio(name, replace(call, gold=True))
    assert (taken["annotations"], taken["known"], taken["left_out"]) == (0, 1, {})
    assert verbs.pull_labelstudio_file(name, export, gold=True)["known"] == 0
    assert campaign.store.known(campaign.project.id, item.id) == [Labels({"tone": "warm", "about": '["money"]'})]
    found = {one["annotator"]: (one["gold"]["hits"], one["gold"]["choices"]) for one in verbs.annotators(name)}
    assert found == {"ls-5": (1, 2), "ls-6": (0, 2)}


def theirs(stub: StubServer, count: int = 2) -> int:
    """A project that others made, with annotations."""
    stub.projects[1] = {"id": 1, "title": "Theirs", "label_config": THEIRS, "maximum_annotations": 3}
    for task in range(1, count + 1):
        data = {"question": f"Q{task}?", "answer1": "One.", "answer2": "Two."}
        stub.tasks[task] = {"id": task, "project": 1, "data": data, "annotations": []}
        values = {"better": {"selected": "left"}, "clear": {"rating": 3}, "tone": {"choices": ["warm"]}}
        stub.annotate(task, 5, [{"from_name": name, "value": value} for name, value in values.items()])
    return 1


def test_a_preview_of_an_adoption_stores_nothing(verbs: LocalVerbs, stub: StubServer) -> None:
    seen = verbs.adopt_labelstudio("old", Adopting(KEY, stub.url, theirs(stub), dry_run=True))
    assert (seen["prompt"], seen["responses"], seen["tasks"]) == (["question"], ["answer1", "answer2"], 2)
    assert [(one["name"], one["meaning"], one["example"]) for one in seen["controls"]] == [
        ("better", "comparison", "{'selected': 'left'}"),
        ("clear", "rating", "{'rating': 3}"),
        ("tone", "label", "{'choices': ['warm']}"),
    ]
    assert (seen["task"], seen["asks"], verbs.list_projects()) == ("compare", [], [])


def test_an_adopted_project_goes_on_at_the_desk_with_what_was_asked_there(
    store: Any, verbs: LocalVerbs, stub: StubServer
) -> None:
    adopting = Adopting(KEY, stub.url, theirs(stub), {"better": "ignored"})
    made = verbs.adopt_labelstudio("old", adopting)
    project = store.project("old")
    assert (made["task"], made["asks"], project.settings.task) == ("rate", ["clear"], "rate")
    assert project.settings.rubric == (Criterion("clear"),)
    assert project.settings.questions == (Question("tone", ("warm", "cold")),)
    task = open_item(store, project, "ann", now=project.created_at)
    assert task is not None
    submit_ratings(store, Submission(task.presentation.id, "ann", 1.0, project.created_at), {"clear": 3})
    [found] = [one for one in store.votes(project.id) if one.question == "clear"]
    assert (found.annotators, found.values) == (("ann", "ls-5"), ("3",))


def test_only_a_project_without_items_takes_over_what_was_asked_there(
    campaign: Any, new_campaign: Any, verbs: LocalVerbs, stub: StubServer
) -> None:
    campaign.item("q1", "One.", "Two.")
    begun, empty = campaign.project, new_campaign(task="edit", seed=7, overlap=5).project
    verbs.adopt_labelstudio(begun.name, Adopting(KEY, stub.url, theirs(stub)))
    verbs.adopt_labelstudio(empty.name, Adopting(KEY, stub.url, 1))
    assert campaign.store.project(begun.name).settings == begun.settings
    settings = campaign.store.project(empty.name).settings
    assert (settings.task, settings.seed, settings.overlap) == ("compare", 7, 5)


def test_an_adopted_project_has_its_items_drafts_and_judgements_and_later_tasks_come_with_a_sync(
    store: Any, verbs: LocalVerbs, stub: StubServer, call: LabelStudioCall
) -> None:
    adopting = Adopting(KEY, stub.url, theirs(stub), {"tone": "ignored"})
    made = verbs.adopt_labelstudio("old", adopting)
    assert (made["items"], made["annotations"]) == (2, 4)
    project = store.project("old")
    assert (project.settings.task, project.settings.overlap) == ("compare", 3)
    [item, _] = store.items(project.id)
    drafts = {draft.name: draft for draft in store.drafts(item.id)}
    assert (item.name, item.messages[0].content, drafts["answer2"].text) == ("task-1", "Q1?", "Two.")
    judgements = [one.judgement for one in store.item_annotations(item.id)]
    two = (min(drafts["answer1"].id, drafts["answer2"].id), max(drafts["answer1"].id, drafts["answer2"].id))
    assert sorted(judgements, key=repr) == [Comparison(drafts["answer1"].id, two), Ratings({"clear": 3.0})]
    theirs(stub, 3)
    synced = verbs.sync_labelstudio("old", call)
    assert (synced["push"], synced["pull"]["items"], synced["pull"]["annotations"]) == (None, 1, 2)
    assert Labels({"tone": "warm"}) not in [one.judgement for one in store.annotations(project.id)]


def test_what_cannot_be_done_is_refused_in_words(
    campaign: Any, verbs: LocalVerbs, stub: StubServer, call: LabelStudioCall, tmp_path: Path
) -> None:
    said: list[str] = []

    def refused(kind: type[Exception], does: Any) -> None:
        with pytest.raises(kind) as caught:
            does()
        said.append(str(caught.value))

    campaign.item("q1", "One.", "Two.")
    refused(InputError, lambda: verbs.push_labelstudio("helpdesk", LabelStudioCall(KEY)))
    refused(InputError, lambda: verbs.pull_labelstudio("helpdesk", call))
    verbs.push_labelstudio("helpdesk", call)
    refused(Conflict, lambda: verbs.pull_labelstudio("helpdesk", LabelStudioCall(KEY, "http://other:1/")))
    refused(Conflict, lambda: verbs.adopt_labelstudio("helpdesk", Adopting(KEY, stub.url, theirs(stub))))
    verbs.adopt_labelstudio("old", Adopting(KEY, stub.url, 1))
    refused(Conflict, lambda: verbs.push_labelstudio("old", call))
    flat = tmp_path / "min.json"
    flat.write_text('[{"id": 1, "rank": "a"}]')
    refused(InputError, lambda: verbs.pull_labelstudio_file("helpdesk", flat))
    assert said == [
        "'helpdesk' is not in Label Studio yet. Say where that is: --url http://host:8080.",
        "'helpdesk' is not in Label Studio yet. Push it there, or adopt a project from there.",
        f"'helpdesk' is tied to project 1 at {stub.url}, not to http://other:1. Use that address, or push it anew "
        "with --new.",
        f"'helpdesk' is tied to project 1 at {stub.url} already. Adopt under another name.",
        "The tasks of 'old' come from Label Studio. Use pull, which also brings new tasks.",
        "min.json, line 1: not a task with annotations. Export from Label Studio as JSON (not JSON-MIN or CSV).",
    ]


def test_a_project_that_was_deleted_there_is_pushed_anew(
    campaign: Any, verbs: LocalVerbs, stub: StubServer, call: LabelStudioCall
) -> None:
    campaign.item("q1", "One.", "Two.")
    verbs.push_labelstudio("helpdesk", call)
    stub.projects.clear()
    stub.tasks.clear()
    with pytest.raises(LabelStudioError, match="project 1 cannot be found"):
        verbs.pull_labelstudio("helpdesk", call)
    anew = verbs.push_labelstudio("helpdesk", LabelStudioCall(KEY, stub.url, anew=True))
    assert (anew["pushed"], len(stub.tasks)) == (1, 1)
