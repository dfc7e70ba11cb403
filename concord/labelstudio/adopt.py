"""Adopt: tasks that others made in Label Studio become items, and what they show as responses becomes drafts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple, TypeGuard, cast
from uuid import UUID

from concord.ids import derived_id
from concord.labelstudio.reading import Control, Meaning, Reading
from concord.labelstudio.tasks import Fields, objects
from concord.records.draft import Draft
from concord.records.item import Item, Message
from concord.records.kinds import Task
from concord.records.project import Project, Settings
from concord.records.rubric import Criterion, Question
from concord.rubric import can_be_asked


class Adopted(NamedTuple):
    """A task as an item with its drafts, in the order shown."""

    item: Item
    drafts: tuple[Draft, ...]


@dataclass(frozen=True)
class Adoption:
    """What is adopted: a project of a Label Studio, by its id there, and how its tasks are read."""

    project: Project
    number: int
    reading: Reading
    now: datetime

    def item_id(self, task: Fields) -> UUID:
        """The id of the item that a task becomes."""
        return derived_id(self.project.id, f"labelstudio/{self.number}/{task['id']}")


def adopted(adoption: Adoption, task: Fields) -> Adopted | None:
    """A task as an item with its drafts; None when it shows no prompt."""
    data = cast("Mapping[str, Any]", task["data"])
    messages = _messages([data.get(key) for key in adoption.reading.prompt])
    if not messages:
        return None
    item_id = adoption.item_id(task)
    item = Item(item_id, adoption.project.id, f"task-{task['id']}", messages)
    return Adopted(item, tuple(_drafts(adoption, item_id, _responses(adoption.reading, task))))


def settings_for(reading: Reading, present: Settings) -> Settings:
    """The settings, with what the desk asks as near to what was asked there as it can be."""
    fitting = [one for control in reading.controls if (one := _asked(control)) and can_be_asked(one)]
    rubric = tuple(one for one in fitting if isinstance(one, Criterion))
    questions = tuple(one for one in fitting if isinstance(one, Question))
    meanings: set[Meaning] = {control.meaning for control in reading.controls}
    task = _task(meanings, rated=bool(rubric), labelled=bool(questions))
    return replace(present, task=task, rubric=rubric, questions=questions)


def _task(meanings: Set[Meaning], *, rated: bool, labelled: bool) -> Task:
    edited = "edit" in meanings
    if "ranking" in meanings:
        return "rank+edit" if edited else "rank"
    if "comparison" in meanings:
        return "compare+edit" if edited else "compare"
    if rated:
        return "rate+edit" if edited else "rate"
    if edited:
        return "edit"
    return "label" if labelled else "rank"


def _asked(control: Control) -> Criterion | Question | None:
    """What a control asks, under the name that its answers are stored by; None where that is no rating and no label."""
    name, numbers = control.question or control.name, [int(one) for one in control.choices if one.isdecimal()]
    if control.meaning == "rating" and numbers:
        return Criterion(name, low=min(numbers), high=max(numbers))
    return Question(name, control.choices, multi=control.multi) if control.meaning == "label" else None


class _Response(NamedTuple):
    name: str
    text: str
    model: str | None


def _drafts(adoption: Adoption, item_id: UUID, responses: Sequence[_Response]) -> Iterator[Draft]:
    for name, text, model in {one.name: one for one in responses}.values():
        draft_id = derived_id(item_id, f"draft/{name}")
        yield Draft(draft_id, adoption.project.id, item_id, name, text, "file", adoption.now, model=model)


def _responses(reading: Reading, task: Fields) -> list[_Response]:
    """The responses that a task lists and shows; where it has none, the texts that a model predicted."""
    data: Mapping[str, Any] = task["data"]
    listed = [
        _Response(str(one["id"]), _first_text(one, "body", "html", "title"), None)
        for one in objects(data.get(reading.listed))
        if "id" in one
    ]
    shown = [_Response(key, text, None) for key in reading.responses if (text := data.get(key)) and _is_text(text)]
    return listed + shown or _predicted(reading, task)


def _predicted(reading: Reading, task: Fields) -> list[_Response]:
    edits = {control.name for control in reading.controls if control.meaning == "edit"}
    return [
        _Response(f"p{number}", text, prediction.get("model_version"))
        for number, prediction in enumerate(objects(task.get("predictions")), 1)
        for one in objects(prediction.get("result"))
        if one.get("from_name") in edits and (text := _predicted_text(one.get("value")))
    ]


def _predicted_text(value: Any) -> str:
    given: Any = cast("Fields", value).get("text") if isinstance(value, dict) else None
    texts = cast("list[object]", given) if isinstance(given, list) else [given]
    return next((text for text in texts if _is_text(text)), "")


def _messages(shown: Sequence[Any]) -> tuple[Message, ...]:
    """One user's turn of all texts; a dialogue is written out, each turn with its speaker."""
    parts = [part for value in shown if (part := _text_of(value)).strip()]
    return (Message("user", "\n\n".join(parts)),) if parts else ()


def _text_of(value: Any) -> str:
    turns = [
        f"{_first_text(turn, 'author', 'role')}: {_first_text(turn, 'text', 'content')}" for turn in objects(value)
    ]
    return value if isinstance(value, str) else "\n".join(turns)


def _first_text(one: Fields, *keys: str) -> str:
    return next((value for key in keys if _is_text(value := one.get(key))), "")


def _is_text(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and bool(value.strip())
