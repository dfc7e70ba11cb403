"""The names in a template's texts: those that can reach the output, and those that a condition asks about.

Texts are parsed here and never rendered.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from jinja2 import Environment, TemplateSyntaxError, nodes
from jinja2.meta import find_undeclared_variables
from jinja2.visitor import NodeVisitor

from concord.records import Template

SEPARATOR = "|||"
"""Divides prompt and target in PromptSource's syntax."""

_syntax: Any = Environment()
_syntax.globals["zip"] = zip


class Names(NodeVisitor):
    """The names that a text in Jinja takes from its row.

    Attributes:
        printed: those that can reach the output.
        tested: those that a condition asks about.
    """

    def __init__(self, source: str) -> None:
        tree = _syntax.parse(source)
        self._printed, self._tested = set[str](), set[str]()
        self.visit(tree)
        taken = find_undeclared_variables(tree)
        self.printed, self.tested = frozenset(self._printed & taken), frozenset(self._tested & taken)

    @property
    def all(self) -> frozenset[str]:
        """Both."""
        return self.printed | self.tested

    def visit_Name(self, node: nodes.Name) -> None:
        self._printed.add(node.name)

    def visit_If(self, node: nodes.If) -> None:
        self._test(node.test)
        for part in (*node.body, *node.elif_, *node.else_):
            self.visit(part)

    def visit_CondExpr(self, node: nodes.CondExpr) -> None:
        self._test(node.test)
        self.visit(node.expr1)
        if node.expr2:
            self.visit(node.expr2)

    def _test(self, node: nodes.Node) -> None:
        self._tested.update(name.name for name in node.find_all(nodes.Name))
        if isinstance(node, nodes.Name):
            self._tested.add(node.name)


class Texts(NamedTuple):
    """A template's texts.

    Attributes:
        prompt: what the prompt is made of.
        target: what the answer is made of; empty when that stands in a block together with the prompt.
        divided: whether one text holds prompt and target, as in PromptSource's syntax.
    """

    prompt: tuple[str, ...]
    target: str | None
    divided: bool


def texts_of(template: Template) -> Texts:
    """The texts of prompt and target."""
    bodies = tuple(section.body for section in template.sections)
    if template.target is not None or not any(SEPARATOR in body for body in bodies):
        return Texts(bodies, template.target, divided=False)
    halves = bodies[-1].split(SEPARATOR)
    if len(halves) == 2 and all(map(_is_whole, halves)):
        return Texts((*bodies[:-1], halves[0]), halves[1], divided=True)
    return Texts(bodies, "", divided=True)


def target_columns(template: Template) -> frozenset[str]:
    """The columns that the answer is made of, as far as they can be told from those of the prompt."""
    return Names(texts_of(template).target or "").all - {"answer_choices"}


def _is_whole(text: str) -> bool:
    try:
        _syntax.parse(text)
    except TemplateSyntaxError:
        return False
    return True
