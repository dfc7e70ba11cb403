"""What a template may not do, and that a thread of the app survives the attempt."""

import contextlib
import re
from concurrent.futures import ThreadPoolExecutor

import jinja2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2.exceptions import SecurityError

from concord.conversion.meter import Meter
from concord.conversion.sandbox import fill, variables

TOO_HEAVY = "the template makes a value of more than 1,000,000 characters and elements"
TOO_MANY_BITS = "the template makes a number of more than 4,096 bits"
TOO_LONG = "the text is longer than 200,000 characters"
UNSAFE = "access to attribute {} of {} object is unsafe."

ATTACKS = {
    "{{ 'a' * 10**9 }}": TOO_HEAVY,
    "{{ 10**9 * ['a'] }}": TOO_HEAVY,
    "{{ 10 ** (10**9) }}": TOO_MANY_BITS,
    "{{ '%1000000000d' % 1 }}": "% does not fill in texts here; write {{ }} where the value belongs",
    "{{ range(10**9) | list }}": "Range too big. The sandbox blocks ranges larger than MAX_RANGE (100000).",
    "{{ ('a' * 900000).replace('a', 'b' * 9000) }}": TOO_HEAVY,
    "{{ ('a' * 900000) | replace('', 'b' * 9000) }}": TOO_HEAVY,
    "{{ ('a' * 900000).join(range(1000)) }}": TOO_HEAVY,
    "{{ range(100000) | join('a' * 9000) }}": TOO_HEAVY,
    "{{ ('a\n' * 1000) | indent(10**9) }}": TOO_HEAVY,
    "{{ 'a'.ljust(10**9) }}": UNSAFE.format("'ljust'", "'str'"),
    "{{ '{:1000000000}'.format(1) }}": UNSAFE.format("'format'", "'str'"),
    "{{ (1).to_bytes(10**9) }}": UNSAFE.format("'to_bytes'", "'int'"),
    "{{ 1 | round(10**9) }}": "round takes at most 20 digits",
    "{{ 1 | round(-10**9) }}": "round takes at most 20 digits",
    "{{ [1] | tojson(indent=10**9) }}": "tojson indents by 0 to 8",
    "{{ [[1], [2]] | sum(start=[]) }}": "sum adds numbers; use join for texts",
    "{{ ('a' * 500000).strip('b' * 400000 + 'a') }}": "at most 100 characters can be stripped",
    "{{ 'ab'.rfind('b') }}": UNSAFE.format("'rfind'", "'str'"),
    "{% set a = 'a' %}" + "{% set a = a ~ a %}" * 40 + "{{ a }}": TOO_HEAVY,
    "{% set a = 'a' %}" + "{% set a = a + a %}" * 40 + "{{ a }}": TOO_HEAVY,
    "{% set a = 3 %}" + "{% set a = a * a %}" * 40 + "{{ a }}": TOO_MANY_BITS,
    "{% set a = ['a'] %}" + "{% set a = [a, a, a, a] %}" * 20 + "{{ a | tojson }}": TOO_HEAVY,
    "{% set a = (1,) %}" + "{% set a = (a, a, a, a) %}" * 20 + "{% if {a: 1} %}{% endif %}": TOO_HEAVY,
    "{{ range(100000) | map('replace', '1', 'a' * 9000) | first }}": TOO_HEAVY,
    "{% for a in range(30) %}{% set b = 'a' * 999999 %}{% endfor %}": (
        "the template makes more than 20,000,000 characters and elements on the way"
    ),
    "{% for a in range(100000) %}some text {% endfor %}": TOO_LONG,
    "{% for a in range(100000) %}{{ 'some text ' }}{% endfor %}": TOO_LONG,
    "{% set n = namespace(a=1) %}{{ [n, n] }}": "a list or an object cannot hold a Namespace",
    "{{ ''.__class__.__mro__ }}": UNSAFE.format("'__class__'", "'str'"),
    "{{ ''['__class__'] }}": UNSAFE.format("'__class__'", "'str'"),
    "{{ range.__globals__ }}": UNSAFE.format("'__globals__'", "'function'"),
    "{{ [''] | map(attribute='__class__') | list }}": UNSAFE.format("'__class__'", "'str'"),
    "{{ row.update({1: 2}) }}": UNSAFE.format("'update'", "'dict'"),
    "{{ [].append(1) }}": UNSAFE.format("'append'", "'list'"),
    "{{ 1 / 0 }}": "division by zero",
}

ENDLESS = "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}"

