"""Templates that mean harm: each is refused in both syntaxes and in little time, when it is read or when rendered."""

from time import thread_time

import pytest
from jinja2 import TemplateSyntaxError

from concord.conversion.front_matter import front_matter
from concord.conversion.render import render
from concord.conversion.template import LANGUAGES, parse_template
from concord.errors import TemplateProblem
from concord.records.kinds import Syntax

ROW = {"q": "quick", "row": {"a": 1}}
MOST_SECONDS = 2.0
"""Of processor time: what a busy machine does meanwhile is not the template's doing."""

HOSTILE = {
    # attributes and what stands behind them
    "a class": "{{ ''.__class__.__mro__ }}",
    "a class by subscript": "{{ q['__class__'] }}",
    "a class by a name put together": "{{ q['__cl' ~ 'ass__'] }}",
    "a class in escapes": r"{{ q['\x5f\x5fclass\x5f\x5f'] }}",
    "a class in other letters": "{{ q.__claſs__.__ｍro__ }}",
    "the globals of a function": "{{ range.__globals__ }}",
    "the globals of a class": "{{ namespace.__init__.__globals__ }}",
    "the globals of Jinja's own": "{{ lipsum.__globals__['os'].popen('true').read() }}",
    "the template itself": "{{ self._TemplateReference__context.parent }}",
    "a loop's own": "{% for a in [1] %}{{ loop.__init__.__globals__ }}{% endfor %}",
    "a method's owner": "{{ zip.__self__.eval }}",
    "a generator's frame": "{{ (q | map('upper')).gi_frame.f_globals }}",
    "an attribute by filter": "{{ q | attr('__class__') }}",
    "an attribute by map": "{{ [q] | map(attribute='__class__') | list }}",
    "an attribute by selectattr": "{{ [q] | selectattr('__class__') | list }}",
    "an attribute by groupby": "{{ [q] | groupby('__class__') | list }}",
    "an attribute by sort": "{{ [q, q] | sort(attribute='__class__') }}",
    "an attribute by sum": "{{ [q] | sum(attribute='__class__.__name__') }}",
    "an attribute by join": "{{ [q] | join(attribute='__class__') }}",
    "an attribute of a namespace": "{% set ns = namespace(a=1) %}{{ ns.__class__.__base__ }}",
    "a number's bytes": "{{ (1).to_bytes(10**9, 'big') }}",
    "a text's bytes": "{{ q.encode('idna') }}",
    "a change of the row": "{{ row.clear() }}{{ row.__setitem__('a', 1) }}",
    # imports and files
    "include": "{% include '/etc/passwd' %}",
    "import": "{% import 'os' as os %}{{ os }}",
    "from": "{% from 'os' import system %}",
    "extends": "{% extends 'base' %}",
    "a call of import": "{{ __import__('os').system('true') }}",
    # formats
    "a width in %": "{{ '%1000000000d' % 1 }}",
    "a width from the values": "{{ '%*d' % (10**9, 1) }}",
    "a width in format": "{{ '{:>1000000000}'.format(1) }}",
    "an attribute in format": "{{ '{0.__class__.__mro__}'.format(q) }}",
    "format_map": "{{ '{a.__class__}'.format_map({'a': q}) }}",
    "a width in the filter": "{{ '%999999999s' | format(q) }}",
    # memory
    "a text times a billion": "{{ 'a' * 10**9 }}",
    "a list times a billion": "{{ 10**9 * [q] }}",
    "a range of a billion": "{{ range(10**9) | list }}",
    "a padded text": "{{ q.ljust(10**9) }}{{ q.center(10**9) }}{{ q.zfill(10**9) }}",
    "tabs": r"{{ '\t'.expandtabs(10**9) }}",
    "a margin": r"{{ 'a\nb' | indent(10**9) }}",
    "a text that doubles": "{% set a = 'ab' %}" + "{% set a = a ~ a %}" * 40 + "{{ a }}",
    "a sum that doubles": "{% set a = 'ab' %}" + "{% set a = a + a %}" * 40 + "{{ a }}",
    "a list that doubles": "{% set a = [1] %}" + "{% set a = [a, a] %}" * 40 + "{{ a | tojson }}",
    "an object that doubles": "{% set a = {} %}" + "{% set a = {'x': a, 'y': a} %}" * 40 + "{{ a | tojson }}",
    "a text in the place of each letter": "{{ ('a' * 1000).replace('a', 'b' * 99999) }}",
    "a text in the place of nothing": "{{ ('a' * 99999) | replace('', 'b' * 99999) }}",
    "a join of long texts": "{{ ('a' * 99999).join(range(9999) | map('string')) }}",
    "a long number written often": "{{ ([2**4000] * 900000) | join }}",
    "a deep indent of JSON": "{{ [[1]] | tojson(indent=10**9) }}",
    "a translation": "{{ q.translate({113: 'b' * 999999}) }}",
    "output without end": "{% for a in range(99999) %}{{ q * 99 }}{% endfor %}",
    # numbers
    "a power": "{{ 9 ** (9 ** 9) }}",
    "a power of a power": "{% set a = 10 ** 1000 %}{{ a ** a }}",
    "a product that doubles": "{% set a = 3 %}" + "{% set a = a * a %}" * 40 + "{{ a }}",
    "a number of many digits": "{{ " + "9" * 9_000 + " }}",
    "digits": "{{ 1 | round(10**9) }}",
    # time
    "signs looked up": "{{ ('a' * 500000).strip('b' * 400000 ~ 'a') }}",
    "a search from the end": "{{ ('a' * 500000).rfind('b' ~ 'a' * 250000) }}",
    "a pattern of links": "{{ ('http://' ~ 'a.' * 99999) | urlize }}",
    "a pattern of tags": "{{ ('<!--' * 99999) | striptags }}",
    "words": "{{ ('a ' * 400000) | wordwrap(1) }}",
    "chains of filters": "{{ ('a' * 900000)" + " | upper | lower" * 40 + " }}",
    # recursion and depth
    "a macro that calls itself": "{% macro m() %}{{ m() }}{{ m() }}{% endmacro %}{{ m() }}",
    "a loop that calls itself": "{% for a in [1] recursive %}{{ loop([1, 1]) }}{% endfor %}",
    "a block": "{% block b %}{{ self.b() }}{% endblock %}",
    "a call": "{% call range(3) %}{% endcall %}",
    "parentheses": "{{ " + "(" * 900 + "1" + ")" * 900 + " }}",
    "lists in lists": "{{ " + "[" * 900 + "]" * 900 + " }}",
    "attributes of attributes": "{{ q" + ".a" * 3_000 + " }}",
    "a long sum": "{{ 1" + " + 1" * 9_000 + " }}",
    "negations": "{{ " + "not " * 3_000 + "q }}",
    "loops inside each other": "{% for a in [1] %}" * 60 + "{% endfor %}" * 60,
    "conditions inside each other": "{% if q %}" * 200 + "{% endif %}" * 200 + "{{ '' / 1 }}",
    # functions by other names
    "a function as a value": "{{ [range] }}{{ range }}",
    "a namespace in a list": "{% set n = namespace() %}{% set n.a = n %}{{ [n] | tojson }}",
    "a loop in a list": "{% for a in [1] %}{{ [loop] }}{% endfor %}",
}

