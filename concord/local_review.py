"""The verbs about proposals and decisions, done on a store."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING

from concord.curation.review import Case, Ruling, case_of, cases, disputes
from concord.curation.standing import winners
from concord.local_template import LocalTemplateVerbs
from concord.records.kinds import DEMO_MODEL
from concord.verbs import FIRST_PAGE, Page, ProposalRequest, Result

if TYPE_CHECKING:
    # At run time by the verbs that need it: what asks a model imports openai, which takes as long as all the rest.
    from typing import Protocol

    from concord.approval import ApprovalStore
    from concord.local_template import TemplateStore

    class ReviewVerbStore(ApprovalStore, TemplateStore, Protocol):
        """What the verbs about proposals and decisions need of the store."""


class LocalReviewVerbs(LocalTemplateVerbs):
    """See `concord.verbs.ReviewVerbs`."""

    def __init__(self, store: ReviewVerbStore, prompts: Path) -> None:
        super().__init__(store, prompts)
        self._reviewed = store

    def propose_templates(self, project: str, request: ProposalRequest) -> Result:
        """Let a model write templates, which become the drafts of an item to judge."""
        from concord.drafting.demo import DEMO_NOTICE
        from concord.drafting.endpoint import endpoint_for
        from concord.proposing import Commission, propose_templates

        found = self._reviewed.project(project)
        endpoint = endpoint_for(found.settings, os.environ, model=request.model, base_url=request.base_url)
        commission = Commission(request.task, endpoint, request.candidates, tuple(request.columns))
        proposed = propose_templates(self._reviewed, found, commission, prompts=self._prompts)
        result: Result = {
            "item": proposed.item.name,
            "id": str(proposed.item.id),
            "model": endpoint.model,
            "drafts": [{"name": draft.name, "text": draft.text, **draft.params} for draft in proposed.drafts],
            "failures": [{"name": one.name, "fault": one.fault, "message": one.message} for one in proposed.failures],
        }
        return result | ({"notice": DEMO_NOTICE} if endpoint.model == DEMO_MODEL else {})

    def list_cases(self, project: str) -> list[Result]:
        """The items that wait for a decision."""
        return [_case_json(case) for case in cases(self._reviewed, self._reviewed.project(project))]

    def list_disputes(self, project: str, page: Page = FIRST_PAGE) -> list[Result]:
        """The items that annotators disagree on and nobody has decided, most first."""
        found = self._reviewed.project(project)
        part = disputes(self._reviewed, found)[page.offset : page.offset + page.limit]
        return [
            {"disagreement": one.disagreement, "by": one.by, **_case_json(case_of(self._reviewed, found, one.name))}
            for one in part
        ]

    def review(self, project: str, item: str, ruling: Ruling, *, apply: bool = False) -> Result:
        """Decide an item; if that approves a template, apply it to the project's rows if so wished."""
        from concord.approval import decide

        found = self._reviewed.project(project)
        case = case_of(self._reviewed, found, item)
        adjudication, template, made = decide(self._reviewed, found, case, ruling, now=datetime.now(UTC))
        result: Result = {
            "item": item,
            "id": str(adjudication.id),
            "decision": adjudication.decision,
            "reviewer": adjudication.reviewer,
            "reason": adjudication.reason,
            "text": adjudication.text,
        }
        if made:
            result["made"] = made.name
        if template:
            result["template"], result["version"] = template.id, template.version
        if template and apply:
            result["applied"] = self.apply_template(template.id, project)
        return result


def _case_json(case: Case) -> Result:
    best = {one.id for one in winners(case.standings)}
    return {
        "item": case.item.name,
        "id": str(case.item.id),
        "kind": case.item.kind,
        "wanted": case.places.wanted,
        "judged": case.places.done,
        "candidates": [
            {
                "draft": one.draft.name if one.draft else None,
                "editors": list(one.editors),
                "mean_rank": None if isnan(one.mean_rank) else one.mean_rank,
                "ranks": dict(one.ranks),
                "best": one.id in best,
                "text": one.text,
            }
            for one in case.standings
        ],
        "decisions": [
            {"decision": one.decision, "reviewer": one.reviewer, "reason": one.reason} for one in case.adjudications
        ],
    }
