"""Versions of templates: each kept for ever, who saved it and why, and which project it was applied to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from concord.errors import NotFound
from concord.records.template import Application, SavedTemplate, Template
from storage.engine import Engine, Query


class Templates:
    """The templates that were used or saved."""

    engine: Engine

    def add_template(self, template: Template) -> None:
        """Keep this version of a template for ever."""
        now = datetime.now(UTC)
        self.engine.write(lambda query: _keep(query, [template], now))

    def save_templates(self, templates: Sequence[Template], saved: Sequence[SavedTemplate]) -> None:
        """Save versions, all or none; the newest of an id is the one that stands in this workspace.

        Args:
            templates: the versions.
            saved: who saved each of them, when and why, in the same order.
        """
        now = datetime.now(UTC)

        def job(query: Query) -> None:
            _keep(query, templates, now)
            query.insert("saved_templates", _saved_columns(saved), unless="id")

        self.engine.write(job)

    def saved_templates(self, template_id: str | None = None) -> list[SavedTemplate]:
        """All that was saved, newest first; of one template, if it is named."""
        found = self.engine.read(
            "select id, template_id, version, note, author, origin, saved_at from saved_templates "
            "where $1::text is null or template_id = $1 order by saved_at desc, id desc",
            template_id,
        )
        return [SavedTemplate(*row) for row in found]

    def kept_versions(self, template_id: str) -> list[tuple[str, datetime]]:
        """Each version of a template that was saved or applied, with the time when it was first, newest first."""
        found = self.engine.read(
            "select version, created_at from templates where id = $1 order by created_at desc, version", template_id
        )
        return [(version, created_at) for version, created_at in found]

    def template_source(self, version: str) -> str:
        """The file of a version that was saved or applied."""
        found = self.engine.read("select source from templates where version = $1", version)
        if not found:
            raise NotFound(f"There is no version {version} of a template. Check it, or save the template first.")
        return found[0][0]

    def standing_sources(self) -> dict[str, str]:
        """For each template that was saved here, the file of its newest version."""
        found = self.engine.read(
            "select distinct on (s.template_id) s.template_id, t.source from saved_templates s "
            "join templates t on t.version = s.version order by s.template_id, s.saved_at desc, s.id desc"
        )
        return dict(found)

    def add_application(self, application: Application) -> None:
        """Note that a version was applied to a project."""
        self.engine.write(
            lambda query: query(
                "insert into applications values ($1, $2, $3, $4, $5) on conflict (id) do nothing",
                application.id,
                application.project_id,
                application.template_id,
                application.version,
                application.applied_at,
            )
        )

    def applications(self, project_id: UUID) -> list[Application]:
        """What was applied to a project, newest first."""
        found = self.engine.read(
            "select id, project_id, template_id, version, applied_at from applications where project_id = $1 "
            "order by applied_at desc, id desc",
            project_id,
        )
        return [Application(*row) for row in found]


def _keep(query: Query, templates: Sequence[Template], now: datetime) -> None:
    columns = {
        "version": [template.version for template in templates],
        "id": [template.id for template in templates],
        "source": [template.source for template in templates],
        "created_at": [now] * len(templates),
    }
    query.insert("templates", columns, unless="version")


def _saved_columns(saved: Sequence[SavedTemplate]) -> dict[str, Sequence[object]]:
    names = ("id", "template_id", "version", "note", "author", "origin", "saved_at")
    return {name: [getattr(one, name) for one in saved] for name in names}
