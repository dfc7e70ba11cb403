"""The verb that enriches, asked of the app that has the workspace open."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import asdict
from typing import Any

from concord.enrichment.options import EnrichOptions
from concord.remote_template import part
from concord.verbs_enrich import EnrichVerbs, Result


class RemoteEnrichVerbs(EnrichVerbs):
    """See `concord.verbs.Verbs`."""

    def enrich_batch(self, project: str, options: EnrichOptions) -> Result:
        """Ask for one batch of new prompts."""
        return self._ask("POST", f"projects/{part(project)}/enrichments", asdict(options))

    @abstractmethod
    def _ask(self, method: str, path: str, body: object = None) -> Any: ...
