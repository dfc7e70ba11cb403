"""Reading template files; their messages word for word."""

from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concord.conversion.template import load_template, load_templates, parse_template, read_template
from concord.errors import NotFound, TemplateProblem
from concord.records.template import Section

GOOD = """---
id: answer
description: Answer a question
inputs: {question: string, context: string}
---
system:
Answer in one sentence.

user:
{{ context }}

{{ question }}
"""
BODY = "user:\n{{ question }}\n"
KEYS = "The keys are id, description, inputs, target, answer_choices, tags, languages, reference, syntax, promptsource."
TYPES = "string, number, boolean, list, object, any"
JINJA = "Correct the Jinja; what begins in a section ends in the same section."


def template(body: str = BODY, inputs: str = "{question: string}", *more: str) -> str:
    front = ["id: answer", "description: Answer a question", f"inputs: {inputs}", *more]
    return "\n".join(["---", *front, "---", body])


def message_of(source: str, name: str = "answer.prompt.md") -> str:
    with pytest.raises(TemplateProblem) as caught:
        parse_template(source, name)
    return str(caught.value)


def test_a_template_is_read():
    read = parse_template(GOOD, "answer.prompt.md")
    assert (read.id, read.description, read.source, read.target) == ("answer", "Answer a question", GOOD, None)
    assert read.inputs == {"question": "string", "context": "string"}
    assert read.sections == (
        Section("system", "Answer in one sentence."),
        Section("user", "{{ context }}\n\n{{ question }}"),
    )


def test_all_keys_are_read():
    more = ("target: best", "tags: [a, b]", "languages: [no, en]", "reference: 2024-01-01", "syntax: concord")
    read = parse_template(template(BODY, "{question: any}", *more), "answer.prompt.md")
    assert (read.target, read.tags, read.languages, read.reference) == (
        "{{ best | default(none) }}",
        ("a", "b"),
        ("no", "en"),
        "2024-01-01",
    )


def test_keys_without_a_value_are_as_good_as_absent():
    plain = parse_template(template(), "answer.prompt.md")
    empty = parse_template(
        template(BODY, "{question: string}", "target: null", "tags: []", "answer_choices: ~", "reference:"),
        "answer.prompt.md",
    )
    assert (empty.target, empty.tags, empty.answer_choices, empty.reference) == (
        plain.target,
        plain.tags,
        plain.answer_choices,
        plain.reference,
    )


def test_the_version_is_the_hash_of_the_source_whatever_its_line_ends():
    expected = sha256(GOOD.encode()).hexdigest()
    for source in (GOOD, GOOD.replace("\n", "\r\n"), GOOD.replace("\n", "\r"), "\ufeff" + GOOD):
        read = parse_template(source, "answer.prompt.md")
        assert (read.version, read.source) == (expected, GOOD)


def test_without_a_role_line_all_is_one_user_section():
    read = parse_template(template("Say: {{ question }}\nuser: not alone\n system:\n"), "answer.prompt.md")
    assert read.sections == (Section("user", "Say: {{ question }}\nuser: not alone\n system:"),)


def test_a_backslash_makes_a_role_line_literal():
    read = parse_template(template("user:\n\\user:\n\\\\assistant:\n{{ question }}"), "answer.prompt.md")
    assert read.sections == (Section("user", "user:\n\\assistant:\n{{ question }}"),)


def test_the_last_assistant_section_is_the_answer_and_earlier_ones_are_turns():
    body = "user:\nOne?\nassistant:\n1\nuser:\n{{ question }}?\nassistant:\n{{ answer }}\n"
    read = parse_template(template(body, "{question: string, answer: string}"), "answer.prompt.md")
    assert [section.role for section in read.sections] == ["user", "assistant", "user"]
    assert read.target == "{{ answer }}"


@pytest.mark.parametrize("choices", ["answer_choices: [yes, no]", "answer_choices: yes ||| no"])
def test_answer_choices_are_texts(choices):
    body = "{{ question }} {{ answer_choices | join(', ') }}"
    read = parse_template(template(body, "{question: string}", choices), "answer.prompt.md")
    assert read.answer_choices == ("yes", "no")