REFUSED = {
    "{% include 'a' %}": "this tag has no place in a prompt; use if, for, set or with",
    "{% macro a() %}{{ a() }}{{ a() }}{% endmacro %}{{ a() }}": (
        "this tag has no place in a prompt; use if, for, set or with"
    ),
    "{% for a in [] recursive %}{{ loop([a]) }}{% endfor %}": (
        "this tag has no place in a prompt; use if, for, set or with"
    ),
    "{% set a %}text{% endset %}": "this tag has no place in a prompt; use if, for, set or with",
    "{{ " + "(" * 500 + "1" + ")" * 500 + " }}": "it is nested too deeply, or holds too long a number",
    "{{ 1" + " + 1" * 5000 + " }}": "it is nested too deeply, or holds too long a number",
    "{% for a in [] %}" * 40 + "{% endfor %}" * 40: "it is nested too deeply, or holds too long a number",
    "{{ " + "9" * 5000 + " }}": "it is nested too deeply, or holds too long a number",
}


@pytest.mark.parametrize(("source", "message"), ATTACKS.items())
def test_an_attack_ends_in_an_error_that_says_why(source, message):
    with pytest.raises(jinja2.TemplateError, match=re.escape(message)):
        fill(source, {"row": {}}, Meter())


@pytest.mark.parametrize(("source", "message"), REFUSED.items())
def test_what_a_prompt_may_not_say_is_refused_before_it_is_rendered(source, message):
    with pytest.raises(jinja2.TemplateSyntaxError, match=re.escape(message)):
        variables(source)


@pytest.mark.parametrize("hidden", ["{{ 'a' | center(10**9) }}", "{% if no %}{{ 'a' | center(9) }}{% endif %}"])
def test_an_unknown_filter_is_refused_even_where_it_is_never_reached(hidden):
    with pytest.raises(jinja2.TemplateSyntaxError, match=r"^there is no filter 'center'; there are abs, .*, wordcount"):
        variables(hidden)


def test_an_unknown_test_is_refused():
    with pytest.raises(jinja2.TemplateSyntaxError, match=r"^there is no test 'nice'; there are "):
        variables("{% if no %}{{ a is nice }}{% endif %}")


def test_constants_are_not_computed_while_compiling():
    assert variables("{{ 'a' * 10**9 }}{{ 10**9**9 }}{{ range(10**9) | list }}") == set()


def test_all_sections_of_a_row_share_one_limit():
    meter = Meter()
    fill("{{ 'a' * 150000 }}", {}, meter)
    with pytest.raises(jinja2.TemplateError, match=TOO_LONG):
        fill("a" * 60_000, {}, meter)


def test_other_threads_render_while_one_is_attacked():
    with ThreadPoolExecutor(4) as pool:
        attack = pool.submit(lambda: fill(ENDLESS, {}, Meter()))  # the clock is that of the meter's own thread
        assert [pool.submit(fill, "{{ a }}", {"a": n}, Meter()).result() for n in (1, 2, 3)] == ["1", "2", "3"]
        assert isinstance(attack.exception(), SecurityError)  # by time or by weight, as busy as the machine is


def test_only_values_that_the_text_names_are_read():
    assert fill("{{ range(2) | join }}{{ a }}", {"a": 1, "range": "no function"}, Meter()) == "011"


def test_the_language_that_prompts_need_works():
    source = (
        "{% set ns = namespace(n=0) %}{% for who, what in zip(names, texts) if what %}{% set ns.n = ns.n + 1 %}"
        "{{ loop.index }}. {{ who.title() }}: {{ what.replace('a', 'o')[:3] ~ '…' }}"
        "{{ ', ' if not loop.last }}{% endfor %}"
        "{% with total = ns.n * 2 %} ({{ total }}){% endwith %}"
    )
    row = {"names": ["ann", "bob", "cy"], "texts": ["banana", None, "papaya"]}
    assert fill(source, row, Meter()) == "1. Ann: bon…, 2. Cy: pop… (4)"


@given(st.text())
def test_a_value_is_written_as_it_is(value):
    assert fill("{{ a }}", {"a": value}, Meter()) == value


PIECES = (
    "{{ }} {% %} if for in endif endfor set = a a.b [a] (a, ) | map list join ('x') + * ** ~ 9 10**9 'x' == loop range"
)


@given(st.lists(st.sampled_from([*PIECES.split(), "{{ a }}", "{% for b in a %}", "{{ b }}", "\n"]), max_size=12))
def test_whatever_a_template_says_the_only_error_is_a_template_error(pieces):
    source = " ".join(pieces)
    with contextlib.suppress(jinja2.TemplateError):
        variables(source)
        fill(source, {"a": ["text", None, {"b": 3}]}, Meter())
