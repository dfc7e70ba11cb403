"""The check of a written data set: what would train wrongly is found, whatever wrote it; nothing of it stays."""

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tokenizers import Tokenizer, models, pre_tokenizers

from concord.errors import BrokenExport, InputError
from concord.export.checking import DEEP, check
from concord.export.options import ExportOptions
from concord.export.writing import DataSet
from concord.records.item import Message

MESSAGES = pa.list_(pa.struct([("role", pa.string()), ("content", pa.string())]))


def turns(text: str, role: str = "assistant") -> list[dict[str, str]]:
    return [{"role": role, "content": text}]


def pair(prompt: str = "Why?", chosen: str = "one", rejected: str = "two") -> dict[str, Any]:
    return {"prompt": turns(prompt, "user"), "chosen": turns(chosen), "rejected": turns(rejected)}


def looked_at(folder: Path, splits: dict[str, list[dict[str, Any]]], **options: Any):
    """The check of files with these rows."""
    schema = pa.schema([(name, MESSAGES) for name in ("prompt", "chosen", "rejected")])
    for split, rows in splits.items():
        pq.write_table(pa.Table.from_pylist(rows, schema), folder / f"{split}.parquet")
        (folder / f"{split}.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    data_set = DataSet({split: len(rows) for split, rows in splits.items()}, (), ())
    return check(folder, data_set, ExportOptions("trl-dpo", **options))


@pytest.fixture
def tokenizer(tmp_path: Path) -> str:
    """A tokenizer for which a word is a token."""
    made = Tokenizer(models.WordLevel({"[UNK]": 0}, unk_token="[UNK]"))
    made.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    made.save(str(tmp_path / "tokenizer.json"))
    return str(tmp_path / "tokenizer.json")


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ([pair(chosen="")], "empty answers: 1, blank answers: 1"),
        ([pair() | {"rejected": [{"role": "assistant", "content": None}]}], "empty answers: 1, blank answers: 1"),
        ([pair(chosen=" \n")], "blank answers: 1"),
        ([pair(chosen="one", rejected="one")], "equal sides: 1, sides equal after folding: 1"),
        ([pair(chosen="caf\u00e9 au lait", rejected="cafe\u0301  au lait")], "sides equal after folding: 1"),
        ([pair() | {"prompt": turns("Hm.")}], "prompt that ends with the wrong role: 1"),
        ([pair() | {"chosen": turns("one", "gpt")}], "unknown roles: 1, chosen that ends with the wrong role: 1"),
    ],
)
def test_what_would_train_wrongly_ends_the_export(tmp_path: Path, rows, fault: str) -> None:
    with pytest.raises(BrokenExport) as caught:
        looked_at(tmp_path, {"train": rows})
    assert str(caught.value) == (
        f"The data set does not pass its own check ({fault}), and nothing was written. Report this."
    )


def test_a_prompt_in_two_splits_is_found_whatever_its_blanks(tmp_path: Path) -> None:
    with pytest.raises(BrokenExport, match="prompts in two splits: 1"):
        looked_at(tmp_path, {"train": [pair("Why  not?")], "test": [pair("Why not?\n")]})


def test_files_that_say_different_things_are_found(tmp_path: Path) -> None:
    looked_at(tmp_path, {"train": [pair(), pair("How?")]})
    for text in (json.dumps(pair()) + "\n", f"{json.dumps(pair())}\n{json.dumps(pair('What?'))}\n"):
        (tmp_path / "train.jsonl").write_text(text)
        with pytest.raises(BrokenExport, match="train: JSONL and Parquet differ: 1"):
            check(tmp_path, DataSet({"train": 2}, (), ()), ExportOptions("trl-dpo"))


def test_rows_that_were_lost_are_counted(tmp_path: Path) -> None:
    looked_at(tmp_path, {"train": [pair()]})
    with pytest.raises(BrokenExport, match="rows of train that cannot be read back: 2"):
        check(tmp_path, DataSet({"train": 3}, (), ()), ExportOptions("trl-dpo"))


