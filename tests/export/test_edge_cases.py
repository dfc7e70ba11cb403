"""Edge cases that no other test of exports names: what trainers take silently and learn wrongly from."""

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from concord.conversion.apply import apply_template
from concord.conversion.template import parse_template
from concord.desk.queue import open_item
from concord.desk.remarks import skip_item
from concord.desk.submit import Submission
from concord.export.formats import FORMATS, KINDS
from concord.imports.ready import import_items
from concord.imports.rows import import_rows
from concord.records.annotation import Edit, Ranking
from concord.records.gold import Known
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


def imported(campaign, folder: Path, line: str) -> Any:
    """The report on a file of one line, as it was typed."""
    (folder / "items.jsonl").write_text(f"{line}\n", encoding="utf-8")
    return import_items(campaign.store, campaign.project, folder / "items.jsonl")


@pytest.mark.parametrize("name", ["trl-dpo", "openai-dpo"])
def test_half_a_surrogate_pair_in_a_file_leaves_as_the_sign_for_it_and_is_told(
    campaign, exported, tmp_path: Path, name: str
) -> None:
    responses = r'[{"id":"a","text":"one \ude00"},{"id":"b","text":"two \ud83d\ude00"}]'
    said = '[{"annotator":"ann","kind":"comparison","value":"a"}]'
    line = rf'{{"item_id":"q1","prompt":"Why \ud83d?","responses":{responses},"annotations":{said}}}'
    assert imported(campaign, tmp_path, line).stored == 1
    written = exported(campaign, name)
    text = (written.folder / "train.jsonl").read_bytes().decode()
    assert all(part in text for part in ("Why \ufffd?", "one \ufffd", "two \U0001f600"))
    told = "Rows with characters that could not be read (U+FFFD): 1. Correct them at their source."
    assert told in written.manifest["warnings"]


