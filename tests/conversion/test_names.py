"""The names that a template's texts take from a row, and which of them stand for the answer."""

from dataclasses import replace

import pytest

from concord.conversion.names import Names, target_columns, texts_of
from concord.conversion.template import parse_template
from concord.records import Section, Template


def promptsource(text: str) -> Template:
    made = parse_template("---\nid: t\ndescription: d\ninputs: {}\n---\nx", "t.prompt.md")
    return replace(made, sections=(Section("user", text),))


@pytest.mark.parametrize(
    ("source", "printed", "tested"),
    [
        ("{{ a }} {{ b.c }}", {"a", "b"}, set()),
        (
            "{% if a and b == 1 %}{{ c }}{% elif d %}{{ e }}{% else %}{{ a }}{% endif %}",
            {"a", "c", "e"},
            {"a", "b", "d"},
        ),
        ("{% for x in xs if x.ok %}{{ loop.index }} {{ x }}{% endfor %}", {"xs"}, set()),
        ("{% set y = a %}{{ y }} {{ range(3) | list }} {{ zip(b, b) }}", {"a", "b"}, set()),
        ("{{ 'x' if a else b }}", {"b"}, {"a"}),
    ],
)
def test_names_are_those_of_the_row(source: str, printed: set[str], tested: set[str]) -> None:
    names = Names(source)
    assert (names.printed, names.tested) == (printed, tested)


def test_a_separator_divides_a_text_that_has_no_other_target() -> None:
    divided = promptsource("{{ a }} ||| {{ b }}")
    assert texts_of(divided) == (("{{ a }} ",), " {{ b }}", True)
    assert target_columns(divided) == {"b"}


def test_what_stands_in_one_block_with_the_prompt_cannot_be_told_from_it() -> None:
    blocked = promptsource("{% if a %}{{ a }} ||| {{ b }}{% endif %}")
    assert texts_of(blocked) == (("{% if a %}{{ a }} ||| {{ b }}{% endif %}",), "", True)
    assert target_columns(blocked) == set()
    assert target_columns(promptsource("{{ a }}")) == set()
