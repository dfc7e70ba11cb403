"""The funnel in a terminal: what each gate would keep, and nothing written."""

import json
from pathlib import Path

import pytest

ITEMS = [
    {"item_id": "a", "prompt": "Why?", "responses": [{"id": "x", "text": "One."}, {"id": "y", "text": "Two."}],
     "annotations": [{"annotator": "ana", "kind": "ranking", "ranks": {"x": 1, "y": 2}}]},
    {"item_id": "b", "prompt": "How?", "responses": [{"id": "x", "text": "I."}, {"id": "y", "text": "Two."}],
     "annotations": [{"annotator": "ana", "kind": "ranking", "ranks": {"x": 1, "y": 2}}]},
    {"item_id": "c", "prompt": "When?", "responses": [{"id": "x", "text": "One."}, {"id": "y", "text": "Two."}],
     "annotations": [{"annotator": "ana", "kind": "ranking", "ranks": {"x": 1, "y": 1}}]},
]  # fmt: skip


@pytest.fixture
def judged(concord) -> str:
    """A project with three judged items."""
    Path("judged.jsonl").write_text("".join(f"{json.dumps(item)}\n" for item in ITEMS), encoding="utf-8")
    concord("project", "create", "judged")
    concord("annotations", "import", "judged", "judged.jsonl")
    return "judged"


def test_a_dry_run_shows_what_each_gate_keeps_and_writes_nothing(concord, judged: str) -> None:
    words = ("export", judged, "--format", "trl-dpo", "--dry-run", "--min-chars", "3")
    lines = concord(*words).out.splitlines()
    assert lines[0] == "It would write: 1 train (of 3)."
    assert [line.split() for line in lines[1:]] == [
        ["left", "out", "number", "left"],
        ["tie", "1", "2"],
        ["too", "short", "1", "1"],
    ]
    shown = concord(*words, "--json").json
    assert shown["rows"][0]["item_id"] == "a"
    assert {path.name for path in Path().iterdir()} == {"judged.jsonl", "workspace"}


def test_an_export_takes_gates_and_policies_and_its_manifest_names_them(concord, judged: str) -> None:
    words = (
        "--pairs",
        "one",
        "--deny-model",
        "m",
        "--deny-model",
        "n",
        "--drop-nul",
        "--language",
        "en",
        "--stratify",
        "source",
        "--rated",
        "helpful:4:2",
    )
    concord("export", judged, "--format", "trl-dpo", "--out", "out", *words)
    options = json.loads(Path("out/manifest.json").read_bytes())["options"]
    assert options["policies"]["pairs"] == "one"
    assert options["policies"]["rated"] == {"question": "helpful", "good": 4.0, "bad": 2.0}
    assert (options["gates"]["denied_models"], options["gates"]["languages"]) == (["m", "n"], ["en"])
    assert options["gates"]["drop_nul"] is True
    assert options["stratify"] == "source"


def test_several_projects_are_one_data_set_and_each_is_counted(concord, judged: str) -> None:
    concord("project", "create", "more")
    concord("annotations", "import", "more", "judged.jsonl")
    words = ("export", judged, "--format", "trl-dpo", "--with", "more:1.0")
    said = concord(*words, "--dry-run").out.splitlines()
    assert said[0] == "It would write: 4 train (of 6)."
    assert [line.split() for line in said[1:4]] == [
        ["project", "weight", "entered", "rows"],
        ["judged", "1", "3", "2"],
        ["more", "1", "3", "2"],
    ]
    assert concord(*words, "--out", "out").out.startswith("out: 4 train (of 6).\n")
    rows = [json.loads(line) for line in Path("out/train.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [row["item_id"] for row in rows] == ["judged/a", "judged/b", "more/a", "more/b"]


def test_a_weight_above_1_is_refused(concord, judged: str) -> None:
    refused = concord("export", judged, "--format", "trl-dpo", "--dry-run", "--with", "more:2")
    assert (refused.code, refused.err) == (
        1, "The weight of 'more' is 2, but it is a share of its items, above 0 and up to 1. Give a smaller one; no row "
        "is written twice, and to weigh a project more, take less of the others.\n"
    )  # fmt: skip


def test_a_stratum_that_is_none_is_refused(concord, judged: str) -> None:
    refused = concord("export", judged, "--format", "trl-dpo", "--dry-run", "--stratify", "colour")
    assert (refused.code, refused.err) == (
        1, "stratify is 'colour'. Choose one of none, template, source, label.\n"
    )  # fmt: skip


def test_a_model_is_measured_against_the_test_split_it_never_saw(concord, judged: str) -> None:
    concord("export", judged, "--format", "trl-sft", "--out", "out", "--split", "0.5,0,0.5")
    [row] = Path("out/test.jsonl").read_text(encoding="utf-8").splitlines()
    Path("tuned.jsonl").write_text(f"{row}\n", encoding="utf-8")
    shown = concord("evaluate", judged, "tuned.jsonl", "--baseline", "tuned.jsonl", "--send-back", "1")
    assert (shown.code, shown.err) == (0, "")
    assert shown.out.splitlines()[0] == "Items of the test split with an answer: 1."
    assert "1 items are on the desk again." in shown.out
    assert concord("evaluate", judged, "tuned.jsonl", "--json").json["measures"]["exact_match"]["model"]["value"] == 1
    compared = concord("evaluate", judged, "tuned.jsonl", "--judge")
    assert "judge        0.500" in compared.out
    assert "judge: how often concord-demo prefers an answer to people's, ties as half;" in compared.out