def test_images_among_a_project_s_rows_reach_no_data_set(campaign, exported, tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").write_text('{"question":"Which bird?","image":"bird.png","images":["bird.png"]}\n')
    import_rows(campaign.store, campaign.project, tmp_path / "rows.jsonl")
    template = parse_template(
        "---\nid: bird\ndescription: A bird.\ninputs: {question: string}\n---\n{{ question }}\n", "bird.prompt.md"
    )
    apply_template(campaign.store, campaign.project, template, now=campaign.project.created_at)
    [item] = campaign.store.items(campaign.project.id)
    campaign.edit(item, "ann", "A robin.")
    [row] = exported(campaign, "trl-sft").rows()
    assert [name for name in row if "image" in name] == []
    assert b"bird.png" not in (tmp_path / "out/train.jsonl").read_bytes()


def test_an_image_in_a_prompt_is_refused_before_anything_is_stored(campaign, tmp_path: Path) -> None:
    content = '[{"type":"image"},{"type":"text","text":"Which bird?"}]'
    report = imported(campaign, tmp_path, f'{{"item_id":"q1","messages":[{{"role":"user","content":{content}}}]}}')
    [problem] = report.problems
    assert (report.stored, problem.field, problem.cure[-16:]) == (0, "messages", "content is text.")


LLAMA_FACTORY = [name for name in FORMATS if name.startswith("llamafactory-")]


@pytest.mark.parametrize("mark", ["<image>", "<video>", "<audio>"])
@pytest.mark.parametrize("name", LLAMA_FACTORY)
def test_a_text_that_llama_factory_would_want_a_file_for_is_left_out_and_counted(
    campaign, exported, name: str, mark: str
) -> None:
    judged(campaign)
    for number, texts in enumerate(
        ((mark, "b", "c", "d", "e"), ("a", mark, "c", "d", "e"), ("a", "b", "c", mark, "e"))
    ):
        turns = tuple(Message(("user", "assistant")[n % 2], text) for n, text in enumerate(texts[:3]))
        item = campaign.item(f"with {number}", *texts[3:], messages=turns)
        campaign.rank(item, "ann", "d1 > d2")
    written = exported(campaign, name)
    assert {row["item_id"] for row in written.rows()} == ({"q0", "with 2"} if name.endswith("kto") else {"q0"})
    assert written.dropped() == {
        "a text with the mark of an image, video or audio file": 5 if name.endswith("kto") else 3
    }


def test_the_mark_of_an_image_is_a_text_like_any_other_elsewhere(campaign, exported) -> None:
    campaign.rank(campaign.item("q1", "Use <image>.", "<video>"), "ann", "d1 > d2")
    for name in ("trl-dpo", "openai-dpo", "axolotl-dpo"):
        written = exported(campaign, name, out=name)
        assert b"Use <image>." in (written.folder / "train.jsonl").read_bytes()


def test_drafts_that_were_not_ranked_give_no_pair(campaign, exported) -> None:
    item = campaign.item("q1", "one", "two", "three")
    ids = [draft.id for draft in campaign.store.drafts(item.id)]
    campaign.judge(item, "ann", Ranking(((ids[1],), (ids[0],))))
    [row] = exported(campaign, "trl-dpo").rows()
    assert (row["chosen_id"], row["rejected_id"]) == ("d2", "d1")


def test_an_edit_that_changes_nothing_is_an_answer_all_the_same(campaign, exported) -> None:
    item = campaign.item("q1", "as it was")
    [draft] = campaign.store.drafts(item.id)
    campaign.judge(item, "ann", Edit(draft.id, "as it was"))
    [row] = exported(campaign, "trl-sft").rows()
    assert (row["completion"][0]["content"], row["source"]) == ("as it was", "edit")


def test_a_skipped_item_leaves_nothing_and_is_counted(new_campaign, exported) -> None:
    campaign = new_campaign(task="rank", overlap=1)
    judged(campaign)
    campaign.item("skipped", "one", "two")
    now = campaign.project.created_at
    while task := open_item(campaign.store, campaign.project, "bob", now=now):
        skip_item(campaign.store, Submission(task.presentation.id, "bob", 1.0, now), "unclear", "")
    written = exported(campaign, "trl-dpo")
    assert [row["item_id"] for row in written.rows()] == ["q0"]
    assert written.dropped() == {"not compared": 1}


def test_test_questions_with_known_answers_are_no_training_data(campaign, exported) -> None:
    judged(campaign, 2)
    [first, _] = campaign.store.items(campaign.project.id)
    [better, worse] = campaign.store.drafts(first.id)
    known = Known(campaign.project.id, first.id, Ranking(((better.id,), (worse.id,))))
    campaign.store.add_gold([known], campaign.project.created_at)
    assert [row["item_id"] for row in exported(campaign, "trl-dpo").rows()] == ["q1"]


def test_no_file_of_an_export_names_an_annotator(campaign, exported) -> None:
    campaign.rank(campaign.item("q1", "one", "two"), "ann@example.org", "d1 > d2")
    folder = exported(campaign, "trl-dpo", explain=True).folder
    assert [path.name for path in folder.iterdir() if b"example.org" in path.read_bytes()] == []


def test_all_rows_have_the_same_keys_in_the_same_order_whatever_they_came_from(campaign, exported) -> None:
    campaign.edit(campaign.item("edited"), "ann", "written")
    campaign.decide(campaign.item("decided", "one", "two"), "pick", "d1")
    campaign.rank(campaign.item("ranked", "one", "two"), "ann", "d1 > d2")
    lines = (exported(campaign, "trl-sft").folder / "train.jsonl").read_text().splitlines()
    assert [list(json.loads(line)) for line in lines] == [list(json.loads(lines[0]))] * 3


def test_of_a_ranking_that_was_corrected_the_newest_counts(campaign, exported) -> None:
    item = campaign.item("q1", "one", "two")
    for order in ("d1 > d2", "d2 > d1"):
        campaign.rank(item, "ann", order)
    [row] = exported(campaign, "trl-dpo").rows()
    assert (row["chosen_id"], row["n_annotators"]) == ("d2", 1)
