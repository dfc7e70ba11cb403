"""The verbs about templates, asked of the app that has the workspace open."""

from __future__ import annotations

import urllib.parse
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from concord.conversion.exchange import read_file
from concord.verbs import OnStep, Result, TemplateChoice


class RemoteTemplateVerbs(ABC):
    """See `concord.verbs.TemplateVerbs`."""

    def list_templates(self) -> list[Result]:
        """The templates of the workspace."""
        return self._ask("GET", "templates")

    def apply_template(self, template: str, project: str) -> Result:
        """Make an item of each row."""
        return self._ask("POST", f"projects/{part(project)}/templates/{part(template)}")

    def import_templates(self, path: Path, *, skip_bad: bool = False) -> Result:
        """Send a PromptSource file to be saved."""
        return self._ask("POST", "templates/import", {**read_file(path)._asdict(), "skip_bad": skip_bad})

    def export_templates(self, choice: TemplateChoice) -> Result:
        """Templates as a PromptSource file."""
        return self._ask("POST", "templates/export", asdict(choice))

    def lint(self, template: str | None, project: str | None, on_step: OnStep | None = None) -> list[Result]:
        """What is wrong with templates, alone or over the rows of a project."""
        wanted = {name: value for name, value in (("template", template), ("project", project)) if value is not None}
        reports: list[Result] = []
        for step in self._steps(f"lint?{urllib.parse.urlencode(wanted)}", last="reports"):
            if "reports" in step:
                reports = step["reports"]
            elif on_step:
                on_step(step)
        return reports

    @abstractmethod
    def _steps(self, path: str, *, last: str) -> Iterator[Result]: ...
    @abstractmethod
    def _ask(self, method: str, path: str, body: object = None) -> Any: ...


def part(name: str) -> str:
    """A name as one part of an address."""
    return urllib.parse.quote(name, safe="")
