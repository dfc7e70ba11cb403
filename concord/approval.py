"""What a decision on an item does beyond being kept.

A proposed template that was approved becomes a saved version, a new prompt an item that wants an answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from concord.conversion.library import By, save_template
from concord.conversion.proposal import tried
from concord.curation.review import Case, ReviewStore, Ruling, rule, store_decision
from concord.enrichment.approval import PromptStore, approve_prompt
from concord.proposing import ProposingStore, sample_of
from concord.records.annotation import Adjudication
from concord.records.draft import Draft
from concord.records.item import Item
from concord.records.project import Project
from concord.records.template import Template


class ApprovalStore(ReviewStore, ProposingStore, PromptStore, Protocol):
    """What deciding needs of the store."""


class Decided(NamedTuple):
    """A decision, and the template that it saved or the item that it made, if it approved one."""

    adjudication: Adjudication
    template: Template | None
    made: Item | None = None


def decide(store: ApprovalStore, project: Project, case: Case, ruling: Ruling, *, now: datetime) -> Decided:
    """Decide an item; an approved template is saved as a version, with the reason as its note.

    Raises:
        InputError: the ruling lacks something; the new prompt repeats one that is there; or, as TemplateProblem, the
            template cannot be used. Nothing is stored.
        Conflict: another text of the new prompt was approved before.
        NotFound: the item has no draft of that name.
    """
    adjudication = rule(case, ruling, now=now)
    if case.item.kind == "prompt" and adjudication.text is not None:
        return Decided(adjudication, None, approve_prompt(store, project, adjudication, now=now))
    template = _approved(store, project, case, adjudication.text)
    if template:  # first: should this break off here, the item still waits, and saving again is no harm
        by = By(adjudication.reviewer, adjudication.reason, "proposal")
        save_template(store, template, by, now=now)
    store_decision(store, project, adjudication)
    return Decided(adjudication, template)


def check_proposal(
    store: ProposingStore, project: Project, name: str, drafts: Sequence[Draft], source: str
) -> Template:
    """The template that somebody made of a proposal, if it can be used on the rows that proposals are shown on.

    Args:
        store: where the rows are.
        project: whose rows.
        name: the item's name, which is the template's id.
        drafts: of the item.
        source: the template's file.

    Raises:
        TemplateProblem: what is wrong with it, and the cure.
    """
    return tried(source, name, store.columns(project.id), sample_of(store, drafts).rows).template


def _approved(store: ApprovalStore, project: Project, case: Case, text: str | None) -> Template | None:
    if case.item.kind != "conversion" or text is None:
        return None
    drafts = [one.draft for one in case.standings if one.draft]
    return check_proposal(store, project, case.item.name, drafts, text)
