"""What can be said of a template before any row is looked at."""

from __future__ import annotations

from collections.abc import Iterator

from jinja2 import Environment, nodes
from jinja2.visitor import NodeVisitor

from concord.conversion.columns import target_columns
from concord.conversion.findings import Finding, counted, listed
from concord.conversion.front_matter import CHOICES
from concord.conversion.lengths import ESTIMATE, estimate_tokens
from concord.records import Template

LONG = 2_000
"""Tokens of a template's own text that every item pays for."""

_syntax = Environment()  # it parses only: nothing is rendered with it


def template_findings(template: Template) -> Iterator[Finding]:
    """What the template itself lacks, or has too much of."""
    names = [_Names(section.body) for section in template.sections]
    printed = frozenset[str]().union(*(each.printed for each in names))
    tested = frozenset[str]().union(*(each.tested for each in names))
    target = target_columns(template)
    if target and target <= printed:
        says = f"The prompt shows {listed(sorted(target))}, which the target is made of: it gives the answer away."
        yield Finding("target-in-prompt", "warning", says)
    if template.answer_choices and CHOICES not in printed | tested | _Names(template.target or "").all:
        says = "Nothing in the template uses answer_choices: the reader does not learn what can be answered."
        yield Finding("unused-choices", "warning", says)
    if only := sorted((tested - printed - target) & template.inputs.keys()):
        yield Finding("column-only-tested", "note", f"The text shows nothing of {listed(only)}, but depends on it.")
    yield from _size(template)
    yield from _absences(template)


def _size(template: Template) -> Iterator[Finding]:
    tokens = sum(estimate_tokens(section.body) for section in template.sections)
    if tokens > LONG:
        says = f"The template's own text has about {counted(tokens, 'token')} ({ESTIMATE}), in every item."
        yield Finding("long-template", "warning", says)


def _absences(template: Template) -> Iterator[Finding]:
    if template.target is None:
        yield Finding("no-target", "note", "The template names no target: a person or a model writes every answer.")
    if all(section.role != "system" for section in template.sections):
        yield Finding("no-system", "note", "There is no system section.")
    for field, values in (("tags", template.tags), ("languages", template.languages)):
        if not values:
            yield Finding(f"no-{field}", "note", f"The front matter has no {field}.")


class _Names(NodeVisitor):
    """The names in a text in Jinja: those that can reach the output, and those that a condition asks about."""

    def __init__(self, source: str) -> None:
        self._printed, self._tested = set[str](), set[str]()
        self.visit(_syntax.parse(source))
        self.printed, self.tested = frozenset(self._printed), frozenset(self._tested)
        self.all = self.printed | self.tested

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
