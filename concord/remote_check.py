"""The verb that checks a data set, asked of the app that has the workspace open."""

from __future__ import annotations

from abc import abstractmethod
from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from concord.curation.contamination import as_bytes
from concord.remote_template import part
from concord.verbs_check import CheckVerbs, InformationRequest, Result


class RemoteCheckVerbs(CheckVerbs):
    """See `concord.verbs.Verbs`."""

    def checking(self, project: str, against: Sequence[Path]) -> Iterator[Result]:
        """Check a project, step by step; of files, the runs of words are sent as numbers."""
        from concord.checking import read_against

        files = [{"name": file.name, "runs": b64encode(as_bytes(file)).decode()} for file in map(read_against, against)]
        return self._steps(f"projects/{part(project)}/check", {"against": files}, last="report")

    def check_information(self, project: str, request: InformationRequest) -> Result:
        """Ask a model which claims in responses the prompts do not support."""
        return self._ask("POST", f"projects/{part(project)}/information", asdict(request))

    @abstractmethod
    def _ask(self, method: str, path: str, body: object = None) -> Any: ...
    @abstractmethod
    def _steps(self, path: str, body: object = None, *, last: str) -> Iterator[Result]: ...
