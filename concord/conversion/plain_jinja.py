"""PromptSource's Jinja in the same sandbox: an undefined name is the empty text, None is "None", a list as in Python.

Its rules are those of a plain `jinja2.Environment` with four additions: the filters `choice`, `most_frequent` and
`highlight`, and the function `zip`. Three things differ, on purpose:

* `|||` counts as a separator only where the template says it. A mark that no row can know stands for it from the syntax
  tree on, so that nothing in a row, at any depth, has to be escaped.
* A list or an object may grow (`x.append(y)`, which PromptSource's templates use in place of a list of their own), but
  in a copy of the row, and only where nothing else happens in the same expression: each value is weighed when it is
  taken up, and a change between that and its use would escape the scales.
* What has no text but an address in memory (a function, a lazy list) is an error.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from typing import Any, cast

import jinja2
from jinja2 import nodes
from jinja2.exceptions import SecurityError, TemplateSyntaxError
from jinja2.runtime import Context
from jinja2.utils import pass_context

from concord.conversion.environment import FUNCTIONS, Sandbox
from concord.conversion.filters import meter_of
from concord.conversion.meter import DATA, refuse_above, weight
from concord.conversion.plain_filters import PLAIN_FILTERS, PLAIN_METHODS, fill_in, plain_text
from concord.conversion.sandbox import Language, Metering, through

SEPARATOR = "|||"
MARK = f"{secrets.randbelow(10**40):040}"
"""Stands for the separator in what a template renders to; digits, for no filter of texts changes them."""
_PROTECTED = "3ed2dface8203c4c9dfb1a5dc58e41e0"
"""What PromptSource puts in the place of a `|||` of the row; some templates look for it."""

_LISTS: tuple[type[Any], ...] = (list, tuple)
_OBJECT: type[Any] = dict
_LAZY: type[Any] = Iterator
_CHANGES: Mapping[type[Any], frozenset[str]] = {
    list: frozenset(("append", "extend", "insert", "pop", "remove")),
    dict: frozenset(("pop", "setdefault", "update")),
}
_ALL_CHANGES = _CHANGES[list] | _CHANGES[dict]


def copied(value: Any) -> Any:
    """A value of a row, of which a template may change every part."""
    if isinstance(value, _LISTS):
        return [copied(part) for part in value]
    if isinstance(value, _OBJECT):
        return {key: copied(part) for key, part in value.items()}
    return value


class _PlainSandbox(Sandbox):
    def __init__(self) -> None:
        inner = {"<kept>": _kept, "<taken>": _taken, "<changed>": _changed}
        super().__init__({**PLAIN_FILTERS, **inner}, PLAIN_METHODS, plain_text, jinja2.Undefined)

    def fill_in(self, text: str, values: Any) -> str:
        return fill_in(text, values)


@pass_context
def _kept(context: Context, value: Any) -> Any:
    """A new value, weighed; a lazy one stays one, for it counts as true even when it is empty.

    It is read here all the same, before anything that it stands on can grow, and weighed again as it is used.
    """
    meter = meter_of(context)
    if isinstance(value, _LAZY):
        return meter.weighed(list(meter.weighed(value)))
    return meter.keep(value) if isinstance(value, DATA) else value


@pass_context
def _taken(context: Context, value: Any) -> Any:
    """A value that may have grown since it was made."""
    meter_of(context).step()
    if isinstance(value, DATA):
        refuse_above(weight(value))
    return value


@pass_context
def _changed(context: Context, value: Any, change: str, *args: Any, **named: Any) -> Any:
    """`value.change(*args)`, for lists and objects; the value is weighed when it is taken up again."""
    kind = cast("type[Any]", type(value))
    if change not in _CHANGES.get(kind, ()):
        raise SecurityError(f"access to attribute {change!r} of {kind.__name__!r} object is unsafe.")
    meter_of(context).tick()
    return getattr(value, change)(*args, **named)


# ---- the syntax tree


def _prepare(tree: nodes.Template) -> nodes.Template:
    changes = list(filter(_is_change, tree.find_all(nodes.Call)))
    alone = [_head(part) for part in _expressions(tree)]
    if len(changes) > sum(map(_is_change, alone)):
        message = "a list or an object can grow only by itself, as in {% set _ = x.append(y) %}"
        raise TemplateSyntaxError(message, changes[0].lineno)
    return _PlainMetering(weighs=bool(changes)).visit(tree)


def _expressions(tree: nodes.Template) -> Iterator[nodes.Node]:
    for tag in tree.find_all((nodes.Output, nodes.Assign)):
        yield from tag.nodes if isinstance(tag, nodes.Output) else [tag.node]


def _head(node: nodes.Node) -> nodes.Node:
    """What is computed first: behind it stand filters, or what is written in its place."""
    while True:
        match node:
            case nodes.Filter(node=nodes.Node() as inner):
                node = inner
            case nodes.Or():
                node = node.left
            case _:
                return node


def _is_change(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Call) and isinstance(node.node, nodes.Getattr) and node.node.attr in _ALL_CHANGES


class _PlainMetering(Metering):
    """As `Metering`; and puts the mark in the place of the separator.

    Args:
        weighs: something in the text grows, so that each value is weighed whenever it is taken up.
    """

    def __init__(self, *, weighs: bool) -> None:
        self._weighs = weighs

    def visit_TemplateData(self, node: nodes.TemplateData) -> nodes.Node:
        node.data = _marked(node.data)
        return node

    def visit_Const(self, node: nodes.Const) -> nodes.Node:
        if isinstance(node.value, str):
            node.value = _marked(node.value)
        return node

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        if not _is_change(node):
            return self._visit_value(node)
        self.generic_visit(node)
        method: Any = node.node.node if isinstance(node.node, nodes.Filter) else node.node
        change = nodes.Const(method.attr, lineno=node.lineno)
        changed = nodes.Filter(
            method.node, "<changed>", [change, *node.args], node.kwargs, None, None, lineno=node.lineno
        )
        return through("<kept>", changed)

    def visit_Name(self, node: nodes.Name) -> nodes.Node:
        mine = node.ctx == "load" and node.name not in FUNCTIONS and node.name != "loop"
        return through("<taken>", node) if self._weighs and mine else node

    def visit_Getattr(self, node: nodes.Getattr) -> nodes.Node:
        self.generic_visit(node)
        return through("<taken>", node) if self._weighs and node.ctx == "load" else node

    def visit_Getitem(self, node: nodes.Getitem) -> nodes.Node:
        got = super().visit_Getitem(node)
        return through("<taken>", got) if self._weighs and isinstance(got, nodes.Getitem) else got


def _marked(text: str) -> str:
    return text.replace(SEPARATOR, MARK).replace(_PROTECTED, SEPARATOR)


PLAIN = Language(_PlainSandbox(), _prepare)
"""The language of PromptSource's templates."""
