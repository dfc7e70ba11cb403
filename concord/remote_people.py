"""The verbs about those who judge, asked of the app that has the workspace open."""

from __future__ import annotations

import urllib.parse
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from concord.remote_template import part
from concord.verbs_people import Result


class RemotePeopleVerbs(ABC):
    """See `concord.verbs_people.PeopleVerbs`."""

    def assign(self, project: str, annotators: Sequence[str], chosen: Sequence[str] | int) -> Result:
        """Let only these annotators have some items."""
        which = {"limit": chosen} if isinstance(chosen, int) else {"items": list(chosen)}
        return self._ask("POST", f"projects/{part(project)}/assign", {"annotators": list(annotators), **which})

    def unassign(self, project: str, items: Sequence[str] | None = None) -> Result:
        """Open these items, or all, to everybody again."""
        body = {"items": None if items is None else list(items)}
        return self._ask("POST", f"projects/{part(project)}/unassign", body)

    def gold_from_file(self, project: str, path: Path) -> Result:
        """Send a file of known answers."""
        return self._send(f"projects/{part(project)}/gold?{urllib.parse.urlencode({'file': path.name})}", path)

    def gold_from_decision(self, project: str, item: str) -> Result:
        """Take what a reviewer approved for an item as its known answer."""
        return self._ask("POST", f"projects/{part(project)}/gold/decision", {"item": item})

    def annotators(self, project: str) -> list[Result]:
        """What each annotator did, and how near they came to known answers."""
        return self._ask("GET", f"projects/{part(project)}/annotators")

    def remarks(self, project: str) -> list[Result]:
        """The open flags, then the skips, newest first."""
        return self._ask("GET", f"projects/{part(project)}/remarks")

    @abstractmethod
    def _send(self, path: str, file: Path) -> Any: ...
    @abstractmethod
    def _ask(self, method: str, path: str, body: object = None) -> Any: ...