ENDLESS = {
    "many ranges": "{% for a in range(99999) %}{% set b = range(99999) | list %}{% endfor %}",
    "loops in loops": "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
    "a search for each": "{% set a = range(99999) | list %}{{ a | reject('in', a) | list | length }}",
    "a comparison for each": (
        "{% set a = range(99999) | list %}{% for b in a %}{% if a == a[:] %}{% endif %}{% endfor %}"
    ),
    "a sort for each": "{% for b in range(99999) %}{% if range(99999) | sort | first %}{% endif %}{% endfor %}",
    "a count for each": (
        "{% set a = 'ab' * 99999 %}{% for b in range(99999) %}{% if a.count('ba') %}{% endif %}{% endfor %}"
    ),
    "a tower of one list": (
        "{% set n = namespace(a=[1]) %}{% for b in range(9999) %}{% set n.a = [n.a] %}{% endfor %}{{ n.a | tojson }}"
    ),
}


def refusal(body: str, syntax: Syntax) -> str:
    try:
        names = LANGUAGES[syntax].variables(body)
    except TemplateSyntaxError:
        names = frozenset()
    front = {"id": "h", "description": "d", "inputs": dict.fromkeys(sorted(names), "any"), "syntax": syntax}
    with pytest.raises(TemplateProblem) as caught:
        render(parse_template(front_matter(front) + body, "h.prompt.md"), ROW)
    return str(caught.value)


@pytest.mark.parametrize("syntax", LANGUAGES)
@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_template_is_refused_with_a_cure_in_little_time(body: str, syntax: Syntax) -> None:
    begun = thread_time()
    message = refusal(body, syntax)
    assert thread_time() - begun < MOST_SECONDS
    assert message.startswith("h.prompt.md")
    assert " Correct the " in message
    assert message.endswith(".")


@pytest.mark.parametrize("body", ENDLESS.values(), ids=ENDLESS.keys())
def test_a_template_without_end_is_stopped_in_little_time(body: str) -> None:
    begun = thread_time()
    assert refusal(body, "concord").startswith("h.prompt.md: the template ")
    assert thread_time() - begun < MOST_SECONDS


def test_a_template_without_end_is_stopped_in_the_syntax_of_promptsource_too() -> None:
    assert "the template works for longer than 1 s" in refusal(ENDLESS["loops in loops"], "promptsource")
