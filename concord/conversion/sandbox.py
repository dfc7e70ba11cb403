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

`Metering` writes the calls to the meter into the template's syntax tree.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import NamedTuple

import jinja2
from jinja2 import nodes
from jinja2.exceptions import TemplateRuntimeError, TemplateSyntaxError
from jinja2.meta import find_undeclared_variables
from jinja2.visitor import NodeTransformer

from concord.conversion.environment import FUNCTIONS, METHODS, Sandbox, kept
from concord.conversion.filters import FILTERS, METER, WALKING, as_text
from concord.conversion.meter import Meter

_TAGS = (nodes.Output, nodes.If, nodes.For, nodes.Assign, nodes.With)
_SPECIAL = frozenset(("caller", "loop", "self", "super"))
"""Names that Jinja gives a meaning of its own."""
_FAULTS = (ArithmeticError, AssertionError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)


def through(name: str, node: nodes.Node) -> nodes.Expr:
    """The value of a node, passed through a filter."""
    return nodes.Filter(node, name, [], [], None, None, lineno=node.lineno)


class Metering(NodeTransformer):
    """Puts the meter wherever a loop turns or a value is made."""

    def visit_For(self, node: nodes.For) -> nodes.Node:
        self.generic_visit(node)
        node.iter = through("<each>", node.iter)
        return node

    def visit_Filter(self, node: nodes.Filter) -> nodes.Node:
        self.generic_visit(node)
        if node.name in WALKING and node.node is not None:
            node.node = through("<each>", node.node)
        return through("<kept>", node)

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:
        self.generic_visit(node)
        return through("<kept>", through("join", nodes.List(node.nodes, lineno=node.lineno)))

    def visit_Getitem(self, node: nodes.Getitem) -> nodes.Node:
        self.generic_visit(node)
        return through("<kept>", node) if isinstance(node.arg, nodes.Slice) else node

    def visit_Tuple(self, node: nodes.Tuple) -> nodes.Node:
        self.generic_visit(node)
        return through("<kept>", node) if node.ctx == "load" else node

    def _visit_value(self, node: nodes.Expr) -> nodes.Node:
        self.generic_visit(node)
        return through("<kept>", node)

    visit_Call = visit_Compare = visit_Dict = visit_List = _visit_value


# ---- the language


class _Straight(NamedTuple):
    """A text without tags and filters: `form % texts` fills it in.

    Attributes:
        names: the columns, in the order in which they stand.
        length: characters of what is not a column.
    """

    form: str
    names: tuple[str, ...]
    length: int


class _Compiled(NamedTuple):
    variables: frozenset[str]
    filled_by: _Straight | jinja2.Template


class Language:
    """Jinja in one sandbox: how its texts are read, and how they are filled in.

    Args:
        sandbox: the sandbox.
        prepare: changes the syntax tree of a text before it is compiled, and puts the meter in.
    """

    def __init__(self, sandbox: Sandbox, prepare: Callable[[nodes.Template], nodes.Template]) -> None:
        self._sandbox, self._prepare = sandbox, prepare
        self._compiled = lru_cache(maxsize=1_024)(self._compile)

    def variables(self, source: str) -> frozenset[str]:
        """The names that a text takes from its row.

        Raises:
            jinja2.TemplateSyntaxError: the text is no Jinja, or says what a prompt may not say.
        """
        try:
            return self._compiled(source).variables
        except (RecursionError, SyntaxError, ValueError) as exc:
            raise TemplateSyntaxError("it is nested too deeply, or holds too long a number", 1) from exc

    def assigned(self, source: str) -> frozenset[str]:
        """The names that a text gives a value of its own."""
        names = self._sandbox.parse(source).find_all(nodes.Name)
        return frozenset(name.name for name in names if name.ctx == "store")

    def fill(self, source: str, values: Mapping[str, object], meter: Meter) -> str:
        """A text, filled in; of the values, only those it names are read.

        Raises:
            jinja2.TemplateError: a name is undefined, a value does not fit, or the meter stops it.
        """
        names, filled_by = self._compiled(source)
        try:
            if isinstance(filled_by, _Straight):
                return self._fill_straight(filled_by, values, meter)
            known = {name: values[name] for name in names if name in values}
            context = filled_by.new_context({**FUNCTIONS, **known, METER: meter}, shared=True)
            return meter.collect(filled_by.root_render_func(context))
        except _FAULTS as exc:
            raise TemplateRuntimeError(str(exc) or type(exc).__name__) from exc

    def _fill_straight(self, straight: _Straight, values: Mapping[str, object], meter: Meter) -> str:
        texts: list[str] = []
        length = straight.length
        for name in straight.names:
            value = values[name] if name in values else self._sandbox.undefined(name=name)
            text = value if type(value) is str else self._sandbox.text(value)
            length += len(text)
            texts.append(text)
        meter.count(length)
        return straight.form % tuple(texts)

    def _compile(self, source: str) -> _Compiled:
        tree = self._sandbox.parse(source)
        self._refuse_unknown(tree)
        names = frozenset(find_undeclared_variables(tree))
        tree = self._prepare(tree)
        return _Compiled(names, _straight(tree) or self._sandbox.from_string(tree))

    def _refuse_unknown(self, tree: nodes.Template) -> None:
        for tag in tree.find_all(nodes.Stmt):
            if not isinstance(tag, _TAGS) or getattr(tag, "recursive", False):
                raise TemplateSyntaxError("this tag has no place in a prompt; use if, for, set or with", tag.lineno)
        for use in tree.find_all((nodes.Filter, nodes.Test)):
            known = self._sandbox.filters if isinstance(use, nodes.Filter) else self._sandbox.tests
            if use.name not in known:
                kind = "filter" if isinstance(use, nodes.Filter) else "test"
                listed = ", ".join(sorted(name for name in known if not name.startswith("<")))
                raise TemplateSyntaxError(f"there is no {kind} {use.name!r}; there are {listed}", use.lineno)


def _straight(tree: nodes.Template) -> _Straight | None:
    """The text as a form, if it is nothing but text and columns."""
    form: list[str] = []
    names: list[str] = []
    for output in tree.body:
        if not isinstance(output, nodes.Output):
            return None
        for part in output.nodes:
            if isinstance(part, nodes.TemplateData):
                form.append(part.data)
            elif isinstance(part, nodes.Name) and part.name not in _SPECIAL and part.name not in FUNCTIONS:
                form.append("")
                names.append(part.name)
            else:
                return None
    texts = [text.replace("%", "%%") or "%s" for text in form]
    return _Straight("".join(texts), tuple(names), sum(map(len, form)))


CONCORD = Language(
    Sandbox({**FILTERS, "<kept>": kept}, METHODS, as_text, jinja2.StrictUndefined), lambda tree: Metering().visit(tree)
)
"""The language of Concord's own templates."""
variables, fill = CONCORD.variables, CONCORD.fill
