"""PromptSource's Jinja: what its rules give, and what stays refused."""

import re

import jinja2
import pytest

from concord.conversion.front_matter import front_matter
from concord.conversion.meter import Meter
from concord.conversion.plain_jinja import MARK, PLAIN
from concord.conversion.render import Fault, Rendered, attempt, render
from concord.conversion.template import parse_template
from concord.errors import TemplateProblem
from concord.records.item import Message
from concord.records.template import Template

ROW = {
    "none": None,
    "names": ["ann", "bob", "ann"],
    "text": "one two",
    "nested": {"a": ["x", {"b": "y ||| z"}]},
    "label": 1,
}


def filled(source: str, row: dict | None = None) -> str:
    return PLAIN.fill(source, ROW if row is None else row, Meter("seed")).replace(MARK, "|||")


def template(body: str, choices: str | None = None, **more: object) -> Template:
    names = sorted((PLAIN.variables(body) | PLAIN.variables(choices or "")) - {"answer_choices"})
    front = {"id": "one", "description": "d", "inputs": dict.fromkeys(names, "any"), "syntax": "promptsource"}
    return parse_template(front_matter({**front, "answer_choices": choices, **more}) + body, "one.prompt.md")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("[{{ missing }}{{ nested.c }}]", "[]"),
        ("{{ none }} {{ true }} {{ names }} {{ nested.a[1] }}", "None True ['ann', 'bob', 'ann'] {'b': 'y ||| z'}"),
        ("{{ names | most_frequent }}{{ [] | most_frequent }}", "['ann']None"),
        ("{{ text | highlight }}", "<span style='color: #F08080'>one two</span>"),
        ("{% for a, b in zip(names, [1, 2]) %}{{ a }}{{ b }};{% endfor %}", "ann1;bob2;"),
        ("{{ ['a'] | choice }}{{ [] | random }}", "a"),
        ("{{ names | join(none) }}{{ [1, none] | join('-') }}", "annNonebobNoneann1-None"),
        ("{{ '%0.1f' | format(3) }} {{ '%s-%d' % ('a', 2) }}", "3.0 a-2"),
        ("{{ text | replace('o', 0) }}{{ text.split(' ')[1:] }}", "0ne tw0['two']"),
        ("{{ nested.a | tojson }}{{ '<a>' | tojson }}", '["x", {"b": "y ||| z"}]"\\u003ca\\u003e"'),
        ("{% set l = [] %}{% for n in names %}{{ l.append(n) or '' }}{% endfor %}{{ l | unique | join }}", "annbob"),
        ("{% set d = {'a': 1} %}{% set _ = d.update({'b': 2}) %}{{ d }}{{ d.pop('a') }}", "{'a': 1, 'b': 2}1"),
        ("{% if names | select('equalto', 'x') %}yes{% endif %}", "yes"),
        ("{{ nested.items() }}", "dict_items([('a', ['x', {'b': 'y ||| z'}])])"),
        ("{{ names[label - 1:] | length }}{{ names.5 }}{{ 'a' ~ none }}", "3aNone"),
    ],
)
def test_a_text_renders_as_in_promptsource(source: str, expected: str) -> None:
    assert filled(source) == expected


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("{{ missing.a }}", "'missing' is undefined"),
        ("{{ ''.__class__ }}", "access to attribute '__class__' of 'str' object is unsafe."),
        ("{{ text.append(1) }}", "access to attribute 'append' of 'str' object is unsafe."),
        ("{{ names | map('upper') }}", "a function or a lazy list is not a text; use its result, or the filter list"),
        ("{{ nested.items }}", "a function or a lazy list is not a text; use its result, or the filter list"),
        ("{{ '%2000d' % 1 }}", "% fills in texts with fields such as %s, %d or %.1f, of at most 999 signs"),
        ("{{ '%*d' % (9999999, 1) }}", "% fills in texts with fields such as %s, %d or %.1f, of at most 999 signs"),
        ("{{ '%999d' | format(1) * 10**6 }}", "the template makes a value of more than 1,000,000"),
        ("{{ '-'.join([1]) }}", "the method join takes texts, and no int"),
        ("{{ text.replace('a', 1) }}", "the method replace takes texts, and no int"),
        ("{{ 1 | highlight }}", "can only concatenate str"),
    ],
)
def test_what_promptsource_cannot_do_either_or_would_harm_is_an_error(source: str, message: str) -> None:
    with pytest.raises(jinja2.TemplateError, match=re.escape(message)):
        filled(source)


GROWING = "the template makes a value of more than 1,000,000 characters and elements"
DOUBLED = "".join(f"{{% set l{n} = [] %}}{{% set m{n} = [] %}}" for n in range(40)) + "".join(
    f"{{% set _ = {x}{n}.append({x}{n - 1}) %}}{{% set _ = {x}{n}.append({x}{n - 1}) %}}"
    for n in range(39, 0, -1)
    for x in "lm"
)


@pytest.mark.parametrize(
    "source",
    [
        DOUBLED + "{{ l39 == m39 }}",
        DOUBLED.replace(
            "{% set _", "{% set g = [l39] | select('equalto', m39) %}{% set h = [l39, m39] | map('list') %}{% set _", 1
        )
        + "{{ h | sort | length }}{{ g | list }}",
        DOUBLED + "{{ l39 }}",
        DOUBLED + "{{ [l39, m39] | sort | length }}",
        "{% set l = ['a'] %}{% for n in range(30) %}{% set _ = l.extend(l) %}{% endfor %}{{ l }}",
        "{% set l = [] %}{% set _ = l.append(l) %}{{ l }}",
        "{% set d = {} %}{% set _ = d.update({'d': d}) %}{{ d | tojson }}",
    ],
)
def test_a_list_that_grows_is_weighed_when_it_is_taken_up(source: str) -> None:
    with pytest.raises(jinja2.TemplateError, match=GROWING):
        filled(source)


