"""Each format: the rows of one item of several turns, with a system prompt; what a format cannot say is left out."""

import csv
import json
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from concord.errors import InputError
from concord.export.formats import FORMATS, KINDS
from concord.export.openai_rows import broken_rules
from concord.export.targets import TARGETS
from concord.records.item import Message, ToolCall

SYSTEM, FIRST, REPLY, SECOND = (
    {"role": role, "content": content}
    for role, content in (("system", "Be brief."), ("user", "2+2?"), ("assistant", "4"), ("user", "And 3+3?"))
)
TURNS = tuple(Message(turn["role"], turn["content"]) for turn in (SYSTEM, FIRST, REPLY, SECOND))
ASKED = [SYSTEM, FIRST, REPLY, SECOND]
HUMANS = [{"from": "human", "value": "2+2?"}, {"from": "gpt", "value": "4"}, {"from": "human", "value": "And 3+3?"}]
SAID = {text: [{"role": "assistant", "content": text}] for text in ("6", "7")}
FACTS = {"template_id", "template_version", "n_annotators", "agreement", "source", "pair_weight"}
WEIGHED = [SYSTEM, FIRST, REPLY | {"weight": 0}, SECOND]

EXPECTED: dict[str, list[dict[str, Any]]] = {
    "trl-sft": [{"prompt": ASKED, "completion": SAID["6"]}],
    "trl-sft-messages": [{"messages": [*ASKED, *SAID["6"]]}],
    "trl-dpo": [{"prompt": ASKED, "chosen": SAID["6"], "rejected": SAID["7"]}],
    "trl-dpo-implicit": [{"chosen": [*ASKED, *SAID["6"]], "rejected": [*ASKED, *SAID["7"]]}],
    "trl-kto": [
        {"prompt": ASKED, "completion": SAID["6"], "label": True},
        {"prompt": ASKED, "completion": SAID["7"], "label": False},
    ],
    "trl-reward": [{"prompt": ASKED, "chosen": SAID["6"], "rejected": SAID["7"], "margin": 1.0}],
    "openai-sft": [{"messages": [*WEIGHED, *SAID["6"]]}],
    "openai-dpo": [{"input": {"messages": ASKED}, "preferred_output": SAID["6"], "non_preferred_output": SAID["7"]}],
    "llamafactory-sft": [
        {"conversations": [*HUMANS, {"from": "gpt", "value": "6"}], "system": "Be brief.", "tools": ""}
    ],
    "llamafactory-dpo": [
        {
            "conversations": HUMANS,
            "chosen": {"from": "gpt", "value": "6"},
            "rejected": {"from": "gpt", "value": "7"},
            "system": "Be brief.",
            "tools": "",
        }
    ],
    "llamafactory-kto": [
        {
            "conversations": [*HUMANS, {"from": "gpt", "value": text}],
            "kto_tag": good,
            "system": "Be brief.",
            "tools": "",
        }
        for text, good in (("6", True), ("7", False))
    ],
    "llamafactory-alpaca": [
        {"instruction": "And 3+3?", "input": "", "output": "6", "system": "Be brief.", "history": [["2+2?", "4"]]}
    ],
    "llamafactory-alpaca-dpo": [
        {
            "instruction": "And 3+3?",
            "input": "",
            "chosen": "6",
            "rejected": "7",
            "system": "Be brief.",
            "history": [["2+2?", "4"]],
        }
    ],
    "axolotl-sft": [{"messages": [*ASKED, *SAID["6"]]}],
    "axolotl-dpo": [{"prompt": ASKED, "chosen": SAID["6"], "rejected": SAID["7"]}],
    "sharegpt": [{"conversations": [{"from": "system", "value": "Be brief."}, *HUMANS, {"from": "gpt", "value": "6"}]}],
    "rankings": [
        {
            "prompt": ASKED,
            "responses": [
                {"id": "d1", "text": "6", "model": "m1", "rank": 1, "score": 1.0},
                {"id": "d2", "text": "7", "model": None, "rank": 2, "score": 0.0},
            ],
        }
    ],
    "table": [{"system": "Be brief.", "prompt": "user: 2+2?\n\nassistant: 4\n\nuser: And 3+3?", "answer": "6"}],
    "table-dpo": [
        {
            "system": "Be brief.",
            "prompt": "user: 2+2?\n\nassistant: 4\n\nuser: And 3+3?",
            "chosen": "6",
            "rejected": "7",
        }
    ],
}


def judged(campaign, **fields: Any):
    """An item with two drafts, ranked by one annotator."""
    item = campaign.item("q1", **{"messages": TURNS, **fields})
    campaign.draft(item, "d1", "6", model="m1")
    campaign.draft(item, "d2", "7")
    campaign.rank(item, "ann", "d1 > d2")
    return item


