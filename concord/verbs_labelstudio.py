"""The verbs of the bridge to Label Studio."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

Result = dict[str, Any]
OnTasks = Callable[[int, int], None]
"""Called with how many tasks are done, and how many there are."""


@dataclass(frozen=True)
class LabelStudioCall:
    """How a Label Studio is reached.

    Attributes:
        key: a legacy token or a personal access token; it is sent there, and kept nowhere.
        url: None is the one that the project is tied to.
        anew: push into another project there, whatever this one is tied to.
        gold: pull ground truth as known answers, so that its items leave the main arm.
        withdraw: let annotations that were deleted there count here no more.
    """

    key: str = field(repr=False)
    url: str | None = None
    anew: bool = False
    gold: bool = False
    withdraw: bool = False


@dataclass(frozen=True)
class Adopting:
    """Which project of a Label Studio is adopted.

    Attributes:
        number: its id there.
        meanings: by the name of a control, what it means, where the proposal is not what is wanted.
        dry_run: show what it would be, store nothing.
    """

    key: str = field(repr=False)
    url: str
    number: int
    meanings: Mapping[str, str] = field(default_factory=dict[str, str])
    dry_run: bool = False


@dataclass(frozen=True)
class Watching:
    """How a Label Studio is told to tell the app of annotations.

    Attributes:
        to: the app's address as the Label Studio reaches it.
        secret: what it shows there; the app knows it by `CONCORD_WEBHOOK_SECRET`.
    """

    key: str = field(repr=False)
    to: str
    secret: str = field(repr=False)


class LabelStudioVerbs(Protocol):
    """What Concord does with a Label Studio. All of them raise `ConcordError`."""

    def push_labelstudio(self, project: str, call: LabelStudioCall, on_tasks: OnTasks | None = None) -> Result: ...
    def pull_labelstudio(self, project: str, call: LabelStudioCall, on_tasks: OnTasks | None = None) -> Result: ...
    def sync_labelstudio(self, project: str, call: LabelStudioCall, on_tasks: OnTasks | None = None) -> Result: ...
    def pull_labelstudio_file(self, project: str, path: Path, *, gold: bool = False) -> Result: ...
    def watch_labelstudio(self, project: str, watching: Watching) -> Result: ...
    def adopt_labelstudio(self, project: str, adopting: Adopting, on_tasks: OnTasks | None = None) -> Result: ...
