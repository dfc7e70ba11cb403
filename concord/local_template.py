"""The verbs about templates, done on a store."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Protocol
from uuid import UUID

from concord.conversion.apply import PLAIN, ApplyStore, How, apply_template
from concord.conversion.exchange import File, chosen, import_collection, read_file
from concord.conversion.history import HistoryStore, changes, named_version, text_of, versions_of
from concord.conversion.library import By, save_template, template_of, templates_of
from concord.conversion.promptsource_writer import write_collection
from concord.conversion.trial import read_source
from concord.desk.arms import arm_of
from concord.errors import NotFound
from concord.local_lint import LintStore, linting
from concord.records.template import Stale, Template
from concord.verbs import OnShare, OnStep, Result, TemplateChoice


class TemplateStore(ApplyStore, HistoryStore, LintStore, Protocol):
    """What the verbs about templates need of the store."""

    def stale(self, project_id: UUID) -> list[Stale]: ...


class LocalTemplateVerbs:
    """See `concord.verbs.TemplateVerbs`."""

    def __init__(self, store: TemplateStore, prompts: Path) -> None:
        self._templates, self._prompts = store, prompts

    def list_templates(self) -> list[Result]:
        """The templates of the workspace."""
        return [_shown(template) for template in templates_of(self._templates, self._prompts)]

    def show_template(self, template: str, version: str | None = None) -> Result:
        """A template with its text, as it stands or as it was in a version, of which the beginning is enough."""
        if version is None:
            found = template_of(self._templates, self._prompts, template)
        else:
            found = self._version(template, version)
        return {**_shown(found), "source": found.source}

    def save_template(self, source: str, note: str = "", author: str = "") -> Result:
        """Keep a text as the newest version of the template that it says it is."""
        by = By(author, note, "studio")
        saved = save_template(self._templates, read_source(source), by, now=datetime.now(UTC))
        return {
            "id": saved.template_id,
            "version": saved.version,
            "note": saved.note,
            "author": saved.author,
            "saved_at": saved.saved_at.isoformat(),
        }

    def template_versions(self, template: str) -> list[Result]:
        """The versions of a template, newest first."""
        return [
            {**one._asdict(), "time": one.time.isoformat() if one.time else None}
            for one in versions_of(self._templates, self._prompts, template)
        ]

    def diff_template(self, template: str, old: str | None = None, new: str | None = None) -> Result:
        """What changed: since the version before, since one version, or between two."""
        versions = versions_of(self._templates, self._prompts, template)
        after = new or next(one.version for one in versions if one.stands)
        before = old or next((one.version for one in versions if one.version != after), None)
        if before is None:
            raise NotFound(f"Template {template!r} has one version only. Save another to see what changed.")
        first, second = self._version(template, before), self._version(template, after)
        return {"id": template, "old": first.version, "new": second.version, "diff": changes(first, second)}

    def apply_template(self, template: str, project: str, how: How = PLAIN, on_share: OnShare | None = None) -> Result:
        """Make an item of each row."""
        found = self._templates.project(project)
        standing = template_of(self._templates, self._prompts, template)
        rows = self._templates.counts(found.id).rows

        def progress(done: int) -> None:
            if on_share and rows:
                on_share(min(done / rows, 1.0))

        applied = apply_template(
            self._templates,
            found,
            standing,
            how,
            now=datetime.now(UTC),
            arm_of=partial(arm_of, found.settings),
            on_progress=progress,
        )
        stale = next((one for one in self._templates.stale(found.id) if one.template_id == template), None)
        return {
            **applied._asdict(),
            "problems": [asdict(problem) for problem in applied.problems],
            "stale": asdict(stale) if stale else None,
        }

    def import_templates(self, path: Path, *, skip_bad: bool = False) -> Result:
        """Save the templates of a PromptSource file."""
        return self.import_collection(read_file(path), skip_bad=skip_bad)

    def import_collection(self, file: File, *, skip_bad: bool) -> Result:
        """The same for a file that was read already."""
        now = datetime.now(UTC)
        done = import_collection(self._templates, self._prompts, file, skip_bad=skip_bad, now=now)
        return {
            "source": file.name,
            "added": [template.id for template in done.added],
            "present": done.present,
            "problems": [asdict(problem) for problem in done.problems],
            "refused": done.refused,
        }

    def export_templates(self, choice: TemplateChoice) -> Result:
        """Templates as a PromptSource file."""
        templates = chosen(self._templates, self._prompts, choice.ids, tag=choice.tag, dataset=choice.dataset)
        return {
            "templates": [template.id for template in templates],
            "text": write_collection(templates, choice.dataset),
        }

    def lint(self, template: str | None, project: str | None, on_step: OnStep | None = None) -> list[Result]:
        """What is wrong with templates, alone or over the rows of a project."""
        reports: list[Result] = []
        for step in self.linting(template, project):
            if "reports" in step:
                reports = step["reports"]
            elif on_step:
                on_step(step)
        return reports

    def linting(self, template: str | None, project: str | None) -> Iterator[Result]:
        """The same, step by step."""
        return linting(self._templates, self._prompts, template, project)

    def _version(self, template: str, beginning: str) -> Template:
        versions = versions_of(self._templates, self._prompts, template)
        version = named_version(versions, template, beginning)
        return text_of(self._templates, self._prompts, template, version)


def _shown(template: Template) -> Result:
    return {
        "id": template.id,
        "description": template.description,
        "inputs": dict(template.inputs),
        "target": template.target,
        "tags": list(template.tags),
        "languages": list(template.languages),
        "version": template.version,
    }
