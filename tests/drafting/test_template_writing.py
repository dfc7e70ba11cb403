from __future__ import annotations

import json

import pytest

from concord.drafting.extraction import candidates
from concord.drafting.template_writing import written_templates
from concord.records.item import Message
from concord.records.kinds import Json


def columns(*facts: dict[str, Json]) -> list[Message]:
    lines = "\n".join(json.dumps({"type": "string", "missing": 0, "mean_characters": 5, **one}) for one in facts)
    return [Message("system", "You write templates."), Message("user", f"Task.\n<columns>\n{lines}\n</columns>\nGo.")]


def written(*facts: dict[str, Json]) -> list[dict]:
    return [json.loads(template) for template in written_templates(columns(*facts))]


def test_the_longest_column_is_the_text_and_the_one_named_so_the_answer() -> None:
    found = written({"name": "fname"}, {"name": "dialogue", "mean_characters": 700}, {"name": "summary"})
    assert all("{{ dialogue }}" in one["user"] and one["answer"] == "{{ summary }}" for one in found)
    assert found[0]["user"] == "Write the summary of this dialogue.\n\nDialogue: {{ dialogue }}"
    assert not any("summary }}" in one["system"] + one["user"] for one in found)


def test_labels_are_offered_to_choose_from() -> None:
    found = written({"name": "body", "mean_characters": 99}, {"name": "mood", "values": ["bad", "good"]})
    assert all(one["answer_choices"] == ["bad", "good"] for one in found)
    assert all("answer_choices" in one["system"] + one["user"] for one in found)


def test_a_question_is_asked_of_the_text() -> None:
    found = written({"name": "context", "mean_characters": 99}, {"name": "question"}, {"name": "answer"})
    assert found[2]["user"] == "{{ context }}\n\nQuestion: {{ question }}"


def test_without_an_answer_a_person_writes_it() -> None:
    assert {one["answer"] for one in written({"name": "text"})} == {""}


def test_what_may_be_missing_or_is_no_text_is_written_so_that_it_renders() -> None:
    found = written({"name": "turns", "type": "list", "missing": 2})
    assert "{{ turns | default('') | tojson }}" in found[0]["user"]


@pytest.mark.parametrize("facts", [[{"name": "x"}], [{"name": "x", "values": ["a", "b"]}, {"name": "y"}]])
def test_the_templates_differ(facts: list[dict[str, Json]]) -> None:
    templates = written_templates(columns(*facts))
    assert len(set(templates)) == len(templates) >= 6


@pytest.mark.parametrize("text", ["Summarise this.", "<columns>\nnot JSON\n</columns>", "<columns>\n[1]\n</columns>"])
def test_a_prompt_that_asks_for_no_template_gets_none(text: str) -> None:
    assert written_templates([Message("user", text)]) == ()
    assert candidates([Message("user", text)])