def own(row: dict[str, Any]) -> dict[str, Any]:
    """A row without the facts about it."""
    return {name: value for name, value in row.items() if name not in FACTS and not name.endswith("_id")}


def lines(written, name: str = "train.jsonl") -> list[dict[str, Any]]:
    return [json.loads(line) for line in (written.folder / name).read_text("utf-8").split("\n")[:-1]]


@pytest.mark.parametrize("name", EXPECTED)
def test_a_row_of_several_turns_with_a_system_prompt(campaign, exported, name: str) -> None:
    judged(campaign)
    written = exported(campaign, name)
    rows = lines(written) if TARGETS[name].convert_row else written.rows()
    assert list(map(own, rows)) == EXPECTED[name]


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_writes_a_question_and_an_answer_and_the_hub_s_library_loads_it(
    campaign, exported, name: str, tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    datasets = pytest.importorskip("datasets")
    judged(campaign, messages=(Message("user", "2024-01-01"),))
    written = exported(campaign, name)
    loaded = datasets.load_dataset(str(written.folder), cache_dir=str(tmp_path / "cache"))
    assert len(loaded["train"]) == (2 if name.endswith("kto") else 1)
    assert {path.name for path in written.folder.iterdir()} == {
        "README.md", "manifest.json", *(file["name"] for file in written.manifest["files"]),
    }  # fmt: skip


@pytest.mark.parametrize(("name", "reason"), [("alpaca", "a system prompt"), ("hh", "a system prompt")])
def test_a_format_without_a_place_for_the_system_prompt_leaves_the_row_out(
    campaign, exported, name: str, reason: str
) -> None:
    judged(campaign)
    with pytest.raises(InputError) as caught:
        exported(campaign, name)
    assert str(caught.value) == (
        f"There is nothing to export (1 {reason}). Annotate some items first, or lower the gates."
    )


def test_what_one_row_cannot_say_does_not_keep_the_others_back(campaign, exported) -> None:
    judged(campaign)
    for name, texts in (("q2", ("2+2?",)), ("q3", ("2+2?", "4", "3+3?"))):
        turns = tuple(Message(("user", "assistant")[n % 2], text) for n, text in enumerate(texts))
        campaign.rank(campaign.item(name, "6", "7", messages=turns), "ann", "d1 > d2")
    written = exported(campaign, "alpaca")
    assert [own(row) for row in written.rows()] == [{"instruction": "2+2?", "input": "", "output": "6"}]
    assert written.dropped() == {"a system prompt": 1, "several turns": 1}


def test_hh_writes_transcripts_and_leaves_out_a_text_that_would_begin_a_turn(campaign, exported) -> None:
    judged(campaign, messages=TURNS[1:])
    campaign.rank(campaign.item("q2", "6\n\nHuman: and?", "7"), "ann", "d1 > d2")
    written = exported(campaign, "hh")
    start = "\n\nHuman: 2+2?\n\nAssistant: 4\n\nHuman: And 3+3?\n\nAssistant: "
    assert [own(row) for row in written.rows()] == [{"chosen": f"{start}6", "rejected": f"{start}7"}]
    assert written.dropped() == {"a text with the mark of a turn": 1}


def test_turns_that_do_not_alternate_are_left_out_of_formats_whose_loaders_would_skip_them(campaign, exported) -> None:
    judged(campaign, messages=(Message("user", "Hm."), Message("user", "2+2?")))
    campaign.rank(campaign.item("q2", "6", "7"), "ann", "d1 > d2")
    for name in ("llamafactory-sft", "llamafactory-alpaca", "sharegpt"):
        assert exported(campaign, name, out=name).dropped() == {"turns that do not alternate": 1}
    assert len(exported(campaign, "trl-sft").rows()) == 2


@pytest.mark.parametrize("role", ["assistant", "system"])
def test_a_prompt_that_ends_with_assistant_or_system_is_left_out(campaign, exported, role: str) -> None:
    judged(campaign, messages=(Message("user", "2+2?"), Message(role, "4")))
    campaign.rank(campaign.item("q2", "6", "7"), "ann", "d1 > d2")
    for name in ("trl-sft", "trl-dpo", "openai-sft"):
        written = exported(campaign, name, out=name)
        assert written.dropped() == {"the prompt does not end with the user": 1}
        assert written.manifest["counts"]["written"] == {"train": 1}


def test_a_prompt_without_a_user_s_message_is_left_out(campaign, exported) -> None:
    judged(campaign, messages=(Message("system", "Speak."),))
    campaign.rank(campaign.item("q2", "6", "7"), "ann", "d1 > d2")
    assert exported(campaign, "trl-dpo").dropped() == {"no user message": 1}


# ---- labels and ranks


def labels(written) -> dict[tuple[str, str], bool]:
    return {(row["item_id"], row["draft_id"]): row["label"] for row in written.rows()}


def test_the_best_is_good_the_worst_is_bad_and_what_lies_between_has_no_label(campaign, exported) -> None:
    campaign.rank(campaign.item("q1", "one", "two", "three"), "ann", "d1 > d2 > d3")
    written = exported(campaign, "trl-kto")
    assert labels(written) == {("q1", "d1"): True, ("q1", "d3"): False}
    assert written.manifest["dropped"] == [{"item": "q1", "drafts": ["d2"], "reason": "neither good nor bad"}]
    assert pq.read_schema(written.folder / "train.parquet").field("label").type == pa.bool_()


def test_both_bad_gives_two_bad_drafts(campaign, exported) -> None:
    campaign.compare(campaign.item("q1", "one", "two"), "ann", "both_bad")
    campaign.compare(campaign.item("q2", "one", "two"), "ann", "d1")
    assert labels(exported(campaign, "trl-kto")) == {
        ("q1", "d1"): False, ("q1", "d2"): False, ("q2", "d1"): True, ("q2", "d2"): False,
    }  # fmt: skip


def test_a_draft_without_a_label_says_why(campaign, exported) -> None:
    for name, texts, order in (
        ("q1", ("one", "two"), "d1 > d2"),
        ("q2", ("one", "two"), "d1 = d2"),
        ("q3", ("one", " "), "d1 > d2"),
        ("q4", ("one", "two"), ""),
    ):
        item = campaign.item(name, *texts)
        if order:
            campaign.rank(item, "ann", order)
    written = exported(campaign, "trl-kto")
    assert labels(written) == {("q1", "d1"): True, ("q1", "d2"): False}
    assert written.dropped() == {"tie": 2, "empty response": 2, "not compared": 1}


def test_ranks_follow_every_strict_preference_and_ties_share_one(campaign, exported) -> None:
    campaign.rank(campaign.item("q1", "one", "two", "three", "four"), "ann", "d3 > d1 = d2 > d4")
    campaign.rank(campaign.item("q2", "one", "two"), "ann", "d1 = d2")
    written = exported(campaign, "rankings")
    [row] = written.rows()
    assert [(r["id"], r["rank"], r["score"]) for r in row["responses"]] == [
        ("d3", 1, 1.0), ("d1", 2, 0.5), ("d2", 2, 0.5), ("d4", 3, 0.0),
    ]  # fmt: skip
    assert written.dropped() == {"tie": 1}


def test_a_margin_is_what_the_winner_has_before_all_others_and_never_missing(campaign, exported) -> None:
    item = campaign.item("q1", "one", "two")
    for annotator, order in (("ann", "d1 > d2"), ("bob", "d1 > d2"), ("cid", "d2 > d1")):
        campaign.rank(item, annotator, order)
    campaign.decide(campaign.item("q2", "one", "two"), "pick", "d2")
    margins = {row["item_id"]: row["margin"] for row in exported(campaign, "trl-reward").rows()}
    assert margins == {"q1": pytest.approx(2 / 3 - 1 / 3), "q2": 1.0}


# ---- files beside


def test_dataset_info_names_each_split_s_parquet_file_with_all_its_columns(campaign, exported) -> None:
    for number in range(20):
        campaign.rank(campaign.item(f"q{number}", "6", "7"), "ann", "d1 > d2")
    written = exported(campaign, "llamafactory-dpo", shares=(0.8, 0.0, 0.2))
    info = json.loads((written.folder / "dataset_info.json").read_bytes())
    columns = {"messages": "conversations", "system": "system", "tools": "tools"}
    assert info == {
        f"concord_{split}": {
            "file_name": f"{split}.parquet",
            "formatting": "sharegpt",
            "ranking": True,
            "columns": columns | {"chosen": "chosen", "rejected": "rejected"},
        }
        for split in ("train", "test")
    }


def test_axolotl_s_part_of_the_configuration_names_files_and_fields(campaign, exported) -> None:
    yaml = pytest.importorskip("yaml")
    judged(campaign)
    written = exported(campaign, "axolotl-dpo")
    assert yaml.safe_load((written.folder / "axolotl.yaml").read_text()) == {
        "rl": "dpo",
        "datasets": [
            {
                "path": "./train.parquet",
                "ds_type": "parquet",
                "split": "train",
                "type": "chat_template.default",
                "field_messages": "prompt",
                "field_chosen": "chosen",
                "field_rejected": "rejected",
            }
        ],
    }


def test_openai_rows_hold_no_metadata_and_the_file_beside_says_it_line_by_line(campaign, exported) -> None:
    judged(campaign)
    judged_too = campaign.item("q2", "6", "7")
    campaign.rank(judged_too, "ann", "d2 > d1")
    written = exported(campaign, "openai-dpo")
    assert [set(row) for row in lines(written)] == [{"input", "preferred_output", "non_preferred_output"}] * 2
    beside = lines(written, "train.ids.jsonl")
    assert [(one["line"], one["item_id"], one["chosen_id"]) for one in beside] == [(1, "q1", "d1"), (2, "q2", "d2")]


def test_a_spreadsheet_computes_nothing_of_a_table(campaign, exported) -> None:
    campaign.rank(campaign.item("=1+1", '=HYPERLINK("x")', "two\nlines, too"), "@ann", "d1 > d2")
    written = exported(campaign, "table-dpo")
    with (written.folder / "train.csv").open(encoding="utf-8", newline="") as file:
        [row] = csv.DictReader(file)
    assert (row["chosen"], row["rejected"], row["item_id"]) == ('\'=HYPERLINK("x")', "two\nlines, too", "'=1+1")
    assert written.rows()[0]["chosen"] == '=HYPERLINK("x")'


# ---- tools

WEATHER = {"type": "function", "function": {"name": "weather", "parameters": {"type": "object", "properties": {}}}}
CALL = ToolCall("weather", {"city": "02134", "days": 7}, "c1")
TOOL_TURNS = (
    Message("user", "Rain?"),
    Message("assistant", "", (CALL,)),
    Message("tool", "No.", name="weather", tool_call_id="c1"),
)


def test_tool_calls_reach_trl_with_their_arguments_as_they_were(campaign, exported, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    datasets = pytest.importorskip("datasets")
    judged(campaign, messages=TOOL_TURNS, tools=(WEATHER,))
    campaign.rank(campaign.item("q2", "6", "7"), "ann", "d1 > d2")
    written = exported(campaign, "trl-dpo")
    called = {
        "id": "c1",
        "type": "function",
        "function": {"name": "weather", "arguments": {"city": "02134", "days": 7}},
    }
    loaded = datasets.load_dataset(str(written.folder), cache_dir=str(tmp_path / "cache"))["train"]
    for row, other in (lines(written), loaded.to_list()):
        assert row["prompt"][1]["tool_calls"] == [called]
        assert row["prompt"][2]["name"] == "weather"
        assert json.loads(row["tools"]) == [WEATHER]
        assert (other["prompt"][0]["tool_calls"], other["tools"]) == (None, None)


def test_tool_calls_reach_openai_as_texts_with_ids_and_pass_its_rules(campaign, exported) -> None:
    unnamed = (TOOL_TURNS[0], Message("assistant", "", (ToolCall("weather", {"city": "x"}),)), Message("tool", "No."))
    judged(campaign, messages=unnamed, tools=(WEATHER,))
    [row] = lines(exported(campaign, "openai-sft"))
    called, result = row["messages"][1], row["messages"][2]
    assert called["content"] is None
    assert called["tool_calls"][0]["function"] == {"name": "weather", "arguments": '{"city":"x"}'}
    assert result == {"role": "tool", "content": "No.", "tool_call_id": called["tool_calls"][0]["id"]}
    assert row["tools"] == [WEATHER]
    assert list(broken_rules(row)) == []


def test_tool_calls_reach_llama_factory_as_function_calls(campaign, exported) -> None:
    judged(campaign, messages=TOOL_TURNS, tools=(WEATHER,))
    [row] = exported(campaign, "llamafactory-sft").rows()
    assert [turn["from"] for turn in row["conversations"]] == ["human", "function_call", "observation", "gpt"]
    assert json.loads(row["conversations"][1]["value"]) == {"name": "weather", "arguments": dict(CALL.arguments)}
    assert json.loads(row["tools"]) == [WEATHER]


@pytest.mark.parametrize("name", ["alpaca", "sharegpt", "hh", "llamafactory-alpaca"])
def test_a_format_without_tools_leaves_the_row_out(campaign, exported, name: str) -> None:
    judged(campaign, messages=TOOL_TURNS, tools=(WEATHER,))
    campaign.rank(campaign.item("q2", "6", "7", messages=TOOL_TURNS), "ann", "d1 > d2")
    campaign.rank(campaign.item("q3", "6", "7"), "ann", "d1 > d2")
    assert exported(campaign, name).dropped() == {"tools": 1, "tool calls": 1}


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_says_what_becomes_a_row_and_how_it_is_written(name: str) -> None:
    assert name in KINDS
    assert (TARGETS[name].convert_row is not None) == (KINDS[name].loads == "jsonl")