def test_columns_that_answer_choices_use_are_inputs():
    source = template("{{ answer_choices | join }}", "{a: string}", "answer_choices: ['{{ a }}', neither]")
    assert parse_template(source, "answer.prompt.md").inputs == {"a": "string"}


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (
            "user:\nHello",
            "answer.prompt.md, line 1: there is no front matter. "
            "Begin the file with a line ---, the keys id, description, inputs, and another line ---.",
        ),
        (
            "---\nid: answer\nuser:\n",
            "answer.prompt.md, line 1: the front matter does not end. Close it with a line --- of its own.",
        ),
        (
            "---\n- id\n---\nHello",
            "answer.prompt.md, line 2: the front matter is not a list of keys. Write one `key: value` on each line.",
        ),
        (
            "---\nid: answer\ntags: [a\n---\nHello",
            "answer.prompt.md, line 4: the front matter is not YAML: expected ',' or ']', but got '<stream end>'. "
            "Correct this line.",
        ),
        (
            "---\nid: \x00\n---\nHello",
            "answer.prompt.md: the front matter is not YAML. Remove control characters and deep nesting.",
        ),
        (
            f"---\nid: {'[' * 5000}\n---\nHello",
            "answer.prompt.md: the front matter is not YAML. Remove control characters and deep nesting.",
        ),
        (
            template(BODY, "{question: string}", "model: x"),
            f"answer.prompt.md: 'model' is no key of a template. {KEYS}",
        ),
        (
            "---\nid: answer\ninputs: {}\n---\nHello",
            "answer.prompt.md: 'description' is missing. Add it to the front matter.",
        ),
        (
            template(BODY, "{question: string}", "syntax: f-string"),
            "answer.prompt.md: syntax 'f-string' is not read here. Write concord or promptsource, or leave syntax out.",
        ),
        (
            template(BODY, "{question: string}", "reference: [a]"),
            "answer.prompt.md: reference is ['a'], which is not a text. Write `reference: some text`.",
        ),
        (
            template(BODY, "{question: string}", "tags: a"),
            "answer.prompt.md: tags is 'a', which is not a list of texts. Write `tags: [one, two]`.",
        ),
        (
            template(BODY, "[question]"),
            "answer.prompt.md: inputs is ['question'], which does not name columns. "
            f"Write `inputs: {{column: type}}`; the types are {TYPES}.",
        ),
        (
            template(BODY, "{question: text}"),
            f"answer.prompt.md: inputs gives 'question' the type 'text'. The types are {TYPES}.",
        ),
        (
            template(BODY, "{question: [string]}"),
            f"answer.prompt.md: inputs gives 'question' the type ['string']. The types are {TYPES}.",
        ),
        (
            template("{{ range }}", "{range: string}"),
            "answer.prompt.md: inputs names 'range', which means something else in a template. "
            "Rename the column when it is imported.",
        ),
        (
            template("{{ question }} {{ context }}"),
            "answer.prompt.md, line 6: the text uses ['context'], which inputs does not name. "
            "Add the columns to inputs, or correct the text.",
        ),
        (
            template(BODY, "{question: string, context: string}"),
            "answer.prompt.md: inputs names ['context'], which the text does not use. "
            "Use them, or remove them from inputs.",
        ),
        (
            template("{{ question }} {{ answer_choices }}"),
            "answer.prompt.md, line 6: the text uses ['answer_choices'], which inputs does not name. "
            "Add the columns to inputs, or correct the text.",
        ),
        (
            template(BODY, "{question: string}", "answer_choices: [a, '']"),
            "answer.prompt.md: answer_choices is ['a', ''], with an empty or a double choice. "
            "Give each choice a text of its own, without |||.",
        ),
        (
            template("user:\n{{ question }}\nassistant:\nyes", "{question: string}", "target: best"),
            "answer.prompt.md: there is a target, 'best', and an assistant section for the answer. Remove one of them.",
        ),
        (
            template(BODY, "{question: string}", "target: best answer"),
            "answer.prompt.md: the target 'best answer' is not a name that a template can use. "
            "Name a column of letters, digits and underscores, or rename it when it is imported.",
        ),
        (
            template(BODY, "{question: string}", "target: range"),
            "answer.prompt.md: the target 'range' is not a name that a template can use. "
            "Name a column of letters, digits and underscores, or rename it when it is imported.",
        ),
        (
            template("Hello\nuser:\n{{ question }}"),
            "answer.prompt.md, line 6: there is text before the first role. Put a line `system:` or `user:` above it.",
        ),
        (
            template("system:\n\nuser:\n{{ question }}"),
            "answer.prompt.md: the section 'system' is empty. Write its text, or remove it.",
        ),
        (
            template("assistant:\nHi\nuser:\n{{ question }}"),
            "answer.prompt.md, line 7: the sections stand in the order assistant, user. "
            "Begin with user, after one system at most, and let user and assistant take turns.",
        ),
        (
            template("system:\n{{ question }}"),
            "answer.prompt.md, line 7: the sections stand in the order system. "
            "Begin with user, after one system at most, and let user and assistant take turns.",
        ),
        (template("user:\n\n\n{{ question }"), f"answer.prompt.md, line 9: unexpected '}}'. {JINJA}"),
        (
            template("user:\n{% if question %}\nyes\nassistant:\n{% endif %}"),
            "answer.prompt.md, line 7: Unexpected end of template. Jinja was looking for the following tags: 'elif' or "
            f"'else' or 'endif'. The innermost block that needs to be closed is 'if'. {JINJA}",
        ),
        (
            template("user:\n{{ question }}\n{% include 'a' %}"),
            f"answer.prompt.md, line 8: this tag has no place in a prompt; use if, for, set or with. {JINJA}",
        ),
        (template("a" * 100_000), "answer.prompt.md: it has 100,077 characters. Keep a template within 100,000."),
    ],
)
def test_a_bad_template_is_refused_with_a_cure(source, message):
    assert message_of(source) == message