@pytest.mark.parametrize(
    "source", ["{{ [l.append(1), l] }}", "{% if l.append(1) %}{% endif %}", "{{ 'a' | default(l.append(1)) }}"]
)
def test_a_list_grows_only_by_itself(source: str) -> None:
    with pytest.raises(jinja2.TemplateSyntaxError, match="a list or an object can grow only by itself"):
        PLAIN.variables(source)


def test_a_row_is_never_changed() -> None:
    row = {"names": ["a"], "nested": {"b": [1]}}
    made = render(template("{{ names.append('c') }}{{ nested.b.append(2) }}{{ names }}{{ nested }}|||x"), row)
    assert made.messages[0].content == "NoneNone['a', 'c']{'b': [1, 2]}"
    assert row == {"names": ["a"], "nested": {"b": [1]}}


@pytest.mark.parametrize("forged", ["a ||| b", "|||", "||", "|", MARK[:-1], "user:", "{{ 7 * 7 }}", "---"])
def test_a_row_can_forge_no_separator_at_any_depth(forged: str) -> None:
    row = {"a": forged, "b": [{"c": forged}]}
    made = render(template("{{ a }}.|||.{{ b[0].c }}{{ b }}"), row)
    assert made == Rendered((Message("user", f"{forged}."),), f".{forged}{row['b']}")


@pytest.mark.parametrize(
    ("body", "row", "expected"),
    [
        ("{% if a %}q ||| {{ a }}{% else %} ||| {% endif %}", {"a": "r"}, Rendered((Message("user", "q"),), "r")),
        ("{% if a %}q ||| {{ a }}{% else %} ||| {% endif %}", {"a": ""}, Rendered((), None)),
        ("q{% if a %} ||| {{ a }}{% endif %}", {"a": None}, Rendered((), None)),
        ("q {{ a }}", {"a": "r"}, Rendered((Message("user", "q r"),), None)),
        ("{{ a }}", {}, Rendered((), None)),
        ("{{ a ~ ' ||| ' ~ 'r' }}", {"a": "q"}, Rendered((Message("user", "q"),), "r")),
    ],
)
def test_a_text_falls_into_prompt_and_target(body: str, row: dict, expected: Rendered) -> None:
    assert render(template(body), row) == expected


def test_more_than_two_parts_are_a_fault_of_the_template() -> None:
    assert attempt(template("{{ a }}|||b|||c"), {"a": 1}) == Fault(
        None,
        "one.prompt.md: the text falls into 3 parts where a prompt and a target are two, for this row",
        "Correct the template, or the row.",
    )


def test_answer_choices_are_a_text_that_renders_to_them() -> None:
    made = render(
        template("{{ answer_choices }}|||{{ answer_choices[n] }}", "{{ a }} ||| {{ b | join('|||') }}"),
        {"a": "no|||pe", "b": ["yes", "may be "], "n": 2},
    )
    assert made == Rendered((Message("user", "['no|||pe', 'yes', 'may be']"),), "may be")


def test_without_answer_choices_the_name_is_none() -> None:
    assert render(template("{{ answer_choices }}|||{{ a }}"), {"a": 1}).messages[0].content == "None"


def test_a_column_named_answer_choices_is_refused() -> None:
    with pytest.raises(TemplateProblem) as caught:
        render(template("{{ a }}|||b"), {"a": 1, "answer_choices": ["x"]}, place="row 17")
    assert str(caught.value) == (
        "one.prompt.md: there is a column 'answer_choices', which means something else in a template, for row 17. "
        "Correct the template, or the row."
    )


def test_the_sign_that_promptsource_puts_in_place_of_a_separator_finds_one() -> None:
    made = render(template("{{ a.split('3ed2dface8203c4c9dfb1a5dc58e41e0||') | join('/') }}|||b"), {"a": "x|||||y"})
    assert made.messages[0].content == "x/y"


def test_a_deep_row_is_an_error() -> None:
    deep: list[object] = []
    for _ in range(3_000):
        deep = [deep]
    outcome = attempt(template("{{ a }}|||b"), {"a": deep})  # type: ignore[dict-item]
    assert isinstance(outcome, Fault)
    assert outcome.found == "one.prompt.md: a value is nested too deeply for this row"


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (
            {"target": "b"},
            "one.prompt.md: there is a target, which the text holds itself in the syntax promptsource. "
            "Write the answer behind ||| and leave target out.",
        ),
        ({"syntax": "fstring"}, "one.prompt.md: syntax 'fstring' is not read here. "
         "Write concord or promptsource, or leave syntax out."),
        (
            {"promptsource": {"dataset": "d"}},
            "one.prompt.md: promptsource is {'dataset': 'd'}, which does not say where the template is from. Give it "
            "the keys dataset, subset, uuid, name, reference, metrics, original_task, choices_in_prompt as the import "
            "wrote them, or remove it.",
        ),
    ],
)  # fmt: skip
def test_front_matter_that_does_not_fit_is_refused(more: dict, message: str) -> None:
    with pytest.raises(TemplateProblem) as caught:
        template("{{ a }}|||b", **more)
    assert str(caught.value) == message
