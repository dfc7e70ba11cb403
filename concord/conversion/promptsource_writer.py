"""Templates written as PromptSource's `templates.yaml`.

Those that came from there are given back as they were. Concord's own become one text: what the system is told stands
before what the user asks, and the target behind `|||`; what PromptSource cannot say is refused.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import yaml

from concord.conversion.front_matter import CHOICES, SUFFIX
from concord.conversion.plain_jinja import SEPARATOR
from concord.conversion.promptsource import TAGS
from concord.conversion.sandbox import CONCORD
from concord.errors import InputError, TemplateProblem
from concord.records.template import PromptSourceFacts, Template

_COLUMN = re.compile(r"\{\{ (\w+) \| default\(none\) \}\}")
"""How a template says that its target is a column."""


class _Tagged(dict[str, object]):
    """A mapping of PromptSource's class."""

    tag = TAGS["template"]


class _Metadata(_Tagged):
    tag = TAGS["metadata"]


class _Dumper(yaml.SafeDumper):
    """Writes the classes of PromptSource by name, and everything in full."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def _represent(dumper: Any, data: _Tagged) -> yaml.MappingNode:
    return dumper.represent_mapping(data.tag, data)


for _class in (_Tagged, _Metadata):
    _Dumper.add_representer(_class, _represent)


def write_collection(templates: Sequence[Template], dataset: str | None = None) -> str:
    """The templates of one data set as a `templates.yaml`.

    Args:
        templates: at least one.
        dataset: what they are for, `dataset` or `dataset/subset`; None is what they say themselves.

    Raises:
        InputError: they are of several data sets, or of none.
        TemplateProblem: PromptSource cannot say what a template says.
    """
    name, subset = _place(templates, dataset)
    entries = {entry["id"]: entry for entry in map(_entry, templates)}
    facts = {"dataset": name, **({"subset": subset} if subset else {}), "templates": entries}
    return yaml.dump(facts, Dumper=_Dumper, width=10**9)


def _place(templates: Sequence[Template], dataset: str | None) -> tuple[str, str | None]:
    if not templates:
        raise InputError("There is no template to export. Name some, by id, tag or data set.")
    said = {dataset_of(one): (facts.dataset, facts.subset) for one in templates if (facts := one.promptsource)}
    if dataset:
        name, _, subset = dataset.partition("/")
        return said.get(dataset, (name, subset or None))
    if not said:
        raise InputError("No template says what data set it is for. Name it with --dataset.")
    if len(said) > 1:
        names = ", ".join(sorted(filter(None, said)))
        raise InputError(f"The templates are for several data sets: {names}. Export those of one at a time.")
    return next(iter(said.values()))


def dataset_of(template: Template) -> str | None:
    """What a template from PromptSource is for: `dataset` or `dataset/subset`."""
    facts = template.promptsource
    return "/".join(filter(None, (facts.dataset, facts.subset))) if facts else None


def _entry(template: Template) -> dict[str, object]:
    facts = template.promptsource or PromptSourceFacts("", None, str(uuid5(NAMESPACE_URL, template.id)), template.id)
    metadata = {
        "choices_in_prompt": facts.choices_in_prompt,
        "languages": list(template.languages),
        "metrics": None if facts.metrics is None else list(facts.metrics),
        "original_task": facts.original_task,
    }
    return _Tagged(
        {
            CHOICES: f" {SEPARATOR} ".join(template.answer_choices) or None,
            "id": facts.uuid,
            "jinja": template.sections[0].body if template.syntax == "promptsource" else _jinja(template),
            "metadata": _Metadata(metadata),
            "name": facts.name,
            "reference": facts.reference if template.promptsource else template.reference or "",
        }
    )


def _jinja(template: Template) -> str:
    """Role sections as one text."""
    roles = [section.role for section in template.sections]
    if "assistant" in roles:
        raise _unsaid(template, "it has several turns", "Leave one question and its answer.")
    if template.target is None:
        raise _unsaid(template, "it has no target", "Add a target, or an assistant section.")
    texts = [*(section.body for section in template.sections), _target(template.target)]
    if any(SEPARATOR in text for text in texts):
        raise _unsaid(
            template, f"its text holds {SEPARATOR}, which parts prompt and target there", "Write it otherwise."
        )
    for number, text in enumerate(texts):
        later = {name for other in texts[number + 1 :] for name in CONCORD.variables(other)}
        if shared := sorted(CONCORD.assigned(text) & later):
            raise _unsaid(template, f"a section sets {shared}, which another one reads", "Rename what is set.")
    return "\n\n".join(texts[:-1]) + f"\n\n{SEPARATOR}\n{texts[-1]}"


def _target(target: str) -> str:
    """A column without a value is the empty text there too."""
    column = _COLUMN.fullmatch(target)
    return f"{{{{ {column[1]} if {column[1]} is not none }}}}" if column else target


def _unsaid(template: Template, found: str, cure: str) -> TemplateProblem:
    return TemplateProblem(f"{template.id}{SUFFIX}: {found}, which PromptSource cannot say. {cure}")
