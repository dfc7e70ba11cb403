"""What a project that others made would be here, before anything is stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from concord.labelstudio.reading import Reading
from concord.labelstudio.tasks import Fields, objects
from concord.records.project import Settings
from concord.records.rubric import Criterion, Question

_LONGEST = 80


def preview(title: str, reading: Reading, asked: Settings, tasks: Sequence[Fields]) -> Fields:
    """How a project is read, with an example of what each control says.

    Args:
        title: what it is called there.
        reading: how its tasks are read.
        asked: the settings that it would have.
        tasks: the first of them, with their annotations.
    """
    controls = [
        {**asdict(control), "choices": list(control.choices), "example": _example(control.name, tasks)}
        for control in reading.controls
    ]
    return {
        "title": title,
        "prompt": list(reading.prompt),
        "listed": reading.listed,
        "responses": list(reading.responses),
        "controls": controls,
        "task": asked.task,
        "asks": [one.name for one in _asks(asked)],
    }


def _asks(settings: Settings) -> Sequence[Criterion | Question]:
    """The criteria or questions that annotators at the desk have before them."""
    match settings.task:
        case "rate" | "rate+edit":
            return settings.rubric
        case "label":
            return settings.questions
        case _:
            return ()


def _example(control: str, tasks: Sequence[Fields]) -> str | None:
    """What the first result of a control says, cut to a line; None when there is none yet."""
    for task in tasks:
        for annotation in objects(task.get("annotations")):
            for one in objects(annotation.get("result")):
                if one.get("from_name") == control:
                    flat = " ".join(str(one.get("value")).split())
                    return flat if len(flat) <= _LONGEST else f"{flat[: _LONGEST - 1]}…"
    return None
