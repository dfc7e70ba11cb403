"""Edge cases that no other test of exports names: what trainers take silently and learn wrongly from."""

import json
from typing import Any

import pyarrow.parquet as pq
import pytest

from concord.export.formats import FORMATS, KINDS
from concord.records.item import Message

# TRL gives these columns a meaning of their own; a text set that has one trains on something else, or not at all.
RESERVED = {
    "images", "image", "input_ids", "attention_mask", "assistant_masks", "completion_mask", "seq_lengths", "labels",
    "prompt_ids", "chosen_ids", "rejected_ids", "completion_ids", "ref_chosen_logps", "ref_rejected_logps", "text",
    "chat_template_kwargs", "reference", "completions",
}  # fmt: skip
OWN = {
    "trl-sft": {"prompt", "completion"},
    "trl-sft-messages": {"messages"},
    "trl-dpo": {"prompt", "chosen", "rejected"},
    "trl-dpo-implicit": {"chosen", "rejected"},
    "trl-kto": {"prompt", "completion", "label"},
    "trl-reward": {"prompt", "chosen", "rejected", "margin"},
}
MEANING = {"prompt", "completion", "chosen", "rejected", "messages", "conversations", "label", "margin", "tools"}


def judged(campaign, count: int = 1) -> None:
    for number in range(count):
        campaign.rank(campaign.item(f"q{number}", "one", "two"), "ann", "d1 > d2")


@pytest.mark.parametrize("name", OWN)
def test_a_trl_data_set_has_no_column_that_means_something_else(campaign, exported, name: str) -> None:
    judged(campaign)
    columns = set(pq.read_schema(exported(campaign, name).folder / "train.parquet").names)
    assert columns & MEANING == OWN[name]
    assert columns & RESERVED == set()


def test_texts_that_differ_in_composition_and_blanks_alone_give_no_pair(campaign, exported) -> None:
    judged(campaign)
    campaign.rank(campaign.item("same", "caf\u00e9 au lait", "cafe\u0301  au\u00a0lait\n"), "ann", "d1 > d2")
    written = exported(campaign, "trl-dpo")
    assert written.dropped() == {"equal responses": 1}
    assert len(written.rows()) == 1


def test_a_conversation_that_nobody_answered_is_left_out(campaign, exported) -> None:
    judged(campaign)
    campaign.item("open", messages=(Message("user", "Hi."), Message("assistant", "Yes?"), Message("user", "Why?")))
    written = exported(campaign, "trl-sft-messages")
    assert written.dropped() == {"not annotated": 1}
    assert [row["messages"][-1]["role"] for row in written.rows()] == ["assistant"]


@pytest.mark.parametrize("name", [name for name in FORMATS if KINDS[name].loads == "parquet"])
def test_an_agreement_that_is_not_defined_is_null_and_never_nan(campaign, exported, name: str) -> None:
    judged(campaign)
    campaign.decide(campaign.item("decided", "one", "two"), "pick", "d1")
    written = exported(campaign, name)
    assert b"NaN" not in (written.folder / "train.jsonl").read_bytes()
    assert [row["agreement"] for row in written.rows() if row["item_id"] == "decided"] in ([None], [None, None])


def test_a_split_without_rows_has_no_file_and_no_entry(campaign, exported) -> None:
    judged(campaign)
    written = exported(campaign, "trl-sft", shares=(0.98, 0.01, 0.01))
    [split] = written.manifest["counts"]["written"]
    assert {path.stem for path in written.folder.glob("*.parquet")} == {split}
    assert (written.folder / "README.md").read_text().count("- split:") == 1


@pytest.mark.parametrize("name", ["trl-kto", "llamafactory-kto"])
def test_labels_that_are_almost_all_alike_are_told(campaign, exported, name: str) -> None:
    for number in range(20):
        campaign.compare(campaign.item(f"q{number}", "one", "two"), "ann", "both_bad")
    told = [warning for warning in exported(campaign, name).manifest["warnings"] if "labels" in warning]
    assert told == [
        "Good labels: 0 of 40. KTO wants both kinds: balance them by its weights for desirable and undesirable."
    ]


def test_metadata_is_beside_the_rows_of_openai_and_nowhere_in_them(campaign, exported) -> None:
    judged(campaign)
    [row] = map(json.loads, (exported(campaign, "openai-sft").folder / "train.jsonl").read_bytes().splitlines())
    assert list(row) == ["messages"]


def test_blanks_around_an_answer_stay_in_its_own_message(campaign, exported) -> None:
    campaign.edit(campaign.item("q1"), "ann", "  answer\n")
    [row] = exported(campaign, "trl-sft").rows()
    assert (row["prompt"][-1]["content"], row["completion"][0]["content"]) == ("What about q1?", "  answer\n")


def contents(value: Any) -> list[str]:
    return [turn["content"] for turn in value]


def test_both_sides_of_a_pair_share_every_turn_but_the_last(campaign, exported) -> None:
    turns = (Message("system", "Be brief."), Message("user", "a"), Message("assistant", "b"), Message("user", "c"))
    campaign.rank(campaign.item("q1", "one", "two", messages=turns), "ann", "d1 > d2")
    [row] = exported(campaign, "trl-dpo-implicit").rows()
    assert contents(row["chosen"])[:-1] == contents(row["rejected"])[:-1] == ["Be brief.", "a", "b", "c"]
    assert (contents(row["chosen"])[-1], contents(row["rejected"])[-1]) == ("one", "two")
