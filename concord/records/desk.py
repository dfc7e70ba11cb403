"""What an annotator is given, and how far they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from concord.records.annotation import Annotation
from concord.records.kinds import Arm, Task
from concord.records.project import Project
from concord.records.rubric import Criterion, Question


class ArmCount(NamedTuple):
    """How many items an arm has, and how many of them have all the annotators they want."""

    arm: Arm
    items: int
    finished: int


@dataclass(frozen=True)
class Presentation:
    """What one annotator was shown: the item, its drafts in the order shown, the guidelines' version, the time.

    Attributes:
        rubric: the criteria, where the answer is rated.
        questions: what is asked, where labels are given.
    """

    id: UUID
    project_id: UUID
    item_id: UUID
    annotator: str
    task: Task
    draft_ids: tuple[UUID, ...]
    guidelines_version: int
    created_at: datetime
    rubric: tuple[Criterion, ...] = ()
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True)
class PageHistory:
    """What was done on a page so far.

    Attributes:
        submitted: its judgements that count, or did before others took their place, oldest first.
        undone: those that were taken back, in the order of that.
        corrected: what counts while this page is there to correct it, oldest first.
        unsaved: by step, what was autosaved and not submitted, as the browser sent it: it is not trusted.
        training: whether its item was given for training.
    """

    submitted: tuple[Annotation, ...] = ()
    undone: tuple[Annotation, ...] = ()
    corrected: tuple[Annotation, ...] = ()
    unsaved: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])
    training: bool = False


class Page(NamedTuple):
    """What an annotator works on, and what they did there so far; of a page that is new, nothing."""

    presentation: Presentation
    history: PageHistory


@dataclass(frozen=True)
class Opening:
    """The wish of one annotator for work.

    Attributes:
        presentation_id: the id that the presentation gets if a new item is given.
        order: the order in which drafts are shown, from the presentation's id and the drafts' ids; pure.
        lease_until: when the lease runs out if nothing happens.
        is_gold_due: whether a known answer comes next, from how many items the annotator has finished; pure.
    """

    project: Project
    annotator: str
    presentation_id: UUID
    order: Callable[[UUID, Sequence[UUID]], tuple[UUID, ...]]
    now: datetime
    lease_until: datetime
    is_gold_due: Callable[[int], bool]


@dataclass(frozen=True)
class QueueCounts:
    """What an annotator has done, what is open to them now, and what waits for others (or for drafts) alone."""

    done: int
    open: int
    waiting: int


class Search(NamedTuple):
    """A part of what an annotator has judged: a page, counted from 0, of what holds a text."""

    text: str = ""
    page: int = 0
    limit: int = 20


@dataclass(frozen=True)
class Work:
    """An item that an annotator finished at the desk.

    Attributes:
        presentation_id: what they judged last, as it was shown.
        item: its name.
        prompt: its last message.
        corrected: whether what counts is a correction.
        decided: whether a reviewer has decided the item, so that it can be corrected no more.
    """

    presentation_id: UUID
    item: str
    prompt: str
    judged_at: datetime
    corrected: bool
    decided: bool


class WorkPage(NamedTuple):
    """A page of work, and how much there is in all."""

    works: tuple[Work, ...]
    total: int


class Assigned(NamedTuple):
    """How many items were assigned, and how many of them want more annotators than are named."""

    items: int
    short: int


class Places(NamedTuple):
    """How many annotators an item wants in all, how many have it or had it, and how many of them are done."""

    wanted: int
    taken: int
    done: int
