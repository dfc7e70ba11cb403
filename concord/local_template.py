"""The verbs about templates, done on a store."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from concord.conversion.apply import ApplyStore, apply_template
from concord.conversion.exchange import File, chosen, import_collection, read_file
from concord.conversion.library import template_of, templates_of
from concord.conversion.promptsource_writer import write_collection
from concord.local_lint import LintStore, linting
from concord.verbs import OnStep, Result, TemplateChoice


class TemplateStore(ApplyStore, LintStore, Protocol):
    """What the verbs about templates need of the store."""


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
        applied = apply_template(self._templates, found, template_of(self._templates, self._prompts, template))
        return {
            "items": applied.items,
            "present": applied.present,
            "empty": applied.empty,
            "problems": [asdict(problem) for problem in applied.problems],
        }

    def import_templates(self, path: Path, *, skip_bad: bool = False) -> Result:
        """Save the templates of a PromptSource file."""
        return self.import_collection(read_file(path), skip_bad=skip_bad)

    def import_collection(self, file: File, *, skip_bad: bool) -> Result:
        """The same for a file that was read already."""
        now = datetime.now(UTC)
        done = import_collection(self._templates, self._prompts, file, skip_bad=skip_bad, now=now)
        return {
            "source": file.name,
            "added": [template.id for template in done.added],
            "present": done.present,
            "problems": [asdict(problem) for problem in done.problems],
            "refused": done.refused,
        }

    def export_templates(self, choice: TemplateChoice) -> Result:
        """Templates as a PromptSource file."""
        templates = chosen(self._templates, self._prompts, choice.ids, tag=choice.tag, dataset=choice.dataset)
        return {
            "templates": [template.id for template in templates],
            "text": write_collection(templates, choice.dataset),
        }

    def lint(self, template: str | None, project: str | None, on_step: OnStep | None = None) -> list[Result]:
        """What is wrong with templates, alone or over the rows of a project."""
        reports: list[Result] = []
        for step in self.linting(template, project):
            if "reports" in step:
                reports = step["reports"]
            elif on_step:
                on_step(step)
        return reports

    def linting(self, template: str | None, project: str | None) -> Iterator[Result]:
        """The same, step by step."""
        return linting(self._templates, self._prompts, template, project)
