"""What is said of a template without rows."""

from pathlib import Path

import pytest

from concord.conversion.promptsource import read_collection
from concord.conversion.template import parse_template
from concord.conversion.template_check import LONG, template_findings

WHOLE = "tags: [t]\nlanguages: [en]\n"


def said(inputs: str, body: str, more: str = WHOLE) -> dict[str, str]:
    source = f"---\nid: t\ndescription: d\ninputs: {{{inputs}}}\n{more}---\nsystem:\nBe brief.\nuser:\n{body}"
    return {finding.code: finding.says for finding in template_findings(parse_template(source, "t.prompt.md"))}


def test_a_whole_template_has_nothing_to_say():
    assert said("a: string", "{{ a }}", f"{WHOLE}target: b\n") == {}


def test_what_the_front_matter_leaves_out_is_noted():
    assert said("a: string", "{{ a }}", "") == {
        "no-target": "The template names no target: a person or a model writes every answer.",
        "no-tags": "The front matter has no tags.",
        "no-languages": "The front matter has no languages.",
    }


@pytest.mark.parametrize(
    ("body", "leaks"),
    [
        ("{{ a }} {{ b }}", True),
        ("{{ a }}{% for word in b.split() %}{{ word }}{% endfor %}", True),
        ("{% if b %}{{ a }}{% endif %}", False),
        ("{{ 'x' if b else a }}", False),
    ],
)
def test_a_prompt_that_shows_the_target_gives_the_answer_away(body, leaks):
    assert ("target-in-prompt" in said("a: string, b: string", body, f"{WHOLE}target: b\n")) == leaks


def test_an_answer_made_of_more_than_the_prompt_shows_is_no_leak():
    body = "{{ name }}\nassistant:\n{{ name }} lives in {{ city }}."
    assert said("name: string, city: string", body) == {}


def test_answer_choices_that_nothing_uses_are_found():
    choices = f"{WHOLE}target: b\nanswer_choices: [x, y]\n"
    assert said("a: string", "{{ a }}", choices) == {
        "unused-choices": "Nothing in the template uses answer_choices: the reader does not learn what can be answered."
    }
    assert said("a: string", "{{ a }} {{ answer_choices | join }}", choices) == {}
    assert said("a: any", "{{ a }}\nassistant:\n{{ answer_choices[0] }}", f"{WHOLE}answer_choices: [x, y]\n") == {}


def test_a_column_that_only_decides_is_noted():
    found = said("a: string, n: any", "{% if n > 3 %}{{ a }}{% elif n %}-{% endif %}", f"{WHOLE}target: b\n")
    assert found == {"column-only-tested": "The text shows nothing of 'n', but depends on it."}


def test_a_very_long_template_is_found():
    found = said("a: string", "word" * (LONG + 1) + "{{ a }}", f"{WHOLE}target: b\n")
    assert found["long-template"].startswith("The template's own text has about 2,006 tokens (estimated as one token")


def test_real_templates_of_promptsource_name_a_target_and_show_no_answer(shared_data: Path):
    files = sorted((shared_data / "promptsource").rglob("templates.yaml"))
    templates = [one for file in files for one in read_collection(file.read_text("utf-8"), file.name).templates]
    codes = {finding.code for template in templates for finding in template_findings(template)}
    assert (len(templates), codes) == (97, {"no-tags", "column-only-tested"})
