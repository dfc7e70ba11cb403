"""The verbs about templates, done on a store."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Protocol

from concord.conversion.apply import ApplyStore, apply_template
from concord.conversion.library import LibraryStore, template_of, templates_of
from concord.desk.arms import arm_of
from concord.records import Project
from concord.verbs import Result


class TemplateStore(ApplyStore, LibraryStore, Protocol):
    """What the verbs about templates need of the store."""

    def project(self, name: str) -> Project: ...


class LocalTemplateVerbs:
    """See `concord.verbs.TemplateVerbs`."""

    def __init__(self, store: TemplateStore, prompts: Path) -> None:
        self._templates, self._prompts = store, prompts

    def list_templates(self) -> list[Result]:
        """The templates of the workspace."""
        return [
            {
                "id": template.id,
                "description": template.description,
                "inputs": dict(template.inputs),
                "target": template.target,
                "tags": list(template.tags),
                "languages": list(template.languages),
                "version": template.version,
            }
            for template in templates_of(self._templates, self._prompts)
        ]

    def apply_template(self, template: str, project: str) -> Result:
        """Make an item of each row."""
        found = self._templates.project(project)
        chosen = template_of(self._templates, self._prompts, template)
        applied = apply_template(self._templates, found, chosen, arm_of=partial(arm_of, found.settings))
        return {
            "items": applied.items,
            "present": applied.present,
            "empty": applied.empty,
            "problems": [asdict(problem) for problem in applied.problems],
        }