@pytest.mark.parametrize(
    ("template_id", "message"),
    [
        (
            "Answer!",
            "answer.prompt.md: the id 'Answer!' is not a slug. Use small letters, digits and single hyphens.",
        ),
        (
            "reply",
            "answer.prompt.md: the id 'reply' is not the file's name. "
            "Name the file 'reply.prompt.md', or correct the id.",
        ),
    ],
)
def test_the_id_is_a_slug_and_the_files_name(template_id, message):
    assert message_of(template().replace("id: answer", f"id: {template_id}")) == message


def test_an_alias_in_yaml_does_not_blow_up_a_message():
    lines = [
        "a0: &a0 [x, x, x, x]",
        *(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}, *a{n - 1}, *a{n - 1}]" for n in range(1, 30)),
    ]
    front = "\n".join(["id: answer", "description: d", "inputs: {}", "tags:", *(f"  - {line}" for line in lines)])
    assert len(message_of(f"---\n{front}\n---\nHello")) < 500


def test_a_file_is_read_as_utf_8(tmp_path: Path):
    path = tmp_path / "answer.prompt.md"
    path.write_bytes(GOOD.replace("one", "öne").encode("latin-1"))
    with pytest.raises(TemplateProblem, match=r"^answer.prompt.md: byte 112 is not UTF-8. Save the file as UTF-8.$"):
        read_template(path)


def test_a_folder_gives_its_templates_by_name(tmp_path: Path):
    for name in ("b", "a"):
        (tmp_path / f"{name}.prompt.md").write_text(template().replace("id: answer", f"id: {name}"))
    (tmp_path / "README.md").write_text("no template")
    assert [each.id for each in load_templates(tmp_path)] == ["a", "b"]


def test_a_template_is_found_by_its_id_or_said_to_be_missing(tmp_path: Path):
    (tmp_path / "answer.prompt.md").write_text(template())
    assert load_template(tmp_path, "answer").id == "answer"
    with pytest.raises(NotFound) as caught:
        load_template(tmp_path, "reply")
    assert str(caught.value) == "There is no template 'reply' (there are: answer). Check the id."


def test_all_bad_templates_of_a_folder_are_named(tmp_path: Path):
    for name in ("one", "two"):
        (tmp_path / f"{name}.prompt.md").write_text("Hello")
    with pytest.raises(TemplateProblem) as caught:
        load_templates(tmp_path)
    assert [line.partition(",")[0] for line in str(caught.value).split("\n")] == ["one.prompt.md", "two.prompt.md"]


def test_a_folder_that_is_missing_is_said(tmp_path: Path):
    with pytest.raises(NotFound, match=r"^There is no folder .*\. Name the folder that holds the templates\.$"):
        load_templates(tmp_path / "none")


@given(st.text(), st.text())
def test_whatever_a_file_holds_the_only_error_is_a_template_problem(front, body):
    for source in (body, template(body), f"---\n{front}\n---\n{body}"):
        try:
            parse_template(source, "answer.prompt.md")
        except TemplateProblem:
            continue
