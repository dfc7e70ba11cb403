"""After an item of training: what is known of it, beside what was answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, Protocol
from uuid import UUID

from concord.records.annotation import Annotation, Judgement
from concord.records.desk import Presentation
from concord.records.draft import Draft
from concord.records.item import Item
from concord.records.project import Project


class FeedbackStore(Protocol):
    """What feedback needs of the store."""

    def unseen_training(self, project_id: UUID, annotator: str) -> UUID | None: ...
    def presentation(self, presentation_id: UUID) -> Presentation: ...
    def submitted(self, presentation_id: UUID) -> list[Annotation]: ...
    def known(self, project_id: UUID, item_id: UUID) -> list[Judgement]: ...
    def item(self, item_id: UUID) -> Item: ...
    def drafts(self, item_id: UUID) -> list[Draft]: ...


class Beside(NamedTuple):
    """The known answer and the given one, of the same kind."""

    known: Judgement
    given: Judgement


@dataclass(frozen=True)
class Feedback:
    """What an annotator is shown: the item, its drafts in the order shown, and the answers, as far as one is known."""

    item: Item
    drafts: tuple[Draft, ...]
    answers: tuple[Beside, ...]


def unseen_feedback(store: FeedbackStore, project: Project, annotator: str) -> Feedback | None:
    """What is known of the item of training that this annotator finished last, until they have gone on from it."""
    shown = store.unseen_training(project.id, annotator) if project.settings.training else None
    return feedback_on(store, shown) if shown else None


def feedback_on(store: FeedbackStore, presentation_id: UUID) -> Feedback:
    """What is known of the item of a presentation, beside what was submitted for it."""
    shown = store.presentation(presentation_id)
    by_id = {draft.id: draft for draft in store.drafts(shown.item_id)}
    known = store.known(shown.project_id, shown.item_id)
    answers = tuple(
        Beside(answer, one.judgement)
        for one in store.submitted(presentation_id)
        for answer in known
        if type(answer) is type(one.judgement)
    )
    return Feedback(store.item(shown.item_id), tuple(by_id[draft_id] for draft_id in shown.draft_ids), answers)
