"""`concord labelstudio …` as it is typed."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from stub_server import KEY, StubServer, serving

CONFIG = """<View><Text name="q" value="$question"/><Text name="a" value="$answer1"/><Text name="b" value="$answer2"/>
 <Pairwise name="better" toName="a,b"/><TextArea name="note" toName="q"/></View>"""


@pytest.fixture
def stub(monkeypatch: pytest.MonkeyPatch) -> Iterator[StubServer]:
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", KEY)
    with serving() as state:
        yield state


@pytest.fixture
def bridged(concord: Callable[..., Any]) -> Callable[..., Any]:
    """The commands of the bridge, with a project that has one item."""
    line = {"item_id": "q1", "prompt": "Why?", "responses": [{"id": n, "text": f"Because of {n}."} for n in "ab"]}
    Path("items.jsonl").write_text(json.dumps(line))
    concord("project", "create", "mine")
    concord("import", "mine", "items.jsonl")
    return lambda *words: concord("labelstudio", *words)


def edited(text: str) -> list[dict[str, Any]]:
    return [{"from_name": "edited", "to_name": "prompt", "type": "textarea", "value": {"text": [text]}}]


def test_a_project_goes_there_and_comes_back(bridged: Callable[..., Any], stub: StubServer) -> None:
    pushed = bridged("push", "mine", "--url", f"{stub.url}/")
    assert pushed.out == f"1 items pushed to project 1 at {stub.url}; 0 were there already.\n"
    stub.annotate(1, 5, edited("Better."))
    stub.annotate(1, 6, [], was_cancelled=True)
    synced = bridged("sync", "mine")
    assert synced.out == (
        f"0 items pushed to project 1 at {stub.url}; 1 were there already.\n"
        "Left out: 1 half-filled answers.\n"
        "1 new annotations and 1 new skips from 1 tasks; 1 annotators in all.\n"
    )
    assert KEY not in synced.out + synced.err + bridged("pull", "mine", "--json").out


def test_what_was_deleted_there_is_named_and_withdrawn_on_request(
    bridged: Callable[..., Any], stub: StubServer
) -> None:
    bridged("push", "mine", "--url", stub.url)
    stub.annotate(1, 5, edited("Better."))
    bridged("pull", "mine")
    stub.tasks[1]["annotations"].clear()
    none = "0 new annotations from 1 tasks; 0 annotators in all.\n"
    told = "Deleted there, and counted here still: q1 by ls-5. Withdraw them: pull --withdraw-deleted\n"
    assert bridged("pull", "mine").out == told + none
    withdrawn = "1 annotations were deleted there, and count here no more.\n"
    assert [bridged("pull", "mine", "--withdraw-deleted").out for _ in range(2)] == [withdrawn + none, none]


def test_label_studio_tells_of_annotations_once_both_sides_know_a_secret(
    bridged: Callable[..., Any], stub: StubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    bridged("push", "mine", "--url", stub.url)
    monkeypatch.delenv("CONCORD_WEBHOOK_SECRET", raising=False)
    refused = bridged("watch", "mine", "--to", "http://127.0.0.1:8501")
    assert (refused.code, refused.err) == (
        1,
        "There is no secret to know Label Studio by. Set CONCORD_WEBHOOK_SECRET here and for the app.\n",
    )
    monkeypatch.setenv("CONCORD_WEBHOOK_SECRET", "between-us")
    assert bridged("watch", "mine", "--to", "http://127.0.0.1:8501").out == (
        f"Project 1 at {stub.url} tells http://127.0.0.1:8501/api/v1/projects/mine/labelstudio/webhook of annotations "
        "that are made or changed.\n"
    )
    assert [hook["headers"] for hook in stub.webhooks] == [{"Authorization": "Bearer between-us"}]


def test_ground_truth_is_taken_as_known_answers_on_request(bridged: Callable[..., Any], stub: StubServer) -> None:
    bridged("push", "mine", "--url", stub.url)
    stub.annotate(1, 5, edited("Right."), ground_truth=True)
    assert bridged("pull", "mine").out.splitlines()[0] == "Left out: 1 ground truth."
    better = {"from_name": "rank", "to_name": "answers", "type": "ranker", "value": {"ranker": {"rank": ["2", "1"]}}}
    stub.tasks[1]["annotations"][0]["result"].append(better)
    assert bridged("pull", "mine", "--gold").out == (
        "2 new known answers.\n0 new annotations from 1 tasks; 0 annotators in all.\n"
    )
    Path("export.json").write_text(json.dumps(list(stub.tasks.values())))
    assert bridged("pull", "mine", "--file", "export.json", "--gold", "--json").json["known"] == 0


def test_an_exported_file_is_pulled_without_server_and_key(
    bridged: Callable[..., Any], stub: StubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    bridged("push", "mine", "--url", stub.url)
    stub.annotate(1, 5, edited("Better."))
    Path("export.json").write_text(json.dumps(list(stub.tasks.values())))
    monkeypatch.delenv("LABEL_STUDIO_API_KEY")
    assert bridged("pull", "mine", "--file", "export.json", "--json").json["annotations"] == 1
    refused = bridged("pull", "mine")
    assert (refused.code, refused.err) == (
        1,
        "There is no key for Label Studio. Set LABEL_STUDIO_API_KEY to an access token of it.\n",
    )


def test_an_adoption_is_shown_before_it_is_done(bridged: Callable[..., Any], stub: StubServer) -> None:
    stub.projects[1] = {"id": 1, "title": "Theirs", "label_config": CONFIG}
    data = {"question": "Q?", "answer1": "One.", "answer2": "Two."}
    stub.tasks[1] = {"id": 1, "project": 1, "data": data, "annotations": []}
    stub.annotate(1, 5, [{"from_name": "better", "value": {"selected": "right"}}])
    words = ("adopt", "theirs", "--url", stub.url, "--id", "1", "--map", "note=ignored")
    seen = bridged(*words, "--dry-run")
    assert seen.out == (
        "Theirs: the prompt is question; responses are answer1, answer2.\n"
        "control  tag       meaning     example\n"
        "better   Pairwise  comparison  {'selected': 'right'}\n"
        "note     TextArea  ignored\n"
        "The desk asks to compare.\n"
        "1 tasks. Nothing was stored. Change a meaning with --map CONTROL=MEANING.\n"
    )
    assert bridged(*words).out.endswith("1 new items, 1 new annotations from 1 tasks; 1 annotators in all.\n")


def test_a_meaning_that_is_none_is_refused(bridged: Callable[..., Any], stub: StubServer) -> None:
    refused = bridged("adopt", "theirs", "--url", stub.url, "--id", "1", "--map", "note=comment")
    assert (refused.code, refused.err) == (
        1,
        "--map 'note=comment': write it as CONTROL=MEANING, which is one of ranking, edit, comparison, rating, label, "
        "ignored.\n",
    )
