"""The verbs about templates, asked of the app that has the workspace open."""

from __future__ import annotations

import urllib.parse
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from concord.conversion.apply import PLAIN, How
from concord.conversion.exchange import read_file
from concord.verbs import OnShare, OnStep, Result, TemplateChoice


class RemoteTemplateVerbs(ABC):
    """See `concord.verbs.TemplateVerbs`."""

    def list_templates(self) -> list[Result]:
        """The templates of the workspace."""
        return self._ask("GET", "templates")

    def show_template(self, template: str, version: str | None = None) -> Result:
        """A template with its text, as it stands or as it was in a version."""
        return self._ask("GET", f"templates/{part(template)}{_query(version=version)}")

    def save_template(self, source: str, note: str = "", author: str = "") -> Result:
        """Keep a text as the newest version of the template that it says it is."""
        return self._ask("POST", "templates", {"source": source, "note": note, "author": author})

    def template_versions(self, template: str) -> list[Result]:
        """The versions of a template, newest first."""
        return self._ask("GET", f"templates/{part(template)}/versions")

    def diff_template(self, template: str, old: str | None = None, new: str | None = None) -> Result:
        """What changed: since the version before, since one version, or between two."""
        return self._ask("GET", f"templates/{part(template)}/diff{_query(old=old, new=new)}")

    def apply_template(self, template: str, project: str, how: How = PLAIN, on_share: OnShare | None = None) -> Result:
        """Make an item of each row; the app does not say how far it is."""
        query = _query(rerender=how.rerender or None, skip_bad=how.skip_bad or None)
        return self._ask("POST", f"projects/{part(project)}/templates/{part(template)}{query}")

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
    def _steps(self, path: str, body: object = None, *, last: str) -> Iterator[Result]: ...
    @abstractmethod
    def _ask(self, method: str, path: str, body: object = None) -> Any: ...


def part(name: str) -> str:
    """A name as one part of an address."""
    return urllib.parse.quote(name, safe="")


def _query(**given: object) -> str:
    """What is given, as the end of an address."""
    words = urllib.parse.urlencode({name: value for name, value in given.items() if value is not None})
    return f"?{words}" if words else ""
