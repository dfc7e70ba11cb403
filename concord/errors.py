"""Everything Concord refuses, as one small tree.

    ConcordError
    ├── InputError            what was given cannot be used: a file, a row, an option, an answer
    │   ├── TemplateProblem   a template that cannot be read, or a row it cannot render
    │   └── ReasonMissing     a judgement that wants a reason, and has none
    ├── NotFound              the named thing is not in this workspace
    ├── Conflict              it is there already, with other content; or somebody else was first
    ├── EndpointError         the model's endpoint did not give an answer that can be used
    ├── LabelStudioError      Label Studio did not do what was asked
    ├── BrokenExport          a written data set does not pass its own check
    ├── RunStopped            a drafting run asks for nothing more: stopped, or its cost ceiling is reached
    └── StorageError          the workspace cannot be read or written now
        ├── WorkspaceBusy     another process has it open
        ├── WorkspaceTooNew   a newer Concord wrote it
        └── DiskFull          no room to write

A message says where, what was found and what to do, and ends with a full stop:

    try:
        import_rows(store, project, Path("reviews.jsonl"))
    except ConcordError as error:
        print(error)    # reviews.jsonl: the file is empty. Choose a file with rows.
"""

from __future__ import annotations

from typing import Literal

EndpointFault = Literal[
    "unreachable", "dropped", "timeout", "unauthorized", "rate_limited", "refused", "server", "nonsense"
]


class ConcordError(Exception):
    """The base of all errors that a person can do something about."""


class InputError(ConcordError):
    """What was given cannot be used."""


class TemplateProblem(InputError):
    """A template that cannot be read, or a row that it cannot render.

    Attributes:
        line: where in the template's file; None when no line is meant.
    """

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


class ReasonMissing(InputError):
    """A judgement that wants a reason, and has none."""


class NotFound(ConcordError):
    """The named thing is not in this workspace."""


class Conflict(ConcordError):
    """The thing is there already with other content, or somebody else was first."""


class EndpointError(ConcordError):
    """The model's endpoint did not give an answer that can be used.

    Attributes:
        fault: what went wrong, in one word, so that failures can be counted.
        passing: whether the same request may be answered later.
        retry_after: seconds that the endpoint asks to wait before.
    """

    def __init__(
        self, fault: EndpointFault, message: str, *, passing: bool = False, retry_after: float | None = None
    ) -> None:
        super().__init__(message)
        self.fault: EndpointFault = fault
        self.passing, self.retry_after = passing, retry_after


class BrokenExport(ConcordError):
    """A data set that was written does not pass its own check; nothing of it is kept."""


class RunStopped(ConcordError):
    """A drafting run asks for nothing more."""


class LabelStudioError(ConcordError):
    """Label Studio did not do what was asked."""


class StorageError(ConcordError):
    """The workspace cannot be read or written now."""


class WorkspaceBusy(StorageError):
    """Another process has the workspace open."""


class WorkspaceTooNew(StorageError):
    """A newer Concord wrote the workspace."""


class DiskFull(StorageError):
    """There is no room to write."""
