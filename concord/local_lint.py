"""Lint, step by step: how far it is, again and again, and at last the reports. Whoever asks no further ends it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol
from uuid import UUID

from concord.conversion.library import LibraryStore, template_of, templates_of
from concord.conversion.lint import Lint, as_json, lint_template
from concord.errors import NotFound
from concord.records.project import Counts, Project
from concord.records.row import Row
from concord.records.template import Template
from concord.verbs import Result


class LintStore(LibraryStore, Protocol):
    """What lint needs of the store."""

    def project(self, name: str) -> Project: ...
    def counts(self, project_id: UUID) -> Counts: ...
    def columns(self, project_id: UUID) -> list[str]: ...
    def rows(self, project_id: UUID, *, limit: int | None = None) -> Iterator[Row]: ...
    def row(self, row_id: UUID) -> Row: ...


def linting(store: LintStore, prompts: Path, template: str | None, project: str | None) -> Iterator[Result]:
    """Lint one template or several.

    Args:
        store: where templates and rows are.
        prompts: the folder of template files.
        template: its id; None is every template, or, with a project, every one whose inputs the rows have.
        project: the project whose rows are looked at; None is the templates alone.

    Returns:
        `{"template", "done", "rows"}` every thousand rows, and at last `{"reports": […]}`.

    Raises:
        NotFound: there is no such template or project, or no template fits the rows.
    """
    found = store.project(project) if project is not None else None
    chosen = [template_of(store, prompts, template)] if template is not None else templates_of(store, prompts)
    if found is None:
        return iter([{"reports": [as_json(lint_template(one)) for one in chosen]}])
    if template is None:
        chosen = _fitting(store, found, chosen)
    return _over_rows(store, found, chosen)  # a generator of its own, so that what is not there is said at once


def _fitting(store: LintStore, project: Project, templates: Sequence[Template]) -> list[Template]:
    columns = store.columns(project.id)
    fitting = [template for template in templates if template.inputs.keys() <= set(columns)]
    if not fitting:
        raise NotFound(
            f"No template fits the rows of {project.name!r}, which have {columns}. Name one to see what they lack."
        )
    return fitting


def _over_rows(store: LintStore, project: Project, templates: Sequence[Template]) -> Iterator[Result]:
    rows = store.counts(project.id).rows
    reports: list[Result] = []
    for template in templates:
        lint = Lint(template, store.row)
        for done in lint.over(store.rows(project.id)):
            yield {"template": template.id, "done": done, "rows": rows}
        reports.append(as_json(lint.report()))
    yield {"reports": reports}
