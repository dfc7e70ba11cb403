"""Jinja for templates that nobody has to trust: what one may say, and how it is kept from doing harm.

A template runs inside the web application, in a thread of it, so nothing in it may hang the process or fill its memory:

=========================================  ====================================================================
attack                                     what stops it
=========================================  ====================================================================
`{{ x.__class__ }}`, `{{ x.append(1) }}`   Jinja's immutable sandbox
`{% include %}`, recursive `{% macro %}`   a prompt has the tags `if`, `for`, `set` and `with`, no others
`'a' * 10**9`, `9 ** 999`, `'%9d' % 1`     the operators `* ** % +` are intercepted and ask first
`'a'.ljust(10**9)`, `'{:9}'.format(1)`     only listed methods; `join`, `replace` and `strip` ask first
`x | center(10**9)`, `x | indent(10**9)`   only listed filters; those that can make more ask first
`range(10**9) | list`                      Jinja's MAX_RANGE
`[[a, a], [a, a]]`, and so on              every new value is weighed with all its levels: `MAX_VALUE`
thousands of heavy values                  their weights add up: `MAX_MADE`
a text that is put out in a loop           every piece of output, literal text too, is counted: `MAX_OUTPUT`
nested loops that put out nothing          every turn of a loop looks at the clock: `MAX_SECONDS`
any of these in constants                  nothing is computed while compiling
parentheses or numbers without end         refused when the template is read
=========================================  ====================================================================

`_Metering` writes the calls to the meter into the template's syntax tree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache, partial
from typing import Any, NamedTuple

import jinja2
from jinja2 import nodes
from jinja2.exceptions import TemplateRuntimeError, TemplateSyntaxError
from jinja2.meta import find_undeclared_variables
from jinja2.runtime import Context, LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment, safe_range
from jinja2.utils import Namespace, pass_context
from jinja2.visitor import NodeTransformer

from concord.conversion.filters import FILTERS, METER, WALKING, as_text, joined_by, meter_of, replace, stripper
from concord.conversion.meter import Meter, refuse_above, refuse_bits, weight

FUNCTIONS: Mapping[str, Callable[..., Any]] = {"namespace": Namespace, "range": safe_range, "zip": zip}
"""What a template may call by name."""


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_METHODS: Mapping[type, frozenset[str]] = {
    # without rfind, rindex, rpartition and rsplit, which take quadratic time
    str: _names(
        "capitalize casefold count endswith find index isalnum isalpha isdecimal isdigit islower isnumeric isspace "
        "istitle isupper lower partition removeprefix removesuffix split splitlines startswith swapcase title upper"
    ),
    dict: _names("get items keys values"),
    list: _names("count index"),
    tuple: _names("count index"),
    LoopContext: _names("changed cycle"),
}
_REPLACED: Mapping[str, Callable[..., str]] = {
    "join": joined_by,
    "lstrip": stripper(str.lstrip),
    "replace": replace,
    "rstrip": stripper(str.rstrip),
    "strip": stripper(str.strip),
}
_REPEATABLE: tuple[type[Any], ...] = (str, list, tuple)
_TAGS = (nodes.Output, nodes.If, nodes.For, nodes.Assign, nodes.With)
_FAULTS = (ArithmeticError, AssertionError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


def variables(source: str) -> frozenset[str]:
    """The names that a text in Jinja takes from its row.

    Raises:
        jinja2.TemplateSyntaxError: the text is no Jinja, or says what a prompt may not say.
    """
    try:
        return _compiled(source).variables
    except (RecursionError, SyntaxError, ValueError) as exc:
        raise TemplateSyntaxError("it is nested too deeply, or holds too long a number", 1) from exc


def fill(source: str, values: Mapping[str, object], meter: Meter) -> str:
    """A text in Jinja, filled in; of the values, only those it names are read.

    Raises:
        jinja2.TemplateError: a name is undefined, a value does not fit, or the meter stops it.
    """
    if "{" not in source:  # plain text, as most system sections and answer choices are
        return meter.write(source)
    code, names = _compiled(source)
    known = {name: values[name] for name in names if name in values}
    try:
        return code.render({**known, METER: meter})
    except _FAULTS as exc:
        raise TemplateRuntimeError(str(exc) or type(exc).__name__) from exc


# ---- the language


class _Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's sandbox with our filters, functions, methods and operators, and no others."""

    intercepted_binops = frozenset(("*", "**", "%", "+"))

    def __init__(self) -> None:
        super().__init__(undefined=jinja2.StrictUndefined, finalize=_written, optimized=False)
        self.filters = {**FILTERS, "<kept>": _kept, "<each>": _each}
        self.globals = dict(FUNCTIONS)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        listed = any(isinstance(obj, kind) and attr in names for kind, names in _METHODS.items())
        return (listed or not callable(value)) and super().is_safe_attribute(obj, attr, value)

    def wrap_str_format(self, value: Any) -> None:
        """`format` stays what it is, a method that is not listed: its widths have no bound."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, str) and attribute in _REPLACED:
            return partial(_REPLACED[attribute], obj)
        return super().getattr(obj, attribute)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        match operator:
            case "*":
                _refuse_product(left, right)
            case "**" if isinstance(left, int) and isinstance(right, int):
                refuse_bits(left.bit_length() * right)
            case "%" if isinstance(left, str):
                raise TemplateRuntimeError("% does not fill in texts here; write {{ }} where the value belongs")
            case _:
                pass
        return meter_of(context).keep(super().call_binop(context, operator, left, right))


def _refuse_product(left: Any, right: Any) -> None:
    for repeated, times in ((left, right), (right, left)):
        if isinstance(repeated, _REPEATABLE) and isinstance(times, int):
            refuse_above(weight(repeated) * times)


@pass_context
def _written(context: Context, value: object) -> str:
    """All output passes here; because it wants the context, Jinja computes no output while compiling."""
    return meter_of(context).write(as_text(value))


@pass_context
def _kept(context: Context, value: Any) -> Any:
    return meter_of(context).keep(value)


@pass_context
def _each(context: Context, values: Iterable[Any]) -> Iterator[Any]:
    return meter_of(context).each(values)


# ---- compiling


class _Compiled(NamedTuple):
    code: jinja2.Template
    variables: frozenset[str]


_sandbox = _Sandbox()


@lru_cache(maxsize=256)
def _compiled(source: str) -> _Compiled:
    tree = _sandbox.parse(source)
    _refuse_unknown(tree)
    names = frozenset(find_undeclared_variables(tree))
    return _Compiled(_sandbox.from_string(_Metering().visit(tree)), names)


def _refuse_unknown(tree: nodes.Template) -> None:
    for tag in tree.find_all(nodes.Stmt):
        if not isinstance(tag, _TAGS) or getattr(tag, "recursive", False):
            raise TemplateSyntaxError("this tag has no place in a prompt; use if, for, set or with", tag.lineno)
    for use in tree.find_all((nodes.Filter, nodes.Test)):
        kind, known = ("filter", FILTERS) if isinstance(use, nodes.Filter) else ("test", _sandbox.tests)
        if use.name not in known:
            names = ", ".join(sorted(known))
            raise TemplateSyntaxError(f"there is no {kind} {use.name!r}; there are {names}", use.lineno)


class _Metering(NodeTransformer):
    """Puts the meter wherever text is put out, a loop turns, or a value is made."""

    def visit_Output(self, node: nodes.Output) -> nodes.Node:
        # Literal text becomes a constant, for Jinja writes literal text past `finalize`.
        node.nodes = [
            nodes.Const(part.data, lineno=part.lineno) if isinstance(part, nodes.TemplateData) else part
            for part in node.nodes
        ]
        return self.generic_visit(node)

    def visit_For(self, node: nodes.For) -> nodes.Node:
        self.generic_visit(node)
        node.iter = _through("<each>", node.iter)
        return node

    def visit_Filter(self, node: nodes.Filter) -> nodes.Node:
        self.generic_visit(node)
        if node.name in WALKING and node.node is not None:
            node.node = _through("<each>", node.node)
        return _through("<kept>", node)

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:
        self.generic_visit(node)
        return _through("<kept>", _through("join", nodes.List(node.nodes, lineno=node.lineno)))

    def visit_Getitem(self, node: nodes.Getitem) -> nodes.Node:
        self.generic_visit(node)
        return _through("<kept>", node) if isinstance(node.arg, nodes.Slice) else node

    def visit_Tuple(self, node: nodes.Tuple) -> nodes.Node:
        self.generic_visit(node)
        return _through("<kept>", node) if node.ctx == "load" else node

    def _visit_value(self, node: nodes.Expr) -> nodes.Node:
        self.generic_visit(node)
        return _through("<kept>", node)

    visit_Call = visit_Compare = visit_Dict = visit_List = _visit_value


def _through(name: str, node: nodes.Node) -> nodes.Expr:
    return nodes.Filter(node, name, [], [], None, None, lineno=node.lineno)
