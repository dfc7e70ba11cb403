"""The verbs of the bridge to Label Studio, asked of the app that has the workspace open."""

from __future__ import annotations

import urllib.parse
from abc import ABC, abstractmethod
from dataclasses import asdict
from pathlib import Path
from typing import Any

from concord.remote_template import part
from concord.verbs_labelstudio import Adopting, LabelStudioCall, OnTasks, Result, Watching


class RemoteLabelStudioVerbs(ABC):
    """See `concord.verbs_labelstudio.LabelStudioVerbs`; how far it is, only the app knows."""

    def push_labelstudio(self, project: str, call: LabelStudioCall, on_tasks: OnTasks | None = None) -> Result:
        """Add the items that are not in Label Studio yet."""
        return self._ask("POST", f"projects/{part(project)}/labelstudio/push", asdict(call))

    def pull_labelstudio(self, project: str, call: LabelStudioCall, on_tasks: OnTasks | None = None) -> Result:
        """Bring in the annotations that are not here yet."""
        return self._ask("POST", f"projects/{part(project)}/labelstudio/pull", asdict(call))

    def sync_labelstudio(self, project: str, call: LabelStudioCall, on_tasks: OnTasks | None = None) -> Result:
        """Push, then pull."""
        return self._ask("POST", f"projects/{part(project)}/labelstudio/sync", asdict(call))

    def pull_labelstudio_file(self, project: str, path: Path, *, gold: bool = False) -> Result:
        """Send a file that Label Studio exported."""
        query = urllib.parse.urlencode({"file": path.name, "gold": str(gold).lower()})
        return {**self._send(f"projects/{part(project)}/labelstudio/file?{query}", path), "file": str(path)}

    def watch_labelstudio(self, project: str, watching: Watching) -> Result:
        """Let the Label Studio tell the app of every annotation when it is made or changed."""
        return self._ask("POST", f"projects/{part(project)}/labelstudio/watch", asdict(watching))

    def adopt_labelstudio(self, project: str, adopting: Adopting, on_tasks: OnTasks | None = None) -> Result:
        """Make a project of one that others made in Label Studio, or show what it would be."""
        return self._ask("POST", f"projects/{part(project)}/labelstudio/adopt", asdict(adopting))

    @abstractmethod
    def _send(self, path: str, file: Path) -> Any: ...
    @abstractmethod
    def _ask(self, method: str, path: str, body: object = None) -> Any: ...
