"""What can be said of a template before any row is looked at."""

from __future__ import annotations

from collections.abc import Iterator

from concord.conversion.findings import Finding, counted, listed
from concord.conversion.front_matter import CHOICES
from concord.conversion.lengths import ESTIMATE, estimate_tokens
from concord.conversion.names import Names, target_columns, texts_of
from concord.records.template import Template

LONG = 2_000
"""Tokens of a template's own text that every item pays for."""


def template_findings(template: Template) -> Iterator[Finding]:
    """What the template itself lacks, or has too much of."""
    texts = texts_of(template)
    names = [Names(text, template.syntax) for text in texts.prompt]
    printed = frozenset[str]().union(*(each.printed for each in names))
    tested = frozenset[str]().union(*(each.tested for each in names))
    target = target_columns(template)
    if target and target <= printed:
        says = f"The prompt shows {listed(sorted(target))}, which the target is made of: it gives the answer away."
        yield Finding("target-in-prompt", "warning", says)
    if template.answer_choices and CHOICES not in printed | tested | Names(texts.target or "", template.syntax).all:
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
    texts = texts_of(template)
    if texts.target is None:
        yield Finding("no-target", "note", "The template names no target: a person or a model writes every answer.")
    if template.syntax == "concord" and all(section.role != "system" for section in template.sections):
        yield Finding("no-system", "note", "There is no system section.")
    for field, values in (("tags", template.tags), ("languages", template.languages)):
        if not values:
            yield Finding(f"no-{field}", "note", f"The front matter has no {field}.")
