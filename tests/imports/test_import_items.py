"""Ready-made items in the interchange format: new ones, and what others add to those that are there."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from concord.desk.queue import open_item
from concord.desk.submit import Submission, submit_ranking
from concord.errors import InputError
from concord.export.interchange import write_interchange
from concord.imports.ready import import_items
from concord.imports.sieve import ImportOptions
from concord.records.annotation import Comparison, Edit, Labels, Ranking, Ratings
from concord.records.item import Message
from concord.records.row import ImportReport

RESPONSES = [{"id": "a", "text": "first", "model": "m"}, {"id": "b", "text": "second"}]


def line(**fields: Any) -> dict[str, Any]:
    return {"item_id": "q1", "prompt": "Why?", "responses": RESPONSES, **fields}


@pytest.fixture
def add(campaign, tmp_path: Path):
    """Imports these lines."""

    def run(*rows: Any, name: str = "items.jsonl", **options: Any) -> ImportReport:
        path = tmp_path / name
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
        return import_items(campaign.store, campaign.project, path, options=ImportOptions(**options))

    return run


def judged(campaign) -> dict[str, object]:
    """The current judgements by annotator."""
    return {one.annotator: one.judgement for one in campaign.store.annotations(campaign.project.id)}


def told(report: ImportReport) -> list[str]:
    return [f"{p.source}, line {p.line}, {p.field}: {p.found}. {p.cure}" for p in report.problems]


def test_items_come_with_responses_and_every_kind_of_annotation(campaign, add) -> None:
    report = add(
        line(
            annotations=[
                {"annotator": "ranks", "kind": "ranking", "ranks": {"b": 1, "a": 2.5}},
                {"annotator": "ties", "kind": "ranking", "ranks": {"a": 1, "b": 1}},
                {"annotator": "partly", "kind": "ranking", "ranks": {"b": 3}},
                {"annotator": "compares", "kind": "comparison", "value": "b"},
                {"annotator": "finds a tie", "kind": "comparison", "value": "tie"},
                {"annotator": "finds both bad", "kind": "comparison", "value": "both_bad"},
                {"annotator": "rates", "kind": "rating", "ratings": {"helpful": 4}},
                {"annotator": "rates", "kind": "rating", "ratings": {"kind": 3.5}},
                {
                    "annotator": "labels",
                    "kind": "label",
                    "labels": {"tone": "kind", "safe": True, "stars": 3, "on": ["b", "a", "b"]},
                },
                {"annotator": "edits", "kind": "edit", "draft": "a", "text": "better"},
                {"annotator": "writes", "kind": "edit", "text": "new"},
            ]
        )
    )
    assert report == ImportReport("items.jsonl", 1, 1, 0, drafts=2, annotations=10)
    [item] = campaign.store.items(campaign.project.id)
    a, b = campaign.store.drafts(item.id)
    assert (item.name, item.messages) == ("q1", (Message("user", "Why?"),))
    assert [(draft.name, draft.text, draft.model, draft.source) for draft in (a, b)] == [
        ("a", "first", "m", "file"),
        ("b", "second", None, "file"),
    ]
    assert judged(campaign) == {
        "ranks": Ranking(((b.id,), (a.id,))),
        "ties": Ranking((tuple(sorted((a.id, b.id))),)),
        "partly": Ranking(((b.id,),)),
        "compares": Comparison(b.id),
        "finds a tie": Comparison("tie"),
        "finds both bad": Comparison("both_bad"),
        "rates": Ratings({"helpful": 4.0, "kind": 3.5}),
        "labels": Labels({"tone": "kind", "safe": "true", "stars": "3", "on": '["a","b"]'}),
        "edits": Edit(a.id, "better"),
        "writes": Edit(None, "new"),
    }


def test_prompts_are_messages_and_ids_may_be_numbers(campaign, add) -> None:
    turns = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Why?\u2028"}]
    add({"item_id": 7, "messages": turns, "responses": [{"id": 1, "text": "because"}]})
    [item] = campaign.store.items(campaign.project.id)
    assert (item.name, item.messages) == ("7", (Message("system", "Be brief."), Message("user", "Why?\u2028")))
    assert [draft.name for draft in campaign.store.drafts(item.id)] == ["1"]


def test_responses_that_are_no_text_are_kept_as_json_and_said(campaign, add) -> None:
    values = [True, 7, None, ["x"], {"y": 1}, "true"]
    report = add(line(responses=[{"id": str(n), "text": value} for n, value in enumerate(values)]))
    assert report.notes == ("4 responses were not text and are kept as their JSON text.",)
    [item] = campaign.store.items(campaign.project.id)
    texts = [draft.text for draft in campaign.store.drafts(item.id)]
    assert texts == ["true", "7", "", '["x"]', '{"y":1}', "true"]


KINDS = "edit, ranking, comparison, rating, label, factual"
NO_ID = 'a response lacks its id or its text. Write {"id": …, "text": …}.'
ROLES = "a message has no known role or no text. Roles are system, user, assistant, tool; content is text."


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"item_id": None}, "item_id: the line has no item_id. Give every item an id of its own."),
        ({"item_id": " "}, "item_id: the line has no item_id. Give every item an id of its own."),
        ({"item_id": True}, "item_id: the line has no item_id. Give every item an id of its own."),
        ({"item_id": "q2"}, "item_id: the item 'q2' stands in the file twice. Join the two lines."),
        ({"prompt": " "}, "prompt: the prompt is empty or not text. Fill it in or remove the line."),
        ({"prompt": 7}, "prompt: the prompt is empty or not text. Fill it in or remove the line."),
        (
            {"prompt": None},
            "item_id: the project has no item 'q1', and the line has no prompt. Correct the id.",
        ),
        ({"messages": "Why?"}, "messages: messages is not a list. Write a list, or leave the field out."),
        ({"messages": ["Why?"]}, f"messages: {ROLES}"),
        ({"messages": [{"role": "narrator", "content": "Why?"}]}, f"messages: {ROLES}"),
        ({"messages": [{"role": ["user"], "content": "Why?"}]}, f"messages: {ROLES}"),
        ({"messages": [{"role": "user", "content": None}]}, f"messages: {ROLES}"),
        (
            {"messages": [{"role": "user", "content": "Why?"}, {"role": "assistant", "content": "So."}]},
            "messages: the last message is by 'assistant'. End with what the user says; answers go to responses.",
        ),
        (
            {"messages": [{"role": "user", "content": "\n"}]},
            "messages: the last message is blank. End with what the user says; answers go to responses.",
        ),
        ({"responses": {}}, "responses: responses is not a list. Write a list, or leave the field out."),
        ({"responses": ["text"]}, f"responses: {NO_ID}"),
        ({"responses": [{"id": "a"}]}, f"responses: {NO_ID}"),
        ({"responses": [{"text": "x"}]}, f"responses: {NO_ID}"),
        ({"responses": [{"id": None, "text": "x"}]}, f"responses: {NO_ID}"),
        (
            {"responses": [{"id": "1", "text": "x"}, {"id": 1, "text": "y"}]},
            "responses: two responses have the id '1'. Give each its own id.",
        ),
        ({"annotations": "good"}, "annotations: annotations is not a list. Write a list, or leave the field out."),
    ],
)
def test_a_line_that_cannot_be_used_is_a_problem_and_stores_none(campaign, add, fields: dict, problem: str) -> None:
    report = add(line(item_id="q2", responses=[]), line(**fields))
    assert told(report) == [f"items.jsonl, line 2, {problem}"]
    assert campaign.store.items(campaign.project.id) == []


@pytest.mark.parametrize(
    ("annotation", "problem"),
    [
        ("good", 'annotations: an annotation is not an object. Write {"annotator": …, "kind": …}.'),
        ({"kind": "edit"}, "annotator: an annotation names no annotator. Name one."),
        ({"annotator": " ", "kind": "edit"}, "annotator: an annotation names no annotator. Name one."),
        (
            {"kind": "vote"},
            f"kind: 'ann' has an annotation of kind 'vote'. Use one of {KINDS}.",
        ),
        (
            {"kind": ["edit"]},
            f"kind: 'ann' has an annotation of kind ['edit']. Use one of {KINDS}.",
        ),
        ({"kind": "edit"}, "text: the edit of 'ann' has no text. Fill it in or remove the annotation."),
        ({"kind": "edit", "text": " "}, "text: the edit of 'ann' has no text. Fill it in or remove the annotation."),
        (
            {"kind": "edit", "text": "x", "draft": "c"},
            "annotations: 'ann' names the response 'c' (there are: 'a', 'b'). Correct it.",
        ),
        (
            {"kind": "ranking", "ranks": {}},
            "ranks: the ranking of 'ann' has no ranks. Write {\"response\": rank, …}, 1 is best.",
        ),
        (
            {"kind": "ranking", "ranks": ["a", "b"]},
            "ranks: the ranking of 'ann' has no ranks. Write {\"response\": rank, …}, 1 is best.",
        ),
        (
            {"kind": "ranking", "ranks": {"a": "first"}},
            "ranks: 'ann' gives 'a' the rank 'first'. Ranks are numbers, 1 is best.",
        ),
        (
            {"kind": "ranking", "ranks": {"a": True}},
            "ranks: 'ann' gives 'a' the rank True. Ranks are numbers, 1 is best.",
        ),
        (
            {"kind": "ranking", "ranks": {"a": 1, "z": 2}},
            "annotations: 'ann' names the response 'z' (there are: 'a', 'b'). Correct it.",
        ),
        (
            {"kind": "comparison", "value": None},
            "annotations: 'ann' names the response None (there are: 'a', 'b'). Correct it.",
        ),
        (
            {"kind": "rating", "ratings": 5},
            "ratings: the rating of 'ann' has no ratings. Write {\"question\": number, …}.",
        ),
        ({"kind": "rating", "ratings": {"kind": "5"}}, "ratings: 'ann' rates 'kind' '5'. Ratings are numbers."),
        (
            {"kind": "comparison", "value": "a", "between": ["a", "a"]},
            "between: 'ann' compares ['a', 'a']. Name two different responses.",
        ),
        (
            {"kind": "comparison", "value": "tie", "strength": "much"},
            "strength: the comparison of 'ann' has the strength 'much'. Write one of slightly, clearly, much beside a "
            "response that is better, or leave it out.",
        ),
        (
            {"kind": "label", "labels": {}},
            'labels: the label of \'ann\' has no labels. Write {"question": "choice", …}.',
        ),
        (
            {"kind": "label", "labels": {"q": ""}},
            "labels: 'ann' labels 'q' ''. A label is a word or phrase, or a list of them.",
        ),
        (
            {"kind": "label", "labels": {"q": [1]}},
            "labels: 'ann' labels 'q' [1]. A label is a word or phrase, or a list of them.",
        ),
        (
            {"kind": "factual", "facts": []},
            'facts: the factual check of \'ann\' has no facts. Write {"response": "right", …}.',
        ),
        (
            {"kind": "factual", "facts": {"a": "true"}},
            "facts: 'ann' calls 'a' 'true'. Use one of right, wrong, cannot_tell.",
        ),
        (
            {"kind": "ranking", "all_bad": ["a", "z"]},
            "annotations: 'ann' names the response 'z' (there are: 'a', 'b'). Correct it.",
        ),
    ],
)
def test_an_annotation_that_cannot_be_used_is_a_problem(campaign, add, annotation: Any, problem: str) -> None:
    named = {"annotator": "ann", **annotation} if isinstance(annotation, dict) else annotation
    wrong = annotation if "an annotation names no annotator" in problem else named
    assert told(add(line(annotations=[wrong]))) == [f"items.jsonl, line 1, {problem}"]
    assert judged(campaign) == {}


def test_a_comparison_wants_two_responses(add) -> None:
    compared = [{"annotator": "ann", "kind": "comparison", "value": "a"}]
    report = add(line(responses=[*RESPONSES, {"id": "c", "text": "third"}], annotations=compared))
    assert told(report) == [
        "items.jsonl, line 1, value: 'ann' compares, but the item has 3 responses. "
        'Name the two, "between": ["a", "b"], or use a ranking.'
    ]


def test_a_comparison_of_two_of_three_responses_names_them_and_may_say_how_much_better(campaign, add) -> None:
    compared = {"annotator": "ann", "kind": "comparison", "value": "a", "between": ["c", "a"], "strength": "slightly"}
    assert told(add(line(responses=[*RESPONSES, {"id": "c", "text": "third"}], annotations=[compared]))) == []
    [annotation] = campaign.store.annotations(campaign.project.id)
    [item] = campaign.store.items(campaign.project.id)
    ids = {draft.name: draft.id for draft in campaign.store.drafts(item.id)}
    assert annotation.judgement == Comparison(ids["a"], tuple(sorted((ids["a"], ids["c"]))), "slightly")


def test_two_judgements_of_one_kind_by_one_person_are_a_problem(add) -> None:
    twice = [{"annotator": "ann", "kind": "edit", "text": text} for text in ("one", "two")]
    assert told(add(line(annotations=twice))) == [
        "items.jsonl, line 1, annotations: 'ann' judges this item twice in the same way. Keep one of the two."
    ]


def test_tables_hold_no_items(campaign, tmp_path: Path) -> None:
    (tmp_path / "items.csv").write_text("item_id,prompt\n1,Why?\n")
    with pytest.raises(InputError) as caught:
        import_items(campaign.store, campaign.project, tmp_path / "items.csv")
    assert str(caught.value) == "items.csv: ready-made items come as JSONL or JSON. Convert the file."


def test_facts_reasons_and_all_bad_are_written_and_read_back(campaign, new_campaign, add, tmp_path: Path) -> None:
    said = [
        {"annotator": "ann", "kind": "factual", "facts": {"a": "wrong", "b": "right"}},
        {"annotator": "ann", "kind": "ranking", "ranks": {"a": 1, "b": 2}, "reason": "It is kinder."},
        {"annotator": "bob", "kind": "ranking", "all_bad": ["a", "b"]},
    ]
    add(line(annotations=said))
    target = tmp_path / "out.jsonl"
    write_interchange(campaign.store, campaign.project, target)
    [written] = [json.loads(text) for text in target.read_text().splitlines()]
    assert sorted(written["annotations"], key=str) == sorted(said, key=str)
    other = new_campaign()
    assert import_items(other.store, other.project, target).problems == ()
    assert {one.reason for one in other.store.annotations(other.project.id)} == {"", "It is kinder."}
    [one] = [one for one in other.store.annotations(other.project.id) if one.annotator == "bob"]
    assert one.judgement == Ranking((), tuple(sorted(draft.id for draft in other.store.drafts(one.item_id))))


# ---- what is there already

EDIT = {"annotator": "ann", "kind": "edit", "draft": "a", "text": "better"}
LABEL = {"annotator": "ann", "kind": "label", "labels": {"tone": "kind"}}


def test_a_second_import_adds_nothing(campaign, add) -> None:
    rows = line(annotations=[EDIT, LABEL]), line(item_id="q2")
    add(*rows)
    counts = campaign.store.counts(campaign.project.id)
    assert add(*rows) == ImportReport("items.jsonl", 2, 0, 2)
    assert campaign.store.counts(campaign.project.id) == counts


def test_annotations_and_responses_are_added_to_items_that_are_there(campaign, add) -> None:
    item = campaign.item("q1", "first draft", "second draft")
    report = add(
        {
            "item_id": "q1",
            "responses": [{"id": "c", "text": "third"}],
            "annotations": [{"annotator": "ann", "kind": "ranking", "ranks": {"c": 1}}],
        }
    )
    assert report == ImportReport("items.jsonl", 1, 0, 1, drafts=1, annotations=1)
    assert [draft.name for draft in campaign.store.drafts(item.id)] == ["c", "d1", "d2"]
    assert campaign.store.counts(campaign.project.id).annotators == 1


def test_a_judgement_of_drafts_that_were_made_here_finds_them(campaign, add) -> None:
    add(line())
    add({"item_id": "q1", "annotations": [EDIT]})
    [item] = campaign.store.items(campaign.project.id)
    [a, _] = campaign.store.drafts(item.id)
    assert judged(campaign) == {"ann": Edit(a.id, "better")}


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"prompt": "Why not?"}, "prompt: the item 'q1' has another prompt in the project. Give it another item_id."),
        (
            {"responses": [{"id": "a", "text": "other"}]},
            "responses: the response 'a' has another text in the project. Give it a new id.",
        ),
    ],
)
def test_what_is_there_with_other_words_is_a_problem(campaign, add, fields: dict, problem: str) -> None:
    add(line())
    assert told(add(line(annotations=[EDIT], **fields))) == [f"items.jsonl, line 1, {problem}"]
    assert judged(campaign) == {}


def test_blanks_make_no_other_words(add) -> None:
    add(line())
    assert told(add(line(prompt=" Why?\n", responses=[{"id": "a", "text": "first "}]))) == []


def test_a_correction_supersedes_in_the_reports_too(campaign, add) -> None:
    store, project = campaign.store, campaign.project
    add(line(annotations=[EDIT, LABEL]))
    corrected = add(line(annotations=[{**EDIT, "text": "best"}, {**LABEL, "labels": {"tone": "harsh"}}]))
    assert corrected.annotations == 2
    assert [edit.text for edit in store.edits(project.id)] == ["best"]
    [votes] = store.votes(project.id)
    assert (votes.values, votes.value.tolist()) == (("harsh",), [0])
    assert store.counts(project.id).annotations == 2


def test_a_dry_run_reports_the_same_and_stores_nothing(campaign, add) -> None:
    rows = line(annotations=[EDIT]), line(item_id="q2", responses=[{"id": "x", "text": 1}])
    dry = add(*rows, dry_run=True)
    assert campaign.store.counts(campaign.project.id).items == 0
    assert replace(dry, dry_run=False) == add(*rows)


def test_skipped_lines_can_be_corrected_and_imported(campaign, add, tmp_path: Path) -> None:
    rejects = tmp_path / "rejects.jsonl"
    report = add(line(), line(item_id="q2", prompt=" "), rejects=rejects)
    assert (report.stored, len(report.problems), report.rejects) == (1, 1, str(rejects))
    [rejected] = rejects.read_text().splitlines()
    corrected = json.loads(json.loads(rejected)["text"])
    assert add(corrected | {"prompt": "Why not?"}).stored == 1


def test_the_origin_of_annotations_can_be_said(campaign, add) -> None:
    add(line(annotations=[EDIT]), origin="simulated")
    [annotation] = campaign.store.annotations(campaign.project.id)
    assert annotation.origin == "simulated"


def test_people_work_on_while_judgements_of_their_items_come_in(new_campaign, tmp_path: Path) -> None:
    campaign = new_campaign(task="rank", overlap=3)
    store, project = campaign.store, campaign.project
    items = campaign.items(60, "one", "two")
    path = tmp_path / "items.jsonl"
    given = [{"annotator": "elsewhere", "kind": "ranking", "ranks": {"d1": 1}}]
    extra = [{"id": "extra", "text": "three"}]
    path.write_text(
        "".join(json.dumps({"item_id": i.name, "responses": extra, "annotations": given}) + "\n" for i in items)
    )

    def work(annotator: str) -> int:
        number = 0
        while task := open_item(store, project, annotator, now=project.created_at):
            submission = Submission(task.presentation.id, annotator, 1.0, project.created_at)
            assert submit_ranking(store, submission, [[draft.id] for draft in task.drafts]) == "stored"
            number += 1
        return number

    with ThreadPoolExecutor(3) as pool:
        working = [pool.submit(work, name) for name in ("ann", "bob")]
        assert pool.submit(import_items, store, project, path).result().annotations == 60
        assert sum(one.result() for one in working) >= 60
    assert [check for check in store.verify() if check.wrong] == []


# ---- real data


def test_pandalm_is_imported_as_it_is(campaign, shared_data: Path) -> None:
    path = shared_data / "pandalm" / "comparisons.jsonl"
    report = import_items(campaign.store, campaign.project, path)
    assert report == ImportReport("comparisons.jsonl", 999, 999, 0, drafts=1_998, annotations=2_997)
    [votes] = campaign.store.votes(campaign.project.id)
    assert votes.value.tolist().count(2) == 326  # ties


def test_open_assistant_is_imported_as_it_is(campaign, shared_data: Path) -> None:
    path = shared_data / "open-assistant" / "rankings.jsonl"
    report = import_items(campaign.store, campaign.project, path)
    assert report == ImportReport("rankings.jsonl", 214, 214, 0, drafts=647, annotations=212)
    turns = [len(item.messages) for item in campaign.store.items(campaign.project.id)]
    assert [turns.count(number) for number in (1, 3, 5)] == [100, 112, 2]
