"""Filters of prompts, and values as text."""

import jinja2
import pytest

from concord.conversion.filters import FILTERS, as_text
from concord.conversion.meter import Meter
from concord.conversion.sandbox import fill

ROW = {
    "names": ["ann", "bob", "ann"],
    "none": None,
    "people": [{"n": 2}, {"n": 1}],
    "text": "One two",
    "gap": ["a", None],
}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{{ none }}", ""),
        ("[{{ none | upper }}{{ none | trim }}{{ none | truncate(5) }}{{ none | replace('a', 'b') }}]", "[]"),
        ("{{ 'a' ~ none ~ 1 ~ true }}", "a1True"),
        ("{{ gap | join('-') }}", "a-"),
        ("{{ '-'.join(gap) }}", "a-"),
        ("{{ none | string | length }}", "0"),
        ("{{ none is none }}", "True"),
        ("{{ names | most_frequent | join }}", "ann"),
        ("{{ [] | most_frequent | length }}", "0"),
        ("{{ text | highlight }}", "<span style='color: #F08080'>One two</span>"),
        ("{{ people | map(attribute='n') | sum }}", "3"),
        ("{{ people | sum(attribute='n') }}", "3"),
        ("{{ people | join('+', attribute='n') }}", "2+1"),
        ("{{ people | sort(attribute='n') | tojson }}", '[{"n": 1}, {"n": 2}]'),
        ("{{ {'é': '<a>'} | tojson(indent=2) }}", '{\n  "é": "<a>"\n}'),
        ("{{ '<b>' | e }}{{ ('<b>' | escape) ~ '<c>' }}", "&lt;b&gt;&lt;b&gt;<c>"),
        ("{{ 'a\nb' | indent(2) }}", "a\n  b"),
        ("{{ 3.14159 | round(2) }}", "3.14"),
        ("{{ '  a ' | trim }}{{ '--b'.strip('-') }}{{ 'c '.rstrip() }}{{ ' d'.lstrip() }}", "abcd"),
        ("{{ names | unique | map('upper') | join(' ') }}", "ANN BOB"),
        ("{{ names | reject('equalto', 'bob') | list | length }}", "2"),
        ("{{ missing | default('none given') }}", "none given"),
    ],
)
def test_a_filter_gives(source, expected):
    assert fill(source, ROW, Meter()) == expected


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("{{ names }}", "a list is not a text; use its elements, or the filter join or tojson"),
        ("{{ 'a' ~ names }}", "a list is not a text; use its elements, or the filter join or tojson"),
        ("{{ people[0] }}", "an object is not a text; use its fields, or the filter tojson"),
        ("{{ people[0].items }}", "a function is not a text; for a field of its name write x['name'], not x.name"),
        ("{{ [missing] }}", "'missing' is undefined"),
        ("{{ missing }}", "'missing' is undefined"),
        ("{{ people[0].m }}", "'dict object' has no attribute 'm'"),
    ],
)
def test_what_is_no_text_says_what_to_write(source, message):
    with pytest.raises(jinja2.TemplateError) as caught:
        fill(source, ROW, Meter())
    assert str(caught.value) == message


def test_choice_is_the_same_for_the_same_seed_and_varies_with_it():
    source = "{{ range(1000) | choice }}/{{ names | random }}"
    assert fill(source, ROW, Meter("one")) == fill(source, ROW, Meter("one"))
    assert len({fill(source, ROW, Meter(str(seed))) for seed in range(20)}) > 10


def test_numbers_are_written_plainly():
    assert [as_text(value) for value in (3, 2.5, True, "x")] == ["3", "2.5", "True", "x"]


def test_filters_that_can_grow_a_text_without_bound_are_left_out():
    assert FILTERS.keys().isdisjoint({"center", "wordwrap", "batch", "slice", "format", "urlize", "xmlattr", "attr"})
