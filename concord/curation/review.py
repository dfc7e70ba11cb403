"""Review: a named reviewer looks at an item with all that was written and judged, and decides it, with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol
from uuid import UUID

import numpy as np

from concord.curation.disagreement import BY, By, disagreement
from concord.curation.standing import Standing, standings
from concord.errors import InputError, NotFound
from concord.ids import new_id
from concord.records.annotation import Adjudication, Annotation
from concord.records.desk import Places
from concord.records.dispute import Judged
from concord.records.draft import Draft
from concord.records.item import Item
from concord.records.kinds import Decision
from concord.records.project import Project


class ReviewStore(Protocol):
    """What review needs of the store."""

    def judged_together(self, project_id: UUID) -> Judged: ...
    def undecided_items(self, project_id: UUID) -> list[Item]: ...
    def named_item(self, project_id: UUID, name: str) -> Item: ...
    def drafts(self, item_id: UUID) -> list[Draft]: ...
    def item_annotations(self, item_id: UUID) -> list[Annotation]: ...
    def places(self, item_id: UUID) -> Places: ...
    def add_adjudication(self, adjudication: Adjudication, *, further: int = 0) -> None: ...
    def adjudications(self, project_id: UUID) -> list[Adjudication]: ...


@dataclass(frozen=True)
class Case:
    """An item before its reviewer.

    Attributes:
        standings: drafts and edits, best first.
        annotations: all that people decided about it.
        adjudications: what was decided before, newest first.
    """

    item: Item
    standings: tuple[Standing, ...]
    annotations: tuple[Annotation, ...]
    places: Places
    adjudications: tuple[Adjudication, ...]


class Ruling(NamedTuple):
    """What a reviewer says.

    Attributes:
        draft: the name of the draft that is picked, or that the text began from.
        text: the text that shall count, with `edit`.
    """

    decision: Decision
    reviewer: str
    reason: str
    draft: str | None = None
    text: str | None = None


def cases(store: ReviewStore, project: Project) -> list[Case]:
    """The items that count only once somebody decided them, and that nobody has: in queue order."""
    before = store.adjudications(project.id)
    return [_case(store, item, before) for item in store.undecided_items(project.id)]


class Dispute(NamedTuple):
    """An item that annotators disagree on.

    Attributes:
        name: the item's.
        disagreement: above 0 and up to 1, see `concord.curation.disagreement`.
        by: what they are furthest apart in.
    """

    name: str
    disagreement: float
    by: By


def disputes(store: ReviewStore, project: Project) -> tuple[Dispute, ...]:
    """The items that wait for an answer and that annotators disagree on, most first; then in queue order.

    An item that somebody decided is out, unless it was sent back.
    """
    judged = store.judged_together(project.id)
    value, by = disagreement(judged)
    order = np.argsort(-value, kind="stable")
    return tuple(Dispute(judged.names[i], float(value[i]), BY[by[i]]) for i in order.tolist() if value[i] > 0)


def case_of(store: ReviewStore, project: Project, name: str) -> Case:
    """The item of that name, decided or not.

    Raises:
        NotFound: the project has no item of that name.
    """
    return _case(store, store.named_item(project.id, name), store.adjudications(project.id))


def rule(case: Case, ruling: Ruling, *, now: datetime) -> Adjudication:
    """The decision that a ruling is, checked; it is not stored yet.

    Raises:
        InputError: nobody is named, there is no reason, or what was chosen is missing.
        NotFound: the item has no draft of that name.
    """
    if not ruling.reviewer.strip():
        raise InputError("A decision needs to know who makes it. Name the reviewer.")
    if not ruling.reason.strip():
        raise InputError("A decision needs a reason. Say in a line why.")
    draft = _draft(case, ruling.draft)
    text = _text(ruling, draft)
    reviewer, reason = ruling.reviewer.strip(), ruling.reason.strip()
    draft_id = draft.id if draft and text is not None else None
    return Adjudication(
        new_id(), case.item.project_id, case.item.id, reviewer, ruling.decision, draft_id, text, reason, now
    )


def store_decision(store: ReviewStore, project: Project, adjudication: Adjudication) -> None:
    """Keep a decision. The desk gives out the item no more, unless it was sent back.

    `send_back` asks for as many further annotators as an item of the project wants, who never had the item; what was
    judged before stays and counts on.
    """
    further = project.settings.overlap if adjudication.decision == "send_back" else 0
    store.add_adjudication(adjudication, further=further)


def _case(store: ReviewStore, item: Item, adjudications: Sequence[Adjudication]) -> Case:
    annotations = store.item_annotations(item.id)
    drafts = store.drafts(item.id)
    mine = tuple(one for one in adjudications if one.item_id == item.id)
    return Case(item, standings(drafts, annotations), tuple(annotations), store.places(item.id), mine)


def _draft(case: Case, name: str | None) -> Draft | None:
    drafts = {one.draft.name: one.draft for one in case.standings if one.draft and not one.editors}
    if name is not None and name not in drafts:
        raise NotFound(f"Item {case.item.name!r} has no draft {name!r} (there are: {', '.join(drafts)}). Check it.")
    return drafts[name] if name is not None else None


def _text(ruling: Ruling, draft: Draft | None) -> str | None:
    """What is to count from now on; nothing after `reject` and `send_back`."""
    match ruling.decision:
        case "pick" if draft:
            return draft.text
        case "pick":
            raise InputError("Nothing was picked. Name a draft.")
        case "edit" if ruling.text is None or not ruling.text.strip():
            raise InputError("The text is empty. Write what shall count, or pick a draft.")
        case "edit":
            return ruling.text
        case _:
            return None
