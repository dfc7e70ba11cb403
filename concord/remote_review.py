"""The verbs about proposals and decisions, asked of the app that has the workspace open."""

from __future__ import annotations

from dataclasses import asdict

from concord.curation.review import Ruling
from concord.remote_template import RemoteTemplateVerbs, part
from concord.verbs import FIRST_PAGE, Page, ProposalRequest, Result


class RemoteReviewVerbs(RemoteTemplateVerbs):
    """See `concord.verbs.ReviewVerbs`."""

    def propose_templates(self, project: str, request: ProposalRequest) -> Result:
        """Let a model write templates, which become the drafts of an item to judge."""
        return self._ask("POST", f"projects/{part(project)}/proposals", asdict(request))

    def list_cases(self, project: str) -> list[Result]:
        """The items that wait for a decision."""
        return self._ask("GET", f"projects/{part(project)}/cases")

    def list_disputes(self, project: str, page: Page = FIRST_PAGE) -> list[Result]:
        """The items that annotators disagree on and nobody has decided, most first."""
        return self._ask("GET", f"projects/{part(project)}/disputes?limit={page.limit}&offset={page.offset}")

    def review(self, project: str, item: str, ruling: Ruling, *, apply: bool = False) -> Result:
        """Decide an item; if that approves a template, apply it to the project's rows if so wished."""
        body = {**ruling._asdict(), "item": item, "apply": apply}
        return self._ask("POST", f"projects/{part(project)}/decisions", body)
