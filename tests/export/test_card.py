import re
from dataclasses import replace
from datetime import UTC, datetime

import datasets
import pyarrow as pa
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from concord.export.card import About, card
from concord.export.manifest import Annotator, Dropped, Evidence, Lengths, Summary
from concord.export.options import ExportOptions

EVIDENCE = Evidence(
    items=14,
    prompts=13,
    drafts=28,
    annotations=1042,
    ties=3,
    annotators=(Annotator("ann@example.org", "desk"), Annotator("simulated-1", "simulated")),
    models=("model-a",),
    templates=(("summary", "0123456789abcdef"),),
    demo_drafts=True,
    special_tokens=0,
    lengths=None,
    agreement="Krippendorff's alpha 0.62",
)
SUMMARY = Summary(
    project="Helpdesk",
    options=ExportOptions("trl-dpo", min_votes=2, min_agreement=0.5, shares=(0.8, 0.0, 0.2), seed=7),
    concord="0.1.0",
    time=datetime(2026, 5, 4, tzinfo=UTC),
    entered=1003,
    written={"train": 800, "test": 202},
    dropped=(Dropped("q1", "tie", ("d1", "d2")),),
    evidence=EVIDENCE,
)
MESSAGES = pa.list_(pa.struct([("role", pa.string()), ("content", pa.string())]))


def front_matter(text):
    return yaml.safe_load(text.split("---\n")[1])


def body(text):
    return text.split("---\n", maxsplit=2)[2]


def test_the_front_matter_points_at_the_parquet_file_of_each_split():
    assert front_matter(card(SUMMARY)) == {
        "pretty_name": "Helpdesk",
        "tags": ["trl", "dpo"],
        "task_categories": ["text-generation"],
        "size_categories": ["1K<n<10K"],
        "configs": [
            {
                "config_name": "default",
                "data_files": [
                    {"split": "train", "path": "train.parquet"},
                    {"split": "test", "path": "test.parquet"},
                ],
            }
        ],
    }


def test_the_body_says_what_it_is_how_it_was_made_and_what_to_beware_of():
    assert (
        body(card(SUMMARY))
        == """
# `Helpdesk`

A data set for preference training with TRL: prompt, chosen and rejected, one row for each strict preference. \
Written by Concord 0.1.0 on 2026-05-04T00:00:00Z; `manifest.json` has the details. \
Read it with `datasets.load_dataset("this folder")`.

## Rows

| split | rows |
|---|--:|
| train | 800 |
| test | 202 |

Compared pairs of drafts that entered: 1,003; written: 1,002; left out: 1.

| left out because of | number |
|---|--:|
| tie | 1 |

## How it was made

- Models that drafted: `model-a`.
- Templates: `summary 0123456789ab`.
- Annotations: 1,042; people: 1; simulated annotators: `simulated-1`.
- Rows that rest on a reviewer's decision, whatever the votes: 0.
- Agreement: `Krippendorff's alpha 0.62`.
- Gates: votes per pair, at least 2; share of the winner, at least 0.5.
- Splits: 0.8, 0, 0.2 (training, validation, test), seed 7. \
Items that share a prompt or a source row, or have near-duplicate prompts, are always in one split.

## Limitations

- Some drafts are by the demo drafter, which copies from the prompt and is no language model.
- Simulated annotators: 1 of 2. Their judgements are no person's.
- No licence is stated: whoever passes the data on must add one.
"""
    )


def test_no_person_is_named():
    assert "ann@example.org" not in card(SUMMARY)


def test_an_export_without_rows_names_no_files():
    empty = replace(SUMMARY, entered=1, written={})
    assert "configs" not in front_matter(card(empty))
    assert front_matter(card(empty))["size_categories"] == ["n<1K"]


def hostile(text):
    """A summary with `text` wherever people name things."""
    evidence = replace(
        EVIDENCE,
        models=(text,),
        templates=((text, "0123456789abcdef"),),
        annotators=(Annotator(f"simulated{text}", "desk"),),
        agreement=text,
    )
    return replace(SUMMARY, project=text, evidence=evidence)


