"""What Concord does, as one list of verbs: the command line, the API and the running app all speak it.

`LocalVerbs` works on a store; `concord.remote.RemoteVerbs` asks a running app to do the same. Results are plain JSON.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from concord.conversion.apply import PLAIN, How
from concord.curation.review import Ruling
from concord.enrichment.options import EnrichOptions
from concord.errors import InputError
from concord.evaluating import Evaluation
from concord.export.options import ExportOptions
from concord.records.kinds import RecipeName
from concord.verbs_check import InformationRequest
from concord.verbs_labelstudio import LabelStudioVerbs
from concord.verbs_people import PeopleVerbs

Result = dict[str, Any]
OnShare = Callable[[float], None]
OnRun = Callable[[Result], None]
OnStep = Callable[[Result], None]


@dataclass(frozen=True)
class FileImport:
    """How a file is imported.

    Attributes:
        mapping: field by column, see `ImportOptions`.
        template: the template that is applied to the rows afterwards; its inputs must be filled in every row.
        skip_bad: leave bad rows out and write them to a file of rejects.
        dry_run: look at everything, store nothing.
        ready: the file holds ready-made items; otherwise that is seen from its first lines, unless columns are renamed
            or a template is applied, which is for rows.
        tidy: bring texts into one form: line ends, unseen signs, accents, blank lines, blanks at both ends.
    """

    mapping: Mapping[str, str] = field(default_factory=dict[str, str])
    template: str | None = None
    skip_bad: bool = False
    dry_run: bool = False
    ready: bool = False
    tidy: bool = False


@dataclass(frozen=True)
class DraftRequest:
    """What is drafted.

    Attributes:
        candidates: drafts an item should have; None is the project's setting.
        limit: how many items to look after at most.
        model: None is the project's model.
        base_url: None is the project's endpoint.
        concurrency: requests under way at once, at most; None is the project's setting.
        max_cost: US dollars that it may take at most.
        recipe: how drafts are made; None is the project's recipe.

    Raises:
        InputError: a number is out of its range.
    """

    candidates: int | None = None
    limit: int | None = None
    model: str | None = None
    base_url: str | None = None
    concurrency: int | None = None
    max_cost: float | None = None
    recipe: RecipeName | None = None

    def __post_init__(self) -> None:
        for name, most in (("candidates", 1_000), ("limit", 1_000_000_000), ("concurrency", 1_000)):
            number: int | None = getattr(self, name)
            if number is not None and not 1 <= number <= most:
                raise InputError(f"{name} is {number}. Give a number from 1 to {most:,}.")
        if self.max_cost is not None and not 0 < self.max_cost < 1e9:
            raise InputError(f"max-cost is {self.max_cost}. Give US dollars, more than 0.")


@dataclass(frozen=True)
class JudgeRequest:
    """What a model judges.

    Attributes:
        limit: how many items at most.
        order: put items in which the judge contradicted itself first in the queue.

    Raises:
        InputError: the limit is out of its range.
    """

    limit: int | None = None
    order: bool = False

    def __post_init__(self) -> None:
        if self.limit is not None and not 1 <= self.limit <= 1_000_000_000:
            raise InputError(f"limit is {self.limit}. Give a number from 1 to 1,000,000,000.")


@dataclass(frozen=True)
class TemplateChoice:
    """Which templates are meant.

    Attributes:
        ids: these; or, when there is none, those that have the tag and are for the data set.
        tag: a tag.
        dataset: `dataset` or `dataset/subset` of PromptSource; templates that are named by id are exported under it.
    """

    ids: tuple[str, ...] = ()
    tag: str | None = None
    dataset: str | None = None


class TemplateVerbs(Protocol):
    """What Concord does with templates. All of them raise `ConcordError`."""

    def list_templates(self) -> list[Result]: ...
    def show_template(self, template: str, version: str | None = None) -> Result: ...
    def save_template(self, source: str, note: str = "", author: str = "") -> Result: ...
    def template_versions(self, template: str) -> list[Result]: ...
    def diff_template(self, template: str, old: str | None = None, new: str | None = None) -> Result: ...
    def apply_template(
        self, template: str, project: str, how: How = PLAIN, on_share: OnShare | None = None
    ) -> Result: ...
    def lint(self, template: str | None, project: str | None, on_step: OnStep | None = None) -> list[Result]: ...
    def import_templates(self, path: Path, *, skip_bad: bool = False) -> Result: ...
    def export_templates(self, choice: TemplateChoice) -> Result: ...


@dataclass(frozen=True)
class ProposalRequest:
    """What a model shall propose templates for.

    Attributes:
        task: what the prompts should teach, in a line.
        candidates: how many templates.
        columns: those that they may use; empty means all.
        model: None is the project's model.
        base_url: None is the project's endpoint.
    """

    task: str
    candidates: int = 3
    columns: tuple[str, ...] = ()
    model: str | None = None
    base_url: str | None = None


@dataclass(frozen=True)
class Page:
    """A part of a long list.

    Attributes:
        limit: how many at most.
        offset: how many come before it.

    Raises:
        InputError: a number is out of its range.
    """

    limit: int = 20
    offset: int = 0

    def __post_init__(self) -> None:
        if not 1 <= self.limit <= 1_000:
            raise InputError(f"limit is {self.limit}. Give a number from 1 to 1,000.")
        if not 0 <= self.offset < 2**63:
            raise InputError(f"offset is {self.offset}. Give a number from 0.")


FIRST_PAGE = Page()


class ReviewVerbs(Protocol):
    """What Concord does with what a model proposed and a reviewer decides. All of them raise `ConcordError`."""

    def propose_templates(self, project: str, request: ProposalRequest) -> Result: ...
    def list_cases(self, project: str) -> list[Result]: ...
    def list_disputes(self, project: str, page: Page = FIRST_PAGE) -> list[Result]: ...
    def review(self, project: str, item: str, ruling: Ruling, *, apply: bool = False) -> Result: ...


class Verbs(TemplateVerbs, ReviewVerbs, LabelStudioVerbs, PeopleVerbs, Protocol):
    """What Concord does. All of them raise `ConcordError`."""

    def create_project(self, name: str, settings: Mapping[str, Any]) -> Result: ...
    def list_projects(self) -> list[Result]: ...
    def show_project(self, name: str) -> Result: ...
    def import_file(self, project: str, path: Path, how: FileImport, on_share: OnShare | None = None) -> Result: ...
    def plan(self, project: str, request: DraftRequest) -> Result: ...
    def models(self) -> list[Result]: ...
    def draft(self, project: str, request: DraftRequest, on_run: OnRun | None = None) -> Result: ...
    def enrich(self, project: str, options: EnrichOptions, on_batch: OnRun | None = None) -> Result: ...
    def sent(self, project: str) -> list[Result]: ...
    def arms(self, project: str) -> Result: ...
    def judge(self, project: str, request: JudgeRequest) -> Result: ...
    def export_annotations(self, project: str, target: Path, *, all_arms: bool = False) -> Result: ...
    def agreement(self, project: str) -> Result: ...
    def check(self, project: str, against: Sequence[Path] = (), on_step: OnStep | None = None) -> Result: ...
    def check_information(self, project: str, request: InformationRequest) -> Result: ...
    def export(self, project: str, options: ExportOptions, out: Path) -> Result: ...
    def preview_export(self, project: str, options: ExportOptions) -> Result: ...
    def evaluate(self, project: str, asked: Evaluation) -> Result: ...
    def add_samples(self) -> Result: ...
    def backup(self, target: Path) -> Result: ...
    def verify(self) -> Result: ...
