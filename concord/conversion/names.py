"""The names in a template's texts: those that can reach the output, and those that a condition asks about.

Texts are parsed here and never rendered.
"""

from __future__ import annotations

from typing import NamedTuple

from jinja2 import Environment, TemplateSyntaxError, nodes
from jinja2.visitor import NodeVisitor

from concord.conversion.template import LANGUAGES
from concord.records.kinds import Syntax
from concord.records.template import Template

SEPARATOR = "|||"
"""Divides prompt and target in PromptSource's syntax."""

_syntax = Environment()


class Names(NodeVisitor):
    """The names that a text in Jinja takes from its row.

    Args:
        source: the text.
        syntax: that of its template.

    Attributes:
        printed: those that can reach the output.
        tested: those that a condition asks about.
    """

    def __init__(self, source: str, syntax: Syntax = "concord") -> None:
        self._printed, self._tested = set[str](), set[str]()
        self.visit(_syntax.parse(source))
        taken = LANGUAGES[syntax].variables(source)
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
        target: what the answer is made of; None when there is none, and empty when it stands in one block with the
            prompt, as it may in PromptSource's syntax.
    """

    prompt: tuple[str, ...]
    target: str | None


def texts_of(template: Template) -> Texts:
    """The texts of prompt and target."""
    bodies = tuple(section.body for section in template.sections)
    if template.syntax == "concord":
        return Texts(bodies, template.target)
    halves = bodies[0].split(SEPARATOR)
    if len(halves) == 2 and all(map(_is_whole, halves)):
        return Texts((halves[0],), halves[1])
    return Texts(bodies, "" if len(halves) > 1 else None)


def target_columns(template: Template) -> frozenset[str]:
    """The columns that the answer is made of, as far as they can be told from those of the prompt."""
    names = Names(texts_of(template).target or "", template.syntax).all - {"answer_choices"}
    return names if template.syntax == "concord" else names & template.inputs.keys()  # others the prompt's half has set


def _is_whole(text: str) -> bool:
    try:
        _syntax.parse(text)
    except TemplateSyntaxError:
        return False
    return True