NASTY = st.text(st.characters(exclude_categories=["Cs"])) | st.text("`-:#|<>[]()!\\\"'\n\r\x00\x85\u2028 ax")


@given(NASTY)
def test_a_name_cannot_break_out_of_the_front_matter(name):
    assert front_matter(card(hostile(name)))["pretty_name"] == name


@given(NASTY)
def test_a_name_cannot_add_a_line_or_leave_its_code_span(name):
    benign, nasty = (body(card(hostile(text))).split("\n") for text in ("name", name or "name"))
    assert len("\n".join(nasty).splitlines()) == len(benign) - 1
    for expected, line in zip(benign, nasty, strict=True):
        assert outside_code(line) == outside_code(expected)


def outside_code(line):
    """The line without its code spans, each ended, as CommonMark has it, by the next run of as many backticks."""
    return re.sub(r"(?<!`)(`+)(?!`)(.*?)(?<!`)\1(?!`)", "", line)


def preference_rows(count):
    def turn(role, content):
        return [{"role": role, "content": content}]

    return pa.table(
        {
            "prompt": pa.array([turn("user", f"{n} + 1?") for n in range(count)], MESSAGES),
            "chosen": pa.array([turn("assistant", "2026-01-01") for _ in range(count)], MESSAGES),
            "rejected": pa.array([turn("assistant", "02134") for _ in range(count)], MESSAGES),
            "item_id": pa.array([f"q{n}" for n in range(count)], pa.string()),
        }
    )


def test_the_folder_loads_as_the_splits_that_it_says(tmp_path):
    folder = tmp_path / "export"
    folder.mkdir()
    summary = replace(SUMMARY, project='"]: ---\n', entered=6, written={"train": 3, "test": 2})
    (folder / "README.md").write_text(card(summary), encoding="utf-8")
    (folder / "manifest.json").write_text('{"counts": {}}', encoding="utf-8")
    for split, rows in summary.written.items():
        parquet.write_table(preference_rows(rows), folder / f"{split}.parquet")
        (folder / f"{split}.jsonl").write_text('{"other": 1}\n', encoding="utf-8")
    loaded = datasets.load_dataset(str(folder), cache_dir=str(tmp_path / "cache"))
    assert {split: len(rows) for split, rows in loaded.items()} == {"train": 3, "test": 2}
    assert loaded["train"][0]["chosen"] == [{"role": "assistant", "content": "2026-01-01"}]


def test_a_licence_is_named_where_the_hub_looks_for_it_and_in_words():
    licensed = card(replace(SUMMARY, options=replace(SUMMARY.options, license="cc-by-4.0")))
    assert front_matter(licensed)["license"] == "cc-by-4.0"
    assert "- Licence: cc-by-4.0. It covers what was written here" in licensed
    assert "No licence is stated" not in licensed


def test_columns_lengths_and_guidelines_are_told():
    known = replace(SUMMARY, evidence=replace(EVIDENCE, lengths=Lengths((10, 20, 30, 40, 5000), over_4000=3)))
    text = card(known, About((("prompt", "list<struct>"), ("label", "bool")), "Be fair.\nBe brief."))
    assert "## Columns\n\n| column | type |\n|---|---|\n| `prompt` | `list<struct>` |\n| `label` | `bool` |\n" in text
    assert "Characters in a row: from 10 to 5,000, 30 in the median.\n" in text
    assert "## What annotators were told\n\n```text\nBe fair.\nBe brief.\n```\n" in text


@given(NASTY)
def test_guidelines_cannot_leave_their_fence(guidelines):
    text = body(card(SUMMARY, About(guidelines=f"{guidelines}x")))
    opened = text.split("## What annotators were told\n\n")[1]
    fence = opened[: opened.index("text\n")]
    assert opened[opened.index(f"\n{fence}\n") :].startswith(f"\n{fence}\n\n## Limitations\n")
