"""The verbs about templates, asked of the app that has the workspace open."""

from __future__ import annotations

import urllib.parse
from abc import ABC, abstractmethod
from typing import Any

from concord.verbs import Result


class RemoteTemplateVerbs(ABC):
    """See `concord.verbs.TemplateVerbs`."""

    def list_templates(self) -> list[Result]:
        """The templates of the workspace."""
        return self._ask("GET", "templates")

    def apply_template(self, template: str, project: str) -> Result:
        """Make an item of each row."""
        return self._ask("POST", f"projects/{part(project)}/templates/{part(template)}")

    @abstractmethod
    def _ask(self, method: str, path: str, body: object = None) -> Any: ...


def part(name: str) -> str:
    """A name as one part of an address."""
    return urllib.parse.quote(name, safe="")
