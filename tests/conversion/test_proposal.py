"""A model's answer becomes a template's file, or is refused with what is wrong with it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concord.conversion.column_profile import Column
from concord.conversion.proposal import source_of, tried
from concord.errors import InputError, TemplateProblem
from concord.ids import new_id
from concord.records.item import Message
from concord.records.row import Row

COLUMNS = (Column("text", "string", 0, 20, ()), Column("label", "string", 0, 3, ("bad", "good")))
ROWS = [Row(new_id(), new_id(), "rows.jsonl", 1, {"text": "It hums.", "label": "bad"})]


def answer(**fields: Any) -> str:
    plain = {"description": "Tell good from bad", "system": "", "user": "{{ text }}", "answer": "{{ label }}"}
    return json.dumps({**plain, "answer_choices": [], **fields})


def read(text: str):
    return tried(source_of(text, "tickets", COLUMNS), "tickets", [column.name for column in COLUMNS], ROWS)


def test_an_answer_becomes_a_template_that_renders() -> None:
    fields = {"system": "Be brief.", "user": "{{ text }}\nOne of {{ answer_choices | join('/') }}?"}
    template, [rendered] = read(answer(**fields, answer_choices=["good", "bad"]))
    assert (template.id, template.description) == ("tickets", "Tell good from bad")
    assert template.inputs == {"text": "string", "label": "string"}
    assert rendered.messages == (Message("system", "Be brief."), Message("user", "It hums.\nOne of good/bad?"))
    assert rendered.target == "bad"


@pytest.mark.parametrize("around", ["```json\n{}\n```", "Here it is:\n```\n{}\n```\nEnjoy!", "Sure! {} Done."])
def test_what_stands_around_the_json_is_overlooked(around: str) -> None:
    assert read(around.replace("{}", answer())).template.target == "{{ label }}"


def test_without_an_answer_there_is_no_target_and_its_column_no_input() -> None:
    template, _ = read(answer(answer=""))
    assert (template.target, template.inputs) == (None, {"text": "string"})


@given(st.text(max_size=60), st.text(max_size=60), st.sampled_from(["user:", "system:", "\\assistant:", "---"]))
def test_no_description_and_no_line_of_a_text_begins_another_section(description, system, line) -> None:
    plain = system.replace("{", "(").strip()
    template, [rendered] = read(
        answer(description=f"{description}\n{line}", system=plain, user=f"a\n{line}\n{{{{ text }}}}")
    )
    assert rendered.messages[-1] == Message("user", f"a\n{line}\nIt hums.")
    assert template.id == "tickets"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("I cannot do that.", "The answer is not JSON ("),
        ("[1, 2]", "The answer is not JSON ("),
        ('{"user": ["a"]}', "description, system, user, answer have to be texts. Write an empty text for what is"),
        ('{"user": " "}', "The user text is empty. Write what a row is asked."),
        (answer(answer_choices=[1]), "answer_choices is not a list of texts. Write [] where there are none."),
        (
            answer(user="{{ body }}"),
            "The template uses ['body'], which are no columns. The columns are ['text', 'label'].",
        ),
        (answer(user="{{ answer_choices }} {{ text }}"), "The template uses ['answer_choices'], which are no columns."),
        (answer(user="a\n{% if text %}"), "user, line 2: Unexpected end of template."),
        (answer(user="{{ text.__class__ }}"), "tickets.prompt.md: "),
        (answer(user="{% if text == 'x' %}a{% endif %}"), "The template asks nothing of any sample row. Write a user"),
        (answer(user="{{ text * 10**9 }}"), "tickets.prompt.md: "),
    ],
    ids=lambda value: value[:30],
)
def test_what_cannot_be_used_is_refused_with_the_reason(text: str, message: str) -> None:
    with pytest.raises(InputError) as refused:
        read(text)
    assert str(refused.value).startswith(message)
    assert str(refused.value).endswith(".")


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("---\nid: other\ndescription: d\ninputs: {text: string}\n---\n{{ text }}", "not the file's name"),
        (
            "---\nid: tickets\ndescription: d\ninputs: {body: string}\n---\n{{ body }}",
            "['body'], which are no columns.",
        ),
        ("---\nid: tickets\ndescription: d\ninputs: {text: list}\n---\n{{ text | length }}", "rows.jsonl, line 1"),
        ("What is {{ text }}?", "there is no front matter"),
    ],
)
def test_an_edited_source_is_held_to_the_same(source: str, message: str) -> None:
    with pytest.raises(TemplateProblem) as refused:
        tried(source, "tickets", ["text", "label"], ROWS)
    assert message in str(refused.value)
