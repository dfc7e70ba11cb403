"""The templates and the sample data that come with Concord, and real data where it is present."""

import json
import os
from pathlib import Path

import pytest

from concord.conversion.environment import FUNCTIONS
from concord.conversion.filters import FILTERS
from concord.conversion.front_matter import TYPES
from concord.conversion.render import render
from concord.conversion.template import load_templates, parse_template
from concord.records.item import Message

HOME = Path(__file__).parents[2]
SAMPLE = HOME / "concord" / "sample"
SHARED = Path(os.environ.get("CONCORD_SHARED_DATA", HOME.parent / "shared" / "data"))
TEMPLATES = {template.id: template for template in load_templates(HOME / "prompts")}
README = (HOME / "prompts" / "README.md").read_text()


def lines(path: Path) -> list[dict]:
    with path.open(encoding="utf-8", newline="\n") as file:
        return [json.loads(line) for line in file]


SUPPORT, REVIEWS, FINISHED = (lines(SAMPLE / f"{name}.jsonl") for name in ("support", "reviews", "finished"))


@pytest.mark.parametrize("template_id", sorted(TEMPLATES))
def test_a_template_renders_the_rows_it_is_for(template_id):
    rows = {"support": SUPPORT, "review": REVIEWS, "dialogsum": [{"dialogue": "#Person1#: Hello."}]}
    template = TEMPLATES[template_id]
    for row in rows[template_id.partition("-")[0]]:
        made = render(template, row)
        assert [message.role for message in made.messages] == ["system", "user"]
        assert all(str(row[column]) in made.messages[1].content for column in template.inputs)
        assert "{{" not in "".join(message.content for message in made.messages)


def test_there_are_six_templates():
    assert len(TEMPLATES) == 6


def test_the_topic_prompt_lists_its_answer_choices():
    prompt = render(TEMPLATES["support-topic"], SUPPORT[0]).messages[0].content
    assert "\n\n- billing or subscription\n- delivery or order\n" in prompt


@pytest.mark.parametrize(("file", "target"), [("dialogsum.test.jsonl", "summary1"), ("dialogsum.dev.jsonl", None)])
def test_real_dialogues_render_and_bring_their_summary_where_they_have_it(file, target):
    path = SHARED / "dialogsum" / file
    if not path.exists():
        pytest.skip(f"{path} is not here; CONCORD_SHARED_DATA names the folder of shared data")
    rows = lines(path)
    made = [render(TEMPLATES["dialogsum-summary"], row) for row in rows]
    assert len(made) == 500
    assert [each.target for each in made] == [row[target].strip() if target else None for row in rows]
    assert all(row["dialogue"].strip() in each.messages[1].content for each, row in zip(made, rows, strict=True))


def test_the_readmes_example_does_what_it_says():
    source = README.split("```\n")[1]
    row = {"question": "Who wrote it?", "context": None, "answer": "Nobody knows."}
    made = render(parse_template(source, "answer.prompt.md"), row)
    assert made.messages == (
        Message("system", "Answer in one sentence, from the text alone."),
        Message("user", "(There is no text.)\n\nQuestion: Who wrote it?"),
    )
    assert made.target == "Nobody knows."


def test_the_readme_names_every_filter_function_and_type():
    for name in (*FILTERS, *FUNCTIONS, *TYPES):
        assert f"`{name}`" in README


def test_support_dialogues_wait_for_a_reply():
    assert len(SUPPORT) == 24
    for number, row in enumerate(SUPPORT, 1):
        turns = row["dialogue"].split("\n")
        assert row["item_id"] == f"ticket-{number:02}"
        assert all(turn.startswith(("Customer: ", "Agent: ")) for turn in turns)
        assert turns[-1].startswith("Customer: ")
        assert 80 <= len(row["dialogue"].split()) <= 200


def test_reviews_have_one_to_five_stars():
    assert [row["item_id"] for row in REVIEWS] == [f"review-{number:02}" for number in range(1, 19)]
    assert {row["stars"] for row in REVIEWS} == {1, 2, 3, 4, 5}


def test_the_finished_sample_was_made_with_the_review_template():
    for finished, row in zip(FINISHED, REVIEWS, strict=True):
        messages = render(TEMPLATES["review-reply"], row).messages
        assert finished["item_id"] == row["item_id"]
        assert finished["messages"] == [{"role": each.role, "content": each.content} for each in messages]


def test_the_finished_sample_is_judged_in_full_by_three_annotators():
    for item in FINISHED:
        texts = {response["id"]: response["text"] for response in item["responses"]}
        assert sorted(texts) == ["a", "b", "c"]
        done = [(each["annotator"], each["kind"]) for each in item["annotations"]]
        kinds = ("ranking", "rating", "label", "edit")
        assert done == [(f"simulated-{number}", kind) for number in (1, 2, 3) for kind in kinds]
        assert all(each["ranks"].keys() == texts.keys() for each in item["annotations"] if each["kind"] == "ranking")
        assert all(each["draft"] in texts for each in item["annotations"] if each["kind"] == "edit")
