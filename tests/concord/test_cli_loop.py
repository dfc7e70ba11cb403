"""From raw rows to a data set by commands alone: on a few rows, and on the shared data."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ANNOTATORS = ("ana", "ben", "cleo")


def lines(path: Path) -> Iterator[dict[str, Any]]:
    yield from map(json.loads, filter(None, path.read_text(encoding="utf-8").split("\n")))


def test_the_whole_loop(concord, rows, write_lines, tmp_path: Path) -> None:
    write_lines("reviews.jsonl", rows)
    (tmp_path / "settings.yaml").write_text("task: edit\noverlap: 3\ncandidates: 2\n")
    for words in (
        "project create reviews --settings settings.yaml",
        "import reviews reviews.jsonl",
        "template apply review-reply reviews",
        "draft reviews",
        "annotations export reviews items.jsonl",
    ):
        assert concord(*words.split()).code == 0, words
    items = list(lines(tmp_path / "items.jsonl"))
    assert [[response["id"] for response in item["responses"]] for item in items] == [["d1", "d2"], ["d1", "d2"]]
    answers = {"r1": ("Sorry.", "Sorry.", "We are sorry."), "r2": ("Thanks!", "Thanks!", "Thanks!")}
    write_lines("edits.jsonl", [{"item_id": item, "annotations": edits(texts)} for item, texts in answers.items()])
    assert concord("annotations", "import", "reviews", "edits.jsonl", "--json").json["annotations"] == 6
    assert concord("project", "show", "reviews", "--json").json["counts"]["finished"] == 2

    alike = concord("agreement", "reviews", "--json").json["agreement"]["edit"]["main"]["statistics"]["edit_similarity"]
    assert 0.5 < alike["value"] < 1
    assert (alike["items"], alike["annotations"], alike["annotators"]) == (2, 6, 3)

    assert concord("export", "reviews", "--format", "trl-sft", "--out", "out").out.startswith("out: 2 train (of 2).\n")
    written = {
        line["prompt"][-1]["content"]: line["completion"][0]["content"] for line in lines(tmp_path / "out/train.jsonl")
    }
    assert sorted(written.values()) == ["Sorry.", "Thanks!"]
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "README.md",
        "manifest.json",
        "train.jsonl",
        "train.parquet",
    }


def edits(texts: tuple[str, ...]) -> list[dict[str, str]]:
    return [
        {"annotator": annotator, "kind": "edit", "draft": "d1", "text": text}
        for annotator, text in zip(ANNOTATORS, texts, strict=True)
    ]


# Three drafts for all of the 500 dialogues take the demo drafter some 20 seconds; 30 dialogues show the same.
def test_dialogues_with_three_summaries_each_become_a_data_set(
    concord, shared_data: Path, write_lines, tmp_path
) -> None:
    source = shared_data / "dialogsum" / "dialogsum.test.jsonl"
    (tmp_path / "settings.yaml").write_text("task: edit\noverlap: 3\n")
    concord("project", "create", "summaries", "--settings", "settings.yaml")
    imported = concord("import", "summaries", str(source), "--template", "dialogsum-summary", "--json").json
    assert (imported["stored"], imported["applied"]["items"]) == (500, 500)
    assert concord("draft", "summaries", "--candidates", "3", "--limit", "30", "--json").json["done"] == 90

    concord("annotations", "export", "summaries", "items.jsonl")
    rows = {row["dialogue"]: row for row in lines(source)}
    asked = {
        item["item_id"]: summaries(rows, item["messages"][-1]["content"]) for item in lines(tmp_path / "items.jsonl")
    }
    assert len(asked) == 500
    write_lines("edits.jsonl", [{"item_id": name, "annotations": given} for name, given in asked.items()])
    assert concord("annotations", "import", "summaries", "edits.jsonl", "--json").json["annotations"] == 1_500

    statistics = concord("agreement", "summaries", "--json").json["agreement"]["edit"]["main"]["statistics"]
    alike = statistics["edit_similarity"]
    assert 0 < alike["low"] < alike["value"] < alike["high"] < 1
    assert (alike["items"], alike["annotations"], alike["annotators"]) == (500, 1_500, 3)

    said = concord("export", "summaries", "--format", "trl-sft", "--out", "out", "--split", "0.8,0.1,0.1")
    assert said.out.startswith("out: 400 train, 50 validation, 50 test (of 500).\n")
    assert loaded_by_datasets(tmp_path / "out") == {"train": 400, "validation": 50, "test": 50}


def summaries(rows: dict[str, dict[str, str]], asked: str) -> list[dict[str, str]]:
    row = rows[asked.removeprefix("<dialogue>\n").removesuffix("\n</dialogue>")]
    return [{"annotator": f"a{n}", "kind": "edit", "text": row[f"summary{n}"]} for n in (1, 2, 3)]


def loaded_by_datasets(folder: Path) -> dict[str, int]:
    """How many rows each split has for the library that trainers load with."""
    code = (
        "import sys, json, datasets; loaded = datasets.load_dataset(sys.argv[1]);"
        "print(json.dumps({split: rows.num_rows for split, rows in loaded.items()}))"
    )
    offline = {"HF_HUB_OFFLINE": "1", "HF_HOME": str(folder.parent / "cache")}
    command = [sys.executable, "-c", code, str(folder)]
    loaded = subprocess.run(command, env=os.environ | offline, capture_output=True, text=True, check=True)
    return json.loads(loaded.stdout)


def test_judged_pairs_of_answers_have_their_published_kappas_and_become_preferences(concord, shared_data: Path) -> None:
    concord("project", "create", "pairs")
    imported = concord("import", "pairs", str(shared_data / "pandalm" / "comparisons.jsonl"), "--json").json
    assert (imported["stored"], imported["drafts"], imported["annotations"]) == (999, 1_998, 2_997)

    statistics = concord("agreement", "pairs", "--json").json["agreement"]["preference"]["main"]["statistics"]
    kappas = {tuple(pair["between"]): round(pair["value"], 2) for pair in statistics["cohen_kappa"]["pairs"]}
    assert kappas == {
        ("annotator1", "annotator2"): 0.85,
        ("annotator1", "annotator3"): 0.88,
        ("annotator2", "annotator3"): 0.86,
    }
    alpha = statistics["krippendorff_alpha"]
    assert alpha["low"] < alpha["value"] < alpha["high"]
    assert (alpha["items"], alpha["annotations"], alpha["annotators"]) == (999, 2_997, 3)

    said = concord("export", "pairs", "--format", "trl-dpo", "--out", "out")
    assert said.out.splitlines()[:4] == [
        "out: 842 train (of 999).",
        "left out        number  left",
        "tie             105     894",
        "empty response  52      842",
    ]


def test_the_agreement_report_is_written_as_a_page_and_as_markdown(concord, reviews, write_lines, tmp_path) -> None:
    judged = {
        "item_id": "x",
        "prompt": "Why?",
        "annotations": [{"annotator": who, "kind": "label", "labels": {"q": "a"}} for who in ("ann", "ben")],
    }
    write_lines("judged.jsonl", [judged])
    assert concord("annotations", "import", reviews, "judged.jsonl").code == 0
    said = concord("agreement", reviews, "--html", "report.html", "--markdown", "report.md")
    assert said.code == 0
    assert (tmp_path / "report.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert "not defined: every value is a" in (tmp_path / "report.md").read_text(encoding="utf-8")


def test_a_report_that_cannot_be_written_says_where(concord, reviews) -> None:
    said = concord("agreement", reviews, "--html", "nowhere/report.html")
    assert (said.code, said.err) == (
        1,
        "nowhere/report.html: cannot be written (No such file or directory). Choose another place.\n",
    )