def test_an_answer_that_begins_with_its_prompt_is_told(tmp_path: Path) -> None:
    prompt = "What is the capital of France, please?"
    found = looked_at(tmp_path, {"train": [pair(prompt, f"{prompt} Paris."), pair("Yes", "Yes, it is.")]})
    assert found.warnings() == ("Rows whose answer begins with the whole prompt: 1.",)


def test_tokens_are_estimated_and_said_to_be(tmp_path: Path) -> None:
    found = looked_at(tmp_path, {"train": [pair("p" * 4_000, "a" * 400), pair()]})
    assert found.summary()["tokens"] == {
        "how": "estimated at 4 characters a token", "longest": 1_100, "over": {"1024": 1, "2048": 0, "4096": 0},
    }  # fmt: skip
    assert found.warnings() == ()


def test_tokens_are_counted_by_the_tokenizer_that_is_named(tmp_path: Path, tokenizer: str) -> None:
    found = looked_at(tmp_path, {"train": [pair("a b c", "d e", "f")]}, tokenizer=tokenizer, max_length=4)
    assert found.summary()["tokens"] == {
        "how": "counted by tokenizer.json", "longest": 5, "over": {"4": 1, "1024": 0, "2048": 0, "4096": 0},
    }  # fmt: skip
    assert found.warnings() == (
        "Rows longer than 4 tokens (counted by tokenizer.json): 1. A trainer cuts or drops them.",
    )


def test_sides_that_differ_only_after_the_cut_are_told(tmp_path: Path, tokenizer: str) -> None:
    rows = [pair("a b", "c d e", "c d f"), pair("a b", "x d e", "c d f")]
    found = looked_at(tmp_path, {"train": rows}, tokenizer=tokenizer, max_length=4)
    assert found.same_before_cut == 1


def test_rows_that_are_too_long_stay_behind_only_if_that_is_asked_for(campaign, exported, tokenizer: str) -> None:
    for name, text in (("q1", "one two three four"), ("q2", "one")):
        campaign.edit(campaign.item(name, messages=(Message("user", "a b"),)), "ann", text)
    kept = exported(campaign, "trl-sft", tokenizer=tokenizer, max_length=4)
    assert len(kept.rows()) == 2
    assert (
        "Rows longer than 4 tokens (counted by tokenizer.json): 1. A trainer cuts or drops them."
        in (kept.manifest["warnings"])
    )
    dropped = exported(campaign, "trl-sft", tokenizer=tokenizer, max_length=4, drop_long=True)
    assert [row["item_id"] for row in dropped.rows()] == ["q2"]
    assert dropped.dropped() == {"longer than 4 tokens": 1}
    assert dropped.manifest["check"]["long_rows"] == "dropped"


def test_an_export_that_fails_its_check_leaves_no_folder(campaign, exported, tmp_path: Path) -> None:
    campaign.edit(campaign.item("q1"), "ann", "answer")
    (tmp_path / "broken.json").write_text("{}")
    with pytest.raises(InputError, match=r"broken.json: this is no tokenizer .* Name a tokenizer.json.$"):
        exported(campaign, "trl-sft", tokenizer=str(tmp_path / "broken.json"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["broken.json", "workspace"]
    assert campaign.store.exports(campaign.project.id) == []


@pytest.mark.parametrize(("rejected", "fault"), [("\u2003", "blank answers"), ("one", "equal sides")])
def test_a_fault_is_found_in_any_row_of_many(tmp_path: Path, rejected: str, fault: str) -> None:
    rows = [pair(str(number)) for number in range(DEEP + 1)]
    rows[15_000] = pair(rejected=rejected)  # of the second batch, which is not a deep one
    with pytest.raises(BrokenExport, match=rf"\({fault}: 1\)"):
        looked_at(tmp_path, {"train": rows})
