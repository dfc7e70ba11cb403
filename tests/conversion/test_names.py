"""The names that a template's texts take from a row, and which of them stand for the answer."""

import pytest

from concord.conversion.names import Names, target_columns, texts_of
from concord.conversion.template import parse_template
from concord.records.template import Template


def promptsource(text: str) -> Template:
    front = "id: t\ndescription: d\ninputs: {a: any, b: any}\nsyntax: promptsource"
    return parse_template(f"---\n{front}\n---\n{text}", "t.prompt.md")


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


def test_the_separator_divides_prompt_and_target() -> None:
    divided = promptsource("{{ a }} ||| {{ b }}")
    assert texts_of(divided) == (("{{ a }} ",), " {{ b }}")
    assert target_columns(divided) == {"b"}


def test_a_name_that_the_half_of_the_prompt_sets_is_no_column() -> None:
    assert target_columns(promptsource("{% set c = a %}{{ b }} ||| {{ c }}")) == set()


def test_what_stands_in_one_block_with_the_prompt_cannot_be_told_from_it() -> None:
    blocked = promptsource("{% if a %}{{ a }} ||| {{ b }}{% endif %}")
    assert texts_of(blocked) == (("{% if a %}{{ a }} ||| {{ b }}{% endif %}",), "")
    assert target_columns(blocked) == set()
    assert texts_of(promptsource("{{ a }} {{ b }}")).target is None
