"""Pull: annotations made in Label Studio become annotations here; doing it again adds what is new.

An annotation's id follows from that of Label Studio's and the time of its last change: a changed one is another, which
supersedes it. An older state than the one that counts (from an export of last week, say) changes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple, Protocol, cast
from uuid import UUID

from concord.errors import NotFound
from concord.ids import derived_id
from concord.labelstudio.adopt import Adoption, adopted
from concord.labelstudio.config import ASKED
from concord.labelstudio.reading import pushed_reading
from concord.labelstudio.results import Screen, judgements_of
from concord.labelstudio.tasks import Fields, begun_of, item_of, objects, shown_ids
from concord.records.annotation import Annotation, Judgement
from concord.records.draft import Draft
from concord.records.gold import Known as KnownAnswer
from concord.records.item import Item
from concord.records.labelstudio import LabelStudioTask
from concord.records.project import Project
from concord.records.remark import Skip

MOST_PROBLEMS = 100
SKIPPED = "skipped in Label Studio"
GROUND_TRUTH = "ground truth"


class Adding(Protocol):
    """Items and their drafts on their way into a project."""

    def items(self, items: Sequence[Item], *, overlap: int) -> int: ...
    def drafts(self, drafts: Sequence[Draft]) -> int: ...


class PullStore(Protocol):
    """What a pull needs of the store."""

    def item_ids(self, project_id: UUID) -> dict[str, UUID]: ...
    def project_drafts(self, project_id: UUID) -> Iterator[Draft]: ...
    def annotations(self, project_id: UUID) -> Iterator[Annotation]: ...
    def item(self, item_id: UUID) -> Item: ...
    def drafts(self, item_id: UUID) -> list[Draft]: ...
    def item_annotations(self, item_id: UUID) -> list[Annotation]: ...
    def adding(self) -> AbstractContextManager[Adding]: ...
    def add_annotations(self, annotations: Sequence[Annotation]) -> int: ...
    def add_skips(self, skips: Sequence[Skip]) -> int: ...
    def add_gold(self, known: Sequence[KnownAnswer], now: datetime) -> int: ...
    def note_labelstudio_tasks(self, tasks: Sequence[LabelStudioTask]) -> None: ...


@dataclass(frozen=True)
class PullReport:
    """What a pull did.

    Attributes:
        tasks: tasks that were read.
        items: new items, of tasks that others made.
        annotations: new annotations; one of Label Studio is several when it ranks, edits and rates.
        skips: tasks that an annotator newly left unjudged.
        known: new known answers, one for each kind of judgement.
        annotators: who made what was read, new or not.
        left_out: annotations that count nowhere here, by reason.
        problems: results that cannot be read, each with its task, `MOST_PROBLEMS` at most.
    """

    tasks: int
    items: int
    annotations: int
    skips: int
    known: int
    annotators: int
    left_out: Mapping[str, int]
    problems: tuple[str, ...]


class Known(NamedTuple):
    """What is here already, so that only what is new is stored."""

    items: frozenset[UUID]
    drafts: Iterable[Draft]
    annotations: Iterable[Annotation]


NOTHING = Known(frozenset(), (), ())


def known_of_project(store: PullStore, project_id: UUID) -> Known:
    """All that is known of a project."""
    items = frozenset(store.item_ids(project_id).values())
    return Known(items, store.project_drafts(project_id), store.annotations(project_id))


def known_of_item(store: PullStore, project_id: UUID, item_id: UUID) -> Known:
    """What is known of one item; nothing when the project has no such item."""
    try:
        item = store.item(item_id)
    except NotFound:
        return NOTHING
    if item.project_id != project_id:
        return NOTHING
    return Known(frozenset((item_id,)), store.drafts(item_id), store.item_annotations(item_id))


class Judged(NamedTuple):
    """An item that an annotator judged."""

    item_id: UUID
    annotator: str


class _Place(NamedTuple):
    item_id: UUID
    annotator: str
    kind: type[Judgement]


class _Owner(NamedTuple):
    project_id: UUID
    item_id: UUID
    annotator: str


@dataclass
class Puller:
    """Takes tasks, page by page, into a project; whatever was taken before a connection broke is kept.

    Attributes:
        known: what is here already, at least of the tasks that it will take.
        adoption: how tasks that others made become items; None when all were pushed from here.
        gold: whether ground truth becomes known answers, so that its items leave the main arm.
    """

    store: PullStore
    project: Project
    now: datetime
    known: Known
    adoption: Adoption | None = None
    gold: bool = False
    tasks: int = 0
    items: int = 0
    annotations: int = 0
    skips: int = 0
    answers: int = 0
    annotators: set[str] = field(default_factory=set[str])
    left_out: Counter[str] = field(default_factory=Counter[str])
    problems: list[str] = field(default_factory=list[str])

    def __post_init__(self) -> None:
        self._items = set(self.known.items)
        self._drafts: dict[UUID, dict[str, UUID]] = {}
        for draft in self.known.drafts:
            self._know(draft)
        self._current = {_place(annotation): annotation for annotation in self.known.annotations}
        self._read: set[UUID] = set()
        self._there: set[Judged] = set()

    def take(self, tasks: Sequence[Fields]) -> None:
        """Store what is new in these tasks."""
        if self.adoption:
            self._adopt(self.adoption, tasks)
        found: list[Annotation] = []
        skipped: list[Skip] = []
        known: list[KnownAnswer] = []
        for task in tasks:
            self.tasks += 1
            item_id = shown_item(task, self.adoption)
            if item_id in self._items:
                self._note_who_is_there(task, cast("UUID", item_id))
                found += self._annotations(task, cast("UUID", item_id))
                skipped += self._skips(task, cast("UUID", item_id))
                known += self._known_answers(task, cast("UUID", item_id)) if self.gold else ()
            elif not self.adoption:
                self.left_out["tasks of no item of this project"] += 1
        self.annotations += self.store.add_annotations(found)
        self.skips += self.store.add_skips(skipped)
        self.answers += self.store.add_gold(known, self.now) if known else 0

    def deleted(self) -> list[Judged]:
        """Whose annotations count here, but are gone from tasks that were read; of tasks that are gone nothing is said.

        It is to be asked when all tasks of a server were taken: an exported file may be older than what is here.
        """
        here = {
            Judged(one.item_id, one.annotator)
            for one in self._current.values()
            if one.origin == "labelstudio" and one.item_id in self._read
        }
        return sorted(here - self._there)

    def report(self) -> PullReport:
        """What has been done so far."""
        counts = (self.tasks, self.items, self.annotations, self.skips, self.answers, len(self.annotators))
        return PullReport(*counts, dict(self.left_out), tuple(self.problems[:MOST_PROBLEMS]))

    def _adopt(self, adoption: Adoption, tasks: Sequence[Fields]) -> None:
        new = [task for task in tasks if adoption.item_id(task) not in self._items]
        made = [(task, one) for task in new if (one := adopted(adoption, task))]
        self.left_out.update({"tasks without a prompt": len(new) - len(made)} if len(new) > len(made) else {})
        if not made:
            return
        items = [one.item for _, one in made]
        drafts = [draft for _, one in made for draft in one.drafts]
        notes = [
            LabelStudioTask(
                one.item.id, self.project.id, int(task["id"]), tuple(draft.id for draft in one.drafts), self.now
            )
            for task, one in made
        ]
        self.store.note_labelstudio_tasks(notes)
        with self.store.adding() as adding:  # together: an item that is there is not looked at again
            self.items += adding.items(items, overlap=self.project.settings.overlap)
            adding.drafts(drafts)
        self._items.update(item.id for item in items)
        for draft in drafts:
            self._know(draft)

    def _note_who_is_there(self, task: Fields, item_id: UUID) -> None:
        """Whoever has anything there: a judgement, a skip, or what is called ground truth by now."""
        self._read.add(item_id)
        annotations = [one for one in objects(task.get("annotations")) if _annotator(one)]
        self._there.update(Judged(item_id, self._owner(one, item_id).annotator) for one in annotations)

    def _know(self, draft: Draft) -> None:
        self._drafts.setdefault(draft.item_id, {})[draft.name] = draft.id

    def _annotations(self, task: Fields, item_id: UUID) -> Iterator[Annotation]:
        """The annotations of a task that are new or newer than what counts, oldest first."""
        screen = self._screen(task, item_id)
        for one in sorted(objects(task.get("annotations")), key=_changed_at):
            if reason := _left_out(one):
                self.left_out.update(() if self.gold and reason == GROUND_TRUTH else (reason,))
                continue
            if one.get("was_cancelled"):
                continue
            owner = self._owner(one, item_id)
            self.annotators.add(owner.annotator)
            for annotation in _annotations(one, owner, self._judgements(task, one, screen)):
                if self._is_new(annotation):
                    self._current[_place(annotation)] = annotation
                    yield annotation

    def _known_answers(self, task: Fields, item_id: UUID) -> Iterator[KnownAnswer]:
        """What is true of a task, whoever said so; of several answers of a kind the last changed one comes last."""
        screen = self._screen(task, item_id)
        for one in sorted(objects(task.get("annotations")), key=_changed_at):
            if _left_out(one) == GROUND_TRUTH and not one.get("was_cancelled"):
                for judgement in self._judgements(task, one, screen):
                    yield KnownAnswer(self.project.id, item_id, judgement)

    def _judgements(self, task: Fields, one: Fields, screen: Screen) -> tuple[Judgement, ...]:
        """The judgements of one annotation; what is left out of it, and why, is noted."""
        taken = judgements_of(objects(one.get("result")), screen)
        self.left_out.update(taken.left_out)
        self.problems += [f"Task {task['id']}: {problem}." for problem in taken.problems]
        return taken.judgements

    def _skips(self, task: Fields, item_id: UUID) -> Iterator[Skip]:
        """What annotators left unjudged; Label Studio does not say why."""
        for one in objects(task.get("annotations")):
            if one.get("was_cancelled") and not _left_out(one):
                owner = self._owner(one, item_id)
                skip_id = derived_id(item_id, f"labelstudio/{one.get('id')}/{owner.annotator}/skip")
                yield Skip(skip_id, *owner, None, "other", SKIPPED, _seconds(one), _changed_at(one))

    def _owner(self, one: Fields, item_id: UUID) -> _Owner:
        """Whose annotation it is: by number, never by e-mail."""
        return _Owner(self.project.id, item_id, f"ls-{_annotator(one)}")

    def _screen(self, task: Fields, item_id: UUID) -> Screen:
        drafts = self._drafts.get(item_id, {})
        data: Mapping[str, Any] = task["data"]
        if self.adoption is None:
            begun = begun_of(data)
            known = begun if begun in drafts.values() else None
            numbered = {str(number): one for number, one in enumerate(shown_ids(data), 1) if one in drafts.values()}
            return Screen(pushed_reading(data.get(ASKED)), list(numbered), numbered, known)
        reading = self.adoption.reading
        shown = [str(one.get("id")) for one in objects(data.get(reading.listed))]
        return Screen(reading, shown, drafts, drafts.get("p1"))

    def _is_new(self, annotation: Annotation) -> bool:
        current = self._current.get(_place(annotation))
        return current is None or (
            current.created_at < annotation.created_at and current.judgement != annotation.judgement
        )


def shown_item(task: Fields, adoption: Adoption | None) -> UUID | None:
    """The item that a task shows; None when it was neither pushed from here nor adopted."""
    return adoption.item_id(task) if adoption else item_of(task["data"])


def _place(annotation: Annotation) -> _Place:
    return _Place(annotation.item_id, annotation.annotator, type(annotation.judgement))


def _annotations(one: Fields, owner: _Owner, judgements: Sequence[Judgement]) -> Iterator[Annotation]:
    """The judgements that one annotation makes; the first of them has its time, so that none is counted twice."""
    changed_at = _changed_at(one)
    for judgement in judgements:
        key = (
            f"labelstudio/{one.get('id')}/{owner.annotator}/{type(judgement).__name__.lower()}/{changed_at.isoformat()}"
        )
        yield Annotation(
            derived_id(owner.item_id, key),
            *owner,
            judgement,
            "labelstudio",
            changed_at,
            seconds=_seconds(one) if judgement is judgements[0] else None,
        )


def _seconds(one: Fields) -> float | None:
    seconds = one.get("lead_time")
    return float(seconds) if isinstance(seconds, int | float) else None


def _left_out(one: Fields) -> str | None:
    """Why an annotation counts nowhere here."""
    if one.get("ground_truth"):
        return GROUND_TRUTH
    return None if _annotator(one) else "by nobody"


def _annotator(one: Fields) -> int | None:
    """The number of who made an annotation; exports write a number or an object."""
    who = one.get("completed_by")
    number = cast("Fields", who).get("id") if isinstance(who, dict) else who
    return number if isinstance(number, int) and not isinstance(number, bool) else None


def _changed_at(one: Fields) -> datetime:
    """When an annotation was changed last; one that does not say is older than all others."""
    for name in ("updated_at", "created_at"):
        value = one.get(name)
        try:
            moment = datetime.fromisoformat(value) if isinstance(value, str) else value
        except ValueError:
            continue
        if isinstance(moment, datetime):
            return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    return datetime(1970, 1, 1, tzinfo=UTC)
