"""Which item an annotator works on now, and what it asks for."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Literal, Protocol
from uuid import UUID

from concord.desk.factual import Facts
from concord.desk.gold import is_gold_due
from concord.desk.order import shown_order
from concord.desk.strategy import StrategyStore, bring_up_to_date
from concord.errors import InputError
from concord.ids import new_id
from concord.records.annotation import Annotation, Comparison, FactualChecks, Judgement, Ranking, kind_of
from concord.records.desk import Opening, Page, Presentation
from concord.records.draft import Draft
from concord.records.item import Item
from concord.records.kinds import ItemKind, Task
from concord.records.project import Project, Settings

Step = Literal["ranking", "comparison", "edit", "rating", "label"]
"""What a page asks for; each step makes a judgement of the kind of its name."""

STEPS: Mapping[Task, tuple[Step, ...]] = {
    "edit": ("edit",),
    "rank": ("ranking",),
    "rank+edit": ("ranking", "edit"),
    "compare": ("comparison",),
    "compare+edit": ("comparison", "edit"),
    "rate": ("rating",),
    "rate+edit": ("rating", "edit"),
    "label": ("label",),
}
"""What each task asks of an annotator, in order.

Ratings are of a draft as it came, so they come before the edit: of what they made of it, each would rate another text.
"""


def tasks_of(project: Project, kinds: Collection[ItemKind]) -> tuple[Task, ...]:
    """What items of these kinds ask for; a template is always ranked and edited, whatever is asked of answers."""
    asked: list[Task] = [project.settings.task]
    if set(kinds) - {"response"}:
        asked.append("rank+edit")
    return tuple(dict.fromkeys(asked))


class QueueStore(StrategyStore, Protocol):
    """What opening an item needs of the store."""

    def settings(self, project_id: UUID) -> Settings: ...
    def open_page(self, opening: Opening) -> Page | None: ...
    def item(self, item_id: UUID) -> Item: ...
    def drafts(self, item_id: UUID) -> list[Draft]: ...
    def extend_lease(self, presentation_id: UUID, annotator: str, until: datetime) -> None: ...


@dataclass(frozen=True)
class Assignment:
    """What is on an annotator's desk.

    Attributes:
        drafts: in the order shown.
        step: what is asked now.
        best: the draft that the edit begins from; None in other steps, and when the answer is written from nothing.
        unsaved: what was entered for the step and autosaved, as the browser sent it: it is not trusted.
        attempt: how many submits of this presentation were taken back.
        entered: the judgement of this step that is corrected, or was taken back last, to go on from, if there is one.
        to_check: the drafts of which is asked, at this step, whether they are factually right.
        said: what was said of their facts, and is corrected or was taken back.
        corrects: when what this corrects was judged; None where nothing is corrected.
        training: whether its answer is known, and shown after the submit.
    """

    presentation: Presentation
    item: Item
    drafts: tuple[Draft, ...]
    step: Step
    best: Draft | None
    unsaved: Mapping[str, Any]
    attempt: int = 0
    entered: Judgement | None = None
    to_check: tuple[UUID, ...] = ()
    said: Facts = field(default_factory=Facts)
    corrects: datetime | None = None
    training: bool = False


def open_item(store: QueueStore, project: Project, annotator: str, *, now: datetime) -> Assignment | None:
    """Give the annotator the item they hold, or the next one; None when nothing is left for them.

    Raises:
        InputError: nobody is named.
    """
    page = open_page(store, project, annotator, now=now)
    return assignment(store, page) if page else None


def open_page(store: QueueStore, project: Project, annotator: str, *, now: datetime) -> Page | None:
    """The same as a page, of which `assignment` says what it puts on the desk.

    Raises:
        InputError: nobody is named.
    """
    if not annotator.strip():
        raise InputError("The desk needs to know who you are. Choose a name.")
    bring_up_to_date(store, project)
    return store.open_page(opening_for(project, annotator, now))


def opening_for(project: Project, annotator: str, now: datetime) -> Opening:
    """The wish of an annotator for work, now."""
    is_due = partial(is_gold_due, project.settings, annotator)
    return Opening(project, annotator, new_id(), shown_order, now, lease_end(project, now), is_due)


def assignment(store: QueueStore, page: Page) -> Assignment:
    """What a page puts on the desk now, given what was submitted on it."""
    presentation, history = page
    by_id = {draft.id: draft for draft in store.drafts(presentation.item_id)}
    drafts = tuple(by_id[draft_id] for draft_id in presentation.draft_ids)
    before = [*history.corrected, *history.undone]
    item = store.item(presentation.item_id)
    step = _step(presentation.task, history.submitted)
    best = _begin_from(drafts, history.submitted) if step == "edit" else None
    asks = item.kind == "response" and store.settings(presentation.project_id).factual_checks
    return Assignment(
        presentation,
        item,
        drafts,
        step,
        best,
        history.unsaved.get(step, {}),
        len(_without_checks(history.undone)),
        next((a.judgement for a in reversed(before) if kind_of(a.judgement) == step), None),
        _to_check(presentation, step, best) if asks else (),
        _said(before, step),
        history.corrected[-1].created_at if history.corrected else None,
        history.training,
    )


def lease_end(project: Project, now: datetime) -> datetime:
    """When a lease taken or extended now runs out."""
    return now + timedelta(minutes=project.settings.lease_minutes)


def extend_lease(store: QueueStore, project: Project, presentation: Presentation, *, now: datetime) -> None:
    """Keep the item with its annotator, who is still there."""
    store.extend_lease(presentation.id, presentation.annotator, lease_end(project, now))


def _step(task: Task, submitted: Sequence[Annotation]) -> Step:
    """The first step that is not done; of a finished page the last."""
    done = {kind_of(annotation.judgement) for annotation in submitted}
    left: list[Step] = [step for step in STEPS[task] if step not in done]
    return left[0] if left else STEPS[task][-1]


def _without_checks(annotations: Sequence[Annotation]) -> list[Annotation]:
    """The judgements that each end a step; factual checks come along with one."""
    return [annotation for annotation in annotations if not isinstance(annotation.judgement, FactualChecks)]


def _to_check(presentation: Presentation, step: Step, best: Draft | None) -> tuple[UUID, ...]:
    """All drafts before they are ranked or compared; where neither is asked, the one that the edit begins from."""
    if step in ("ranking", "comparison"):
        return presentation.draft_ids
    return (best.id,) if best and STEPS[presentation.task][0] in ("edit", "rating") else ()


def _said(before: Sequence[Annotation], step: Step) -> Facts:
    """What was said of the facts last, and is corrected or taken back, with the reason that went with it."""
    checks = next((a.judgement for a in reversed(before) if isinstance(a.judgement, FactualChecks)), None)
    reason = next((a.reason for a in reversed(before) if kind_of(a.judgement) == step), "")
    return Facts(checks.values, reason) if checks else Facts()


def _begin_from(drafts: Sequence[Draft], submitted: Sequence[Annotation]) -> Draft | None:
    """The draft that this annotator found best, of tied ones the first shown; None where all were found bad.

    Where nothing was ranked or compared, everybody begins from the item's first draft, so that what their edits share
    can be told from what the draft gave them.
    """
    for annotation in submitted:
        match annotation.judgement:
            case Ranking(tiers):
                return next((draft for draft in drafts if tiers and draft.id in tiers[0]), None)
            case Comparison("both_bad"):
                return None
            case Comparison(value):
                return next((draft for draft in drafts if draft.id == value), drafts[0])
            case _:
                pass
    return min(drafts, key=lambda draft: draft.name, default=None)
